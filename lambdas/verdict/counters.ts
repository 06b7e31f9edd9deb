import {
  type Arm,
  ARMS,
  counterAttribute,
  type CounterField,
  counterName,
  ERROR_RATE_KPI,
  type KpiPolicy,
  ledgerKeys,
} from '../../core/contracts';
import type { ArmCounts, Counters, MinuteCounts } from '../../core/verdict';
import type { Ledger } from '../shared/ledger';

type MinuteItem = Record<string, unknown> & { sk: string };

interface KeptHour {
  changes: number;
  minutes: MinuteItem[];
}

/** A KPI and the attributes of a minute in which it is counted, by arm. */
interface Counter {
  kpi: string;
  arms: { arm: Arm; n: string; x: string; s: string; q: string; tilts: string[] }[];
  hasValues: boolean;
}

const HOUR_PREFIX = ledgerKeys.hour('');
const MINUTE_PREFIX = ledgerKeys.minute('');
const TILT_FIELDS: CounterField[] = ['e0', 'e1', 'e2', 'e3', 'e4'];
/** Shards are not read at one moment: an outcome can be there before its unit is. */
const MAX_READS = 3;

/** The counters of one release. Only hours that changed since the last look are read and added up again. */
export class CounterReader {
  /** By hour, then by partition. */
  private readonly hours = new Map<string, Map<string, KeptHour>>();
  private readonly summed = new Map<string, { of: string; counters: Counters }>();

  constructor(
    private readonly ledger: Ledger,
    readonly releaseId: string,
    private readonly shards: number,
  ) {}

  /** By name, the error rate with them. */
  async read(kpis: KpiPolicy[]): Promise<Counters> {
    const counters = [...kpis.map(counterOf), errorRate()];
    for (let read = 1; ; read += 1) {
      await this.refresh();
      const sums = this.sums(counters);
      if (read === MAX_READS || isWhole(sums)) return sums;
    }
  }

  private async refresh(): Promise<void> {
    const partitions = Array.from({ length: this.shards }, (_, shard) => ledgerKeys.counters(this.releaseId, shard));
    await Promise.all(partitions.map((pk) => this.refreshPartition(pk)));
  }

  private async refreshPartition(pk: string): Promise<void> {
    const hours = await this.ledger.query<{ changes: number }>(pk, HOUR_PREFIX);
    await Promise.all(
      hours.map(async ({ sk, changes }) => {
        const hour = sk.slice(HOUR_PREFIX.length);
        const kept = this.hours.get(hour) ?? new Map<string, KeptHour>();
        this.hours.set(hour, kept);
        if (kept.get(pk)?.changes === changes) return;
        const minutes = await this.ledger.query<MinuteItem>(pk, `${ledgerKeys.minute(hour)}:`);
        // Newer minutes than `changes` says only mean that the next look reads them once more.
        kept.set(pk, { changes, minutes });
        this.summed.delete(hour);
      }),
    );
  }

  private sums(counters: Counter[]): Counters {
    const of = JSON.stringify(counters);
    const hours = [...this.hours.keys()].sort().map((hour) => this.hour(hour, counters, of));
    return Object.fromEntries(counters.map(({ kpi }) => [kpi, hours.flatMap((sums) => sums[kpi] ?? [])]));
  }

  private hour(hour: string, counters: Counter[], of: string): Counters {
    const known = this.summed.get(hour);
    if (known?.of === of) return known.counters;
    const items = [...(this.hours.get(hour)?.values() ?? [])].flatMap(({ minutes }) => minutes);
    const sums = Object.fromEntries(counters.map((counter) => [counter.kpi, summed(items, counter)]));
    this.summed.set(hour, { of, counters: sums });
    return sums;
  }
}

const errorRate = (): Counter => counterNamed(ERROR_RATE_KPI, ERROR_RATE_KPI, false);

const counterOf = (kpi: KpiPolicy): Counter => counterNamed(kpi.name, counterName(kpi), kpi.type === 'mean' || kpi.type === 'count');

function counterNamed(kpi: string, name: string, hasValues: boolean): Counter {
  const attribute = (arm: Arm) => (field: CounterField) => counterAttribute(name, arm, field);
  const arms = ARMS.map((arm) => {
    const of = attribute(arm);
    return { arm, n: of('n'), x: of('x'), s: of('s'), q: of('q'), tilts: TILT_FIELDS.map(of) };
  });
  return { kpi, arms, hasValues };
}

/** Adds the shards up. */
function summed(items: MinuteItem[], { arms, hasValues }: Counter): MinuteCounts[] {
  const byMinute = new Map<string, MinuteCounts>();
  for (const item of items) {
    const known = byMinute.get(item.sk);
    const minute = known ?? { minuteMillis: Date.parse(`${item.sk.slice(MINUTE_PREFIX.length)}:00Z`), arms: {} };
    for (const { arm, n, x, s, q, tilts } of arms) {
      // A correction can change the sum alone.
      if (item[n] === undefined && item[x] === undefined && item[s] === undefined) continue;
      const before = minute.arms[arm];
      const counts: ArmCounts = { n: (before?.n ?? 0) + number(item[n]), x: (before?.x ?? 0) + number(item[x]) };
      if (hasValues) {
        counts.sum = (before?.sum ?? 0) + number(item[s]);
        counts.squares = (before?.squares ?? 0) + number(item[q]);
        counts.tilts = tilts.map((attribute, index) => (before?.tilts?.[index] ?? 0) + number(item[attribute]));
      }
      minute.arms[arm] = counts;
    }
    if (known === undefined && Object.keys(minute.arms).length > 0) byMinute.set(item.sk, minute);
  }
  return [...byMinute.values()].sort((one, other) => one.minuteMillis - other.minuteMillis);
}

const number = (value: unknown): number => Number(value ?? 0);

const isWhole = (counters: Counters): boolean =>
  Object.values(counters).every((minutes) => minutes.every(({ arms }) => Object.values(arms).every(({ n, x }) => x <= n)));
