import { Match, Template } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Stack } from 'aws-cdk-lib';
import { type KpiPolicy, Ledger, ObservationIntake, type ObservationIntakeProps } from '../../../lib';
import { actionsOf, statementsOf } from '../../support/policies';
import { testStack } from '../../support/stacks';

const intakeIn = (stack: Stack, props: Partial<ObservationIntakeProps> = {}): ObservationIntake =>
  new ObservationIntake(stack, 'Intake', {
    useCaseName: 'support-triage',
    ledger: new Ledger(stack, 'Ledger'),
    keyring: new secretsmanager.Secret(stack, 'Keyring'),
    kpis: [{ name: 'missed-spam' } as KpiPolicy],
    ...props,
  });

describe('ObservationIntake', () => {
  test('takes KPI events of its use case from the default bus, and keeps what cannot be delivered', () => {
    const stack = testStack();
    intakeIn(stack);
    Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
      EventBusName: 'default',
      EventPattern: { 'detail-type': ['KpiObserved'], detail: { useCase: ['support-triage'] } },
      Targets: [Match.objectLike({ DeadLetterConfig: { Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('DeadLetters'), 'Arn'] } } })],
    });
  });

  test('lets who sends to an encrypted queue ask for data keys', () => {
    const stack = testStack();
    const sender = new iam.Role(stack, 'Sender', { assumedBy: new iam.AccountRootPrincipal() });
    intakeIn(stack, { encryptionKey: new kms.Key(stack, 'Key') }).grantSendObservations(sender);
    expect(actionsOf(Template.fromStack(stack), /^Sender/)).toEqual(
      expect.arrayContaining(['sqs:SendMessage', 'kms:GenerateDataKey', 'kms:Decrypt']),
    );
  });

  test('listens on another bus where one is given, and grants producers that bus only', () => {
    const stack = testStack();
    const intake = intakeIn(stack, { eventBus: new events.EventBus(stack, 'Bus') });
    const producer = new iam.Role(stack, 'Producer', { assumedBy: new iam.AccountRootPrincipal() });
    intake.grantPutKpiEvents(producer);
    const template = Template.fromStack(stack);
    expect(statementsOf(template, /^Producer/)).toMatchObject([
      { Action: 'events:PutEvents', Resource: { 'Fn::GetAtt': [expect.stringMatching(/^Bus/), 'Arn'] } },
    ]);
  });

  test('counts batches with partial failures, never more at once than counters have shards', () => {
    const stack = testStack();
    intakeIn(stack, { counterShards: 8 });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 40,
      MaximumBatchingWindowInSeconds: 60,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 8 },
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Environment: {
        Variables: {
          USE_CASE: 'support-triage',
          LEDGER_TABLE: Match.anyValue(),
          POWERTOOLS_SERVICE_NAME: 'ingest',
          POWERTOOLS_METRICS_NAMESPACE: 'Sluice',
          LOG_LEVEL: 'INFO',
          KEYRING_SECRET_ARN: Match.anyValue(),
          KPIS: '[{"name":"missed-spam"}]',
          RETENTION_DAYS: '365',
          COUNTER_SHARDS: '8',
        },
      },
    });
  });

  test('holds an observation invisible for longer than the handler may take, and gives up into the dead letters', () => {
    const stack = testStack();
    intakeIn(stack);
    Template.fromStack(stack).hasResourceProperties('AWS::SQS::Queue', {
      VisibilityTimeout: 420,
      RedrivePolicy: { maxReceiveCount: 5 },
      SqsManagedSseEnabled: true,
    });
  });

  test('allows the handler what it does, and no more', () => {
    const stack = testStack();
    intakeIn(stack);
    expect(actionsOf(Template.fromStack(stack), /^IntakeHandlerRole/)).toEqual([
      'dynamodb:BatchGetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'secretsmanager:GetSecretValue',
      'sqs:ChangeMessageVisibility',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      'sqs:GetQueueUrl',
      'sqs:ReceiveMessage',
    ]);
  });

  test('refuses more KPIs than fit into a handler, at synth', () => {
    const kpis = Array.from({ length: 200 }, (_, index) => ({ name: `kpi-${index}-with-a-long-name` }) as KpiPolicy);
    expect(() => intakeIn(testStack(), { kpis })).toThrow(/ingest handler has about \d+ bytes, most of them in KPIS; Lambda allows 4096/);
  });

  test.each([1, 65, 2.5])('refuses %d shards', (counterShards) => {
    expect(() => intakeIn(testStack(), { counterShards })).toThrow(`counterShards is ${counterShards}`);
  });

  test('offers its metrics by KPI and arm', () => {
    const intake = intakeIn(testStack());
    expect(intake.metricKpiOutcomes('missed-spam', 'candidate').toMetricConfig().metricStat).toMatchObject({
      namespace: 'Sluice',
      metricName: 'KpiOutcomes',
      dimensions: expect.arrayContaining([
        { name: 'UseCase', value: 'support-triage' },
        { name: 'Kpi', value: 'missed-spam' },
        { name: 'Arm', value: 'candidate' },
      ]),
    });
  });
});
