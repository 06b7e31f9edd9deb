import type { KpiEvidence, KpiPolicy } from '../contracts';
import { type EffectInterval, intervalOf } from '../verdict';
import type { ArmNames } from './arms';
import { CountersInTime, type Feed, MINUTE_MILLIS } from './feed';
import { marginOutcomes, type MarginOutcome, type Moment, momentOf } from './margins';
import type { CompletePolicy } from './policy';
import { bakeMinutesOf, firstLook, replay, type Replay } from './replay';
import { type KpiSuggestion, suggestionOf } from './suggest';
import type { Survey } from './survey';
import type { BacktestPlan, RowCounts } from './types';

export const BACKTEST_SCHEMA = 'sluice.backtest/v1';
/** An interval goes over all strata many times: long histories are cut coarser for it. */
const MOST_INTERVAL_STRATA = 300;
const MOST_POINTS = 1500;

/** All that a backtest says; `--json` prints it. Times are ISO 8601; minutes count from the first row. */
export interface BacktestResult {
  schema: typeof BACKTEST_SCHEMA;
  history: {
    from: string;
    to: string;
    minutes: number;
    candidate: { name: string; units: number };
    control: { name: string; units: number };
    rows: RowCounts;
    /** Columns that say which rows are one unit, and when outcomes were observed. */
    unitColumn?: string;
    observedColumn?: string;
    /** How often the policy looked, and moments at which there was something new. Fewer looks: the history is too long for each. */
    looks: number;
    moments: number;
  };
  policy: {
    rollbackAlpha: number;
    promotionAlpha: number;
    stratumMinutes: number;
    bakeMinutes: number;
    /** Missing: as long as the history. */
    maxDurationMinutes?: number;
    inconclusive: 'hold' | 'roll-back';
    share?: number;
  };
  verdict: {
    /** `continue`: the history ends before a decision. */
    decision: 'promote' | 'roll-back' | 'hold' | 'continue';
    /** Missing with `continue`. */
    at?: string;
    minutes?: number;
    candidateUnits: number;
    controlUnits: number;
    reason: string;
    culprit?: string;
  };
  kpis: KpiResult[];
  margins: MarginOutcome[];
  series: BacktestSeries;
}

export interface KpiResult {
  policy: KpiPolicy;
  /** What of the policy was taken from this very history. */
  fromHistory: CompletePolicy['fromHistory'];
  /** At the end of the history. */
  evidence: KpiEvidence;
  /** Always-valid interval of candidate against control; missing: too little was seen. */
  interval?: EffectInterval;
  /** When this KPI alone would have rolled back, and would have let promotion pass. */
  harmfulAt?: Moment;
  passedAt?: Moment;
  suggestion: KpiSuggestion;
}

/** One value for each look; of very many looks every so many, and the decision. */
export interface BacktestSeries {
  minutes: number[];
  candidateUnits: number[];
  controlUnits: number[];
  log10Threshold: number;
  log10PromotionThreshold: number;
  /** Weighted mean of the e-values: what decides about a rollback. */
  combined: number[];
  kpis: { name: string; rollback: number[]; promotion: number[] }[];
}

export interface Counted {
  plan: BacktestPlan;
  arms: ArmNames;
  survey: Survey;
  policies: CompletePolicy[];
  feed: Feed;
  rows: RowCounts;
}

/** Runs the policy over what was counted. */
export function judgeHistory(counted: Counted): BacktestResult {
  const { plan, feed } = counted;
  const replayed = replay(feed, plan);
  const margins = marginOutcomes(feed, plan, replayed);
  return {
    schema: BACKTEST_SCHEMA,
    history: historyOf(counted, replayed),
    policy: policyOf(plan),
    verdict: verdictOf(feed, replayed),
    kpis: kpisOf(counted, replayed, margins),
    margins,
    series: seriesOf(feed, plan, replayed),
  };
}

const timeAt = (feed: Feed, minutes: number): string => new Date((feed.startMinute + minutes) * MINUTE_MILLIS).toISOString();

function historyOf({ arms, survey, rows, feed, plan }: Counted, { looks, moments }: Replay): BacktestResult['history'] {
  const both = [survey.arms.get(arms.candidate)!, survey.arms.get(arms.control)!];
  const from = Math.min(...both.map(({ firstMillis }) => firstMillis));
  const to = Math.max(...both.map(({ lastMillis }) => lastMillis));
  const last = looks.at(-1);
  const { unit, observed } = plan.columns;
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    minutes: Math.floor(to / MINUTE_MILLIS) - feed.startMinute + 1,
    candidate: { name: arms.candidate, units: last?.candidateUnits ?? 0 },
    control: { name: arms.control, units: last?.controlUnits ?? 0 },
    rows,
    ...(unit === undefined ? {} : { unitColumn: unit }),
    ...(observed === undefined ? {} : { observedColumn: observed }),
    looks: looks.length,
    moments,
  };
}

function policyOf(plan: BacktestPlan): BacktestResult['policy'] {
  const { rollbackAlpha, promotionAlpha, stratumMinutes, maxDurationMinutes, inconclusive } = plan.rollout;
  return {
    rollbackAlpha,
    promotionAlpha,
    stratumMinutes,
    bakeMinutes: bakeMinutesOf(plan),
    ...(Number.isFinite(maxDurationMinutes) ? { maxDurationMinutes } : {}),
    inconclusive,
    ...(plan.share === undefined ? {} : { share: plan.share }),
  };
}

function verdictOf(feed: Feed, { looks, decided }: Replay): BacktestResult['verdict'] {
  const look = decided ?? looks.at(-1)!;
  const { decision, reason, culprit } = look.verdict;
  return {
    // The only step is the last one: nothing to advance to.
    decision: decision === 'advance' ? 'continue' : decision,
    ...(decided === undefined ? {} : { at: timeAt(feed, decided.minutes), minutes: decided.minutes }),
    candidateUnits: look.candidateUnits,
    controlUnits: look.controlUnits,
    reason,
    ...(culprit === undefined ? {} : { culprit }),
  };
}

function kpisOf({ plan, policies, arms, survey, feed }: Counted, { looks }: Replay, margins: MarginOutcome[]): KpiResult[] {
  const last = looks.at(-1)!;
  const end = new CountersInTime(feed);
  end.advanceTo(Number.POSITIVE_INFINITY);
  const { candidate, stable } = end.units;
  const traffic = { information: (candidate * stable) / Math.max(1, candidate + stable), hours: Math.max(1, last.minutes) / 60 };
  const control = survey.arms.get(arms.control)!;
  return policies.map(({ policy, fromHistory }, index) => {
    const interval = intervalOf(policy, end.minutesOf(index), {
      control: 'stable',
      stratumMinutes: intervalMinutes(feed),
      alpha: plan.rollout.rollbackAlpha,
    });
    const harmful = firstLook(looks, policy.name, (one) => one.rollbackEvidence >= one.rollbackThreshold);
    const passedAt = margins[0]?.kpis[index]?.passedAt;
    return {
      policy,
      fromHistory,
      evidence: last.verdict.kpis[index]!,
      ...(interval === undefined ? {} : { interval }),
      ...(harmful === undefined ? {} : { harmfulAt: momentOf(harmful) }),
      ...(passedAt === undefined ? {} : { passedAt }),
      suggestion: suggestionOf(policy, index, control, interval, margins, traffic),
    };
  });
}

function intervalMinutes({ stratumMinutes, stratumStarts }: Feed): number {
  return stratumMinutes * Math.ceil(stratumStarts.length / MOST_INTERVAL_STRATA);
}

const log10 = (evidence: number): number => Math.round(Math.log10(evidence) * 1e4) / 1e4;

function seriesOf(feed: Feed, plan: BacktestPlan, replayed: Replay): BacktestSeries {
  const every = Math.ceil(replayed.looks.length / MOST_POINTS);
  const last = replayed.looks.length - 1;
  const looks = replayed.looks.filter((look, index) => index % every === 0 || index === last || look === replayed.decided);
  return {
    minutes: looks.map(({ minutes }) => minutes),
    candidateUnits: looks.map(({ candidateUnits }) => candidateUnits),
    controlUnits: looks.map(({ controlUnits }) => controlUnits),
    log10Threshold: log10(1 / plan.rollout.rollbackAlpha),
    log10PromotionThreshold: log10(1 / plan.rollout.promotionAlpha),
    combined: looks.map(({ verdict }) => log10(verdict.combinedRollbackEvidence)),
    kpis: feed.policies.map(({ name }, index) => ({
      name,
      rollback: looks.map(({ verdict }) => log10(verdict.kpis[index]!.rollbackEvidence)),
      promotion: looks.map(({ verdict }) => log10(verdict.kpis[index]!.promotionEvidence)),
    })),
  };
}
