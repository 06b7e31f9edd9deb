import type { Members } from '../../../../rehearsal/cloud/types';
import { liveEndpoint, pass, setUp, type Setup } from './support';

const invoke = ({ call }: Setup, extra: Members = {}): Promise<Members> =>
  call(
    'InvokeEndpoint',
    { EndpointName: 'Live', Body: new TextEncoder().encode('{}'), ContentType: 'application/json', ...extra },
    'sagemaker-runtime',
  );

const text = (body: unknown): string => new TextDecoder().decode(body as Uint8Array);

async function withCandidate(setup: Setup): Promise<void> {
  await liveEndpoint(setup);
  await setup.call('UpdateEndpoint', { EndpointName: 'Live', EndpointConfigName: 'second' });
  await pass(setup, 8);
}

test('a dark variant answers only when it is targeted', async () => {
  const setup = setUp();
  await withCandidate(setup);
  for (let index = 0; index < 20; index += 1) expect((await invoke(setup)).InvokedProductionVariant).toBe('a');
  const answer = await invoke(setup, { TargetVariant: 'b', InferenceId: 'id-1', CustomAttributes: 'x' });
  expect(answer).toMatchObject({ InvokedProductionVariant: 'b', ContentType: 'text/plain', CustomAttributes: 'x' });
  expect(text(answer.Body)).toBe('model-b saw 2 bytes');
  expect(setup.sageMaker.invocations.at(-1)).toEqual({
    atMillis: expect.any(Number),
    endpointName: 'Live',
    variantName: 'b',
    modelName: 'model-b',
    inferenceId: 'id-1',
    status: 200,
    caller: 'arn:aws:iam::111111111111:user/tester',
  });
});

test('weights split what is not targeted', async () => {
  const setup = setUp();
  await withCandidate(setup);
  await setup.call('UpdateEndpointWeightsAndCapacities', {
    EndpointName: 'Live',
    DesiredWeightsAndCapacities: [
      { VariantName: 'a', DesiredWeight: 3 },
      { VariantName: 'b', DesiredWeight: 1 },
    ],
  });
  await pass(setup, 3);
  for (let index = 0; index < 400; index += 1) await invoke(setup);
  const ofB = setup.sageMaker.invocations.filter(({ variantName }) => variantName === 'b').length;
  expect(ofB).toBeGreaterThan(70);
  expect(ofB).toBeLessThan(130);
});

test('the answer takes as long as the container', async () => {
  const setup = setUp();
  await liveEndpoint(setup);
  const heard: string[] = [];
  setup.sageMaker.onInvocation(({ variantName }) => heard.push(variantName));
  const started = setup.cloud.clock.now();
  await invoke(setup);
  expect(setup.cloud.clock.now() - started).toBeGreaterThanOrEqual(34);
  expect(heard).toEqual(['a']);
});

test('a container that fails is a ModelError and a metric', async () => {
  const setup = setUp();
  setup.sageMaker.setContainers(() => ({
    predict: () => ({ status: 503, body: new TextEncoder().encode('overloaded'), contentType: 'text/plain', latencyMillis: 12 }),
  }));
  await liveEndpoint(setup);
  await expect(invoke(setup)).rejects.toMatchObject({
    code: 'ModelError',
    statusCode: 424,
    members: { OriginalStatusCode: 503, OriginalMessage: 'overloaded' },
  });
  const sum = (name: string): number => setup.cloudWatch.metric('AWS/SageMaker', name, { VariantName: 'a', EndpointName: 'Live' })[0]!.sum;
  expect(sum('Invocations')).toBe(1);
  expect(sum('Invocation5XXErrors')).toBe(1);
  expect(sum('Invocation4XXErrors')).toBe(0);
  expect(sum('InvocationModelErrors')).toBe(1);
  expect(sum('ModelLatency')).toBe(12_000);
});

test('SageMaker stops waiting after sixty seconds', async () => {
  const setup = setUp();
  setup.sageMaker.setContainers(() => ({
    predict: () => ({ status: 200, body: new Uint8Array(0), contentType: 'text/plain', latencyMillis: 90_000 }),
  }));
  await liveEndpoint(setup);
  await expect(invoke(setup)).rejects.toMatchObject({ code: 'ModelError', members: { OriginalStatusCode: 0 } });
});

test('requests that cannot be served are refused', async () => {
  const setup = setUp();
  await liveEndpoint(setup);
  await expect(invoke(setup, { EndpointName: 'live' })).rejects.toMatchObject({
    code: 'ValidationError',
    message: expect.stringContaining('live of account'),
  });
  await expect(invoke(setup, { TargetVariant: 'z' })).rejects.toThrow('Variant z not found');
  await expect(invoke(setup, { Body: new Uint8Array(6_291_457) })).rejects.toThrow('6291456');
  await expect(invoke(setup, { InferenceId: 'x'.repeat(65) })).rejects.toThrow('inferenceId');
  await expect(invoke(setup, { TargetModel: 'm.tar.gz' })).rejects.toMatchObject({ name: 'UnsupportedError' });
  await setup.call('DeleteEndpoint', { EndpointName: 'Live' });
  await expect(invoke(setup)).rejects.toThrow('not found');
  expect(setup.sageMaker.invocations).toEqual([]);
});
