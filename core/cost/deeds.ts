import type { BudgetPolicy, CostAction, CostOrder } from '../contracts/cost';
import type { Notification } from '../contracts/notification';
import type { CriterionState } from './criterion';
import type { BudgetsMessage } from './budgets-message';
import type { CostCause, GuardDecision, GuardLook, StandingCause, Threshold } from './guard';
import type { Deed } from './state';

const EVENTS: Record<CostCause, string> = { exceeded: 'BudgetExceeded', forecast: 'BudgetForecastExceeded', overrun: 'CostOverrun' };

const DONE: Record<CostAction, string> = {
  notify: 'nothing is done: the charter says to tell',
  'block-releases': 'no release begins until it is lifted',
  'scale-in': 'no release begins; once none is under way, an endpoint that scales goes to its smallest',
  'off-hours': 'no release begins; once none is under way, the endpoint is off outside its hours',
  kill: 'the kill switch goes on: the baseline answers',
};

/** What was switched off is not switched on by the order's end. */
const LEFT: Partial<Record<CostAction, string>> = { kill: '; the kill switch stays as it is: sluice revive turns it off' };

/** The same trouble opens one incident in a month. */
export const incidentAbout = (month: string, cause: CostCause): string => `${month}-${cause}`;

/** What follows from a decision, in the order in which it is to be done: first what saves money, then who is told. */
export function deedsOf(policy: BudgetPolicy | undefined, decision: GuardDecision, look: GuardLook, ordersBefore: CostOrder[]): Deed[] {
  const { begun, lifted, thresholds, orders, state } = decision;
  const act = begun.filter(({ is }) => is.action !== 'notify' && is.waived !== true);
  const toldByCause = (kind: Threshold['kind']): boolean =>
    begun.some(({ cause }) => cause === (kind === 'actual' ? 'exceeded' : 'forecast'));
  return [
    ...(sameOrders(orders, ordersBefore) ? [] : [{ kind: 'orders', orders } satisfies Deed]),
    // Each order bars releases.
    ...(orders.length === 0 && ordersBefore.length > 0 ? [{ kind: 'wake' } satisfies Deed] : []),
    ...act.filter(({ is }) => is.action === 'kill').map(({ is }): Deed => ({ kind: 'kill', reason: is.reason })),
    ...begun.map(({ cause, is }): Deed => ({ kind: 'tell', notification: tellBegun(cause, is, policy, look) })),
    ...act.map(({ cause, is }): Deed => ({
      kind: 'incident',
      about: incidentAbout(state.month, cause),
      reason: is.reason,
      beganAt: is.since,
    })),
    ...thresholds
      .filter(({ kind, share }) => share < 1 || !toldByCause(kind))
      .map((threshold): Deed => ({ kind: 'tell', notification: tellThreshold(threshold, look) })),
    ...(decision.late === undefined ? [] : [{ kind: 'tell', notification: tellLate(decision.late, look) } satisfies Deed]),
    ...decision.waived.map((cause): Deed => ({ kind: 'recover', about: incidentAbout(state.month, cause) })),
    ...lifted.filter(({ was }) => was.action !== 'notify').flatMap(({ cause, was, why }) => liftedDeeds(cause, was, why)),
  ];
}

/** Members come back from the ledger in an order of their own. */
const sameOrders = (one: CostOrder[], other: CostOrder[]): boolean =>
  one.length === other.length &&
  one.every(({ action, since, until, reason }, index) => {
    const its = other[index];
    return its?.action === action && its.since === since && its.until === until && its.reason === reason;
  });

function liftedDeeds(cause: CostCause, was: StandingCause, why: string): Deed[] {
  const about = incidentAbout(was.since.slice(0, 7), cause);
  if (was.waived === true) return [];
  const notification: Notification = {
    event: 'CostOrderLifted',
    severity: 'info',
    roles: [],
    subject: `the order ${was.action} is lifted: ${why}${LEFT[was.action] ?? ''}`,
    runbook: 'budget',
    facts: { cause, action: was.action, since: was.since, why },
  };
  return [
    { kind: 'recover', about },
    { kind: 'tell', notification },
  ];
}

function tellBegun(cause: CostCause, is: StandingCause, policy: BudgetPolicy | undefined, look: GuardLook): Notification {
  const done = look.waivedBy === undefined ? DONE[is.action] : `nothing is done: waived by ${look.waivedBy}`;
  return {
    event: EVENTS[cause],
    severity: is.action === 'kill' && is.waived !== true ? 'page' : 'warning',
    roles: [],
    subject: `${is.reason}; ${done}`,
    runbook: 'budget',
    facts: { cause, action: is.action, limit: is.limit, currency: policy?.currency, reason: is.reason, ...figures(look) },
  };
}

function tellThreshold({ kind, share, reason }: Threshold, look: GuardLook): Notification {
  return {
    event: 'BudgetThreshold',
    severity: share < 1 ? 'info' : 'warning',
    roles: [],
    subject: reason,
    runbook: 'budget',
    facts: { kind, share, reason, ...figures(look) },
  };
}

function tellLate({ kind, amount, budgetName }: BudgetsMessage, look: GuardLook): Notification {
  const spoken = `AWS Budgets speaks of ${amount.toFixed(2)} (${kind}) on the first day of the month`;
  return {
    event: 'BudgetMessageLate',
    severity: 'warning',
    roles: [],
    subject: `${spoken}: taken for that of the month before, nothing is done`,
    runbook: 'budget',
    facts: { budgetName, kind, ...figures(look) },
  };
}

function figures({ monthToDate, forecast, perHour, incomplete, waivedBy, said }: GuardLook): object {
  return {
    monthToDate: cents(monthToDate),
    ...(forecast === undefined ? {} : { forecast: cents(forecast) }),
    perHour: cents(perHour),
    ...(incomplete ? { incomplete: 'part of the instances has no price' } : {}),
    ...(waivedBy === undefined ? {} : { waivedBy }),
    ...(said === undefined ? {} : { awsBudgets: said.amount }),
  };
}

const cents = (amount: number): number => Math.round(amount * 100) / 100;

/** As the criteria by KPI are told. */
export function tellCriterion(useCase: string, stable: string | undefined, { criterion, aboveSince, words }: CriterionState): Deed {
  const notification: Notification = {
    event: 'KillCriterionMet',
    severity: 'warning',
    roles: ['process'],
    subject: 'kill criterion met: what a decision costs',
    runbook: 'kill-criterion',
    facts: { useCase, criterion, stable, since: aboveSince, reason: words },
  };
  return { kind: 'tell', notification };
}
