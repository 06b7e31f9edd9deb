import type { Budget, BudgetNotification } from './budgets';

const dollars = (amount: number): string => `$${amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;

const PERIODS = { MONTHLY: 'month', QUARTERLY: 'quarter', ANNUALLY: 'year' } as const;

const longDate = (atMillis: number): string =>
  new Date(atMillis).toLocaleDateString('en-US', { timeZone: 'UTC', year: 'numeric', month: 'long', day: '2-digit' });

/** The amount at which a notification is due. */
export const thresholdAmount = ({ threshold, thresholdType }: BudgetNotification, { limit }: Budget): number =>
  thresholdType === 'PERCENTAGE' ? (limit * threshold) / 100 : threshold;

export const subjectOf = ({ name }: Budget): string => `AWS Budgets: ${name} has exceeded your alert threshold`.slice(0, 100);

/** What AWS Budgets publishes to a topic: prose, not JSON. */
export function messageOf(
  budget: Budget,
  notification: BudgetNotification,
  { amount, accountId, atMillis }: { amount: number; accountId: string; atMillis: number },
): string {
  const { name, limit, timeUnit } = budget;
  const { kind } = notification;
  const threshold = dollars(thresholdAmount(notification, budget));
  const [period, said] = timeUnit === 'DAILY' ? ['per day', 'Yesterday, the'] : [`for the current ${PERIODS[timeUnit]}`, 'The'];
  return [
    `AWS Budget Notification ${longDate(atMillis)}`,
    `AWS Account ${accountId}`,
    '',
    'Dear AWS Customer,',
    '',
    `You requested that we alert you when the ${kind} Cost associated with your ${name} budget is greater than ${threshold} ${period}. ` +
      `${said} ${kind} Cost associated with this budget is ${dollars(amount)}. ` +
      'You can find additional details below and by accessing the AWS Budgets dashboard [1].',
    '',
    `Budget Name: ${name}`,
    'Budget Type: Cost',
    `Budgeted Amount: ${dollars(limit)}`,
    `Alert Type: ${kind}`,
    `Alert Threshold: > ${threshold}`,
    `${kind} Amount: ${dollars(amount)}`,
    '',
    '[1] https://console.aws.amazon.com/costmanagement/home#/budgets',
    '',
  ].join('\n');
}
