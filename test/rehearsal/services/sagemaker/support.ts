import type { Members, ServiceDouble } from '../../../../rehearsal/cloud/types';
import { createCloudWatch } from '../../../../rehearsal/services/cloudwatch';
import { createSageMaker } from '../../../../rehearsal/services/sagemaker';
import { createSageMakerRuntime } from '../../../../rehearsal/services/sagemaker-runtime';
import { FakeCloud, world } from '../../support/fake-cloud';

export const MINUTE = 60_000;

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
  return { cloud, emitted, sageMaker, cloudWatch, call };
}

export type Setup = ReturnType<typeof setUp>;

export const pass = ({ cloud }: Setup, minutes: number): Promise<void> => cloud.clock.run(cloud.clock.now() + minutes * MINUTE);

export async function createModel({ call }: Setup, name: string, extra: Members = {}): Promise<void> {
  await call('CreateModel', {
    ModelName: name,
    ExecutionRoleArn: 'arn:aws:iam::111111111111:role/Model',
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
