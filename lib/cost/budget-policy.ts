import { Token } from 'aws-cdk-lib';
import type { BudgetPolicy } from '../../core/contracts/cost';
import { CostAction, type CostBudget } from './cost-budget';

const MOST_THRESHOLDS = 5;
const MOST_EMAILS = 10;
const MOST_SHARE = 10;

/** As the handler reads it. */
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
