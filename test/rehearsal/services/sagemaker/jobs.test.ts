import { gunzipSync } from 'node:zlib';
import { AwsError, type Members } from '../../../../rehearsal/cloud/types';
import { createBucket, createModel, pass, put, ROLE, setUp, type Setup } from './support';

const resources = { InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeSizeInGB: 10 };

const training = (extra: Members = {}): Members => ({
  TrainingJobName: 'train',
  RoleArn: ROLE,
  AlgorithmSpecification: { TrainingImage: 'trainer:1', TrainingInputMode: 'File' },
  InputDataConfig: [{ ChannelName: 'train', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/in' } } }],
  OutputDataConfig: { S3OutputPath: 's3://data/out/' },
  ResourceConfig: resources,
  ...extra,
});

const processing = (extra: Members = {}): Members => ({
  ProcessingJobName: 'process',
  RoleArn: ROLE,
  AppSpecification: { ImageUri: 'processor:1' },
  ProcessingResources: { ClusterConfig: resources },
  ProcessingOutputConfig: {
    Outputs: [{ OutputName: 'report', S3Output: { S3Uri: 's3://data/report', LocalPath: '/x', S3UploadMode: 'EndOfJob' } }],
  },
  ...extra,
});

const transform = (extra: Members = {}): Members => ({
  TransformJobName: 'batch',
  ModelName: 'model-a',
  TransformInput: { DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/in' } }, SplitType: 'Line', ...extra },
  TransformOutput: { S3OutputPath: 's3://data/answers', AssembleWith: 'Line' },
  TransformResources: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1 },
});

async function withData(): Promise<{ setup: Setup; files: () => Record<string, string> }> {
  const setup = setUp();
  const files = createBucket(setup, 'data');
  await put(setup, 'data', 'in/1.csv', 'a\nbb\n');
  await createModel(setup, 'model-a');
  return { setup, files };
}

/** Names of the files of a tar, and its text. */
function unpack({ s3 }: Setup, key: string): string {
  const { body } = s3.bucket('data').read(key, undefined);
  return gunzipSync(body).toString('latin1');
}

// https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeTrainingJob.html, TrainingJobStatus and SecondaryStatus.
test('a training job takes its minutes, leaves an artefact, and says so to the event bus', async () => {
  const { setup } = await withData();
  const { TrainingJobArn } = await setup.call('CreateTrainingJob', training());
  expect(TrainingJobArn).toBe('arn:aws:sagemaker:us-east-1:111111111111:training-job/train');
  expect(await setup.call('DescribeTrainingJob', { TrainingJobName: 'train' })).toMatchObject({
    TrainingJobStatus: 'InProgress',
    SecondaryStatus: 'Starting',
  });
  await pass(setup, 4.9);
  expect((await setup.call('DescribeTrainingJob', { TrainingJobName: 'train' })).SecondaryStatus).toBe('Training');
  await pass(setup, 20);
  const done = await setup.call('DescribeTrainingJob', { TrainingJobName: 'train' });
  expect(done).toMatchObject({
    TrainingJobStatus: 'Completed',
    ModelArtifacts: { S3ModelArtifacts: 's3://data/out/train/output/model.tar.gz' },
  });
  expect(done.TrainingTimeInSeconds).toBeGreaterThanOrEqual(240);
  expect(unpack(setup, 'out/train/output/model.tar.gz')).toContain('"trainingJob": "arn:aws:sagemaker:us-east-1');
  expect(setup.emitted.map(({ detailType, detail }) => [detailType, detail.TrainingJobStatus, detail.SecondaryStatus])).toEqual([
    ['SageMaker Training Job State Change', 'InProgress', 'Starting'],
    ['SageMaker Training Job State Change', 'InProgress', 'Training'],
    ['SageMaker Training Job State Change', 'Completed', 'Completed'],
  ]);
  expect(setup.emitted[0]!.detail.CreationTime).toEqual(expect.any(Number));
  expect((await setup.call('ListTrainingJobs', { StatusEquals: 'Completed' })).TrainingJobSummaries).toHaveLength(1);
  await expect(setup.call('CreateTrainingJob', training())).rejects.toMatchObject({ code: 'ResourceInUse' });
});

test("a user's function makes the artefact, its time and its metrics, and its error fails the job", async () => {
  const { setup } = await withData();
  setup.sageMaker.setJobRunner('training', ({ HyperParameters }) => {
    if (HyperParameters?.fail === 'yes') throw new Error('diverged');
    return { files: { 'weights.txt': new TextEncoder().encode('w=1') }, runMinutes: 90, metrics: { loss: 0.5 } };
  });
  await setup.call('CreateTrainingJob', training());
  await setup.call('CreateTrainingJob', training({ TrainingJobName: 'bad', HyperParameters: { fail: 'yes' } }));
  await pass(setup, 60);
  expect((await setup.call('DescribeTrainingJob', { TrainingJobName: 'train' })).TrainingJobStatus).toBe('InProgress');
  await pass(setup, 35);
  expect((await setup.call('DescribeTrainingJob', { TrainingJobName: 'train' })).FinalMetricDataList).toMatchObject([
    { MetricName: 'loss', Value: 0.5 },
  ]);
  expect(unpack(setup, 'out/train/output/model.tar.gz')).toContain('w=1');
  expect(await setup.call('DescribeTrainingJob', { TrainingJobName: 'bad' })).toMatchObject({
    TrainingJobStatus: 'Failed',
    FailureReason: 'AlgorithmError: diverged, exit code: 1',
  });
});

test('a fault fails a job once, a limit stops it, and so does StopTrainingJob', async () => {
  const { setup } = await withData();
  setup.sageMaker.injectJobFault({ kind: 'training', reason: 'CapacityError: none left' });
  await setup.call('CreateTrainingJob', training({ TrainingJobName: 'one' }));
  await pass(setup, 25);
  await setup.call('CreateTrainingJob', training({ TrainingJobName: 'two', StoppingCondition: { MaxRuntimeInSeconds: 60 } }));
  await setup.call('CreateTrainingJob', training({ TrainingJobName: 'three' }));
  await pass(setup, 0.5);
  await setup.call('StopTrainingJob', { TrainingJobName: 'three' });
  await expect(setup.call('StopTrainingJob', { TrainingJobName: 'three' })).rejects.toThrow('Stopping');
  await pass(setup, 25);
  const of = async (name: string): Promise<unknown[]> => {
    const { TrainingJobStatus, SecondaryStatus, FailureReason } = await setup.call('DescribeTrainingJob', { TrainingJobName: name });
    return [TrainingJobStatus, SecondaryStatus, FailureReason];
  };
  expect(await of('one')).toEqual(['Failed', 'Failed', 'CapacityError: none left']);
  expect(await of('two')).toEqual(['Stopped', 'MaxRuntimeExceeded', undefined]);
  expect(await of('three')).toEqual(['Stopped', 'Stopped', undefined]);
  expect([...setup.cloud.underWay]).toEqual([]);
  expect(() => setup.sageMaker.injectJobFault({ kind: 'training', times: 0 })).toThrow('times: 0');
});

test.each<[string, string, Members]>([
  [
    'No S3 objects found under S3 URL',
    'CreateTrainingJob',
    training({ InputDataConfig: [{ ChannelName: 'c', DataSource: { S3DataSource: { S3Uri: 's3://data/none' } } }] }),
  ],
  ['ResourceConfig', 'CreateTrainingJob', training({ ResourceConfig: undefined })],
  ['AlgorithmSpecification', 'CreateTrainingJob', training({ AlgorithmSpecification: undefined })],
  ['DebugHookConfig', 'CreateTrainingJob', training({ DebugHookConfig: { S3OutputPath: 's3://x' } })],
  [
    'FileSystemDataSource',
    'CreateTrainingJob',
    training({ InputDataConfig: [{ ChannelName: 'c', DataSource: { FileSystemDataSource: {} } }] }),
  ],
  ['DatasetDefinition', 'CreateProcessingJob', processing({ ProcessingInputs: [{ InputName: 'i', DatasetDefinition: {} }] })],
  [
    'FeatureStoreOutput',
    'CreateProcessingJob',
    processing({ ProcessingOutputConfig: { Outputs: [{ OutputName: 'o', FeatureStoreOutput: {} }] } }),
  ],
  ['SplitType RecordIO', 'CreateTransformJob', transform({ SplitType: 'RecordIO' })],
  ['DataProcessing', 'CreateTransformJob', { ...transform(), DataProcessing: {} }],
  ['Could not find model', 'CreateTransformJob', { ...transform(), ModelName: 'none' }],
  ['Requested resource not found', 'DescribeProcessingJob', { ProcessingJobName: 'none' }],
])('refused: %s', async (message, operation, input) => {
  const { setup } = await withData();
  await expect(setup.call(operation, input)).rejects.toThrow(message);
});

// https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeProcessingJob.html
test('a processing job writes its outputs; without its input it fails', async () => {
  const { setup, files } = await withData();
  setup.sageMaker.setJobRunner('processing', () => ({
    files: { 'report/summary.json': new TextEncoder().encode('{}'), 'other/x': new Uint8Array() },
  }));
  await setup.call('CreateProcessingJob', processing());
  const input = { InputName: 'i', S3Input: { S3Uri: 's3://data/none', S3DataType: 'S3Prefix' } };
  await setup.call('CreateProcessingJob', processing({ ProcessingJobName: 'blind', ProcessingInputs: [input] }));
  await pass(setup, 15);
  expect(await setup.call('DescribeProcessingJob', { ProcessingJobName: 'process' })).toMatchObject({ ProcessingJobStatus: 'Completed' });
  expect(Object.keys(files())).toEqual(['in/1.csv', 'report/summary.json']);
  expect(await setup.call('DescribeProcessingJob', { ProcessingJobName: 'blind' })).toMatchObject({
    ProcessingJobStatus: 'Failed',
    FailureReason: expect.stringContaining('No S3 objects found'),
  });
  expect(setup.emitted.at(-1)!.detailType).toBe('SageMaker Processing Job State Change');
});

// https://docs.aws.amazon.com/sagemaker/latest/dg/batch-transform.html: "input1.csv.out"
test('a transform job sends each line through the model and puts the answers beside the name', async () => {
  const { setup, files } = await withData();
  await setup.call('CreateTransformJob', transform());
  await pass(setup, 15);
  expect(await setup.call('DescribeTransformJob', { TransformJobName: 'batch' })).toMatchObject({ TransformJobStatus: 'Completed' });
  expect(files()['answers/1.csv.out']).toBe('model-a saw 1 bytes\nmodel-a saw 2 bytes\n');
  expect(setup.emitted.at(-1)).toMatchObject({
    detailType: 'SageMaker Transform Job State Change',
    detail: { TransformJobStatus: 'Completed' },
  });
});

test('a transform job fails where the model does', async () => {
  const { setup } = await withData();
  setup.sageMaker.setContainers(() => ({
    predict: () => ({ status: 500, body: new Uint8Array(), contentType: 'text/plain', latencyMillis: 1 }),
  }));
  await setup.call('CreateTransformJob', transform({ SplitType: 'None' }));
  await pass(setup, 15);
  expect(await setup.call('DescribeTransformJob', { TransformJobName: 'batch' })).toMatchObject({
    TransformJobStatus: 'Failed',
    FailureReason: 'ClientError: Too many objects failed. See job logs for more information',
  });
});

describe('pipelines', () => {
  const definition = (...steps: Members[]): Members => ({
    PipelineName: 'retrain',
    RoleArn: ROLE,
    ClientRequestToken: 'x'.repeat(32),
    PipelineDefinition: JSON.stringify({ Version: '2020-12-01', Steps: steps }),
  });
  const STEPS = [
    { Name: 'Prepare', Type: 'Processing' },
    { Name: 'Train', Type: 'Training' },
    { Name: 'Register', Type: 'RegisterModel' },
  ];

  async function started(...steps: Members[]): Promise<{ setup: Setup; PipelineExecutionArn: string }> {
    const setup = setUp();
    await setup.call('CreatePipeline', definition(...steps));
    const { PipelineExecutionArn } = await setup.call('StartPipelineExecution', { PipelineName: 'retrain' });
    return { setup, PipelineExecutionArn };
  }

  const statusOf = async (setup: Setup, PipelineExecutionArn: string): Promise<unknown> =>
    (await setup.call('DescribePipelineExecution', { PipelineExecutionArn })).PipelineExecutionStatus;
  const stepsOf = async (setup: Setup, PipelineExecutionArn: string): Promise<unknown[]> =>
    (await setup.call('ListPipelineExecutionSteps', { PipelineExecutionArn, SortOrder: 'Ascending' })).PipelineExecutionSteps.map(
      (step: Members) => [step.StepName, step.StepStatus],
    );

  // https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html, pipeline execution state change.
  test('steps take their time one after the other', async () => {
    const { setup, PipelineExecutionArn } = await started(...STEPS);
    await pass(setup, 2);
    expect(await statusOf(setup, PipelineExecutionArn)).toBe('Executing');
    await expect(setup.call('DeletePipeline', { PipelineName: 'retrain' })).rejects.toMatchObject({ code: 'ResourceInUse' });
    await pass(setup, 40);
    expect(await statusOf(setup, PipelineExecutionArn)).toBe('Succeeded');
    expect(await stepsOf(setup, PipelineExecutionArn)).toEqual(STEPS.map(({ Name }) => [Name, 'Succeeded']));
    const events = setup.emitted.filter(({ detailType }) => detailType === 'SageMaker Model Building Pipeline Execution Status Change');
    expect(events.map(({ detail }) => [detail.previousPipelineExecutionStatus, detail.currentPipelineExecutionStatus])).toEqual([
      [undefined, 'Executing'],
      ['Executing', 'Succeeded'],
    ]);
  });

  test('a fault, a Fail step and a stop end it early', async () => {
    const failing = await started({ Name: 'No', Type: 'Fail', Arguments: { ErrorMessage: 'not good enough' } });
    await pass(failing.setup, 1);
    expect(await statusOf(failing.setup, failing.PipelineExecutionArn)).toBe('Failed');
    failing.setup.sageMaker.injectJobFault({ kind: 'pipeline' });
    await failing.setup.call('UpdatePipeline', { PipelineName: 'retrain', PipelineDefinition: definition(...STEPS).PipelineDefinition });
    const next = await failing.setup.call('StartPipelineExecution', { PipelineName: 'retrain' });
    await pass(failing.setup, 30);
    expect(await stepsOf(failing.setup, String(next.PipelineExecutionArn))).toEqual([['Prepare', 'Failed']]);
    const { setup, PipelineExecutionArn } = await started(...STEPS);
    await pass(setup, 1);
    await setup.call('StopPipelineExecution', { PipelineExecutionArn });
    await pass(setup, 30);
    expect(await statusOf(setup, PipelineExecutionArn)).toBe('Stopped');
    expect(await stepsOf(setup, PipelineExecutionArn)).toEqual([['Prepare', 'Stopped']]);
    await expect(setup.call('StopPipelineExecution', { PipelineExecutionArn })).rejects.toThrow('Stopped');
  });

  test.each<[string, Members]>([
    ['not JSON', { ...definition(), PipelineDefinition: '{' }],
    ['no Steps', definition()],
    ['step Ask of type Callback is not supported', definition({ Name: 'Ask', Type: 'Callback' })],
    ['PipelineDefinitionS3Location', { ...definition(), PipelineDefinition: undefined }],
    ['pipelineName', { ...definition(...STEPS), PipelineName: '-' }],
  ])('refused: %s', async (message, input) => {
    await expect(setUp().call('CreatePipeline', input)).rejects.toThrow(message);
  });
});

test('a model is refused whose data is not there, or is not for its role to read', async () => {
  const setup = setUp();
  createBucket(setup, 'data');
  const create = (name: string, ModelDataUrl: string): Promise<Members> =>
    setup.call('CreateModel', { ModelName: name, ExecutionRoleArn: ROLE, PrimaryContainer: { Image: 'image:1', ModelDataUrl } });
  await expect(create('m', 's3://data/m/')).rejects.toThrow('Could not find model data at s3://data/m/.');
  await put(setup, 'data', 'm/model.tar.gz', 'bytes');
  // What was refused leaves nothing behind.
  await create('m', 's3://data/m/model.tar.gz');
  await create('n', 's3://data/m/');
  await create('o', 's3://of-another-account/model.tar.gz');
  const head = (code: string): void => {
    setup.s3.operations.HeadObject!.run = () => {
      throw new AwsError(code, 'no');
    };
  };
  head('NoSuchKey');
  await expect(create('p', 's3://data/m/x.tar.gz')).rejects.toThrow('Could not find model data at s3://data/m/x.tar.gz.');
  head('AccessDenied');
  await expect(create('p', 's3://data/m/model.tar.gz')).rejects.toThrow(/Could not access model data at .*"s3:GetObject".*: no$/);
});
