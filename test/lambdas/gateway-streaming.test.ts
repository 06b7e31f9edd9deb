import { createHash } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { posted, START } from './support';
import type { ControlRecord, DecisionObserved } from '../../core/contracts';
import type { Keyring } from '../../core/decision-id';
import { DirectCaller, UrlCaller } from '../../lambdas/gateway/caller';
import { ControlCache } from '../../lambdas/gateway/control-cache';
import type { ModelStream } from '../../lambdas/gateway/model-stream';
import { BrokenAnswer, type Caller, StreamingGateway, type StreamingParts } from '../../lambdas/gateway/streaming';
import type { HttpAnswer } from '../../lambdas/shared/http';

const keyring = { current: 'k1', k1: 'a-secret-of-enough-characters' } as Keyring;
const live: ControlRecord = {
  version: 5,
  mode: 'live',
  endpointName: 'p-endpoint',
  stable: { releaseId: 'r1-aaaaaaaa', variantName: 'a', modelName: 'm', endpointConfigName: 'c' },
  candidateWeight: 0,
  holdout: 0,
  changedAt: '',
  changedBy: '',
  reason: '',
};

const bytes = (text: string): Uint8Array => Buffer.from(text);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

class Recorder implements Caller {
  answer?: HttpAnswer;
  headers?: Record<string, string>;
  body = '';
  ended = false;
  /** What had been written when each decision was sent. */
  whole = async (answer: HttpAnswer): Promise<void> => void (this.answer = answer);
  begin = (headers: Record<string, string>): void => void (this.headers = headers);
  write = async (part: Uint8Array): Promise<void> => void (this.body += Buffer.from(part).toString());
  end = async (): Promise<void> => void (this.ended = true);
}

function setUp(
  open: (clock: { millis: number }) => Promise<ModelStream>,
  control: ControlRecord = live,
  parts: Partial<StreamingParts> = {},
) {
  const clock = { millis: START };
  const decisions: DecisionObserved[] = [];
  const measured: DecisionObserved[] = [];
  let opened = 0;
  const caller = new Recorder();
  const now = (): number => clock.millis;
  const gateway = new StreamingGateway({
    useCase: 'claims-summary',
    control: new ControlCache(async () => control, now),
    baseline: { answer: () => ({ summary: 'from the baseline' }) },
    now,
    keyring: async () => keyring,
    invoke: () => Promise.reject(new Error('a streaming gateway opens streams')),
    open: () => {
      opened += 1;
      return open(clock);
    },
    send: async (decision) => void decisions.push(decision),
    warn: () => undefined,
    measure: (decision) => void measured.push(decision),
    ...parts,
  });
  const ask = (): Promise<void> =>
    gateway.stream({ ...posted('/', { text: 'hi' }), headers: { 'content-type': 'application/json' } }, caller);
  return { ask, caller, clock, decisions, measured, gateway, opened: () => opened };
}

async function* parts(clock: { millis: number }, ...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) {
    clock.millis += 1000;
    yield bytes(text);
  }
}

async function* broken(clock: { millis: number }): AsyncGenerator<Uint8Array> {
  yield* parts(clock, ' was');
  throw Object.assign(new Error('the GPU is gone'), { name: 'ModelStreamError' });
}

const streaming = async (clock: { millis: number }): Promise<ModelStream> => {
  clock.millis += 300;
  return { contentType: 'text/event-stream', first: bytes('The car'), rest: parts(clock, ' was', ' hit.') };
};

describe('a model that streams', () => {
  test('its bytes are handed on, with the lineage in front of them', async () => {
    const { ask, caller, decisions } = setUp(streaming);
    await ask();
    expect(caller).toMatchObject({ body: 'The car was hit.', ended: true });
    expect(caller.answer).toBeUndefined();
    expect(caller.headers).toEqual({
      'content-type': 'text/event-stream',
      'x-sluice-decision-id': decisions[0]?.decisionId,
      'x-sluice-arm': 'stable',
    });
  });

  test('its decision says when the first byte came, how long all of it took, and the hash of all of it', async () => {
    const { ask, decisions, measured } = setUp(streaming);
    await ask();
    expect(decisions).toMatchObject([
      { failed: false, fallback: false, firstByteMillis: 300, latencyMillis: 2300, responseHash: sha256('The car was hit.') },
    ]);
    expect(measured).toEqual(decisions);
  });

  test('its decision is on record before the answer ends', async () => {
    let endedBefore: boolean | undefined;
    const caller: { it?: Recorder } = {};
    const set = setUp(streaming, live, { send: async () => void (endedBefore = caller.it?.ended) });
    caller.it = set.caller;
    await set.ask();
    expect([endedBefore, set.caller.ended]).toEqual([false, true]);
  });

  test('a decision that the queue refuses breaks the answer off', async () => {
    const { ask, caller } = setUp(streaming, live, { send: () => Promise.reject(new Error('no queue')) });
    await expect(ask()).rejects.toThrow(BrokenAnswer);
    expect(caller.ended).toBe(false);
  });
});

describe('a model that fails', () => {
  test('before the first byte: the baseline answers as a whole', async () => {
    const { ask, caller, decisions } = setUp(() => Promise.reject(new Error('ModelError')));
    await ask();
    expect(caller.headers).toBeUndefined();
    expect(caller.answer).toMatchObject({
      statusCode: 200,
      body: '{"summary":"from the baseline"}',
      headers: { 'x-sluice-arm': 'stable' },
    });
    expect(decisions).toMatchObject([
      { failed: true, fallback: true, firstByteMillis: 0, responseHash: sha256('{"summary":"from the baseline"}') },
    ]);
  });

  test('after the first byte: the answer breaks off, and its decision counts as failed', async () => {
    const { ask, caller, decisions } = setUp(async (clock) => ({
      contentType: 'text/plain',
      first: bytes('The car'),
      rest: broken(clock),
    }));
    await expect(ask()).rejects.toThrow(BrokenAnswer);
    expect(caller).toMatchObject({ body: 'The car was', ended: false });
    expect(decisions).toMatchObject([{ failed: true, fallback: false, responseHash: sha256('The car was') }]);
  });

  test('answers that break off open the circuit too', async () => {
    const set = setUp(async (clock) => ({ contentType: 'text/plain', first: bytes('T'), rest: broken(clock) }));
    for (let index = 0; index < 30; index += 1) await set.ask().catch(() => undefined);
    expect(set.opened()).toBeLessThan(30);
    expect(set.caller.answer).toMatchObject({ statusCode: 200 });
  });
});

test('a caller that leaves is no fault of the model, and its decision is on record', async () => {
  let closed = false;
  const endless = async function* (): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield bytes('more');
    } finally {
      closed = true;
    }
  };
  const { ask, caller, decisions, opened } = setUp(async () => ({ contentType: 'text/plain', first: bytes('one'), rest: endless() }));
  let writes = 0;
  caller.write = () => (++writes % 3 === 0 ? Promise.reject(new Error('EPIPE')) : Promise.resolve());
  for (let index = 0; index < 30; index += 1) await ask();
  expect(closed).toBe(true);
  expect(opened()).toBe(30);
  expect(decisions).toHaveLength(30);
  expect(decisions[0]).toMatchObject({ failed: false, fallback: false, responseHash: sha256('onemoremore') });
});

test('where the baseline is to answer, nothing is opened', async () => {
  const { ask, caller, decisions, opened } = setUp(streaming, { ...live, mode: 'killed' });
  await ask();
  expect([opened(), caller.answer?.statusCode]).toEqual([0, 200]);
  expect(decisions).toMatchObject([{ arm: 'baseline', failed: false, fallback: false }]);
});

test('no answer of the baseline without lineage', async () => {
  const { ask, caller } = setUp(() => Promise.reject(new Error('down')), live, { send: () => Promise.reject(new Error('no queue')) });
  await ask();
  expect(caller.answer?.statusCode).toBe(503);
});

test('a request that is refused is answered as a whole', async () => {
  const { gateway, caller } = setUp(streaming);
  await gateway.stream({ ...posted('/elsewhere', {}) }, caller);
  expect(caller.answer?.statusCode).toBe(404);
});

describe('callers', () => {
  const heads: unknown[] = [];
  const given = globalThis as { awslambda?: unknown };

  beforeEach(() => {
    heads.length = 0;
    given.awslambda = { HttpResponseStream: { from: (stream: PassThrough, head: unknown) => (heads.push(head), stream) } };
  });
  afterEach(() => delete given.awslambda);

  const read = async (stream: PassThrough): Promise<string> => {
    const all: Buffer[] = [];
    for await (const part of stream) all.push(part as Buffer);
    return Buffer.concat(all).toString();
  };

  test('behind the URL get the head and then the bytes', async () => {
    const stream = new PassThrough();
    const text = read(stream);
    const caller = new UrlCaller(stream);
    caller.begin({ 'x-sluice-arm': 'stable' });
    await caller.write(bytes('one '));
    await caller.write(bytes('two'));
    await caller.end();
    expect(await text).toBe('one two');
    expect(heads).toEqual([{ statusCode: 200, headers: { 'x-sluice-arm': 'stable' } }]);
  });

  test('behind the URL get a whole answer with its status, bytes as bytes', async () => {
    const stream = new PassThrough();
    const text = read(stream);
    await new UrlCaller(stream).whole({ statusCode: 503, headers: {}, body: Buffer.from('hé').toString('base64'), isBase64Encoded: true });
    expect(await text).toBe('hé');
    expect(heads).toEqual([{ statusCode: 503, headers: {} }]);
  });

  test('who invoke the function get what it answers when it does not stream', async () => {
    const stream = new PassThrough();
    const text = read(stream);
    const caller = new DirectCaller(stream);
    caller.begin({ 'content-type': 'application/json', 'x-sluice-arm': 'stable' });
    await caller.write(bytes('{"a":'));
    await caller.write(bytes('1}'));
    await caller.end();
    expect(JSON.parse(await text)).toEqual({
      statusCode: 200,
      headers: { 'content-type': 'application/json', 'x-sluice-arm': 'stable' },
      body: '{"a":1}',
      isBase64Encoded: false,
    });
    expect(heads).toEqual([]);
  });
});
