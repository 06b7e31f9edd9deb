import type { KpiPolicy } from '../contracts';
import { ERROR_RATE_KPI } from '../contracts';
import type { ArmCounts, Counters, MinuteCounts } from '../verdict';

export const MINUTE_MILLIS = 60_000;
const ARMS = ['candidate', 'stable'] as const;

export type ComparedArm = (typeof ARMS)[number];

interface Change {
  stratum: number;
  /** Which KPI; the one after the last is the traffic. */
  series: number;
  arm: ComparedArm;
  counts: ArmCounts;
}

/** What is counted, by the minute at whose beginning it is first seen. The minutes of a stratum are one. */
export class Feed {
  private readonly bySeenAt = new Map<number, Map<number, Change>>();
  /** Strata with units in them. */
  private readonly filled = new Set<number>();

  constructor(
    /** Minutes since 1970, like all minutes here. */
    readonly startMinute: number,
    readonly stratumMinutes: number,
    readonly policies: KpiPolicy[],
  ) {}

  add(seenAt: number, place: { arm: ComparedArm; minute: number }, series: number, counts: ArmCounts): void {
    const stratum = Math.floor(place.minute / this.stratumMinutes);
    const changes = this.bySeenAt.get(seenAt) ?? new Map<number, Change>();
    this.bySeenAt.set(seenAt, changes);
    this.filled.add(stratum);
    const key = (stratum * (this.policies.length + 1) + series) * ARMS.length + ARMS.indexOf(place.arm);
    const known = changes.get(key);
    if (known === undefined) changes.set(key, { stratum, series, arm: place.arm, counts: copyOf(counts) });
    else addTo(known.counts, counts);
  }

  /** Minutes at whose beginning there is something new, in order. */
  get seenMinutes(): number[] {
    return [...this.bySeenAt.keys()].sort((left, right) => left - right);
  }

  /** Where each filled stratum begins, in order. */
  get stratumStarts(): number[] {
    return [...this.filled].map((stratum) => stratum * this.stratumMinutes).sort((left, right) => left - right);
  }

  changesAt(seenAt: number): Iterable<Change> {
    return this.bySeenAt.get(seenAt)?.values() ?? [];
  }
}

/** The counters as a look finds them. Time only goes forward. */
export class CountersInTime {
  private readonly series: Map<number, MinuteCounts>[];
  private readonly ahead: number[];
  private next = 0;
  readonly units: Record<ComparedArm, number> = { candidate: 0, stable: 0 };

  constructor(private readonly feed: Feed) {
    this.series = [...feed.policies, undefined].map(() => new Map<number, MinuteCounts>());
    this.ahead = feed.seenMinutes;
  }

  advanceTo(minute: number): void {
    for (; this.next < this.ahead.length && this.ahead[this.next]! <= minute; this.next++) {
      for (const change of this.feed.changesAt(this.ahead[this.next]!)) this.apply(change);
    }
  }

  /** By KPI name, as the verdict reads them from the ledger. */
  get counters(): Counters {
    const names = [...this.feed.policies.map(({ name }) => name), ERROR_RATE_KPI];
    return Object.fromEntries(names.map((name, index) => [name, this.minutesOf(index)]));
  }

  /** One entry for each stratum, in order. */
  minutesOf(series: number): MinuteCounts[] {
    return [...(this.series[series]?.values() ?? [])].sort((left, right) => left.minuteMillis - right.minuteMillis);
  }

  private apply({ stratum, series, arm, counts }: Change): void {
    const isTraffic = series === this.feed.policies.length;
    const minutes = this.series[series]!;
    // Nothing fails in a history: of its traffic only the number counts, so one entry holds it.
    const place = isTraffic ? 0 : stratum;
    let minute = minutes.get(place);
    if (minute === undefined) {
      // A stratum that began before the history stands at the history's first minute.
      const start = isTraffic ? 0 : stratum * this.feed.stratumMinutes;
      minute = { minuteMillis: Math.max(start, this.feed.startMinute) * MINUTE_MILLIS, arms: {} };
      minutes.set(place, minute);
    }
    const known = minute.arms[arm];
    if (known === undefined) minute.arms[arm] = copyOf(counts);
    else addTo(known, counts);
    if (isTraffic) this.units[arm] += counts.n;
  }
}

const copyOf = (counts: ArmCounts): ArmCounts => ({ ...counts, ...(counts.tilts === undefined ? {} : { tilts: [...counts.tilts] }) });

function addTo(total: ArmCounts, more: ArmCounts): void {
  total.n += more.n;
  total.x += more.x;
  if (more.sum !== undefined) total.sum = (total.sum ?? 0) + more.sum;
  if (more.squares !== undefined) total.squares = (total.squares ?? 0) + more.squares;
  if (more.tilts === undefined) return;
  const tilts = (total.tilts ??= more.tilts.map(() => 0));
  for (let index = 0; index < more.tilts.length; index++) tilts[index] = (tilts[index] ?? 0) + (more.tilts[index] ?? 0);
}
