import { AwsError, UnsupportedError, type Members } from '../../cloud/types';
import type { Budget, BudgetNotification } from './budgets';

const TIME_UNITS = ['DAILY', 'MONTHLY', 'QUARTERLY', 'ANNUALLY'] as const;
const NOTIFICATION_TYPES = ['ACTUAL', 'FORECASTED'] as const;
const THRESHOLD_TYPES = ['PERCENTAGE', 'ABSOLUTE_VALUE'] as const;
const MAX_NOTIFICATIONS = 10;
const MAX_TOPICS = 1;
const MAX_EMAILS = 10;
const MAX_THRESHOLD = 15_000_000_000_000;
const NAME = /^(?![^:\\]*\/action\/)[^:\\]{1,100}$/;
const TOPIC = /^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]{1,256}$/;
const EMAIL = /^[^@\s]+@[^@\s]+\.[^@\s]+$/;
/** `user:` and a cost allocation tag of one's own, or `aws:` and one that AWS makes. */
const TAG_FILTER = /^(user|aws):[^$]+\$.*$/;

const COST_FILTERS = [
  'AZ',
  'BillingEntity',
  'Cost Category',
  'CostCategory',
  'InstanceType',
  'InvoicingEntity',
  'LegalEntityName',
  'LinkedAccount',
  'Operation',
  'PurchaseType',
  'RecordType',
  'Region',
  'Service',
  'TagKey',
  'TagKeyValue',
  'UsageType',
  'UsageTypeGroup',
];
const KNOWN_OF_BUDGET = ['BudgetLimit', 'BudgetName', 'BudgetType', 'CostFilters', 'CostTypes', 'TimePeriod', 'TimeUnit'];

const invalid = (message: string): AwsError => new AwsError('InvalidParameterException', message);

function oneOf<T extends string>(where: string, given: unknown, allowed: readonly T[]): T {
  if (!allowed.includes(given as T)) throw invalid(`${where} must be one of ${allowed.join(', ')}, got ${String(given)}.`);
  return given as T;
}

/** Reads a budget from a template; refuses what AWS Budgets, or the laptop cloud, does not take. */
export function readBudget(properties: Members, name: string): Omit<Budget, 'arn'> {
  const budget = properties.Budget as Members;
  for (const member of Object.keys(budget))
    if (!KNOWN_OF_BUDGET.includes(member))
      throw new UnsupportedError(`Budget ${name}: ${member} is not supported by the laptop cloud. Use ${KNOWN_OF_BUDGET.join(', ')}.`);
  if (!NAME.test(name)) throw invalid(`The budget name '${name}' must have 1 to 100 characters, without : and \\.`);
  if (budget.BudgetType !== 'COST')
    throw new UnsupportedError(`Budget ${name}: BudgetType ${String(budget.BudgetType)} is not supported by the laptop cloud. Use COST.`);
  const timeUnit = oneOf(`Budget ${name}: TimeUnit`, budget.TimeUnit, TIME_UNITS);
  const { Amount, Unit } = (budget.BudgetLimit ?? {}) as Members;
  const limit = Number(Amount ?? Number.NaN);
  if (!(limit > 0)) throw invalid(`Budget ${name}: BudgetLimit.Amount must be above 0, got ${String(Amount)}.`);
  if (Unit !== 'USD') throw invalid(`Budget ${name}: BudgetLimit.Unit must be USD, got ${String(Unit)}.`);
  checkFilters(name, (budget.CostFilters ?? {}) as Members);
  return { name, timeUnit, limit, notifications: readNotifications(name, timeUnit, properties.NotificationsWithSubscribers) };
}

function checkFilters(name: string, filters: Members): void {
  for (const [filter, values] of Object.entries(filters)) {
    if (!COST_FILTERS.includes(filter))
      throw invalid(`Budget ${name}: ${filter} is no cost filter. Use one of ${COST_FILTERS.join(', ')}.`);
    if (!Array.isArray(values) || values.length === 0) throw invalid(`Budget ${name}: the cost filter ${filter} needs a list of values.`);
    const strange = filter === 'TagKeyValue' ? (values as unknown[]).find((value) => !TAG_FILTER.test(String(value))) : undefined;
    if (strange !== undefined)
      throw invalid(`Budget ${name}: the cost filter TagKeyValue takes user:<key>$<value> or aws:<key>$<value>, got ${String(strange)}.`);
  }
}

function readNotifications(name: string, timeUnit: Budget['timeUnit'], given: unknown): BudgetNotification[] {
  const list = (given ?? []) as Members[];
  if (list.length > MAX_NOTIFICATIONS)
    throw new AwsError('CreationLimitExceededException', `Budget ${name} has ${list.length} notifications, at most ${MAX_NOTIFICATIONS}.`);
  const read = list.map((one, index) => readNotification(`Budget ${name}: notification ${index + 1}`, timeUnit, one));
  const keys = read.map(({ kind, comparison, threshold, thresholdType }) => [kind, comparison, threshold, thresholdType].join());
  if (new Set(keys).size < keys.length)
    throw new AwsError('DuplicateRecordException', `Budget ${name}: two notifications are the same: ${keys.join(' ')}.`);
  return read;
}

function readNotification(where: string, timeUnit: Budget['timeUnit'], { Notification, Subscribers }: Members): BudgetNotification {
  const { NotificationType, ComparisonOperator, Threshold, ThresholdType } = Notification as Members;
  const kind = oneOf(`${where}: NotificationType`, NotificationType, NOTIFICATION_TYPES);
  if (kind === 'FORECASTED' && timeUnit === 'DAILY') throw invalid(`${where}: daily budgets have no forecasts.`);
  oneOf(`${where}: ComparisonOperator`, ComparisonOperator, ['GREATER_THAN', 'LESS_THAN', 'EQUAL_TO']);
  if (ComparisonOperator !== 'GREATER_THAN')
    throw new UnsupportedError(`${where}: ${String(ComparisonOperator)} is not supported by the laptop cloud. Use GREATER_THAN.`);
  const threshold = Number(Threshold);
  if (!(threshold > 0 && threshold <= MAX_THRESHOLD))
    throw invalid(`${where}: Threshold must be above 0, at most ${MAX_THRESHOLD}, got ${String(Threshold)}.`);
  return {
    kind,
    comparison: ComparisonOperator,
    threshold,
    thresholdType: oneOf(`${where}: ThresholdType`, ThresholdType ?? 'PERCENTAGE', THRESHOLD_TYPES),
    ...readSubscribers(where, (Subscribers ?? []) as Members[]),
  };
}

function readSubscribers(where: string, subscribers: Members[]): Pick<BudgetNotification, 'topicArn' | 'emails'> {
  if (subscribers.length === 0) throw invalid(`${where} needs at least one subscriber.`);
  const addresses = (type: string): string[] =>
    subscribers.flatMap(({ SubscriptionType, Address }) => (SubscriptionType === type ? [String(Address)] : []));
  for (const { SubscriptionType } of subscribers) oneOf(`${where}: SubscriptionType`, SubscriptionType, ['SNS', 'EMAIL']);
  const topics = addresses('SNS');
  const emails = addresses('EMAIL');
  if (topics.length > MAX_TOPICS) throw invalid(`${where} has ${topics.length} SNS topics, at most ${MAX_TOPICS}.`);
  if (emails.length > MAX_EMAILS) throw invalid(`${where} has ${emails.length} e-mail addresses, at most ${MAX_EMAILS}.`);
  const [topicArn] = topics;
  if (topicArn !== undefined && !TOPIC.test(topicArn)) throw invalid(`${where}: ${topicArn} is no ARN of an SNS topic.`);
  const strange = emails.find((address) => !EMAIL.test(address));
  if (strange !== undefined) throw invalid(`${where}: ${strange} is no e-mail address.`);
  return { emails, ...(topicArn === undefined ? {} : { topicArn }) };
}
