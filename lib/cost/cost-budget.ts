import { Token } from 'aws-cdk-lib';
import type { BudgetPolicy } from '../../core/contracts/cost';

/** What happens when a use case costs too much: each does what the one before it does, and more. */
export enum CostAction {
  /** Owners are told. */
  NOTIFY = 'notify',

  /** No release begins. */
  BLOCK_RELEASES = 'block-releases',

  /** The endpoint goes to its smallest. */
  SCALE_IN = 'scale-in',

  /** The endpoint is off outside its hours. */
  OFF_HOURS = 'off-hours',

  /** The kill switch goes on: the baseline answers. */
  KILL = 'kill',
}

/** A rate of spending that is too high, long before the month is over. */
export interface CostOverrun {
  /** More than this in an hour, in the budget's currency, is too much. */
  readonly hourlyAbove: number;

  /**
   * For so many minutes without a break.
   *
   * @default 15
   */
  readonly forMinutes?: number;

  /**
   * What happens then.
   *
   * @default CostAction.NOTIFY
   */
  readonly action?: CostAction;
}

/** What a use case may cost in a calendar month (UTC), and what happens when that is not enough. */
export interface CostBudget {
  /** Amount in a month, above 0. */
  readonly monthly: number;

  /**
   * Currency, as the prices have it. An AWS budget is made for USD alone: that is what AWS Budgets counts in.
   *
   * @default 'USD'
   */
  readonly currency?: string;

  /**
   * Shares of the amount at which owners are told what was spent; at most five, above 0.
   *
   * @default - 0.5, 0.8 and 1
   */
  readonly thresholds?: number[];

  /**
   * Shares of the amount at which owners are told what is expected to be spent; at most five, above 0.
   *
   * @default - 1
   */
  readonly forecastThresholds?: number[];

  /**
   * What happens when the amount is expected to be used up before the month is over.
   *
   * @default CostAction.NOTIFY
   */
  readonly onForecastExceeded?: CostAction;

  /**
   * What happens when the amount is used up.
   *
   * @default CostAction.NOTIFY
   */
  readonly onExceeded?: CostAction;

  /**
   * A rate that is too high.
   *
   * @default - the rate is measured and not judged
   */
  readonly overrun?: CostOverrun;

  /**
   * E-mail addresses that AWS Budgets itself tells; at most ten.
   *
   * @default - nobody: the owners' topic tells
   */
  readonly emails?: string[];
}

const MOST_THRESHOLDS = 5;
const MOST_EMAILS = 10;
const MOST_SHARE = 10;

/** @internal As the handler reads it. */
export function policyOf(budget: CostBudget): BudgetPolicy {
  const { monthly, overrun, emails = [] } = budget;
  const policy: BudgetPolicy = {
    monthly: positive('budget.monthly', monthly),
    currency: currencyOf(budget.currency ?? 'USD'),
    actualThresholds: shares('budget.thresholds', budget.thresholds ?? [0.5, 0.8, 1]),
    forecastThresholds: shares('budget.forecastThresholds', budget.forecastThresholds ?? [1]),
    onForecastExceeded: budget.onForecastExceeded ?? CostAction.NOTIFY,
    onExceeded: budget.onExceeded ?? CostAction.NOTIFY,
    overrunMinutes: positive('budget.overrun.forMinutes', overrun?.forMinutes ?? 15),
    onOverrun: overrun?.action ?? CostAction.NOTIFY,
    ...(overrun === undefined ? {} : { hourlyAbove: positive('budget.overrun.hourlyAbove', overrun.hourlyAbove) }),
  };
  if (emails.length > MOST_EMAILS) {
    throw new Error(`budget.emails has ${emails.length} addresses: AWS Budgets tells at most ${MOST_EMAILS}; use a distribution list.`);
  }
  return policy;
}

/** @internal */
export const kills = ({ onExceeded, onForecastExceeded, onOverrun }: BudgetPolicy): boolean =>
  [onExceeded, onForecastExceeded, onOverrun].includes('kill');

function positive(name: string, value: number): number {
  if (!Token.isUnresolved(value) && !(Number.isFinite(value) && value > 0)) {
    throw new Error(`${name} is ${value}: it must be a number above 0.`);
  }
  return value;
}

function currencyOf(value: string): string {
  if (!Token.isUnresolved(value) && !/^[A-Z]{3}$/.test(value)) {
    throw new Error(`budget.currency is '${value}': it must be a currency code of three capitals such as USD or EUR.`);
  }
  return value;
}

function shares(name: string, given: number[]): number[] {
  const bad = given.find((share) => !(share > 0 && share <= MOST_SHARE));
  if (bad !== undefined)
    throw new Error(`${name} has ${bad}: it must be a share of the monthly amount above 0, at most ${MOST_SHARE}, such as 0.8.`);
  if (given.length > MOST_THRESHOLDS) {
    throw new Error(
      `${name} has ${given.length} shares: AWS Budgets takes ten notifications, five for what is spent and five for what is expected.`,
    );
  }
  return [...new Set(given)];
}
