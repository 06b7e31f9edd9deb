import type { Members, ServiceDouble } from '../../../../rehearsal/cloud/types';
import { createApplicationAutoScaling } from '../../../../rehearsal/services/application-autoscaling';
import { createCloudWatch } from '../../../../rehearsal/services/cloudwatch';
import { createS3 } from '../../../../rehearsal/services/s3';
import { createSageMaker } from '../../../../rehearsal/services/sagemaker';
import { createSageMakerRuntime } from '../../../../rehearsal/services/sagemaker-runtime';
import { FakeCloud, world } from '../../support/fake-cloud';

export const MINUTE = 60_000;

export const ROLE = 'arn:aws:iam::111111111111:role/Model';

export interface Emitted {
  detailType: string;
  detail: Record<string, unknown>;
}

/** SageMaker, its runtime, CloudWatch, and an event bus that only listens. */
export function setUp() {
  const cloud = new FakeCloud();
  const emitted: Emitted[] = [];
  const bus = { service: 'eventbridge', operations: {}, emitServiceEvent: (event: Emitted) => void emitted.push(event) };
  cloud.add(bus as ServiceDouble);
  const sageMaker = cloud.add(createSageMaker(cloud));
  const cloudWatch = cloud.add(createCloudWatch(cloud));
  const s3 = cloud.add(createS3(cloud));
  const scaling = cloud.add(createApplicationAutoScaling(cloud));
  cloud.add(createSageMakerRuntime(cloud));
  sageMaker.setContainers(({ modelName }) => ({
    predict: (body) => ({
      status: 200,
      body: new TextEncoder().encode(`${modelName} saw ${body.byteLength} bytes`),
      contentType: 'text/plain',
      latencyMillis: 30,
    }),
  }));
  /** Calls an operation and lets time run until it has answered. */
  const call = async (operation: string, input: Members, service = 'sagemaker'): Promise<Members> => {
    let settled = false;
    const answer = cloud.call(service, operation, input, world).finally(() => (settled = true));
    answer.catch(() => undefined);
    while (!settled) await cloud.clock.run(cloud.clock.now() + 5);
    return answer;
  };
  return { cloud, emitted, sageMaker, cloudWatch, s3, scaling, call };
}

export type Setup = ReturnType<typeof setUp>;

export const pass = ({ cloud }: Setup, minutes: number): Promise<void> => cloud.clock.run(cloud.clock.now() + minutes * MINUTE);

export async function createModel({ call }: Setup, name: string, extra: Members = {}): Promise<void> {
  await call('CreateModel', {
    ModelName: name,
    ExecutionRoleArn: ROLE,
    PrimaryContainer: { Image: 'image:1', Environment: { KIND: name } },
    ...extra,
  });
}

export async function createConfig(
  { call }: Setup,
  name: string,
  weights: Record<string, number>,
  models?: Record<string, string>,
): Promise<void> {
  await call('CreateEndpointConfig', {
    EndpointConfigName: name,
    ProductionVariants: Object.entries(weights).map(([variant, weight]) => ({
      VariantName: variant,
      ModelName: models?.[variant] ?? `model-${variant}`,
      InstanceType: 'ml.g5.xlarge',
      InitialInstanceCount: 1,
      InitialVariantWeight: weight,
    })),
  });
}

/** Two models, config `first` with variant a, config `second` with a and b (dark), and a live endpoint `Live`. */
export async function liveEndpoint(setup: Setup): Promise<void> {
  await createModel(setup, 'model-a');
  await createModel(setup, 'model-b');
  await createConfig(setup, 'first', { a: 1 });
  await createConfig(setup, 'second', { a: 1, b: 0 });
  await setup.call('CreateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'first' });
  await pass(setup, 9);
}

/** Calls the endpoint `Live`. */
export const invoke = ({ call }: Setup, extra: Members = {}): Promise<Members> =>
  call(
    'InvokeEndpoint',
    { EndpointName: 'Live', Body: new TextEncoder().encode('{}'), ContentType: 'application/json', ...extra },
    'sagemaker-runtime',
  );

/** A bucket, and what stands in it by key. */
export function createBucket({ s3 }: Setup, name: string): () => Record<string, string> {
  const bucket = s3.createBucket(name, { versioning: undefined, objectLock: false, eventBridge: false, tags: [] });
  const text = (key: string): string => new TextDecoder().decode(bucket.read(key, undefined).body);
  return () => Object.fromEntries(bucket.keys().map((key) => [key, text(key)]));
}

export const put = ({ call }: Setup, Bucket: string, Key: string, body: string): Promise<Members> =>
  call('PutObject', { Bucket, Key, Body: new TextEncoder().encode(body) }, 's3');

/** Config `name` with one variant `a` of `model-a`, changed and extended as given. */
export async function createSingle({ call }: Setup, name: string, variant: Members = {}, config: Members = {}): Promise<void> {
  await call('CreateEndpointConfig', {
    EndpointConfigName: name,
    ProductionVariants: [{ VariantName: 'a', ModelName: 'model-a', InstanceType: 'ml.m5.large', InitialInstanceCount: 4, ...variant }],
    ...config,
  });
}

/** Endpoint `Live` in service with config `first` as `createSingle` makes it, and a model `model-b` beside. */
export async function single(setup: Setup, variant: Members = {}, config: Members = {}): Promise<void> {
  await createModel(setup, 'model-a');
  await createModel(setup, 'model-b');
  await createSingle(setup, 'first', variant, config);
  await setup.call('CreateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'first' });
  await pass(setup, 9);
}
