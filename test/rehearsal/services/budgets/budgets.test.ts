import { readBudgetsMessage } from '../../../../core/cost';
import type { Members } from '../../../../rehearsal/cloud/types';
import { budgetsResources, createBudgets, type Budgets } from '../../../../rehearsal/services/budgets';
import { createSns, snsResources } from '../../../../rehearsal/services/sns';
import { createSqs, sqsResources } from '../../../../rehearsal/services/sqs';
import { createTestCloud } from '../../support/harness';
import { ResourceMaker } from '../../support/resources';

const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:money';
const QUEUE = 'arn:aws:sqs:eu-west-1:123456789012:heard';

const publishing = (Condition: Members = {}): Members => ({
  Topics: [TOPIC],
  PolicyDocument: {
    Statement: [{ Effect: 'Allow', Principal: { Service: 'budgets.amazonaws.com' }, Action: 'sns:Publish', Resource: TOPIC, Condition }],
  },
});

/** A topic with a queue that hears it; `policy`: whom the topic lets publish. */
async function setUp(policy: Members | undefined = publishing()) {
  const test = createTestCloud((cloud) => [createBudgets(cloud), createSns(cloud), createSqs(cloud)]);
  const resources = new ResourceMaker(test.cloud, [...budgetsResources, ...snsResources, ...sqsResources]);
  await resources.create('AWS::SNS::Topic', 'Topic', { TopicName: 'money' });
  await resources.create('AWS::SQS::Queue', 'Queue', { QueueName: 'heard' });
  const queue = await resources.create('AWS::SNS::Subscription', 'Heard', {
    TopicArn: TOPIC,
    Protocol: 'sqs',
    Endpoint: QUEUE,
    RawMessageDelivery: true,
  });
  await resources.create('AWS::SQS::QueuePolicy', 'QueuePolicy', {
    Queues: ['https://sqs.eu-west-1.amazonaws.com/123456789012/heard'],
    PolicyDocument: {
      Statement: [{ Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: QUEUE }],
    },
  });
  if (policy !== undefined) await resources.create('AWS::SNS::TopicPolicy', 'Policy', policy);
  const heard = async (): Promise<string[]> => {
    const QueueUrl = 'https://sqs.eu-west-1.amazonaws.com/123456789012/heard';
    const { Messages } = await test.run(async () => {
      await test.clock.sleep(1000);
      return test.cloud.call('sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 }, world);
    });
    return ((Messages ?? []) as Members[]).map(({ Body }) => String(Body));
  };
  return { ...test, resources, queue, budgets: test.cloud.double<Budgets>('budgets'), heard };
}

const world = { kind: 'world', principalArn: 'arn:aws:iam::123456789012:user/ann' } as const;

const notification = (threshold: number, NotificationType = 'ACTUAL', more: Members = {}, Subscribers?: Members[]): Members => ({
  Notification: { NotificationType, ComparisonOperator: 'GREATER_THAN', Threshold: threshold, ThresholdType: 'PERCENTAGE', ...more },
  Subscribers: Subscribers ?? [{ SubscriptionType: 'SNS', Address: TOPIC }],
});

const budget = (more: Members = {}, notifications: Members[] = [notification(80), notification(100, 'FORECASTED')]): Members => ({
  Budget: {
    BudgetName: 'claims',
    BudgetType: 'COST',
    TimeUnit: 'MONTHLY',
    BudgetLimit: { Amount: 1250, Unit: 'USD' },
    CostFilters: { TagKeyValue: ['user:sluice:use-case$claims'] },
    ...more,
  },
  NotificationsWithSubscribers: notifications,
});

test('a notification reaches the topic in the words of AWS Budgets', async () => {
  const { resources, budgets, run, heard, cloud } = await setUp();
  await resources.create('AWS::Budgets::Budget', 'Budget', budget());
  expect(budgets.fitting('ACTUAL', 1)).toEqual([]);
  const [fitting] = budgets.fitting('ACTUAL', 0.8);
  await run(() => budgets.notify(fitting!.budget, fitting!.notification));
  const [message = ''] = await heard();
  expect(message).toBe(
    [
      'AWS Budget Notification March 02, 2026',
      'AWS Account 123456789012',
      '',
      'Dear AWS Customer,',
      '',
      'You requested that we alert you when the ACTUAL Cost associated with your claims budget is greater than $1,000.00 for the current month. The ACTUAL Cost associated with this budget is $1,020.00. You can find additional details below and by accessing the AWS Budgets dashboard [1].',
      '',
      'Budget Name: claims',
      'Budget Type: Cost',
      'Budgeted Amount: $1,250.00',
      'Alert Type: ACTUAL',
      'Alert Threshold: > $1,000.00',
      'ACTUAL Amount: $1,020.00',
      '',
      '[1] https://console.aws.amazon.com/costmanagement/home#/budgets',
      '',
    ].join('\n'),
  );
  expect(readBudgetsMessage(message)).toEqual({ budgetName: 'claims', kind: 'actual', budgeted: 1250, threshold: 1000, amount: 1020 });
  expect(cloud.log).toContainEqual(expect.objectContaining({ source: 'budgets', event: 'exceeded' }));
});

test('thresholds may be amounts, and mail is counted', async () => {
  const { resources, budgets, run, heard, cloud } = await setUp();
  const mail = [
    { SubscriptionType: 'EMAIL', Address: 'ada@example.org' },
    { SubscriptionType: 'EMAIL', Address: 'bob@example.org' },
  ];
  const limits = { BudgetLimit: { Amount: '400', Unit: 'USD' }, TimeUnit: 'QUARTERLY' };
  await resources.create(
    'AWS::Budgets::Budget',
    'Budget',
    budget(limits, [notification(100, 'FORECASTED', { ThresholdType: 'ABSOLUTE_VALUE' }, mail)]),
  );
  const [fitting] = budgets.fitting('FORECASTED', 0.25);
  await run(() => budgets.notify(fitting!.budget, fitting!.notification));
  expect(await heard()).toEqual([]);
  expect(cloud.log).toContainEqual(expect.objectContaining({ event: 'email', detail: { budget: 'claims', addresses: 2 } }));
});

describe("the topic's policy", () => {
  test('must let AWS Budgets in before the budget is made', async () => {
    const { resources } = await setUp(publishing({ StringEquals: { 'aws:SourceAccount': '999999999999' } }));
    await expect(resources.create('AWS::Budgets::Budget', 'Budget', budget())).rejects.toThrow('must let budgets.amazonaws.com publish');
  });

  test('may name the account and the budgets of it', async () => {
    const conditions = {
      StringEquals: { 'aws:SourceAccount': '123456789012' },
      ArnLike: { 'aws:SourceArn': 'arn:aws:budgets::123456789012:*' },
    };
    const { resources } = await setUp(publishing(conditions));
    await resources.create('AWS::Budgets::Budget', 'Budget', budget());
  });

  test('is asked again when something is to be told', async () => {
    const { resources, budgets, run, heard, cloud } = await setUp();
    await resources.create('AWS::Budgets::Budget', 'Budget', budget());
    await resources.create('AWS::SNS::TopicPolicy', 'Other', publishing({ StringEquals: { 'aws:SourceAccount': '999999999999' } }));
    const [fitting] = budgets.fitting('ACTUAL', 0.8);
    await run(() => budgets.notify(fitting!.budget, fitting!.notification));
    expect(await heard()).toEqual([]);
    expect(cloud.log).toContainEqual(expect.objectContaining({ event: 'delivery-failed' }));
  });
});

const emails = (count: number): Members[] =>
  Array.from({ length: count }, (_, index) => ({ SubscriptionType: 'EMAIL', Address: `owner${index}@example.org` }));

test.each<[string, Members]>([
  [
    'at most 10',
    budget(
      {},
      Array.from({ length: 11 }, (_, index) => notification(index + 1)),
    ),
  ],
  ['two notifications are the same', budget({}, [notification(80), notification(80)])],
  [
    '2 SNS topics, at most 1',
    budget({}, [
      notification(
        80,
        'ACTUAL',
        {},
        [1, 2].map(() => ({ SubscriptionType: 'SNS', Address: TOPIC })),
      ),
    ]),
  ],
  ['11 e-mail addresses, at most 10', budget({}, [notification(80, 'ACTUAL', {}, emails(11))])],
  ['at least one subscriber', budget({}, [notification(80, 'ACTUAL', {}, [])])],
  ['is no e-mail address', budget({}, [notification(80, 'ACTUAL', {}, [{ SubscriptionType: 'EMAIL', Address: 'ada' }])])],
  ['is no ARN of an SNS topic', budget({}, [notification(80, 'ACTUAL', {}, [{ SubscriptionType: 'SNS', Address: 'money' }])])],
  ['Threshold must be above 0', budget({}, [notification(0)])],
  ['NotificationType must be one of', budget({}, [notification(80, 'GUESSED')])],
  ['daily budgets have no forecasts', budget({ TimeUnit: 'DAILY' }, [notification(80, 'FORECASTED')])],
  ['TimeUnit must be one of', budget({ TimeUnit: 'WEEKLY' })],
  ['BudgetLimit.Amount must be above 0', budget({ BudgetLimit: { Amount: 0, Unit: 'USD' } })],
  ['BudgetLimit.Unit must be USD', budget({ BudgetLimit: { Amount: 10, Unit: 'EUR' } })],
  ['is no cost filter', budget({ CostFilters: { Tag: ['x'] } })],
  ['user:<key>$<value>', budget({ CostFilters: { TagKeyValue: ['sluice:use-case=claims'] } })],
  ['needs a list of values', budget({ CostFilters: { Service: [] } })],
  ['without : and', budget({ BudgetName: 'a:b' })],
  ['BudgetType USAGE is not supported', budget({ BudgetType: 'USAGE' })],
  ['AutoAdjustData is not supported', budget({ AutoAdjustData: {} })],
  ['LESS_THAN is not supported', budget({}, [notification(80, 'ACTUAL', { ComparisonOperator: 'LESS_THAN' })])],
  ['property Other of AWS::Budgets::Budget is not supported', { ...budget(), Other: 1 }],
])('refused: %s', async (message, properties) => {
  const { resources } = await setUp();
  await expect(resources.create('AWS::Budgets::Budget', 'Budget', properties)).rejects.toThrow(message);
});

test('another name or another notification replaces a budget; another amount changes it', () => {
  const type = budgetsResources.find((one) => one.type === 'AWS::Budgets::Budget')!;
  const replaced = type.replacedOnChange as (properties: Members, previous: Members) => boolean;
  const before = budget();
  expect(replaced(budget({ BudgetLimit: { Amount: 2000, Unit: 'USD' } }), before)).toBe(false);
  expect(replaced(budget({ BudgetName: 'other' }), before)).toBe(true);
  expect(replaced({ ...before, NotificationsWithSubscribers: [] }, before)).toBe(true);
});

test('CloudFormation names, changes and removes budgets', async () => {
  const { resources, budgets } = await setUp();
  const unnamed = budget({ BudgetName: undefined });
  const created = await resources.create('AWS::Budgets::Budget', 'Budget', unnamed);
  expect(created.ref).toBe('stack-Budget');
  await expect(resources.create('AWS::Budgets::Budget', 'Budget', unnamed)).rejects.toThrow('already exists');
  const changed = budget({ BudgetName: undefined, BudgetLimit: { Amount: 2000, Unit: 'USD' } });
  await resources.update('AWS::Budgets::Budget', 'Budget', changed, unnamed, created);
  expect(budgets.all()).toMatchObject([{ name: 'stack-Budget', limit: 2000 }]);
  await resources.remove('AWS::Budgets::Budget', 'Budget', changed, created);
  expect(budgets.all()).toEqual([]);
});
