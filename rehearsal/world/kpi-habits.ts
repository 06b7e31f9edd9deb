import type { Random } from '../cloud/types';
import type { KpiEvents } from './kpi-events-schema';
import type { Scenario } from './scenario-schema';

const MINUTE_MILLIS = 60_000;

export type MishapKind = 'duplicate' | 'delay' | 'reorder' | 'lose';

/** What happens to a share of the KPI events, for a time. */
interface Mishap {
  kind: MishapKind;
  fromMillis: number;
  untilMillis: number;
  share: number;
  byMillis: number;
  /** Any time up to `byMillis`, not exactly that. */
  spread: boolean;
  random: Random;
}

/** What becomes of one event. */
export interface Fate {
  lost: boolean;
  /** The outcome is noticed so much later. */
  delayMillis: number;
  /** Sent so much later than it is noticed. */
  heldMillis: number;
  /** Sent once more, so much after the first time. */
  copyAfterMillis?: number;
}

interface Sometimes {
  at: number;
  for?: number | undefined;
  share: number;
  by?: number;
}

/** The scenario's faults on KPI events, and what its producers do wrong all the time. */
export class KpiHabits {
  private readonly mishaps: Mishap[];

  constructor(scenario: Scenario, startMillis: number, faultRandom: Random) {
    const habitRandom = faultRandom.fork('habits');
    this.mishaps = [...faults(scenario, startMillis, faultRandom), ...habits(scenario.kpiEvents, startMillis, habitRandom)];
  }

  fateAt(nowMillis: number): Fate {
    const copyAfterMillis = this.strike('duplicate', nowMillis);
    const delayMillis = this.strike('delay', nowMillis) ?? 0;
    const heldMillis = this.strike('reorder', nowMillis) ?? 0;
    const lost = this.strike('lose', nowMillis) !== undefined;
    return { lost, delayMillis, heldMillis, ...(copyAfterMillis === undefined ? {} : { copyAfterMillis }) };
  }

  /** By how much, where it strikes: the first of its kind whose time it is has the say. */
  private strike(kind: MishapKind, nowMillis: number): number | undefined {
    const mishap = this.mishaps.find((one) => one.kind === kind && one.fromMillis <= nowMillis && nowMillis < one.untilMillis);
    if (mishap === undefined || mishap.random.next() >= mishap.share) return undefined;
    return mishap.spread ? Math.round(mishap.random.next() * mishap.byMillis) : mishap.byMillis;
  }
}

const windowOf = ({ at, for: lasts }: { at: number; for?: number | undefined }, startMillis: number) => ({
  fromMillis: startMillis + at,
  untilMillis: lasts === undefined ? Number.POSITIVE_INFINITY : startMillis + at + lasts,
});

function faults(scenario: Scenario, startMillis: number, random: Random): Mishap[] {
  return scenario.faults.flatMap((fault) => {
    if (!('kpi' in fault)) return [];
    const byMillis = fault.by ?? (fault.kpi === 'duplicate' ? MINUTE_MILLIS : 0);
    return [{ kind: fault.kpi, ...windowOf(fault, startMillis), share: fault.share, byMillis, spread: false, random }];
  });
}

function habits(kpiEvents: KpiEvents, startMillis: number, random: Random): Mishap[] {
  const made = (kind: MishapKind, habit: Sometimes | undefined, spread: boolean): Mishap[] =>
    habit === undefined
      ? []
      : [{ kind, ...windowOf(habit, startMillis), share: habit.share, byMillis: habit.by ?? 0, spread, random: random.fork(kind) }];
  return [
    ...made('duplicate', kpiEvents.duplicate, true),
    ...made('delay', kpiEvents.delay, false),
    ...made('reorder', kpiEvents.reorder, true),
    ...made('lose', kpiEvents.lose, false),
  ];
}
