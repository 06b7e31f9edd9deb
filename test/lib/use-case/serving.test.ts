import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { parse } from 'yaml';
import { serving as section } from '../../../core/charter/sections/serving';
import { AiUseCase, RequestRouting, ScalingTarget, ServingMode, type ServingPolicy } from '../../../lib';
import { servingOf } from '../../../lib/release/serving-of';
import { actionsOf } from '../../support/policies';
import { CHARTER_FOLDER, placeholderBundles, testStack } from '../../support/stacks';

const written = (text: string): unknown => section.parse(parse(text));

describe('serving in code is what the charter says', () => {
  test.each<[ServingPolicy, string]>([
    [{ instanceType: 'ml.m5.large' }, '{ instance: ml.m5.large }'],
    [{ instanceType: 'ml.m5.large', minInstances: 2 }, '{ instance: ml.m5.large, instances: { min: 2, max: 2 } }'],
    [{ mode: ServingMode.serverless() }, '{ mode: serverless, serverless: { memoryMb: 2048 } }'],
    [
      { mode: ServingMode.serverless({ memoryMib: 4096, maxConcurrency: 50, provisionedConcurrency: 2 }) },
      '{ mode: serverless, serverless: { memoryMb: 4096, maxConcurrency: 50, provisionedConcurrency: 2 } }',
    ],
    [
      {
        mode: ServingMode.asynchronous({ concurrentPerInstance: 4 }),
        instanceType: 'ml.g5.xlarge',
        minInstances: 0,
        maxInstances: 3,
        scaling: { target: ScalingTarget.backlog(5, { scaleInCooldown: Duration.minutes(20) }) },
      },
      '{ mode: async, async: { concurrentPerInstance: 4 }, instance: ml.g5.xlarge, instances: { min: 0, max: 3 }, scaling: { on: backlog, target: 5, scaleInCooldown: 20m } }',
    ],
    [
      {
        mode: ServingMode.inferenceComponents({ memoryMib: 4096, accelerators: 1, minCopies: 0, maxCopies: 2 }),
        instanceType: 'ml.g5.xlarge',
        minInstances: 0,
      },
      '{ mode: inference-components, component: { memoryMb: 4096, accelerators: 1, copies: { min: 0, max: 2 } }, instance: ml.g5.xlarge, instances: { min: 0, max: 1 } }',
    ],
    [
      {
        instancePools: ['ml.m5.large', 'ml.m5.xlarge'],
        volumeGib: 50,
        downloadTimeoutMinutes: 10,
        routing: RequestRouting.LEAST_OUTSTANDING,
        networkIsolation: true,
        capture: { sampling: 0.5 },
        officeHours: { from: '08:00', to: '18:00', timeZone: 'Europe/Dublin' },
        idle: { after: Duration.hours(2) },
        timeToLive: Duration.days(30),
        batch: { schedule: 'rate(1 day)', input: 's3://mail-archive/in/', output: 's3://mail-archive/out' },
      },
      '{ pools: [ml.m5.large, ml.m5.xlarge], volumeGb: 50, timeouts: { download: 10m }, routing: least-outstanding, networkIsolation: true, capture: { sampling: 0.5 }, officeHours: { from: "08:00", to: "18:00", timezone: Europe/Dublin }, idle: { after: 2h }, timeToLive: 30d, batch: { schedule: rate(1 day), input: "s3://mail-archive/in/", output: "s3://mail-archive/out" } }',
    ],
  ])('%#', (policy, charter) => {
    expect(servingOf(policy)).toEqual(written(charter));
  });

  test.each<[ServingPolicy, RegExp]>([
    [{}, /serving\.instance is missing/],
    [{ instanceType: 'g5' }, /serving\.instance: allowed is a SageMaker instance type/],
    [{ mode: ServingMode.serverless(), instanceType: 'ml.m5.large' }, /no instance where the mode is serverless/],
    [{ instanceType: 'ml.m5.large', scaling: { target: ScalingTarget.backlog(5) } }, /invocations or concurrency/],
  ])('and refused as there: %#', (policy, why) => {
    expect(() => servingOf(policy)).toThrow(why);
  });
});

function templateOf(serving: string): Template {
  placeholderBundles();
  const stack = testStack();
  const text = readFileSync(path.join(CHARTER_FOLDER, 'usecase.yaml'), 'utf8');
  const charter = parse(text) as { release: { model: object } };
  const model = { ...charter.release.model, secrets: { HUB_TOKEN: 'models/hub-token' } };
  const document = { ...charter, gates: [], release: { ...charter.release, model }, serving: parse(serving) as object };
  AiUseCase._fromDocument(stack, 'SupportTriage', CHARTER_FOLDER, document, {});
  return Template.fromStack(stack);
}

describe('what a stack holds for its serving', () => {
  test('asynchronous: a bucket that forgets, which the gateway writes and the model reads', () => {
    const template = templateOf('{ mode: async, instance: ml.g5.xlarge }');
    template.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: { Rules: [Match.objectLike({ ExpirationInDays: 7 })] },
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ POWERTOOLS_SERVICE_NAME: 'gateway', ASYNC_BUCKET: Match.anyValue() }) },
    });
    expect(actionsOf(template, /GatewayHandler/)).toEqual(expect.arrayContaining(['s3:PutObject', 'sagemaker:InvokeEndpointAsync']));
    expect(actionsOf(template, /ModelRole/)).toEqual(
      expect.arrayContaining(['s3:GetObject', 's3:PutObject', 'secretsmanager:GetSecretValue']),
    );
    template.hasOutput('AsyncBucketName', {});
  });

  test('capture: a bucket, and an alarm before a disk is full', () => {
    const template = templateOf('{ instance: ml.m5.large, capture: {} }');
    template.hasOutput('CaptureBucketName', {});
    // Below the 75 % from which SageMaker captures no more.
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: Match.stringLikeRegexp('-notify-capture-disk$'),
      Metrics: Match.arrayWith([Match.objectLike({ Expression: Match.stringLikeRegexp('>= 60, 1, 0') })]),
    });
  });

  test('batch: a schedule that starts a state machine', () => {
    const template = templateOf(
      '{ instance: ml.m5.large, batch: { schedule: rate(1 day), input: "s3://mail-archive/in/", output: "s3://mail-archive/out" } }',
    );
    template.hasResourceProperties('AWS::Scheduler::Schedule', { ScheduleExpression: 'rate(1 day)' });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { AlarmName: Match.stringLikeRegexp('-notify-batch-failed$') });
  });

  test('real-time without any of it: none of it', () => {
    const template = templateOf('{ instance: ml.m5.large }');
    expect(JSON.stringify(template.toJSON())).not.toMatch(/ASYNC_BUCKET|DATA_BUCKET|capture-disk|BatchMachine/);
  });
});
