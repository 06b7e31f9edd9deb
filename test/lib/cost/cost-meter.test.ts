import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import { parse } from 'yaml';
import {
  AiUseCase,
  type AiUseCaseProps,
  Baseline,
  CostAction,
  type CostBudget,
  CostMeter,
  type CostMeterProps,
  KpiDirection,
  KpiRole,
  KpiUnit,
  Ledger,
  ModelSource,
  OwnerNotifications,
  RiskClass,
  RollbackController,
} from '../../../lib';
import { useCaseFromProps } from '../../../lib/use-case/from-props';
import { actionsOf, actionsOnEverything } from '../../support/policies';
import { CHARTER_FOLDER, testStack } from '../../support/stacks';
import { sharedUseCase } from '../../support/use-case-template';

const NAME = 'support-triage';

/** A meter alone in a stack. */
function alone(more: Partial<CostMeterProps> = {}, withRollback = true): { meter: CostMeter; template: Template } {
  const stack = testStack();
  const ledger = new Ledger(stack, 'Ledger');
  const notifications = new OwnerNotifications(stack, 'Notifications', { useCaseName: NAME });
  const rollback = withRollback
    ? new RollbackController(stack, 'Rollback', { useCaseName: NAME, ledger, notifications, owners: {} })
    : undefined;
  rollback?._useTeardown({ stateMachineArn: 'arn:aws:states:eu-west-1:111122223333:stateMachine:t' } as never);
  const meter = new CostMeter(stack, 'Cost', { useCaseName: NAME, ledger, notifications, rollback, ...more });
  return { meter, template: Template.fromStack(stack) };
}

const BUDGET: CostBudget = { monthly: 1500, onExceeded: CostAction.KILL, emails: ['lead@example.com'] };

const priceFile = (content: object): string => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'sluice-prices-')), 'prices.json');
  writeFileSync(file, JSON.stringify(content));
  return file;
};
const EUROS = { currency: 'EUR', asOf: '2026-03-01', regions: { 'eu-west-1': { instances: { 'ml.g5.xlarge': 1.3 } } } };

describe('without a budget', () => {
  const { template, meter } = alone();

  test('looks every five minutes, and whenever an endpoint changes', () => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', { ScheduleExpression: 'rate(5 minutes)' });
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.sagemaker'],
        'detail-type': ['SageMaker Endpoint State Change', 'SageMaker Endpoint Deployment State Change'],
        detail: { EndpointName: [{ prefix: Match.stringLikeRegexp('^support-triage-[0-9a-f]{6}$') }] },
      },
    });
  });

  test('may look, keep and tell, and never touches an endpoint', () => {
    expect(actionsOf(template, /CostHandlerRole/)).toEqual([
      'cloudwatch:GetMetricData',
      'dynamodb:BatchGetItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'events:PutEvents',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'sagemaker:DescribeEndpoint',
      'sagemaker:DescribeEndpointConfig',
      'sagemaker:ListEndpoints',
      'sns:Publish',
    ]);
    expect(actionsOnEverything(template, /CostHandlerRole/)).toEqual(['sagemaker:ListEndpoints', 'cloudwatch:GetMetricData']);
  });

  test('makes no AWS budget', () => {
    template.resourceCountIs('AWS::Budgets::Budget', 0);
    expect([meter.awsBudget, meter.budgetTopic, meter.monthlyBudget, meter.currency]).toEqual([undefined, undefined, undefined, 'USD']);
  });
});

describe('with a budget', () => {
  const { template, meter } = alone({ budget: BUDGET });

  test('AWS Budgets watches the tag of the use case, and tells the topic and the addresses', () => {
    template.hasResourceProperties('AWS::Budgets::Budget', {
      Budget: {
        BudgetName: Match.stringLikeRegexp('^support-triage-[0-9a-f]{6}-monthly-[0-9a-f]{6}$'),
        BudgetType: 'COST',
        TimeUnit: 'MONTHLY',
        BudgetLimit: { Amount: 1500, Unit: 'USD' },
        CostFilters: { TagKeyValue: ['user:sluice:use-case$support-triage'] },
      },
      NotificationsWithSubscribers: [
        ['ACTUAL', 50],
        ['ACTUAL', 80],
        ['ACTUAL', 100],
        ['FORECASTED', 100],
      ].map(([NotificationType, Threshold]) => ({
        Notification: { NotificationType, ComparisonOperator: 'GREATER_THAN', ThresholdType: 'PERCENTAGE', Threshold },
        Subscribers: [
          { SubscriptionType: 'SNS', Address: { Ref: Match.stringLikeRegexp('BudgetTopic') } },
          { SubscriptionType: 'EMAIL', Address: 'lead@example.com' },
        ],
      })),
    });
  });

  test('has another name where its notifications change: CloudFormation makes the new budget before it deletes the old one', () => {
    const nameOf = (budget: CostBudget): unknown =>
      Object.values(alone({ budget }).template.findResources('AWS::Budgets::Budget'))[0]?.Properties.Budget.BudgetName;
    const name = nameOf(BUDGET);
    expect(nameOf({ ...BUDGET, monthly: 3 })).toBe(name);
    expect(nameOf({ ...BUDGET, thresholds: [0.9] })).not.toBe(name);
    expect(nameOf({ ...BUDGET, emails: [] })).not.toBe(name);
  });

  test('only AWS Budgets of this account may publish to the topic', () => {
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Action: 'sns:Publish',
            Principal: { Service: 'budgets.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': Match.anyValue() }, ArnLike: { 'aws:SourceArn': Match.anyValue() } },
          }),
        ]),
      },
    });
    const allowed = Object.values(template.findResources('AWS::SNS::TopicPolicy'))
      .filter(({ Properties }) => JSON.stringify(Properties).includes('BudgetTopic'))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as { Effect: string; Principal: unknown }[])
      .filter(({ Effect }) => Effect === 'Allow');
    expect(allowed.map(({ Principal }) => Principal)).toEqual([{ Service: 'budgets.amazonaws.com' }]);
  });

  test('the budget waits for the policy: AWS Budgets tries the topic when it is made', () => {
    const [budget] = Object.values(template.findResources('AWS::Budgets::Budget'));
    expect(budget?.DependsOn).toEqual([expect.stringMatching(/BudgetTopicPolicy/)]);
  });

  test('the handler hears it, knows the policy, and may ask for the kill switch', () => {
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'lambda',
      TopicArn: { Ref: Match.stringLikeRegexp('BudgetTopic') },
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({
          BUDGET: Match.serializedJson(
            Match.objectLike({ monthly: 1500, onExceeded: 'kill', onForecastExceeded: 'notify', overrunMinutes: 15 }),
          ),
          ROLLBACK_FUNCTION: Match.anyValue(),
        }),
      },
    });
    expect(actionsOf(template, /CostHandlerRole/)).toContain('lambda:InvokeFunction');
    expect(meter.monthlyBudget).toBe(1500);
  });

  test('an action that does not kill needs no rollback controller, and no permission to ask it', () => {
    const gentle = alone({ budget: { monthly: 5, onExceeded: CostAction.SCALE_IN } }, false);
    expect(actionsOf(gentle.template, /CostHandlerRole/)).not.toContain('lambda:InvokeFunction');
  });

  test('a topic that is encrypted lets AWS Budgets use the key', () => {
    const stack = testStack();
    const encryptionKey = new kms.Key(stack, 'Key');
    const ledger = new Ledger(stack, 'Ledger', { encryptionKey });
    const notifications = new OwnerNotifications(stack, 'Notifications', { useCaseName: NAME });
    new CostMeter(stack, 'Cost', { useCaseName: NAME, ledger, notifications, encryptionKey, budget: { monthly: 5 } });
    const [key] = Object.values(Template.fromStack(stack).findResources('AWS::KMS::Key'));
    expect(JSON.stringify(key)).toContain('budgets.amazonaws.com');
  });
});

describe('what is refused at synth', () => {
  test.each<[string, CostBudget, RegExp]>([
    ['an amount of nothing', { monthly: 0 }, /budget\.monthly is 0: it must be a number above 0/],
    ['a currency that is none', { monthly: 5, currency: 'usd' }, /budget\.currency is 'usd'/],
    [
      'a currency that prices do not have',
      { monthly: 5, currency: 'EUR' },
      /The budget is in EUR, and prices are in USD: .*platform\.prices/,
    ],
    ['a share of nothing', { monthly: 5, thresholds: [0.5, 0] }, /budget\.thresholds has 0/],
    ['too many shares', { monthly: 5, forecastThresholds: [1, 2, 3, 4, 5, 6] }, /six|has 6 shares/],
    ['a rate below nothing', { monthly: 5, overrun: { hourlyAbove: -1 } }, /budget\.overrun\.hourlyAbove is -1/],
    [
      'too many addresses',
      { monthly: 5, emails: Array.from({ length: 11 }, (_, index) => `${index}@example.com`) },
      /budget\.emails has 11/,
    ],
  ])('%s', (_what, budget, message) => {
    expect(() => alone({ budget })).toThrow(message);
  });

  test('a kill that nobody could carry out', () => {
    expect(() => alone({ budget: BUDGET }, false)).toThrow('there is no rollback controller to ask for the kill switch: give rollback');
  });

  test('a file of prices that is wrong, or too much for the environment', () => {
    expect(() => alone({ pricesFile: priceFile({ currency: 'USD' }) })).toThrow(/prices\.json: asOf/);
    const types = Object.fromEntries(Array.from({ length: 120 }, (_, index) => [`ml.g5.a${index}xlarge`, 1.5]));
    const large = { ...EUROS, regions: { 'eu-west-1': { instances: types } } };
    expect(() => alone({ pricesFile: priceFile(large) })).toThrow(/keep the instance types that the use case runs on/);
  });
});

test("prices of one's own reach the handler; in another currency than USD there is no AWS budget", () => {
  const { template, meter } = alone({ pricesFile: priceFile(EUROS), budget: { monthly: 5, currency: 'EUR' } });
  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: Match.objectLike({ PRICES: Match.serializedJson(Match.objectLike({ currency: 'EUR' })) }) },
  });
  template.resourceCountIs('AWS::Budgets::Budget', 0);
  expect(meter.currency).toBe('EUR');
});

test('metrics have the names, dimensions and statistics under which the handler publishes', () => {
  const { meter } = alone();
  const described = (metric: ReturnType<CostMeter['metricCost']>) => [
    metric.namespace,
    metric.metricName,
    metric.statistic,
    metric.dimensions,
  ];
  const useCase = { UseCase: NAME };
  expect(described(meter.metricCost('stable'))).toEqual(['Sluice', 'Cost', 'Sum', { ...useCase, Arm: 'stable' }]);
  expect(described(meter.metricCostPerHour('warm'))).toEqual(['Sluice', 'CostPerHour', 'Average', { ...useCase, Arm: 'warm' }]);
  expect(described(meter.metricMonthToDate())).toEqual(['Sluice', 'MonthToDate', 'Maximum', useCase]);
  expect(described(meter.metricMonthForecast())).toEqual(['Sluice', 'MonthForecast', 'Average', useCase]);
  expect(described(meter.metricCostPerDecision())).toEqual(['Sluice', 'CostPerDecision', 'Average', useCase]);
  expect(described(meter.metricCostPerGoodOutcome())).toEqual(['Sluice', 'CostPerGoodOutcome', 'Average', useCase]);
  expect(described(meter.metricUnpricedInstanceHours())).toEqual(['Sluice', 'UnpricedInstanceHours', 'Sum', useCase]);
  expect(meter.metricErrors().metricName).toBe('Errors');
});

describe('of a use case', () => {
  const written = parse(readFileSync(path.join(CHARTER_FOLDER, 'usecase.yaml'), 'utf8')) as { platform?: object };
  const document = {
    ...written,
    budget: { monthly: 1500, currency: 'USD', onExceeded: 'kill', overrun: { hourlyAbove: 4, then: 'scale-in' } },
    platform: { ...written.platform, existingEndpoint: 'Triage-Legacy' },
  };
  const stack = testStack();
  AiUseCase._fromDocument(stack, 'SupportTriage', CHARTER_FOLDER, document, {});
  const template = Template.fromStack(stack);

  test('what the charter says is what the handler knows', () => {
    const policy = { monthly: 1500, currency: 'USD', onExceeded: 'kill', hourlyAbove: 4, overrunMinutes: 15, onOverrun: 'scale-in' };
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({ POWERTOOLS_SERVICE_NAME: 'cost', BUDGET: Match.serializedJson(Match.objectLike(policy)) }),
      },
    });
    template.resourceCountIs('AWS::Budgets::Budget', 1);
  });

  test('owners are told where costs are not measured, or not known', () => {
    for (const name of ['cost-errors', 'instances-unpriced']) {
      template.hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmName: Match.stringLikeRegexp(`-notify-${name}$`) });
    }
  });

  test('releases that an order bars are woken when it is lifted, also by a deploy that takes the budget away', () => {
    for (const made of [template, sharedUseCase().template]) {
      made.hasResourceProperties('AWS::Lambda::Function', {
        Environment: { Variables: Match.objectLike({ POWERTOOLS_SERVICE_NAME: 'cost', WAKES_RELEASES: 'true' }) },
      });
      expect(actionsOf(made, /CostHandlerRole/)).toEqual(expect.arrayContaining(['dynamodb:Query', 'states:SendTaskSuccess']));
    }
    expect(actionsOnEverything(template, /CostHandlerRole/)).toEqual(['sagemaker:ListEndpoints', 'cloudwatch:GetMetricData']);
  });

  test('without a budget an unknown price hurts nobody', () => {
    const names = Object.values(sharedUseCase().template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) =>
      String(Properties.AlarmName),
    );
    expect(names.some((name) => name.endsWith('cost-errors'))).toBe(true);
    expect(names.some((name) => name.endsWith('instances-unpriced'))).toBe(false);
  });

  test('an adopted endpoint is metered too', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: Match.objectLike({ detail: { EndpointName: [{ prefix: Match.anyValue() }, 'Triage-Legacy'] } }),
    });
  });
});

test('the budget of a use case in code is that of its charter', () => {
  const props: AiUseCaseProps = {
    name: NAME,
    purpose: {
      problem: 'p',
      users: 'u',
      hypothesis: 'h',
      reviewBy: '2099-12-31',
      risk: RiskClass.LIMITED,
      data: { sources: ['s'], personal: false },
    },
    owners: { process: { principals: ['arn:aws:iam::111122223333:role/Lead'] } },
    kpis: [{ name: 'missed', better: KpiDirection.LOWER, unit: KpiUnit.CASE, role: KpiRole.GUARD, windowMinutes: 60 }],
    baseline: Baseline.fixedAnswer({ label: 'ham' }),
    model: ModelSource.modelPackage('arn:aws:sagemaker:eu-west-1:111122223333:model-package/support-triage/7'),
    serving: { instanceType: 'ml.g5.xlarge' },
    budget: { monthly: 10, onExceeded: CostAction.KILL, overrun: { hourlyAbove: 2, forMinutes: 30 } },
  };
  const { charter } = useCaseFromProps(props, 'test');
  expect(charter.budget).toMatchObject({
    monthly: 10,
    currency: 'USD',
    onExceeded: 'kill',
    overrun: { hourlyAbove: 2, for: 30, then: 'notify' },
  });
});
