import { AwsError, type Caller, type Cloud, type Operation, type ServiceDouble } from '../../cloud/types';
import { messageOf, subjectOf, thresholdAmount } from './message';

export interface BudgetNotification {
  kind: 'ACTUAL' | 'FORECASTED';
  comparison: 'GREATER_THAN';
  threshold: number;
  thresholdType: 'PERCENTAGE' | 'ABSOLUTE_VALUE';
  topicArn?: string;
  emails: string[];
}

export interface Budget {
  name: string;
  arn: string;
  timeUnit: 'DAILY' | 'MONTHLY' | 'QUARTERLY' | 'ANNUALLY';
  /** US dollars. */
  limit: number;
  notifications: BudgetNotification[];
}

/** What the bill says is a little more than the threshold. */
const BEYOND = 1.02;
const PRINCIPAL = 'budgets.amazonaws.com';

/** Budgets of the account. What is spent they do not know: they speak when the scenario says so. */
export class Budgets implements ServiceDouble {
  readonly service = 'budgets';
  readonly operations: Record<string, Operation> = {};
  private readonly byName = new Map<string, Budget>();

  constructor(private readonly cloud: Cloud) {}

  put(read: Omit<Budget, 'arn'>, isNew: boolean): Budget {
    if (isNew && this.byName.has(read.name))
      throw new AwsError('DuplicateRecordException', `the budget name already exists. Budget name: ${read.name}`);
    const budget = { ...read, arn: `arn:${this.cloud.partition}:budgets::${this.cloud.accountId}:budget/${read.name}` };
    for (const { topicArn } of budget.notifications) if (topicArn !== undefined) this.tryTopic(budget, topicArn);
    this.byName.set(budget.name, budget);
    return budget;
  }

  remove(name: string): void {
    this.byName.delete(name);
  }

  all(): Budget[] {
    return [...this.byName.values()];
  }

  /** The notifications of a kind whose threshold is this share of their budget. */
  fitting(kind: BudgetNotification['kind'], share: number): { budget: Budget; notification: BudgetNotification }[] {
    return this.all().flatMap((budget) =>
      budget.notifications
        .filter((one) => one.kind === kind && Math.abs(shareOf(one, budget) - share) < 1e-6)
        .map((notification) => ({ budget, notification })),
    );
  }

  /** Tells the subscribers of a notification. What a topic refuses is lost, as on AWS. */
  async notify(budget: Budget, notification: BudgetNotification): Promise<void> {
    const { cloud } = this;
    const amount = Math.round(thresholdAmount(notification, budget) * BEYOND * 100) / 100;
    const told = { budget: budget.name, kind: notification.kind, threshold: shareOf(notification, budget), amount };
    cloud.record('budgets', 'exceeded', told);
    if (notification.emails.length > 0) cloud.record('budgets', 'email', { budget: budget.name, addresses: notification.emails.length });
    const { topicArn } = notification;
    if (topicArn === undefined) return;
    const Message = messageOf(budget, notification, { amount, accountId: cloud.accountId, atMillis: cloud.clock.now() });
    try {
      await cloud.call('sns', 'Publish', { TopicArn: topicArn, Subject: subjectOf(budget), Message }, callerFor(budget));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      cloud.record('budgets', 'delivery-failed', { budget: budget.name, topic: topicArn, error: error.code, message: error.message });
    }
  }

  /** AWS Budgets takes no topic that does not let it publish. */
  private tryTopic(budget: Budget, topicArn: string): void {
    const policy = this.cloud.double('sns').resourcePolicy?.(topicArn);
    try {
      this.cloud.iam.authorise(callerFor(budget), { action: 'sns:Publish', resource: topicArn }, policy);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw new AwsError(
        'InvalidParameterException',
        `Budget ${budget.name}: invalid topic ${topicArn}: its policy must let ${PRINCIPAL} publish. (${error.message})`,
      );
    }
  }
}

export const shareOf = (notification: BudgetNotification, budget: Budget): number => thresholdAmount(notification, budget) / budget.limit;

const callerFor = ({ arn }: Budget): Caller => ({ kind: 'service', principal: PRINCIPAL, sourceArn: arn });

export const createBudgets = (cloud: Cloud): Budgets => new Budgets(cloud);
