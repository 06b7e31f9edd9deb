import type { BudgetPolicy, CostAction, CostOrder } from '../contracts/cost';
import type { BudgetsMessage } from './budgets-message';
import { covers, gentler } from './orders';
import { endOfMonth, isoOf, monthOf, startOfDay } from './time';

/** Why something is done: the month's budget is used up, will be, or is being used up too fast. */
export const COST_CAUSES = ['exceeded', 'forecast', 'overrun'] as const;
export type CostCause = (typeof COST_CAUSES)[number];

export interface StandingCause {
  /** ISO 8601, UTC. */
  since: string;
  /** What was passed: a larger one, set by a deploy, lifts it. */
  limit: number;
  action: CostAction;
  reason: string;
  /** It came while the owners had waived: nothing but telling was done. */
  waived?: true;
}

/** What the guard remembers, within a month. */
export interface GuardState {
  month: string;
  /** Amounts that the owners were told of: `actual:1200`. A budget that was raised has others. */
  told: string[];
  causes: Partial<Record<CostCause, StandingCause>>;
  /** ISO 8601, UTC: since when the rate is too high. */
  rateAboveSince?: string;
}

/** What is known at a look. */
export interface GuardLook {
  nowMillis: number;
  monthToDate: number;
  forecast?: number;
  perHour: number;
  /** Some of it has no price: amounts are at least these. */
  incomplete: boolean;
  waivedBy?: string;
  /** What AWS Budgets has just said. */
  said?: BudgetsMessage;
}

export interface Threshold {
  kind: 'actual' | 'forecast';
  share: number;
  amount: number;
  reason: string;
}

export interface GuardDecision {
  state: GuardState;
  orders: CostOrder[];
  /** The highest one that was passed since the look before, of each kind. */
  thresholds: Threshold[];
  begun: { cause: CostCause; is: StandingCause }[];
  lifted: { cause: CostCause; was: StandingCause; why: string }[];
  /** What stood, and the owners have taken on themselves since the look before. */
  waived: CostCause[];
  /** What AWS Budgets said and nobody goes by. */
  late?: BudgetsMessage;
}

export const freshGuard = (nowMillis: number): GuardState => ({ month: monthOf(nowMillis), told: [], causes: {} });

/** On a month's first day what AWS counts is that of the month before, unless what was counted here comes near it. */
function isOfMonthBefore({ kind, amount }: BudgetsMessage, { nowMillis, monthToDate, forecast = 0 }: GuardLook): boolean {
  const isFirstDay = monthOf(startOfDay(nowMillis) - 1) !== monthOf(nowMillis);
  return isFirstDay && (kind === 'actual' ? monthToDate : forecast) < amount / 2;
}

/** What a look means under the policy. Looked at again with nothing new, it decides nothing new. */
export function decide(policy: BudgetPolicy | undefined, before: GuardState, look: GuardLook): GuardDecision {
  const { said, ...own } = look;
  return said !== undefined && isOfMonthBefore(said, look)
    ? { ...decided(policy, before, own), late: said }
    : decided(policy, before, look);
}

function decided(policy: BudgetPolicy | undefined, before: GuardState, look: GuardLook): GuardDecision {
  const { nowMillis } = look;
  const month = monthOf(nowMillis);
  const state: GuardState = before.month === month ? structuredClone(before) : freshGuard(nowMillis);
  // The month is over, not the evening: what runs too fast is looked at anew.
  const lifted = before.month === month ? [] : liftedAll(before, 'the month is over');
  if (policy === undefined) {
    lifted.push(...liftedAll(state, 'the charter has no budget any more'));
    state.causes = {};
    return { state, orders: [], thresholds: [], begun: [], lifted, waived: [] };
  }
  noteRate(state, policy, look);
  forgetToldRate(state);
  lifted.push(...liftRaised(state, policy, look));
  const waived = noteWaiver(state, look);
  const begun = begin(state, policy, look);
  return { state, orders: ordersOf(state, nowMillis), thresholds: passed(state, policy, look), begun, lifted, waived };
}

const liftedAll = ({ causes }: GuardState, why: string): GuardDecision['lifted'] =>
  COST_CAUSES.flatMap((cause) => (causes[cause] === undefined ? [] : [{ cause, was: causes[cause], why }]));

function noteRate(state: GuardState, { hourlyAbove }: BudgetPolicy, { perHour, nowMillis }: GuardLook): void {
  if (hourlyAbove === undefined || perHour <= hourlyAbove) delete state.rateAboveSince;
  else state.rateAboveSince ??= isoOf(nowMillis);
}

/** A rate that was only told, and is no longer too high, is told again the next time; an order stands. */
function forgetToldRate(state: GuardState): void {
  const is = state.causes.overrun;
  if (state.rateAboveSince === undefined && (is?.action === 'notify' || is?.waived === true)) delete state.causes.overrun;
}

/** What each cause compares: undefined where it does not hold. */
function holds(cause: CostCause, state: GuardState, policy: BudgetPolicy, look: GuardLook): string | undefined {
  const { monthly, currency, hourlyAbove, overrunMinutes } = policy;
  const { said, monthToDate, forecast, perHour, nowMillis, incomplete } = look;
  const money = (amount: number): string => `${amount.toFixed(2)} ${currency}`;
  const least = incomplete ? 'at least ' : '';
  if (cause === 'overrun') {
    const minutes = state.rateAboveSince === undefined ? -1 : (nowMillis - Date.parse(state.rateAboveSince)) / 60_000;
    return minutes < overrunMinutes || hourlyAbove === undefined
      ? undefined
      : `An hour costs ${least}${money(perHour)}, more than ${money(hourlyAbove)} for ${Math.floor(minutes)} minutes`;
  }
  const kind = cause === 'exceeded' ? 'actual' : 'forecast';
  const words = kind === 'actual' ? 'This month has cost' : 'This month will cost';
  const own = kind === 'actual' ? monthToDate : (forecast ?? 0);
  if (own >= monthly) return `${words} ${least}${money(own)} of ${money(monthly)}`;
  // As AWS counts it, with what the meter does not see: storage, calls, other services.
  return said?.kind === kind && said.amount >= monthly
    ? `${words} ${money(said.amount)} of ${money(monthly)}, says AWS Budgets`
    : undefined;
}

const limitOf = (cause: CostCause, { monthly, hourlyAbove }: BudgetPolicy): number =>
  cause === 'overrun' ? (hourlyAbove ?? Number.POSITIVE_INFINITY) : monthly;

const actionOf = (cause: CostCause, { onExceeded, onForecastExceeded, onOverrun }: BudgetPolicy): CostAction =>
  ({ exceeded: onExceeded, forecast: onForecastExceeded, overrun: onOverrun })[cause];

/** A deploy with a larger limit is the owners' answer; one with a gentler action too. */
function liftRaised(state: GuardState, policy: BudgetPolicy, look: GuardLook): GuardDecision['lifted'] {
  const lifted: GuardDecision['lifted'] = [];
  for (const cause of COST_CAUSES) {
    const was = state.causes[cause];
    if (was === undefined) continue;
    if (limitOf(cause, policy) > was.limit && holds(cause, state, policy, look) === undefined) {
      delete state.causes[cause];
      lifted.push({ cause, was, why: 'a deploy raised the limit' });
    } else {
      state.causes[cause] = { ...was, action: gentler(was.action, actionOf(cause, policy)) };
    }
  }
  return lifted;
}

function noteWaiver({ causes }: GuardState, { waivedBy }: GuardLook): CostCause[] {
  if (waivedBy === undefined) return [];
  return COST_CAUSES.filter((cause) => {
    const is = causes[cause];
    if (is === undefined || is.waived === true) return false;
    causes[cause] = { ...is, waived: true };
    return is.action !== 'notify';
  });
}

function begin(state: GuardState, policy: BudgetPolicy, look: GuardLook): GuardDecision['begun'] {
  return COST_CAUSES.flatMap((cause) => {
    const was = state.causes[cause];
    // A deploy that asks for more than is done: it is meant for the month that runs too.
    if (was !== undefined && covers(was.action, actionOf(cause, policy))) return [];
    // What AWS Budgets has said of the month it does not say again.
    const reason = holds(cause, state, policy, look) ?? (cause === 'exceeded' ? was?.reason : undefined);
    if (reason === undefined) return [];
    const is: StandingCause = {
      since: isoOf(look.nowMillis),
      limit: limitOf(cause, policy),
      action: actionOf(cause, policy),
      reason,
      ...(look.waivedBy === undefined ? {} : { waived: true }),
    };
    state.causes[cause] = is;
    return [{ cause, is }];
  });
}

function ordersOf({ causes }: GuardState, nowMillis: number): CostOrder[] {
  const until = isoOf(endOfMonth(nowMillis));
  return COST_CAUSES.flatMap((cause) => {
    const is = causes[cause];
    return is === undefined || is.action === 'notify' ? [] : [{ action: is.action, since: is.since, until, reason: is.reason }];
  });
}

const toldOf = (kind: Threshold['kind'], amount: number): string => `${kind}:${Number(amount.toFixed(2))}`;

/** Each is told once in a month, whoever found it; of several at once the highest. */
function passed(state: GuardState, policy: BudgetPolicy, look: GuardLook): Threshold[] {
  const { monthly, currency, actualThresholds, forecastThresholds } = policy;
  const { said, monthToDate, forecast } = look;
  return (['actual', 'forecast'] as const).flatMap((kind) => {
    const own = kind === 'actual' ? monthToDate : (forecast ?? 0);
    const amount = Math.max(own, said?.kind === kind ? said.amount : 0);
    const shares = kind === 'actual' ? actualThresholds : forecastThresholds;
    const fresh = shares.filter((share) => amount >= share * monthly && !state.told.includes(toldOf(kind, share * monthly)));
    if (fresh.length === 0) return [];
    state.told.push(...fresh.map((share) => toldOf(kind, share * monthly)));
    const share = Math.max(...fresh);
    const words = kind === 'actual' ? 'has cost' : 'is expected to cost';
    const reason = `This month ${words} ${amount.toFixed(2)} ${currency}: ${Math.round(share * 100)} % of ${monthly.toFixed(2)} ${currency} are passed`;
    return [{ kind, share, amount, reason }];
  });
}
