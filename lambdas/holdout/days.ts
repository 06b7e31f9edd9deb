import { type Arm, ARMS, counterAttribute, type CounterField, counterName, type KpiPolicy, ledgerKeys } from '../../core/contracts';
import { DAY_MILLIS, dayOf, foldHours, type HoldoutCounts, HORIZON_DAYS, type HourCounts, isSettled, mergeHours } from '../../core/holdout';
import type { ArmCounts, MinuteCounts } from '../../core/verdict';
import { IF_ABSENT, type Ledger } from '../shared/ledger';
import type { Comparison, ReleaseHistory } from './releases';

interface KeptDay {
  /** JSON of `HoldoutCounts`. */
  counts: string;
  expiresAt: number;
}

type MinuteItem = Record<string, unknown> & { sk: string };

/** Read for two horizons at most. */
const KEEP_DAYS = 2 * HORIZON_DAYS;
const HOUR_MILLIS = DAY_MILLIS / 24;
const DAY_PREFIX = ledgerKeys.holdoutDay('').sk;
const MINUTE_PREFIX = ledgerKeys.minute('');
const TILTS: CounterField[] = ['e0', 'e1', 'e2', 'e3', 'e4'];

/**
 * The counters of many days, hour by hour. A day in which nothing changes any more is kept as one small item:
 * each look reads the minutes of the last days only.
 */
export class HoldoutDays {
  constructor(
    private readonly ledger: Ledger,
    private readonly counterShards: number,
  ) {}

  /** To, without, `untilMillis`; default: all there is. */
  async counts(
    kpis: KpiPolicy[],
    history: ReleaseHistory,
    fromMillis: number,
    nowMillis: number,
    untilMillis = Number.POSITIVE_INFINITY,
  ): Promise<HoldoutCounts> {
    const kept = await this.ledger.query<KeptDay>(ledgerKeys.holdoutLatest().pk, DAY_PREFIX);
    const known = new Map(kept.map(({ sk, counts }) => [sk.slice(DAY_PREFIX.length), counts]));
    const days: HoldoutCounts[] = [];
    for (let dayMillis = fromMillis; dayMillis <= nowMillis && dayMillis < untilMillis; dayMillis += DAY_MILLIS) {
      const counts = known.get(dayOf(dayMillis));
      days.push(counts === undefined ? await this.count(kpis, history, dayMillis, nowMillis) : (JSON.parse(counts) as HoldoutCounts));
    }
    return Object.fromEntries(kpis.map(counterName).map((counter) => [counter, days.flatMap((day) => day[counter] ?? [])]));
  }

  private async count(kpis: KpiPolicy[], history: ReleaseHistory, dayMillis: number, nowMillis: number): Promise<HoldoutCounts> {
    const active = history.comparisons.filter(
      ({ fromMillis, untilMillis }) => fromMillis < dayMillis + DAY_MILLIS && untilMillis >= dayMillis,
    );
    const hours = new Map<string, HourCounts[]>();
    for (const comparison of active) {
      await this.add(hours, kpis, history, comparison, dayOf(dayMillis));
    }
    const counts = Object.fromEntries(hours);
    const longestMinutes = Math.max(0, ...kpis.map(({ windowMinutes }) => windowMinutes));
    if (isSettled(dayMillis + DAY_MILLIS - HOUR_MILLIS, longestMinutes, nowMillis)) {
      const item: KeptDay = { counts: JSON.stringify(counts), expiresAt: Math.ceil((dayMillis + KEEP_DAYS * DAY_MILLIS) / 1000) };
      await this.ledger.put(ledgerKeys.holdoutDay(dayOf(dayMillis)), item, IF_ABSENT);
    }
    return counts;
  }

  /** One shard at a time: a day of minutes is what the memory must hold. */
  private async add(
    hours: Map<string, HourCounts[]>,
    kpis: KpiPolicy[],
    { spans }: ReleaseHistory,
    { releaseId }: Comparison,
    day: string,
  ): Promise<void> {
    for (let shard = 0; shard < this.counterShards; shard += 1) {
      const items = await this.ledger.query<MinuteItem>(ledgerKeys.counters(releaseId, shard), ledgerKeys.minute(day));
      for (const kpi of kpis) {
        const counter = counterName(kpi);
        const minutes = items.map((item) => minuteOf(item, kpi, counter));
        hours.set(counter, mergeHours([...(hours.get(counter) ?? []), ...foldHours(releaseId, minutes, spans)]));
      }
    }
  }
}

function minuteOf(item: MinuteItem, kpi: KpiPolicy, counter: string): MinuteCounts {
  const arms = ARMS.map((arm): [Arm, ArmCounts] => [arm, countsOf(item, kpi, counter, arm)]);
  return {
    minuteMillis: Date.parse(`${item.sk.slice(MINUTE_PREFIX.length)}:00Z`),
    arms: Object.fromEntries(arms.filter(([, { n, x }]) => n > 0 || x > 0)),
  };
}

function countsOf(item: MinuteItem, { type }: KpiPolicy, counter: string, arm: Arm): ArmCounts {
  const field = (name: CounterField): number => Number(item[counterAttribute(counter, arm, name)] ?? 0);
  const counts = { n: field('n'), x: field('x') };
  return type === 'mean' || type === 'count' ? { ...counts, sum: field('s'), squares: field('q'), tilts: TILTS.map(field) } : counts;
}
