import type { ContainerAnswer, Members, ServiceDouble } from '../../../../rehearsal/cloud/types';
import { UnsupportedError } from '../../../../rehearsal/cloud/types';
import { Sandbox } from '../../../../rehearsal/kernel/sandbox/sandbox';
import { createCloudWatch } from '../../../../rehearsal/services/cloudwatch';
import { createSageMaker, type SageMaker } from '../../../../rehearsal/services/sagemaker';
import { createSageMakerRuntime } from '../../../../rehearsal/services/sagemaker-runtime';
import { bundleHandler } from '../../support/bundle';
import { createTestCloud } from '../../support/harness';
import { invoke, pass, setUp, single, type Setup } from './support';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const words = (text: string, everyMillis: number): ContainerAnswer => ({
  status: 200,
  body: bytes(text),
  contentType: 'text/plain',
  latencyMillis: 100,
  chunks: text.split(/(?<= )/).map((word) => ({ afterMillis: everyMillis, body: bytes(word) })),
});

function answering(setup: Setup, answer: ContainerAnswer): void {
  setup.sageMaker.setContainers(() => ({ predict: () => answer }));
}

interface Part {
  atMillis: number;
  text?: string;
  error?: Members;
}

/** Invokes `Live` for a stream, and reads it until `most` parts came. */
async function stream({ cloud, call }: Setup, extra: Members = {}, most = 1000): Promise<{ answer: Members; parts: Part[] }> {
  const startMillis = cloud.clock.now();
  const input = { EndpointName: 'Live', Body: bytes('{}'), ...extra };
  const answer = await call('InvokeEndpointWithResponseStream', input, 'sagemaker-runtime');
  const parts: Part[] = [];
  let ended = false;
  const reading = (async () => {
    for await (const { PayloadPart, ModelStreamError } of answer.Body as AsyncIterable<Members>) {
      const atMillis = cloud.clock.now() - startMillis;
      parts.push(
        PayloadPart === undefined ? { atMillis, error: ModelStreamError } : { atMillis, text: new TextDecoder().decode(PayloadPart.Bytes) },
      );
      if (parts.length >= most) return;
    }
  })().finally(() => (ended = true));
  while (!ended) await cloud.clock.run(cloud.clock.now() + 10);
  await reading;
  return { answer, parts };
}

const metric = ({ cloudWatch }: Setup, name: string) =>
  cloudWatch.metric('AWS/SageMaker', name, { EndpointName: 'Live', VariantName: 'a' }).at(-1);

test('parts come over virtual time, and the metrics know of the first and of the last', async () => {
  const setup = setUp();
  answering(setup, words('one two three', 200));
  await single(setup);
  const { answer, parts } = await stream(setup, { CustomAttributes: 'trace' });
  expect(answer).toMatchObject({ ContentType: 'text/plain', InvokedProductionVariant: 'a', CustomAttributes: 'trace' });
  expect(parts.map(({ text }) => text)).toEqual(['one ', 'two ', 'three']);
  expect(parts[1]!.atMillis - parts[0]!.atMillis).toBe(200);
  expect(metric(setup, 'FirstChunkModelLatency')!.max).toBe(300_000);
  expect(metric(setup, 'FirstChunkLatency')!.max).toBe(304_000);
  expect(metric(setup, 'ModelLatency')!.max).toBe(700_000);
  expect(metric(setup, 'Invocations')!.sum).toBe(1);
  expect(setup.sageMaker.findEndpoint('Live')!.variants[0]).toMatchObject({ inFlight: 0, peakInFlight: 1 });
});

test('a container that does not stream answers in one part; InvokeEndpoint waits for all parts of one that does', async () => {
  const setup = setUp();
  await single(setup);
  const { parts } = await stream(setup);
  expect(parts).toMatchObject([{ text: expect.stringContaining('saw 2 bytes') }]);
  const streaming = setUp();
  answering(streaming, words('one two', 1000));
  await single(streaming);
  const startMillis = streaming.cloud.clock.now();
  expect(new TextDecoder().decode((await invoke(streaming)).Body)).toBe('one two');
  expect(streaming.cloud.clock.now() - startMillis).toBeGreaterThanOrEqual(2100);
});

test('a stream that breaks says so after what came, and counts as an error of the model', async () => {
  const setup = setUp();
  answering(setup, { ...words('one two', 10), brokenBy: 'the container went away' });
  await single(setup);
  const { parts } = await stream(setup);
  expect(parts).toMatchObject([
    { text: 'one ' },
    { text: 'two' },
    { error: { ErrorCode: 'StreamBroken', Message: 'the container went away' } },
  ]);
  expect(metric(setup, 'InvocationModelErrors')!.sum).toBe(1);
});

test('a stream may take eight minutes', async () => {
  const setup = setUp();
  answering(setup, words('one two three', 200_000));
  await single(setup);
  const { parts } = await stream(setup);
  expect(parts.map(({ text, error }) => text ?? error!.ErrorCode)).toEqual(['one ', 'two ', 'ModelInvocationTimeExceeded']);
  expect(parts[2]!.atMillis).toBeGreaterThanOrEqual(480_000);
});

test('an error before the first part is an error of the call', async () => {
  const setup = setUp();
  answering(setup, { status: 500, body: bytes('no'), contentType: 'text/plain', latencyMillis: 5 });
  await single(setup);
  await expect(stream(setup)).rejects.toThrow('Received server error (500)');
  expect(metric(setup, 'Invocation5XXErrors')!.sum).toBe(1);
  expect(setup.sageMaker.findEndpoint('Live')!.variants[0]!.inFlight).toBe(0);
});

test('a caller that leaves frees the container', async () => {
  const setup = setUp();
  answering(setup, words('one two three', 200));
  await single(setup);
  const { parts } = await stream(setup, {}, 1);
  expect(parts).toHaveLength(1);
  await pass(setup, 0.1);
  expect(setup.sageMaker.findEndpoint('Live')!.variants[0]!.inFlight).toBe(0);
});

describe('by the SDK in a bundle', () => {
  const source = `
    import { InvokeEndpointWithResponseStreamCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
    const client = new SageMakerRuntimeClient({});
    export const handler = async () => {
      const { Body, ContentType, InvokedProductionVariant } = await client.send(
        new InvokeEndpointWithResponseStreamCommand({ EndpointName: 'Live', Body: '{}', InferenceId: 'one' }),
      );
      const parts = [];
      let failed;
      try {
        for await (const { PayloadPart } of Body) {
          if (PayloadPart !== undefined) parts.push({ at: Date.now(), text: new TextDecoder().decode(PayloadPart.Bytes) });
        }
      } catch (error) {
        failed = { name: error.name, code: error.ErrorCode };
      }
      return { parts, failed, ContentType, InvokedProductionVariant };
    };`;
  let asset: string;
  beforeAll(() => {
    asset = bundleHandler(source);
  });

  async function run(answer: ContainerAnswer): Promise<{ parts: { at: number; text: string }[] } & Record<string, unknown>> {
    const bus = { service: 'eventbridge', operations: {}, emitServiceEvent: () => undefined } as ServiceDouble;
    const test = createTestCloud((cloud) => [createSageMaker(cloud), createSageMakerRuntime(cloud), createCloudWatch(cloud), bus]);
    const { cloud, clock } = test;
    const sageMaker = cloud.double<SageMaker>('sagemaker');
    sageMaker.setContainers(() => ({ predict: () => answer }));
    sageMaker.seedEndpoint({ endpointName: 'Live' });
    const caller = { kind: 'world', principalArn: `arn:aws:iam::${cloud.accountId}:user/test` } as const;
    const { accessKeyId, secretAccessKey, sessionToken } = cloud.credentials.issue(caller);
    const sandbox = new Sandbox({
      name: 'handler',
      assetDirectory: asset,
      env: {
        AWS_REGION: cloud.region,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        AWS_SESSION_TOKEN: sessionToken,
      },
      clock,
      random: cloud.random.fork('handler'),
      transport: (request) => cloud.answerHttp(request),
      print: () => undefined,
      crash: (error) => clock.fail(error),
      unsupported: (what) => new UnsupportedError(what),
    });
    const handler = sandbox.load('index')['handler'] as () => Promise<never>;
    return test.run(() => handler());
  }

  test('each part arrives at its time', async () => {
    const { parts, ...rest } = await run(words('a b c', 500));
    expect(rest).toEqual({ failed: undefined, ContentType: 'text/plain', InvokedProductionVariant: 'AllTraffic' });
    expect(parts.map(({ text }) => text)).toEqual(['a ', 'b ', 'c']);
    expect(parts.map(({ at }) => at - parts[0]!.at)).toEqual([0, 500, 1000]);
  });

  test('a broken stream is the exception that the SDK knows', async () => {
    const { parts, failed } = await run({ ...words('a b', 500), brokenBy: 'gone' });
    expect(parts).toHaveLength(2);
    expect(failed).toEqual({ name: 'ModelStreamError', code: 'StreamBroken' });
  });
});
