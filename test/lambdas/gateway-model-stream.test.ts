import type { InvokeEndpointWithResponseStreamCommandInput, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { openModelStream } from '../../lambdas/gateway/model-stream';

const invocation = {
  endpointName: 'p-endpoint',
  variantName: 'b',
  decisionId: 'd1',
  request: { body: Buffer.from('{}'), contentType: 'application/json' },
};
const LIMITS = { silenceMillis: 40, wholeMillis: 400 };
const part = (text: string): object => ({ PayloadPart: { Bytes: Buffer.from(text) } });
const wait = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis));

interface Sent {
  input: InvokeEndpointWithResponseStreamCommandInput;
  signal: AbortSignal;
}

function runtimeWith(events: () => AsyncIterable<object>, sent: Sent[] = []): SageMakerRuntimeClient {
  const send = async (command: { input: Sent['input'] }, { abortSignal }: { abortSignal: AbortSignal }): Promise<object> => {
    sent.push({ input: command.input, signal: abortSignal });
    return { Body: events(), ContentType: 'text/plain' };
  };
  return { send } as unknown as SageMakerRuntimeClient;
}

async function rest(chunks: AsyncIterable<Uint8Array>): Promise<string[]> {
  const texts: string[] = [];
  for await (const bytes of chunks) texts.push(Buffer.from(bytes).toString());
  return texts;
}

test('one variant is asked; its first bytes are there, the rest follows', async () => {
  const sent: Sent[] = [];
  const runtime = runtimeWith(async function* () {
    yield part('');
    yield part('one');
    yield part('two');
  }, sent);
  const stream = await openModelStream(runtime, invocation, LIMITS);
  expect([stream.contentType, Buffer.from(stream.first).toString()]).toEqual(['text/plain', 'one']);
  expect(await rest(stream.rest)).toEqual(['two']);
  expect(sent[0]?.input).toEqual({
    EndpointName: 'p-endpoint',
    TargetVariant: 'b',
    InferenceId: 'd1',
    Body: invocation.request.body,
    ContentType: 'application/json',
  });
  expect(sent[0]?.signal.aborted).toBe(false);
});

test('nothing within the limit: it fails before it began, and the request is given up', async () => {
  const sent: Sent[] = [];
  const runtime = runtimeWith(async function* () {
    await wait(150);
    yield part('late');
  }, sent);
  await expect(openModelStream(runtime, invocation, LIMITS)).rejects.toMatchObject({ name: 'TimeoutError' });
  expect(sent[0]?.signal.aborted).toBe(true);
});

test('an answer without bytes is none', async () => {
  const runtime = runtimeWith(async function* () {
    yield part('');
  });
  await expect(openModelStream(runtime, invocation, LIMITS)).rejects.toMatchObject({ name: 'EmptyStream' });
});

test.each(['ModelStreamError', 'InternalStreamFailure'])('%s breaks it off', async (name) => {
  const runtime = runtimeWith(async function* () {
    yield part('one');
    yield { [name]: Object.assign(new Error('gone'), { name }) };
  });
  const stream = await openModelStream(runtime, invocation, LIMITS);
  await expect(rest(stream.rest)).rejects.toMatchObject({ name });
});

test('silence in the middle breaks it off', async () => {
  const sent: Sent[] = [];
  const runtime = runtimeWith(async function* () {
    yield part('one');
    await wait(150);
    yield part('late');
  }, sent);
  const stream = await openModelStream(runtime, invocation, LIMITS);
  await expect(rest(stream.rest)).rejects.toMatchObject({ name: 'TimeoutError' });
  expect(sent[0]?.signal.aborted).toBe(true);
});

test('who reads no further gives the request up; a whole answer leaves its connection alone', async () => {
  const sent: Sent[] = [];
  const runtime = runtimeWith(async function* () {
    yield part('one');
    yield part('two');
    yield part('three');
  }, sent);
  const left = await openModelStream(runtime, invocation, LIMITS);
  for await (const bytes of left.rest) {
    expect(Buffer.from(bytes).toString()).toBe('two');
    break;
  }
  await rest((await openModelStream(runtime, invocation, LIMITS)).rest);
  expect(sent.map(({ signal }) => signal.aborted)).toEqual([true, false]);
});

test('an answer that goes on and on is broken off', async () => {
  const runtime = runtimeWith(async function* () {
    for (;;) {
      yield part('more');
      await wait(10);
    }
  });
  const stream = await openModelStream(runtime, invocation, { silenceMillis: 1000, wholeMillis: 60 });
  await expect(rest(stream.rest)).rejects.toMatchObject({ name: 'TimeoutError' });
});
