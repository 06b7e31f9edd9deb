import { UnsupportedError, type ContainerAnswer, type Members } from '../../../rehearsal/cloud/types';
import { loadContainers } from '../../../rehearsal/world/containers';
import { ModelPackages } from '../../../rehearsal/world/model-packages';
import { trainedModels, trainingRunner, type TrainingModule } from '../../../rehearsal/world/trained-models';
import { createBucket, pass, put, ROLE, setUp, type Setup } from '../services/sagemaker/support';

const IMAGE = '111111111111.dkr.ecr.eu-west-1.amazonaws.com/trainer:1';

/** Learns the mean of `y`, and adds what the hyper-parameter says. */
const MEAN: TrainingModule = {
  train: ({ channels, hyperParameters }) => {
    const rows = channels.train as { y: number }[];
    if (rows.some(({ y }) => typeof y !== 'number')) throw new Error('a label is no number');
    const mean = rows.reduce((sum, { y }) => sum + y, 0) / rows.length + Number(hyperParameters.plus ?? 0);
    return {
      files: { 'model.json': JSON.stringify({ mean }), 'weights.bin': new Uint8Array([1, 2, 3]) },
      metrics: { mean },
      runMinutes: 7,
    };
  },
  load: (files) => {
    const { mean } = JSON.parse(files['model.json']!.toString()) as { mean: number };
    return { predict: (request) => ({ mean, bytes: [...files['weights.bin']!], asked: request }) };
  },
};

interface World {
  setup: Setup;
  /** Asks the container of a model. */
  ask(model: Members): Promise<ContainerAnswer>;
  held: string[];
  packages: ModelPackages;
}

/** The world as a scenario with a training module has it, and some data to learn from. */
async function world(module: TrainingModule): Promise<World> {
  const setup = setUp();
  const { cloud, sageMaker } = setup;
  const held: string[] = [];
  const hold = (what: string) => {
    held.push(what);
    return () => undefined;
  };
  const packages = new ModelPackages(cloud, sageMaker, 'spam');
  const parts = { cloud, random: cloud.random.fork('training'), hold, file: 'training.mjs' };
  sageMaker.setJobRunner('training', trainingRunner(module, parts));
  const resolver = await loadContainers({
    directory: '.',
    arms: {},
    random: cloud.random.fork('containers'),
    hold,
    armOfPackage: (arn) => packages.armOf(arn),
    trained: trainedModels(module, sageMaker, 'training.mjs'),
  });
  sageMaker.setContainers(resolver);
  createBucket(setup, 'data');
  await put(setup, 'data', 'train/1.jsonl', '{"y":1}\n{"y":2}\n');
  await put(setup, 'data', 'train/2.jsonl', '{"y":6}');
  const ask = async (model: Members): Promise<ContainerAnswer> =>
    resolver({ modelName: 'm', environment: {}, ...model }).predict(new TextEncoder().encode('{"q":1}'), 'application/json');
  return { setup, ask, held, packages };
}

const channel = (name: string, uri: string, type = 'S3Prefix') => ({
  ChannelName: name,
  DataSource: { S3DataSource: { S3DataType: type, S3Uri: uri } },
});

const startJob = ({ call }: Setup, name: string, more: Members = {}): Promise<Members> =>
  call('CreateTrainingJob', {
    TrainingJobName: name,
    RoleArn: ROLE,
    AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: 'File' },
    InputDataConfig: [channel('train', 's3://data/train/')],
    OutputDataConfig: { S3OutputPath: 's3://data/models' },
    ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 10 },
    StoppingCondition: { MaxRuntimeInSeconds: 3600 },
    HyperParameters: { plus: '10' },
    ...more,
  });

const MODEL_DATA = 's3://data/models/first/output/model.tar.gz';
const bodyOf = ({ body }: ContainerAnswer): unknown => JSON.parse(new TextDecoder().decode(body));

test('a job trains on what its channels hold, and its model answers', async () => {
  const { setup, ask, held } = await world(MEAN);
  await startJob(setup, 'first');
  await pass(setup, 30);
  const job = await setup.call('DescribeTrainingJob', { TrainingJobName: 'first' });
  expect(job).toMatchObject({
    TrainingJobStatus: 'Completed',
    TrainingTimeInSeconds: 420,
    ModelArtifacts: { S3ModelArtifacts: MODEL_DATA },
    FinalMetricDataList: [{ MetricName: 'mean', Value: 13 }],
  });
  const answer = await ask({ modelDataUrl: MODEL_DATA });
  expect(answer.status).toBe(200);
  expect(bodyOf(answer)).toEqual({ mean: 13, bytes: [1, 2, 3], asked: { q: 1 } });
  expect(held).toEqual(expect.arrayContaining(['the training module of the scenario', 'the model of a training job']));
});

test('model data that is copied elsewhere is the same model; what was overwritten is none', async () => {
  const { setup, ask } = await world(MEAN);
  await startJob(setup, 'first');
  await pass(setup, 30);
  await setup.call('CopyObject', { Bucket: 'data', Key: 'kept.tar.gz', CopySource: 'data/models/first/output/model.tar.gz' }, 's3');
  expect(bodyOf(await ask({ modelDataUrl: 's3://data/kept.tar.gz' }))).toMatchObject({ mean: 13 });
  await put(setup, 'data', 'kept.tar.gz', 'something else');
  await expect(ask({ modelDataUrl: 's3://data/kept.tar.gz' })).rejects.toThrow('plays no arm of the scenario');
});

test('a package that a handler makes of it can be deployed, and plays the arm trained', async () => {
  const { setup, ask, packages } = await world(MEAN);
  await startJob(setup, 'first');
  await pass(setup, 30);
  packages.add('candidate', 'approved');
  const request = {
    ModelPackageGroupName: 'spam',
    ModelApprovalStatus: 'Approved',
    ClientToken: 't1',
    CustomerMetadataProperties: { 'sluice:retraining-run': 't1' },
    InferenceSpecification: { Containers: [{ Image: IMAGE, ModelDataUrl: MODEL_DATA }], SupportedContentTypes: ['application/json'] },
  };
  const { ModelPackageArn: arn } = await setup.call('CreateModelPackage', request);
  expect(arn).toMatch(/model-package\/spam\/2$/);
  expect(await setup.call('CreateModelPackage', request)).toEqual({ ModelPackageArn: arn });
  await setup.call('CreateModel', { ModelName: 'retrained', ExecutionRoleArn: ROLE, PrimaryContainer: { ModelPackageName: arn } });
  expect(packages.armOf(arn as string)).toBe('trained');
  expect(packages.armOf(`${String(arn).slice(0, -1)}1`)).toBe('candidate');
  expect(packages.armOf('arn:aws:sagemaker:eu-west-1:111111111111:model-package/other/1')).toBeUndefined();
  expect(bodyOf(await ask({ modelPackageName: arn, modelDataUrl: MODEL_DATA }))).toMatchObject({ mean: 13 });
});

test('a transform job asks the trained model, a line at a time', async () => {
  const { setup } = await world(MEAN);
  await startJob(setup, 'first');
  await pass(setup, 30);
  await put(setup, 'data', 'ask/requests.jsonl', '{"a":1}\n{"a":2}\n');
  await setup.call('CreateModel', { ModelName: 'm', ExecutionRoleArn: ROLE, PrimaryContainer: { Image: IMAGE, ModelDataUrl: MODEL_DATA } });
  const job = (name: string, strategy: string): Members => ({
    TransformJobName: name,
    ModelName: 'm',
    BatchStrategy: strategy,
    TransformInput: {
      DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/ask/requests.jsonl' } },
      ContentType: 'application/json',
      SplitType: 'Line',
    },
    TransformOutput: { S3OutputPath: `s3://data/${name}`, AssembleWith: 'Line', Accept: 'application/json' },
    TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
  });
  await setup.call('CreateTransformJob', job('singly', 'SingleRecord'));
  await setup.call('CreateTransformJob', job('together', 'MultiRecord'));
  await pass(setup, 30);
  const text = new TextDecoder().decode(setup.s3.bucket('data').read('singly/requests.jsonl.out', undefined).body);
  expect(
    text
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { asked: unknown }).asked),
  ).toEqual([{ a: 1 }, { a: 2 }]);
  // Several lines together are no JSON for this model.
  expect(await setup.call('DescribeTransformJob', { TransformJobName: 'together' })).toMatchObject({ TransformJobStatus: 'Failed' });
});

test.each([
  ['labels that the module refuses', '{"y":"spam"}', /AlgorithmError: a label is no number/],
  ['a line that is no JSON', '{"y":1}\n{"y":', /AlgorithmError: train\/2.jsonl, line 2: no JSON/],
])('%s fail the job', async (_, data, reason) => {
  const { setup, ask } = await world(MEAN);
  await put(setup, 'data', 'train/2.jsonl', data);
  await startJob(setup, 'first');
  await pass(setup, 60);
  const job = await setup.call('DescribeTrainingJob', { TrainingJobName: 'first' });
  expect(job).toMatchObject({ TrainingJobStatus: 'Failed', FailureReason: expect.stringMatching(reason) as unknown });
  await expect(ask({ modelDataUrl: MODEL_DATA })).rejects.toThrow('plays no arm');
});

test.each<[string, unknown, RegExp]>([
  ['nothing', undefined, /train\(\) of training.mjs returned no files/],
  ['no files', { files: {} }, /returned no files/],
  ['a file outside', { files: { '../x': '' } }, /a file named '..\/x'/],
  ['a file that is a number', { files: { x: 1 } }, /the file x as number/],
  ['a metric that is no number', { files: { x: '' }, metrics: { f1: Number.NaN } }, /the metric f1 as NaN/],
  ['no time', { files: { x: '' }, runMinutes: 0 }, /runMinutes 0/],
])('a module that returns %s is a mistake of the scenario, not of the job', async (_, returned, message) => {
  const { setup } = await world({ ...MEAN, train: () => returned as never });
  await startJob(setup, 'first');
  await expect(pass(setup, 30)).rejects.toThrow(message);
});

test('channels that are no S3 prefix are refused by name', async () => {
  const { setup } = await world(MEAN);
  await startJob(setup, 'first', { InputDataConfig: [channel('train', 's3://data/train/1.jsonl', 'ManifestFile')] });
  await expect(pass(setup, 30)).rejects.toThrow(UnsupportedError);
});

test('what load throws, every request is told; what it returns must be a model', async () => {
  const broken = await world({
    ...MEAN,
    load: () => {
      throw new Error('the file is torn');
    },
  });
  await startJob(broken.setup, 'first');
  await pass(broken.setup, 30);
  const answer = await broken.ask({ modelDataUrl: MODEL_DATA });
  expect([answer.status, bodyOf(answer)]).toEqual([500, { error: 'the file is torn' }]);
  const none = await world({ ...MEAN, load: () => ({}) as never });
  await startJob(none.setup, 'first');
  await pass(none.setup, 30);
  await expect(none.ask({ modelDataUrl: MODEL_DATA })).rejects.toThrow('load() of training.mjs returned no model');
});

test('the same job draws the same numbers, whatever was drawn before', async () => {
  const drawn: number[] = [];
  const module: TrainingModule = { ...MEAN, train: ({ random }) => (drawn.push(random()), { files: { x: '' } }) };
  const one = await world(module);
  await startJob(one.setup, 'first');
  await pass(one.setup, 60);
  const two = await world(module);
  await startJob(two.setup, 'before');
  await pass(two.setup, 60);
  await startJob(two.setup, 'first');
  await pass(two.setup, 60);
  expect(drawn).toEqual([drawn[0], expect.any(Number), drawn[0]]);
  expect(drawn[1]).not.toBe(drawn[0]);
});
