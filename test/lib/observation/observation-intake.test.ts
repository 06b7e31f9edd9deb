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
      BatchSize: 1000,
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
      'dynamodb:BatchWriteItem',
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
    expect(() => intakeIn(testStack(), { kpis })).toThrow(/The 200 KPIs take \d+ bytes in the environment of the handler that counts/);
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

  describe('over HTTPS', () => {
    const withHttp = (stack: Stack): ObservationIntake => intakeIn(stack, { kpiHttp: true });

    test('a URL for signed requests, whose handler may send to the queue and nothing else', () => {
      const stack = testStack();
      const intake = withHttp(stack);
      const template = Template.fromStack(stack);
      template.hasResourceProperties('AWS::Lambda::Url', { AuthType: 'AWS_IAM' });
      expect(intake.kpiUrl).toBeDefined();
      expect(actionsOf(template, /^IntakeKpiHttpHandlerRole/)).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents', 'sqs:SendMessage']);
    });

    test('a producer gets both permissions that AWS asks for', () => {
      const stack = testStack();
      const intake = withHttp(stack);
      const producer = new iam.Role(stack, 'Producer', { assumedBy: new iam.AccountRootPrincipal() });
      intake.grantPostKpis(producer);
      expect(statementsOf(Template.fromStack(stack), /^Producer/)).toMatchObject([
        { Action: 'lambda:InvokeFunctionUrl' },
        { Action: 'lambda:InvokeFunction', Condition: { Bool: { 'lambda:InvokedViaFunctionUrl': true } } },
      ]);
    });
  });

  describe('from files', () => {
    const withFiles = (stack: Stack, props: Partial<ObservationIntakeProps> = {}): ObservationIntake =>
      intakeIn(stack, { kpiFiles: true, ...props });

    test('a closed, versioned bucket that announces files by itself, without a function that may change notifications', () => {
      const stack = testStack();
      withFiles(stack, { retentionDays: 90 });
      const template = Template.fromStack(stack);
      template.hasResource('AWS::S3::Bucket', {
        UpdateReplacePolicy: 'Retain',
        Properties: {
          NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
          VersioningConfiguration: { Status: 'Enabled' },
          PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
          LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 90 })] },
        },
      });
      template.resourceCountIs('Custom::S3BucketNotifications', 0);
    });

    test('new files reach the work queue, results do not; what fails five times is kept', () => {
      const stack = testStack();
      withFiles(stack);
      const template = Template.fromStack(stack);
      template.hasResourceProperties('AWS::Events::Rule', {
        EventPattern: {
          source: ['aws.s3'],
          'detail-type': ['Object Created'],
          detail: {
            bucket: { name: [{ Ref: Match.stringLikeRegexp('^IntakeKpiFilesBucket') }] },
            object: { key: [{ 'anything-but': { suffix: '.result.json' } }] },
          },
        },
      });
      template.hasResourceProperties('AWS::SQS::Queue', {
        VisibilityTimeout: 720,
        RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^IntakeKpiFilesDeadLetters'), 'Arn'] } },
      });
      template.hasResourceProperties('AWS::Lambda::EventSourceMapping', { BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 } });
    });

    test('allows the reader what it does, and no more', () => {
      const stack = testStack();
      withFiles(stack);
      const template = Template.fromStack(stack);
      expect(actionsOf(template, /^IntakeKpiFilesHandlerRole/)).toEqual([
        'dynamodb:BatchWriteItem',
        'logs:CreateLogStream',
        'logs:PutLogEvents',
        's3:GetObjectVersion',
        's3:PutObject',
        'sqs:ChangeMessageVisibility',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:GetQueueAttributes',
        'sqs:GetQueueUrl',
        'sqs:ReceiveMessage',
        'sqs:SendMessage',
        'sqs:SendMessage',
      ]);
      const [put] = statementsOf(template, /^IntakeKpiFilesHandlerRole/).filter(({ Action }) => Action === 's3:PutObject');
      expect(JSON.stringify(put?.Resource)).toContain('/*.result.json');
    });

    test('lets a producer drop files and use the key of the bucket, and read nothing', () => {
      const stack = testStack();
      const intake = withFiles(stack, { encryptionKey: new kms.Key(stack, 'Key') });
      const producer = new iam.Role(stack, 'Producer', { assumedBy: new iam.AccountRootPrincipal() });
      intake.grantDropKpiFiles(producer);
      expect(actionsOf(Template.fromStack(stack), /^Producer/)).toEqual(['kms:Decrypt', 'kms:GenerateDataKey', 's3:PutObject']);
      expect(intake.kpiFileBucket).toBeDefined();
    });
  });

  test('has neither URL nor bucket unless asked, and says how to ask', () => {
    const stack = testStack();
    const intake = intakeIn(stack);
    const producer = new iam.Role(stack, 'Producer', { assumedBy: new iam.AccountRootPrincipal() });
    expect(() => intake.grantPostKpis(producer)).toThrow(/takes no KPI events over HTTPS: set kpiHttp to true/);
    expect(() => intake.grantDropKpiFiles(producer)).toThrow(/takes no files with KPI events: set kpiFiles to true/);
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::Lambda::Url', 0);
    template.resourceCountIs('AWS::S3::Bucket', 0);
    expect([intake.kpiUrl, intake.kpiFileBucket, intake.metricKpiFileDeadLetters()]).toEqual([undefined, undefined, undefined]);
  });
});
