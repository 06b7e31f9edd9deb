import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CustomResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, LogRetention, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId, Provider } from 'aws-cdk-lib/custom-resources';
import { Rule } from 'aws-cdk-lib/aws-events';
import { AwsApi } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { TriggerFunction } from 'aws-cdk-lib/triggers';
import type { Sqs } from '../../../rehearsal/services/sqs';
import type { S3 } from '../../../rehearsal/services/s3';
import { rehearse, synthesize, type Rehearsed } from './synthesized';

const deleted = async (rehearsed: Rehearsed): Promise<unknown> =>
  (await rehearsed.run(() => rehearsed.app.destroy())).map(({ status, reason }) => reason ?? status);

test('a bucket deployment uploads its assets, and a bucket that deletes its objects goes with them', async () => {
  const site = mkdtempSync(path.join(tmpdir(), 'sluice-site-'));
  mkdirSync(path.join(site, 'deep'));
  writeFileSync(path.join(site, 'index.html'), '<p>hello</p>');
  writeFileSync(path.join(site, 'deep/a.json'), '{}');
  const rehearsed = rehearse(
    synthesize((app) => {
      const stack = new Stack(app, 'Site');
      const bucket = new Bucket(stack, 'Bucket', { autoDeleteObjects: true, removalPolicy: RemovalPolicy.DESTROY });
      new BucketDeployment(stack, 'Deployment', {
        destinationBucket: bucket,
        destinationKeyPrefix: 'web',
        sources: [Source.asset(site), Source.jsonData('config.json', { bucket: bucket.bucketName })],
      });
    }),
  );
  await rehearsed.deploy();
  const bucket = rehearsed.cloud.double<S3>('s3').bucket(rehearsed.ref('Bucket'));
  expect(bucket.keys()).toEqual(['web/config.json', 'web/deep/a.json', 'web/index.html']);
  expect(Buffer.from(bucket.read('web/config.json', undefined).body).toString()).toBe(JSON.stringify({ bucket: rehearsed.ref('Bucket') }));
  expect(await deleted(rehearsed)).toEqual(['DELETE_COMPLETE']);
});

test('calls of the AWS SDK run by the function of the CDK', async () => {
  const rehearsed = rehearse(
    synthesize((app) => {
      const stack = new Stack(app, 'Calls');
      const parameter = new StringParameter(stack, 'Parameter', { stringValue: 'blue' });
      const call = new AwsCustomResource(stack, 'Call', {
        onUpdate: {
          service: 'SSM',
          action: 'GetParameter',
          parameters: { Name: parameter.parameterName },
          physicalResourceId: PhysicalResourceId.of('read'),
        },
        policy: AwsCustomResourcePolicy.fromSdkCalls({ resources: AwsCustomResourcePolicy.ANY_RESOURCE }),
        installLatestAwsSdk: false,
      });
      new StringParameter(stack, 'Copy', { parameterName: 'copy', stringValue: call.getResponseField('Parameter.Value') });
    }),
  );
  await rehearsed.deploy();
  expect((await rehearsed.call('ssm', 'GetParameter', { Name: 'copy' }))['Parameter']).toMatchObject({ Value: 'blue' });
  expect(await deleted(rehearsed)).toEqual(['DELETE_COMPLETE']);
});

test('the retention of log groups is set by the function of the CDK', async () => {
  const rehearsed = rehearse(
    synthesize((app) => {
      const stack = new Stack(app, 'Logs');
      new LogRetention(stack, 'Retention', {
        logGroupName: '/aws/lambda/x',
        retention: RetentionDays.ONE_WEEK,
        removalPolicy: RemovalPolicy.DESTROY,
      });
    }),
  );
  await rehearsed.deploy();
  const { logGroups } = await rehearsed.call('cloudwatch-logs', 'DescribeLogGroups', { logGroupNamePrefix: '/aws/lambda/x' });
  expect(logGroups).toMatchObject([{ logGroupName: '/aws/lambda/x', retentionInDays: 7 }]);
  expect(await deleted(rehearsed)).toEqual(['DELETE_COMPLETE']);
});

test('the provider framework waits until a resource is complete', async () => {
  const rehearsed = rehearse(
    synthesize((app) => {
      const stack = new Stack(app, 'Provided');
      const handler = (id: string, code: string) =>
        new LambdaFunction(stack, id, { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline(code) });
      const provider = new Provider(stack, 'Provider', {
        onEventHandler: handler(
          'OnEvent',
          `exports.handler = async (event) => ({ PhysicalResourceId: 'thing', Data: { Started: String(Date.now()) } });`,
        ),
        isCompleteHandler: handler(
          'IsComplete',
          `exports.handler = async (event) => event.RequestType === 'Delete' || Date.now() - Number(event.Data.Started) > 60000
             ? { IsComplete: true, Data: { Colour: 'blue' } } : { IsComplete: false };`,
        ),
        queryInterval: Duration.seconds(10),
      });
      const thing = new CustomResource(stack, 'Thing', { serviceToken: provider.serviceToken });
      new StringParameter(stack, 'Colour', { parameterName: 'colour', stringValue: thing.getAttString('Colour') });
      new LogGroup(stack, 'Group', { removalPolicy: RemovalPolicy.DESTROY });
    }),
  );
  await rehearsed.deploy();
  expect((await rehearsed.call('ssm', 'GetParameter', { Name: 'colour' }))['Parameter']).toMatchObject({ Value: 'blue' });
  expect(rehearsed.ref('Thing')).toBe('thing');
  expect(rehearsed.clock.now() - Date.parse('2026-03-02T09:00:00Z')).toBeGreaterThan(60_000);
  expect(await deleted(rehearsed)).toEqual(['DELETE_COMPLETE']);
});

test('a trigger calls its function when the stack is deployed; a rule calls the AWS API by the function of the CDK', async () => {
  const rehearsed = rehearse(
    synthesize((app) => {
      const stack = new Stack(app, 'Triggered');
      const parameter = new StringParameter(stack, 'Parameter', { parameterName: 'p', stringValue: 'before' });
      const queue = new Queue(stack, 'Queue');
      new TriggerFunction(stack, 'Trigger', {
        runtime: Runtime.NODEJS_22_X,
        handler: 'index.handler',
        code: Code.fromInline(`exports.handler = async () => { console.log('triggered'); };`),
        executeAfter: [parameter],
      });
      const call = new AwsApi({
        service: 'SQS',
        action: 'sendMessage',
        parameters: { QueueUrl: queue.queueUrl, MessageBody: 'called' },
        policyStatement: new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queue.queueArn] }),
      });
      new Rule(stack, 'Rule', { eventPattern: { source: ['shop'] }, targets: [call] });
    }),
  );
  const lines: string[] = [];
  const cloudwatch = rehearsed.cloud.double('cloudwatch') as unknown as { ingestLogLine(line: string): void };
  cloudwatch.ingestLogLine = (line) => void lines.push(line);
  await rehearsed.deploy();
  expect(lines).toContain('triggered');
  await rehearsed.call('eventbridge', 'PutEvents', { Entries: [{ Source: 'shop', DetailType: 'x', Detail: '{}' }] });
  await rehearsed.clock.drain(rehearsed.clock.now() + 3_600_000, () => rehearsed.cloud.idle());
  const queue = rehearsed.cloud.double<Sqs>('sqs').queueByUrl(rehearsed.ref('Triggered/Queue'));
  expect(queue.waitingMessages().map(({ body }) => body)).toEqual(['called']);
  expect(await deleted(rehearsed)).toEqual(['DELETE_COMPLETE']);
});

test('what a bucket deployment asks for and the rehearsal lacks is named, and its provider in Python is not', () => {
  const rehearsed = rehearse(
    synthesize((app) => {
      const stack = new Stack(app, 'Site');
      new BucketDeployment(stack, 'Deployment', {
        destinationBucket: new Bucket(stack, 'Bucket'),
        sources: [Source.data('a.txt', 'a')],
        exclude: ['*.map'],
      });
    }),
  );
  expect(() => rehearsed.app.refuseUnsupported(rehearsed.stacks)).toThrow(
    /^The laptop cloud does not have all that this assembly needs:\n {2}the property Exclude of a bucket deployment: Site\/Deployment\/CustomResource[^\n]*$/,
  );
});
