import type { CostEstimate } from './cost';
import type { RetrainingAsked, RetrainingSettings, RetrainingState, StableNow } from './types';

export type RefusalCode =
  'running' | 'killed' | 'no-stable' | 'other-release' | 'successor' | 'broken-input' | 'cool-down' | 'runs' | 'budget';

export type Admission =
  | { ok: true; id: string; next: RetrainingState; parentReleaseId: string; estimate?: number }
  | { ok: false; code: RefusalCode; reason: string; next: string };

const MINUTE_MILLIS = 60_000;

export const monthOf = (at: string): string => at.slice(0, 7);

export const emptyState = (at: string): RetrainingState => ({ revision: 0, sequence: 0, month: monthOf(at), runs: 0, spent: 0 });

/** The sums of the month that it is now. */
export const inMonth = (state: RetrainingState, at: string): RetrainingState =>
  state.month === monthOf(at) ? state : { ...state, month: monthOf(at), runs: 0, spent: 0 };

/** Whether a run may begin, and what is written where it does: pure, so that whoever was faster makes this be asked again. */
export function admit(
  settings: RetrainingSettings,
  before: RetrainingState,
  asked: RetrainingAsked,
  stable: StableNow,
  estimate: CostEstimate,
): Admission {
  const state = inMonth(before, asked.at);
  const refused =
    unanswered(stable) ??
    ofAnotherRelease(asked, stable) ??
    soonReplaced(asked, stable) ??
    ofBrokenInput(asked) ??
    underWay(state) ??
    coolingDown(settings, state, asked) ??
    tooManyRuns(settings, state) ??
    overBudget(settings, state, estimate);
  if (refused !== undefined) return refused;
  const sequence = state.sequence + 1;
  const id = `t${sequence}`;
  const amount = estimate.known ? estimate.amount : 0;
  const { lastBeganAt } = state;
  return {
    ok: true,
    id,
    parentReleaseId: stable.releaseId as string,
    ...(estimate.known ? { estimate: estimate.amount } : {}),
    next: {
      ...state,
      sequence,
      running: { id, since: asked.at, estimate: amount, ...(lastBeganAt === undefined ? {} : { beganBefore: lastBeganAt }) },
      lastBeganAt: asked.at,
      runs: state.runs + 1,
      spent: rounded(state.spent + amount),
    },
  };
}

/** The lock is released; a run that ended before anything was trained counts for nothing. Undefined where the run holds no lock. */
export function released(state: RetrainingState, runId: string, counts: boolean): RetrainingState | undefined {
  const { running, ...free } = state;
  if (running?.id !== runId) return undefined;
  if (counts) return free;
  // The sums of a month that is over are not touched.
  const sameMonth = monthOf(running.since) === state.month;
  const given: RetrainingState = {
    ...free,
    ...(sameMonth ? { runs: Math.max(0, state.runs - 1), spent: Math.max(0, rounded(state.spent - running.estimate)) } : {}),
  };
  delete given.lastBeganAt;
  return running.beganBefore === undefined ? given : { ...given, lastBeganAt: running.beganBefore };
}

type Refused = Extract<Admission, { ok: false }> | undefined;

const rounded = (amount: number): number => Math.round(amount * 100) / 100;

const refusal = (code: RefusalCode, reason: string, next: string): Refused => ({ ok: false, code, reason, next });

function unanswered({ mode, releaseId }: StableNow): Refused {
  if (mode === 'killed') return refusal('killed', 'the kill switch is on', 'Revive the use case first: sluice revive');
  if (releaseId !== undefined) return undefined;
  return refusal('no-stable', 'no release is stable: there is nothing to compare a new model with', 'Promote a first release');
}

function ofAnotherRelease({ releaseId, trigger }: RetrainingAsked, stable: StableNow): Refused {
  if (releaseId === undefined || releaseId === stable.releaseId) return undefined;
  return refusal(
    'other-release',
    `the ${trigger === 'kpi' ? 'KPI movement' : 'drift'} was of ${releaseId}, and ${stable.releaseId} is stable now`,
    'Wait for what is found of the release that answers now',
  );
}

/** What was compared with a release that is no longer stable is not registered. Operators decide for themselves. */
function soonReplaced({ trigger }: RetrainingAsked, { successorId }: StableNow): Refused {
  if (successorId === undefined || trigger === 'operator') return undefined;
  return refusal(
    'successor',
    `release ${successorId} is on its way: a new model would be compared with a release that it may replace`,
    'Wait for the end of that release; drift that stays asks again',
  );
}

function ofBrokenInput({ brokenInput }: RetrainingAsked): Refused {
  if (brokenInput !== true) return undefined;
  return refusal(
    'broken-input',
    'the input is broken as well (missing, of a wrong type, out of range or unreadable): a model that learns from it learns what is wrong',
    'Mend what sends the requests; drift that stays asks again',
  );
}

function underWay({ running }: RetrainingState): Refused {
  if (running === undefined) return undefined;
  return refusal('running', `run ${running.id} is under way since ${running.since}`, 'Ask again when it has ended');
}

/** Operators decide for themselves whether it is too early. */
function coolingDown({ coolDownMinutes }: RetrainingSettings, { lastBeganAt }: RetrainingState, { trigger, at }: RetrainingAsked): Refused {
  if (trigger === 'operator' || lastBeganAt === undefined) return undefined;
  const until = Date.parse(lastBeganAt) + coolDownMinutes * MINUTE_MILLIS;
  if (Date.parse(at) >= until) return undefined;
  return refusal(
    'cool-down',
    `the last run began ${lastBeganAt}, and the cool-down ends ${new Date(until).toISOString()}`,
    'Wait for the end of the cool-down, or ask as an owner: sluice retrain --reason …',
  );
}

function tooManyRuns({ mostRunsPerMonth }: RetrainingSettings, { runs, month }: RetrainingState): Refused {
  if (runs < mostRunsPerMonth) return undefined;
  return refusal(
    'runs',
    `${runs} of ${mostRunsPerMonth} runs of ${month} have begun`,
    'Wait for the next month (UTC), or raise retraining.mostRunsPerMonth and deploy',
  );
}

/** What is not known is not free. */
function overBudget({ monthlyBudget }: RetrainingSettings, { spent, month }: RetrainingState, estimate: CostEstimate): Refused {
  if (monthlyBudget === undefined) return undefined;
  if (!estimate.known) {
    return refusal(
      'budget',
      `what the run costs is not known (${estimate.why}), and retraining has a budget`,
      'Give the price, or no budget',
    );
  }
  if (rounded(spent + estimate.amount) <= monthlyBudget) return undefined;
  return refusal(
    'budget',
    `the run may cost ${estimate.amount} ${estimate.currency}, ${spent} of ${monthlyBudget} ${estimate.currency} of ${month} are taken`,
    'Wait for the next month (UTC), or raise retraining.monthlyBudget and deploy',
  );
}
