import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { App } from 'aws-cdk-lib';
import { type Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { AwsSolutionsChecks } from 'cdk-nag';
import { parse } from 'yaml';
import type { DriftPolicy } from '../../../core/contracts';
import {
  AiUseCase,
  DriftBaseline,
  DriftFeature,
  DriftMonitor,
  type DriftMonitorProps,
  DriftRhythm,
  DriftTruth,
  Ledger,
  TextDerivation,
} from '../../../lib';
import { actionsOf, actionsOnEverything, statementsOf } from '../../support/policies';
import { CHARTER_FOLDER, testStack } from '../../support/stacks';

const given = parse(readFileSync(path.join(CHARTER_FOLDER, 'usecase.yaml'), 'utf8')) as { serving: object };
const folder = mkdtempSync(path.join(tmpdir(), 'sluice-drift-test-'));
const TRAINING = 'subject,label\nhello,ham\n';
const training = path.join(folder, 'train.csv');
writeFileSync(training, TRAINING);

const FEATURES = [
  DriftFeature.text('subject', { input: 'subject', derive: [TextDerivation.LENGTH, TextDerivation.LANGUAGE] }),
  DriftFeature.numeric('score', { output: 'score', atLeast: 0, atMost: 1, threshold: 0.2 }),
  DriftFeature.categorical('label', { output: 'label', oneOf: ['spam', 'ham'], completeness: 0.99 }),
];

const SECTION = {
  baseline: { firstDays: '7d' },
  features: [
    { name: 'subject', input: 'subject', type: 'text' },
    { name: 'label', output: 'label', type: 'categorical' },
  ],
};

/** The use case with a drift section, and data capture. */
function useCaseWith(drift: object | undefined, more: object = {}): Stack {
  const stack = testStack();
  const document = { ...given, ...more, serving: { ...given.serving, capture: {} }, ...(drift === undefined ? {} : { drift }) };
  AiUseCase._fromDocument(stack, 'SupportTriage', CHARTER_FOLDER, document, {});
  return stack;
}

/** The construct alone. */
function alone(props: Partial<DriftMonitorProps> = {}, capture: object = { capture: {} }): { stack: Stack; monitor: DriftMonitor } {
  const stack = testStack();
  const document = { ...given, serving: { ...given.serving, ...capture } };
  const { release, notifications } = AiUseCase._fromDocument(stack, 'SupportTriage', CHARTER_FOLDER, document, {});
  const monitor = new DriftMonitor(stack, 'Alone', {
    useCaseName: 'support-triage',
    ledger: new Ledger(stack, 'Ledger'),
    release,
    notifications,
    owners: { process: ['arn:aws:iam::111122223333:role/Lead'] },
    features: FEATURES,
    baseline: DriftBaseline.firstDays(7),
    ...props,
  });
  return { stack, monitor };
}

const HANDLER = { Environment: { Variables: Match.objectLike({ POWERTOOLS_SERVICE_NAME: 'drift' }) } };

/** The policy as it is uploaded. */
function policyOf(stack: Stack): DriftPolicy {
  const assembly = (stack.node.root as App).synth();
  const texts = readdirSync(assembly.directory)
    .filter((name) => /^asset\..*\.json$/.test(name))
    .map((name) => readFileSync(path.join(assembly.directory, name), 'utf8'))
    .filter((text) => text.includes('"falseAlarmsPerYear"'));
  if (texts.length !== 1) throw new Error(`${texts.length} policies are uploaded`);
  return JSON.parse(texts[0] as string) as DriftPolicy;
}

describe('a use case', () => {
  test('watches drift where its charter asks for it', () => {
    const stack = useCaseWith(SECTION);
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Lambda::Function', HANDLER);
    for (const name of ['drifting', 'drift-no-data', 'drift-broken-input', 'drift-errors', 'drift-missing']) {
      template.hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmName: Match.stringLikeRegexp(`-notify-${name}$`) });
    }
    expect(JSON.stringify(template.findResources('AWS::CloudWatch::Dashboard'))).toContain('DriftDistance');
    expect(Object.keys(template.findOutputs('DriftUrl'))).toEqual(['DriftUrl']);
    expect(policyOf(stack)).toMatchObject({ baseline: { kind: 'first-days', days: 7 }, windowsHours: [1, 6, 24, 168] });
  });

  test('has nothing of it without', () => {
    const template = Template.fromStack(useCaseWith(undefined));
    expect(template.findResources('AWS::Lambda::Function', { Properties: HANDLER })).toEqual({});
    expect(JSON.stringify(template.toJSON())).not.toContain('DRIFT_BUCKET');
  });

  test('keeps truth where quality is measured, and nowhere else', () => {
    const truth = { prediction: 'label', kind: 'classification', window: '2h', accuracyAtLeast: 0.9 };
    const ingest = { Environment: { Variables: Match.objectLike({ POWERTOOLS_SERVICE_NAME: 'ingest', DRIFT_BUCKET: Match.anyValue() }) } };
    const measured = Template.fromStack(useCaseWith({ ...SECTION, truth }));
    measured.hasResourceProperties('AWS::Lambda::Function', ingest);
    const written = statementsOf(measured, /IntakeHandlerRole/).filter(({ Action }) => Action === 's3:PutObject');
    expect(JSON.stringify(written)).toContain('/truth/*');
    expect(written).toHaveLength(1);
    expect(JSON.stringify(measured.findResources('AWS::CloudWatch::Dashboard'))).toContain('ModelQuality');
    Template.fromStack(useCaseWith(SECTION)).resourcePropertiesCountIs('AWS::Lambda::Function', ingest, 0);
  });

  test('tells of a job that does not run: without data the alarm tells', () => {
    Template.fromStack(useCaseWith(SECTION)).hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: Match.stringLikeRegexp('-notify-drift-missing$'),
      MetricName: 'DriftChecks',
      Period: 3600,
      EvaluationPeriods: 3,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'missing',
      InsufficientDataActions: [Match.anyValue()],
      AlarmActions: [Match.anyValue()],
    });
  });
});

describe('the policy', () => {
  test('says in code what a charter says', () => {
    const { stack } = alone({
      features: [...FEATURES, DriftFeature.categorical('country', { input: 'country' })],
      rhythm: DriftRhythm.DAILY,
      windowsHours: [24, 168],
      falseAlarmsPerYear: 2,
      minimumRows: 50,
      joint: false,
      kpiMovement: false,
      brokenShareAbove: 0.1,
      groups: { by: 'country', outcome: 'label', favourable: 'ham', threshold: 0.3 },
      truth: DriftTruth.classification({
        prediction: 'label',
        windowMinutes: 120,
        positive: 'spam',
        confidence: 'score',
        recallAtLeast: 0.8,
      }),
    });
    expect(policyOf(stack)).toEqual({
      features: [
        { name: 'subject', side: 'input', path: 'subject', kind: 'text', derive: ['length', 'language'] },
        { name: 'score', side: 'output', path: 'score', kind: 'numeric', threshold: 0.2, atLeast: 0, atMost: 1 },
        { name: 'label', side: 'output', path: 'label', kind: 'categorical', completenessAtLeast: 0.99, oneOf: ['spam', 'ham'] },
        { name: 'country', side: 'input', path: 'country', kind: 'categorical' },
      ],
      baseline: { kind: 'first-days', days: 7 },
      rhythm: 'daily',
      windowsHours: [24, 168],
      falseAlarmsPerYear: 2,
      minimumRows: 50,
      joint: false,
      groups: { by: 'country', outcome: 'label', favourable: 'ham', threshold: 0.3 },
      truth: {
        prediction: 'label',
        kind: 'classification',
        positive: 'spam',
        confidence: 'score',
        windowMinutes: 120,
        minimumLabels: 200,
        recallAtLeast: 0.8,
      },
      kpiMovement: false,
      brokenShareAbove: 0.1,
      owner: 'process',
    });
  });

  test('is told to the quality owner where there is one', () => {
    const owners = { process: ['arn:aws:iam::111122223333:role/Lead'], quality: ['arn:aws:iam::111122223333:role/Quality'] };
    expect(policyOf(alone({ owners }).stack).owner).toBe('quality');
    expect(alone({ owners, owner: 'process' }).monitor.owner).toBe('process');
  });

  test('names a file of the app by its place beside the policy, with its hash', () => {
    const { stack } = alone({ baseline: DriftBaseline.trainingData(training, { timeColumn: 'at' }) });
    const { baseline } = policyOf(stack);
    expect(baseline).toEqual({
      kind: 'training-data',
      data: {
        bucket: '',
        key: expect.stringMatching(/^[0-9a-f]{64}\.csv$/) as string,
        sha256: createHash('sha256').update(TRAINING).digest('hex'),
      },
      format: 'csv',
      timeColumn: 'at',
    });
    const read = statementsOf(Template.fromStack(stack), /AloneHandlerRole/).filter(({ Action }) => Action === 's3:GetObject');
    expect(JSON.stringify(read)).toContain(baseline.kind === 'training-data' ? baseline.data.key : 'nothing');
  });

  test('names objects in S3, which the handler may read and no others', () => {
    const { stack } = alone({ baseline: DriftBaseline.trainingDataInS3('s3://warehouse/train.parquet', 'a'.repeat(64)) });
    expect(policyOf(stack).baseline).toMatchObject({
      format: 'parquet',
      data: { bucket: 'warehouse', key: 'train.parquet', sha256: 'a'.repeat(64) },
    });
    expect(JSON.stringify(statementsOf(Template.fromStack(stack), /AloneHandlerRole/))).toContain(':s3:::warehouse/train.parquet');
  });

  test('takes what SageMaker Model Monitor wrote', () => {
    const statistics = path.join(folder, 'statistics.json');
    writeFileSync(statistics, '{}');
    expect(policyOf(alone({ baseline: DriftBaseline.statistics(statistics), features: FEATURES.slice(1) }).stack).baseline).toMatchObject({
      kind: 'statistics',
    });
  });

  test.each<[string, Partial<DriftMonitorProps>, string]>([
    ['no feature', { features: [] }, 'features'],
    ['a window that is none', { windowsHours: [2] }, 'windows'],
    ['a feature that stands nowhere', { features: [DriftFeature.numeric('x', {})] }, 'features.0'],
    ['a baseline that is not there', { baseline: DriftBaseline.trainingData('nowhere.csv') }, 'nowhere.csv is not there'],
    ['too many first days', { baseline: DriftBaseline.firstDays(91) }, 'whole days from 1d to 90d'],
    ['a truth of no feature', { truth: DriftTruth.regression({ prediction: 'y', windowMinutes: 60 }) }, 'truth'],
    ['a retention of nothing', { retentionDays: 0 }, 'retentionDays is 0'],
    ['a name that is none', { useCaseName: 'Triage' }, 'useCaseName'],
  ])('is refused with %s', (_, props, words) => {
    expect(() => alone(props)).toThrow(words);
  });

  test('is refused where nothing is captured', () => {
    expect(() => alone({}, {})).toThrow('has nothing to look at: let the release capture requests and answers');
  });
});

describe('DriftMonitor', () => {
  const { stack, monitor } = alone();
  monitor.grantInvoke(new iam.Role(stack, 'Owner', { assumedBy: new iam.AccountRootPrincipal() }));
  const template = Template.fromStack(stack);

  test('looks every hour, once SageMaker has written the hour before', () => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'cron(12 * * * ? *)',
      Target: { Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('AloneHandler'), 'Arn'] } },
    });
  });

  test('keeps what it knows in a bucket that forgets, but for baselines and models', () => {
    const [[, bucket] = []] = Object.entries(template.findResources('AWS::S3::Bucket')).filter(([id]) => id.startsWith('AloneBucket'));
    const rules = bucket?.['Properties'].LifecycleConfiguration.Rules as { Prefix?: string; ExpirationInDays?: number }[];
    const days = Object.fromEntries(
      rules.flatMap(({ Prefix, ExpirationInDays }) => (Prefix === undefined ? [] : [[Prefix, ExpirationInDays]])),
    );
    expect(days).toEqual({
      'parts/': 3,
      'profiles/': 365,
      'looks/': 365,
      'reports/': 365,
      'quality/': 365,
      'truth/': 365,
      'training/': 365,
    });
    expect(rules.filter(({ Prefix, ExpirationInDays }) => Prefix === undefined && ExpirationInDays !== undefined)).toEqual([]);
    expect(bucket?.['Properties'].BucketEncryption).toBeDefined();
    expect(bucket?.['DeletionPolicy']).toBe('Retain');
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      Bucket: { Ref: Match.stringLikeRegexp('^AloneBucket') },
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })]),
      },
    });
  });

  test('lets the handler do no more than it needs', () => {
    expect(actionsOnEverything(template, /AloneHandlerRole/)).toEqual(['cloudwatch:GetMetricData']);
    expect(actionsOf(template, /AloneHandlerRole/)).toEqual(
      [
        'cloudwatch:GetMetricData',
        'dynamodb:DeleteItem',
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:Query',
        'dynamodb:UpdateItem',
        'events:PutEvents',
        'logs:CreateLogStream',
        'logs:PutLogEvents',
        's3:GetObject',
        's3:GetObject',
        's3:ListBucket',
        's3:PutObject',
        'sns:Publish',
        'states:StartExecution',
      ].sort(),
    );
    const written = statementsOf(template, /AloneHandlerRole/).filter(({ Action }) => Action === 's3:PutObject');
    expect(JSON.stringify(written)).not.toMatch(/truth|training|models|ServingCaptures/);
  });

  test('reads large hours by a machine that may call the handler, read lists of parts, and start children', () => {
    expect(actionsOf(template, /AloneMachineRole/).filter((action) => !/^(logs|xray):/.test(action))).toEqual([
      'lambda:InvokeFunction',
      's3:GetObject',
      'states:DescribeExecution',
      'states:StartExecution',
      'states:StopExecution',
    ]);
    const machines = Object.entries(template.findResources('AWS::StepFunctions::StateMachine')).filter(([id]) => id.startsWith('Alone'));
    const [[, machine] = []] = machines;
    expect(machine?.['Properties'].StateMachineName).toMatch(/^support-triage-[0-9a-f]{6}-drift$/);
    const definition = JSON.stringify(machine?.['Properties'].DefinitionString);
    for (const part of ['JSONata', 'DISTRIBUTED', 'ReadParts', 'MergeGroups', 'Conclude']) expect(definition).toContain(part);
  });

  test('names the machine that the handler starts', () => {
    const [handler] = Object.values(template.findResources('AWS::Lambda::Function', { Properties: HANDLER }));
    const { DRIFT_MACHINE_ARN, DRIFT_POLICY, OWNERS } = handler?.['Properties'].Environment.Variables as Record<string, unknown>;
    expect(JSON.stringify(DRIFT_MACHINE_ARN)).toMatch(/:stateMachine:support-triage-[0-9a-f]{6}-drift/);
    expect(JSON.stringify(DRIFT_POLICY)).toContain('s3://');
    expect(JSON.parse(String(OWNERS))).toEqual({ process: ['arn:aws:iam::111122223333:role/Lead'] });
  });

  test('answers owners who are allowed to call', () => {
    template.hasResourceProperties('AWS::Lambda::Url', {
      AuthType: 'AWS_IAM',
      TargetFunctionArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('AloneHandler'), 'Arn'] },
    });
    expect(actionsOf(template, /Owner/)).toContain('lambda:InvokeFunctionUrl');
  });

  test('encrypts with the key it is given', () => {
    const one = testStack();
    const encryptionKey = new kms.Key(one, 'Key', { enableKeyRotation: true });
    const { release, notifications } = AiUseCase._fromDocument(
      one,
      'SupportTriage',
      CHARTER_FOLDER,
      { ...given, serving: { ...given.serving, capture: {} } },
      {},
    );
    const props = {
      useCaseName: 'support-triage',
      ledger: new Ledger(one, 'Ledger'),
      release,
      notifications,
      owners: {},
      features: FEATURES,
    };
    new DriftMonitor(one, 'Alone', { ...props, baseline: DriftBaseline.firstDays(7), encryptionKey });
    const encrypted = Template.fromStack(one);
    expect(actionsOf(encrypted, /AloneHandlerRole/)).toEqual(expect.arrayContaining(['kms:Decrypt', 'kms:GenerateDataKey']));
    expect(actionsOf(encrypted, /AloneMachineRole/)).toContain('kms:Decrypt');
  });

  test('lets readers see reports, looks and profiles', () => {
    const one = alone();
    one.monitor.grantReadReports(new iam.Role(one.stack, 'Reader', { assumedBy: new iam.AccountRootPrincipal() }));
    const [statement] = statementsOf(Template.fromStack(one.stack), /^Reader/);
    expect(statement?.Action).toBe('s3:GetObject');
    expect(JSON.stringify(statement?.Resource)).toMatch(/reports.*looks.*profiles/);
  });

  test('may read packages of the group that retraining registers in', () => {
    const one = alone();
    one.monitor._useRetrained('Triage');
    const template2 = Template.fromStack(one.stack);
    template2.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ REGISTRY_GROUP: 'Triage' }) },
    });
    const [read] = statementsOf(template2, /AloneHandlerRole/).filter(({ Action }) => Action === 'sagemaker:DescribeModelPackage');
    expect(JSON.stringify(read?.Resource)).toContain(':model-package/triage/*');
  });

  test.each([
    ['metricChecks', 'DriftChecks', 'Sum'],
    ['metricRows', 'DriftRows', 'Maximum'],
    ['metricDriftingFeatures', 'DriftingFeatures', 'Maximum'],
    ['metricNoData', 'DriftNoData', 'Maximum'],
    ['metricBrokenInput', 'DriftBrokenInput', 'Maximum'],
    ['metricBrokenRecords', 'DriftBrokenRecords', 'Maximum'],
  ] as const)('%s is %s', (method, name, statistic) => {
    expect(monitor[method]()).toMatchObject({ metricName: name, statistic, dimensions: { UseCase: 'support-triage' } });
  });

  test('measures by feature and by measure', () => {
    expect(monitor.metricDistance('subject.length').dimensions).toEqual({ UseCase: 'support-triage', Feature: 'subject.length' });
    expect(monitor.metricModelQuality('mae').dimensions).toEqual({ UseCase: 'support-triage', Measure: 'mae' });
    expect(monitor.metricErrors().metricName).toBe('Errors');
  });
});

test('cdk-nag finds nothing that is not acknowledged', () => {
  const truth = { prediction: 'label', kind: 'classification', window: '2h' };
  const stack = useCaseWith({ ...SECTION, truth });
  const pack = new AwsSolutionsChecks(stack.node.root) as unknown as {
    validateScope(scope: unknown): { violations: { ruleName: string; violatingResources: { constructPath?: string }[] }[] };
  };
  const { violations } = pack.validateScope(stack.node.root);
  expect(violations.map(({ ruleName, violatingResources }) => `${ruleName} at ${violatingResources[0]?.constructPath}`)).toEqual([]);
});
