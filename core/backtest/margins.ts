import type { KpiPolicy } from '../contracts';
import {
  groupStrata,
  groupValueStrata,
  logMean,
  logValuePromotionEvidence,
  promotionBets,
  RatioSums,
  stratumLogs,
  type MinuteCounts,
  type Stratum,
  unobservedOf,
  type ValueStratum,
} from '../verdict';
import { valueScaleOf } from '../verdict/value-scale';
import { CountersInTime, type Feed, MINUTE_MILLIS } from './feed';
import { bakeMinutesOf, endMinuteOf, type Look, matureAt, type Replay } from './replay';
import type { BacktestPlan } from './types';

/** When something would have been said, and how many units had met the candidate by then. */
export interface Moment {
  minutes: number;
  candidateUnits: number;
}

export interface MarginOutcome {
  /** Missing: each KPI with the margin that it declares. */
  margin?: number;
  /** `continue`: the history ends before. */
  decision: 'promote' | 'roll-back' | 'hold' | 'continue';
  at?: Moment;
  /** By KPI: when there was proof that it is no worse than by the margin. */
  kpis: { name: string; passedAt?: Moment }[];
}

/** The same history under other margins. The margin moves promotion alone: harm is harm under each of them. */
export function marginOutcomes(feed: Feed, plan: BacktestPlan, replay: Replay): MarginOutcome[] {
  return [undefined, ...plan.margins].map((margin) => outcomeUnder(margin, feed, plan, replay));
}

function outcomeUnder(margin: number | undefined, feed: Feed, plan: BacktestPlan, { looks }: Replay): MarginOutcome {
  const threshold = Math.log(1 / plan.rollout.promotionAlpha);
  const gates = feed.policies.map((policy, index) => new Gate({ ...policy, margin: margin ?? policy.margin }, index));
  const end = endOf(feed);
  gates.forEach((gate) => gate.read(end, feed));
  const state = new CountersInTime(feed);
  const passedAt: (Moment | undefined)[] = gates.map(() => undefined);
  const earliest = bakeMinutesOf(plan);
  let promoted: Moment | undefined;
  for (const minute of momentsOf(gates, feed.startMinute + earliest)) {
    state.advanceTo(minute);
    const moment = { minutes: minute - feed.startMinute, candidateUnits: state.units.candidate };
    const passing = gates.map((gate) => gate.logAt(minute) >= threshold);
    passing.forEach((passes, index) => {
      if (passes) passedAt[index] ??= moment;
    });
    const all = passing.every(Boolean) && improvedAt(looks, moment.minutes, feed.policies);
    if (all && moment.minutes >= earliest) promoted ??= moment;
  }
  return {
    ...(margin === undefined ? {} : { margin }),
    ...firstOf(promoted, overAt(feed, plan), looks, plan),
    kpis: feed.policies.map(({ name }, index) => ({ name, ...(passedAt[index] === undefined ? {} : { passedAt: passedAt[index] }) })),
  };
}

/** Promotion, unless something else comes first. */
function firstOf(
  promoted: Moment | undefined,
  over: Moment | undefined,
  looks: Look[],
  plan: BacktestPlan,
): Pick<MarginOutcome, 'decision' | 'at'> {
  const harmful = looks.find(({ verdict }) => verdict.combinedRollbackEvidence >= verdict.threshold);
  // What a look says of the sample ratio does not depend on the margin; that it is over time does.
  const held = looks.find(({ verdict, minutes }) => verdict.decision === 'hold' && minutes < plan.rollout.maxDurationMinutes);
  const candidates: { decision: MarginOutcome['decision']; at: Moment | undefined }[] = [
    { decision: 'roll-back', at: harmful && momentOf(harmful) },
    { decision: 'hold', at: held && momentOf(held) },
    { decision: 'promote', at: promoted },
    { decision: plan.rollout.inconclusive, at: over },
  ];
  const first = candidates.reduce((best, one) => (minutesOf(one.at) < minutesOf(best.at) ? one : best));
  return first.at === undefined ? { decision: 'continue' } : { decision: first.decision, at: first.at };
}

/** When the rollout may last no longer; undefined: the history ends before. */
function overAt(feed: Feed, plan: BacktestPlan): Moment | undefined {
  const { maxDurationMinutes: minutes } = plan.rollout;
  if (feed.startMinute + minutes > endMinuteOf(feed)) return undefined;
  const state = new CountersInTime(feed);
  state.advanceTo(feed.startMinute + minutes);
  return { minutes, candidateUnits: state.units.candidate };
}

const minutesOf = (moment: Moment | undefined): number => moment?.minutes ?? Number.POSITIVE_INFINITY;
export const momentOf = ({ minutes, candidateUnits }: Look): Moment => ({ minutes, candidateUnits });

/** Where a KPI must improve, as the latest look before knows it. */
function improvedAt(looks: Look[], minutes: number, policies: KpiPolicy[]): boolean {
  if (policies.every(({ mustImprove }) => mustImprove !== true)) return true;
  const latest = looks.findLast((look) => look.minutes <= minutes);
  return (
    latest?.verdict.kpis.every(({ improvementEvidence = 1, improvementThreshold = 0 }) => improvementEvidence >= improvementThreshold) ??
    false
  );
}

function endOf(feed: Feed): CountersInTime {
  const state = new CountersInTime(feed);
  state.advanceTo(Number.POSITIVE_INFINITY);
  return state;
}

function momentsOf(gates: Gate[], bakedAt: number): number[] {
  return [...new Set([...gates.flatMap((gate) => gate.maturities), Math.ceil(bakedAt)])].sort((left, right) => left - right);
}

/** "No worse" of one KPI at one margin, stratum after stratum as they become mature. */
class Gate {
  maturities: number[] = [];
  private strata: { stratum?: Stratum; values?: ValueStratum }[] = [];
  private next = 0;
  private readonly totals: number[];
  private readonly bets: { psi0: number; grid: number[] };
  private readonly sums = RatioSums.of([]);

  constructor(
    private readonly policy: KpiPolicy,
    private readonly index: number,
  ) {
    this.bets = promotionBets(policy.better, policy.margin);
    this.totals = this.bets.grid.map(() => 0);
  }

  read(end: CountersInTime, feed: Feed): void {
    const minutes = end.minutesOf(this.index);
    const length = feed.stratumMinutes;
    const isValue = this.policy.type === 'mean' || this.policy.type === 'count';
    this.strata = isValue ? valuesOf(this.policy, minutes, length) : groupStrata(minutes, length, 'stable').map((stratum) => ({ stratum }));
    this.maturities = minutes.map(({ minuteMillis }) => {
      const minute = minuteMillis / MINUTE_MILLIS;
      return matureAt(Math.floor(minute / length) * length, this.policy.windowMinutes, length);
    });
  }

  /** ln E at that minute; minutes only go forward. */
  logAt(minute: number): number {
    for (; this.next < this.strata.length && this.maturities[this.next]! <= minute; this.next++) {
      const { stratum, values } = this.strata[this.next]!;
      if (values !== undefined) this.sums.add(values);
      if (stratum === undefined) continue;
      stratumLogs(stratum, this.bets.psi0, this.bets.grid).forEach((log, index) => (this.totals[index] = (this.totals[index] ?? 0) + log));
    }
    return this.policy.type === 'mean' || this.policy.type === 'count'
      ? logValuePromotionEvidence(this.sums, this.policy)
      : logMean(this.totals);
  }
}

function valuesOf(policy: KpiPolicy, minutes: MinuteCounts[], length: number): { values: ValueStratum }[] {
  return groupValueStrata(minutes, length, 'stable', valueScaleOf(policy), unobservedOf(policy)).map((values) => ({ values }));
}
