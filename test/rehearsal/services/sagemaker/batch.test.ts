import type { Members } from '../../../../rehearsal/cloud/types';
import { createCloudWatch } from '../../../../rehearsal/services/cloudwatch';
import { createEventBridge } from '../../../../rehearsal/services/eventbridge';
import { createS3, type S3 } from '../../../../rehearsal/services/s3';
import { createSageMaker, type SageMaker } from '../../../../rehearsal/services/sagemaker';
import { createStepFunctions, type StepFunctions } from '../../../../rehearsal/services/sfn';
import { createTestCloud } from '../../support/harness';

const ROLE = 'arn:aws:iam::123456789012:role/Everything';
const HOUR = 3_600_000;

/** A state machine whose only state is a transform job that it waits for, with the real SageMaker behind it. */
async function score(fails: boolean): Promise<{ described: Members; files: Record<string, string>; history: string[] }> {
  const { cloud, clock, run } = createTestCloud((made) => [
    createStepFunctions(made),
    createSageMaker(made),
    createS3(made),
    createEventBridge(made),
    createCloudWatch(made),
  ]);
  cloud.iam.putRole({
    arn: ROLE,
    name: 'Everything',
    trust: {
      Statement: {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { Service: ['states.amazonaws.com', 'sagemaker.amazonaws.com', 'events.amazonaws.com'] },
      },
    },
  });
  cloud.iam.putRolePolicy(ROLE, 'all', { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } });
  cloud.double<SageMaker>('sagemaker').setContainers(() => ({
    predict: (body) => ({
      status: fails ? 500 : 200,
      body: new TextEncoder().encode(`<${new TextDecoder().decode(body)}>`),
      contentType: 'text/plain',
      latencyMillis: 10,
    }),
  }));
  const bucket = cloud.double<S3>('s3').createBucket('data', { versioning: undefined, objectLock: false, eventBridge: false, tags: [] });
  const world = { kind: 'world', principalArn: 'arn:aws:iam::123456789012:user/test' } as const;
  const call = (service: string, operation: string, input: Members): Promise<Members> =>
    run(() => cloud.call(service, operation, input, world));
  await call('s3', 'PutObject', { Bucket: 'data', Key: 'in/rows.csv', Body: new TextEncoder().encode('1\n2\n') });
  await call('sagemaker', 'CreateModel', { ModelName: 'm', ExecutionRoleArn: ROLE, PrimaryContainer: { Image: 'i' } });
  const states = {
    Score: {
      Type: 'Task',
      Resource: 'arn:aws:states:::sagemaker:createTransformJob.sync',
      Arguments: {
        TransformJobName: 'scores',
        ModelName: 'm',
        BatchStrategy: 'SingleRecord',
        TransformInput: {
          DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/in/' } },
          ContentType: 'text/csv',
          SplitType: 'Line',
        },
        TransformOutput: { S3OutputPath: 's3://data/out', AssembleWith: 'Line' },
        TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
        Tags: [{ Key: 'k', Value: 'v' }],
      },
      End: true,
    },
  };
  const definition = JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'Score', States: states });
  const { arn: stateMachineArn } = cloud.double<StepFunctions>('sfn').putStateMachine('m', definition, ROLE);
  const { executionArn } = await call('sfn', 'StartExecution', { stateMachineArn, input: '{}' });
  await clock.run(clock.now() + HOUR);
  const described = await call('sfn', 'DescribeExecution', { executionArn });
  const { events } = await call('sfn', 'GetExecutionHistory', { executionArn });
  const text = (key: string): string => new TextDecoder().decode(bucket.read(key, undefined).body);
  return {
    described,
    files: Object.fromEntries(bucket.keys().map((key) => [key, text(key)])),
    history: (events as Members[]).map(({ type }) => String(type)),
  };
}

test('a state machine waits for a transform job, and has its description', async () => {
  const { described, files, history } = await score(false);
  expect(described.status).toBe('SUCCEEDED');
  expect(JSON.parse(described.output as string)).toMatchObject({ TransformJobName: 'scores', TransformJobStatus: 'Completed' });
  expect(files['out/rows.csv.out']).toBe('<1>\n<2>\n');
  expect(history).toEqual(expect.arrayContaining(['TaskSubmitted', 'TaskSucceeded']));
});

test('a job whose model fails, fails the task', async () => {
  const { described, files } = await score(true);
  expect(described).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed' });
  expect(JSON.parse(described.cause as string)).toMatchObject({ TransformJobStatus: 'Failed' });
  expect(Object.keys(files)).toEqual(['in/rows.csv']);
});
