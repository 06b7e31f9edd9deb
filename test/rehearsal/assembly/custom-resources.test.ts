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
