import type { KpiEvidence, StepRecord } from '../contracts';
import { judge, QUEUE_MINUTES, type Verdict } from '../verdict';
import { CountersInTime, type Feed, MINUTE_MILLIS } from './feed';
import type { BacktestPlan } from './types';

/** A look that hears of everything counted so far. */
export interface Look {
  /** Since the history's first minute. */
  minutes: number;
  candidateUnits: number;
  controlUnits: number;
  verdict: Verdict;
}

export interface Replay {
  /** From first to last; the evidence goes on after the decision. */
  looks: Look[];
  /** The first look that does not say `continue`. */
  decided?: Look;
  /** Moments at which there was something new to see. More than looks: the history is too long to look at each. */
  moments: number;
}

const MOST_WORK = 2_500_000;
/** So much of it goes into looking at every single moment, for as long as that lasts. */
const DENSE_PART = 0.6;
const MOST_LATER_LOOKS = 1500;
const MOST_REFINING_LOOKS = 200;
/** The gateways learn of a step within two seconds: only later units count as its traffic. */
const SETTLING_MILLIS = 2_000;

/** The policy over the history, look by look. */
export function replay(feed: Feed, plan: BacktestPlan): Replay {
  const moments = momentsOf(feed, plan);
  const pace = new Pace(moments, feed, plan.mostWork ?? MOST_WORK);
  const looker = new Looker(feed, plan);
  const looks: Look[] = [];
  let decided: Look | undefined;
  for (let index = 0, before = -1; index < moments.length; before = index, index = pace.next(index)) {
    const look = looker.at(moments[index]!);
    if (decided === undefined && isDecision(look)) {
      decided = firstDecision(moments.slice(before + 1, index), look, feed, plan);
      if (decided !== look) looks.push(decided);
    }
    looks.push(look);
  }
  return { looks, ...(decided === undefined ? {} : { decided }), moments: moments.length };
}

const isDecision = ({ verdict }: Look): boolean => verdict.decision !== 'continue';

/** Among moments that were passed over there may be an earlier one that decides. */
function firstDecision(passedOver: number[], at: Look, feed: Feed, plan: BacktestPlan): Look {
  const looker = new Looker(feed, plan);
  const every = Math.ceil(passedOver.length / MOST_REFINING_LOOKS);
  for (let index = 0; index < passedOver.length; index += every) {
    const look = looker.at(passedOver[index]!);
    if (isDecision(look)) return look;
  }
  return at;
}

/** Looks at every moment while that is cheap, then at ever fewer: each look goes over all strata so far. */
class Pace {
  private work = 0;
  private filled = 0;
  private readonly starts: number[];

  constructor(
    private readonly moments: number[],
    private readonly feed: Feed,
    private readonly mostWork: number,
  ) {
    this.starts = feed.stratumStarts;
  }

  /** The index of the next look; the last moment is always looked at. */
  next(index: number): number {
    while (this.filled < this.starts.length && this.starts[this.filled]! < this.moments[index]!) this.filled += 1;
    this.work += this.filled * this.feed.policies.length;
    const last = this.moments.length - 1;
    if (index === last) return this.moments.length;
    const dense = this.work < DENSE_PART * this.mostWork;
    return Math.min(last, index + (dense ? 1 : this.stride(last - index)));
  }

  private stride(remaining: number): number {
    const left = Math.max(this.mostWork / 10, this.mostWork - this.work);
    return Math.max(
      1,
      Math.ceil((remaining * this.starts.length * this.feed.policies.length) / left),
      Math.floor(this.moments.length / MOST_LATER_LOOKS),
    );
  }
}

/** Time only goes forward. */
class Looker {
  private readonly state: CountersInTime;

  constructor(
    private readonly feed: Feed,
    private readonly plan: BacktestPlan,
  ) {
    this.state = new CountersInTime(feed);
  }

  at(minute: number): Look {
    const { feed, plan, state } = this;
    state.advanceTo(minute);
    const { candidate, stable } = state.units;
    const share = plan.share ?? (candidate + stable === 0 ? 0 : candidate / (candidate + stable));
    return {
      minutes: minute - feed.startMinute,
      candidateUnits: candidate,
      controlUnits: stable,
      verdict: judge({
        step: stepOf(feed.startMinute, share, plan),
        // The arms of a history are all there is: no unit is held out of them.
        spec: { rollout: { ...plan.rollout, holdout: 0 }, kpis: feed.policies },
        counters: state.counters,
        control: 'stable',
        nowMillis: minute * MINUTE_MILLIS,
      }),
    };
  }
}

/** The history as one last step, at the share it was recorded with. */
function stepOf(startMinute: number, weight: number, plan: BacktestPlan): StepRecord {
  return {
    releaseId: 'backtest',
    stepId: 'backtest#0',
    index: 0,
    weight,
    bakeMinutes: bakeMinutesOf(plan),
    last: true,
    taskToken: '',
    openedAt: new Date(startMinute * MINUTE_MILLIS - SETTLING_MILLIS).toISOString(),
    canaryStartedAt: new Date(startMinute * MINUTE_MILLIS).toISOString(),
  };
}

/** A release cannot be promoted sooner: every step bakes, or with early promotion the first one. */
export function bakeMinutesOf({ rollout }: Pick<BacktestPlan, 'rollout'>): number {
  const [first] = rollout.steps;
  if (rollout.promoteEarly === true) return first?.bakeMinutes ?? 0;
  return rollout.steps.reduce((sum, { bakeMinutes }) => sum + bakeMinutes, 0);
}

/** When there is something new to see: rows, minutes that become mature, the end of the bake, the end of the rollout. */
function momentsOf(feed: Feed, plan: BacktestPlan): number[] {
  const moments = new Set(feed.seenMinutes);
  const starts = feed.stratumStarts;
  for (const { windowMinutes } of feed.policies) {
    for (const start of starts) moments.add(matureAt(start, windowMinutes, feed.stratumMinutes));
  }
  const end = endMinuteOf(feed);
  for (const behind of [bakeMinutesOf(plan), plan.rollout.maxDurationMinutes]) {
    if (feed.startMinute + behind <= end) moments.add(Math.ceil(feed.startMinute + behind));
  }
  return [...moments].sort((left, right) => left - right);
}

/** From then on nothing changes any more. */
export function endMinuteOf({ seenMinutes, stratumStarts, policies, stratumMinutes }: Feed): number {
  const longest = Math.max(...policies.map(({ windowMinutes }) => windowMinutes));
  return Math.max(seenMinutes.at(-1) ?? 0, matureAt(stratumStarts.at(-1) ?? 0, longest, stratumMinutes));
}

/** From when on nothing in the stratum changes any more. */
export const matureAt = (stratumStart: number, windowMinutes: number, stratumMinutes: number): number =>
  stratumStart + stratumMinutes + windowMinutes + QUEUE_MINUTES;

/** The first look at which a KPI alone reaches what `reached` asks. */
export function firstLook(looks: Look[], kpi: string, reached: (evidence: KpiEvidence) => boolean): Look | undefined {
  return looks.find(({ verdict }) => verdict.kpis.some((one) => one.kpi === kpi && reached(one)));
}
