import { posted, START } from './support';
import type { ControlRecord, DecisionObserved } from '../../core/contracts';
import { type Keyring, readDecisionId } from '../../core/decision-id';
import { ControlCache } from '../../lambdas/gateway/control-cache';
import { Gateway, type GatewayParts } from '../../lambdas/gateway/gateway';
import type { Invocation } from '../../lambdas/gateway/model';
import { invokeModel } from '../../lambdas/gateway/model';
import { fakeClient } from './support';

const keyring = { current: 'k1', k1: 'a-secret-of-enough-characters' } as Keyring;
const deployed = (releaseId: string, variantName: string) => ({ releaseId, variantName, modelName: 'm', endpointConfigName: 'c' });
const live: ControlRecord = {
  version: 5,
  mode: 'live',
  endpointName: 'p-endpoint',
  stable: deployed('r1-aaaaaaaa', 'a'),
  candidate: deployed('r2-bbbbbbbb', 'b'),
  candidateWeight: 1,
  holdout: 0,
  changedAt: '',
  changedBy: '',
  reason: '',
};
const stableOnly: ControlRecord = { ...live, candidate: undefined, candidateWeight: 0 };

function setUp(control: ControlRecord | undefined, parts: Partial<GatewayParts> = {}) {
  const clock = { millis: START };
  const state = { control, reads: 0, readMillis: 0, failRead: false };
  const decisions: DecisionObserved[] = [];
  const invocations: Invocation[] = [];
  const read = async (): Promise<ControlRecord | undefined> => {
    state.reads += 1;
    clock.millis += state.readMillis;
    if (state.failRead) throw new Error('unreadable');
    return state.control;
  };
  const now = (): number => clock.millis;
  const gateway = new Gateway({
    useCase: 'support-triage',
    control: new ControlCache(read, now),
    baseline: { answer: (request) => ({ baseline: true, request }) },
    now,
    keyring: async () => keyring,
    invoke: async (invocation) => {
      invocations.push(invocation);
      clock.millis += 40;
      return { body: Buffer.from('{"spam":true}'), contentType: 'application/json' };
    },
    send: async (decision) => void decisions.push(decision),
    warn: () => undefined,
    measure: () => undefined,
    ...parts,
  });
  const ask = (body: unknown = { text: 'hi' }, headers: Record<string, string> = {}) =>
    gateway.handle({ ...posted('/', body), headers: { 'content-type': 'application/json', ...headers } });
  return { gateway, ask, clock, state, decisions, invocations };
}

const failing = async (): Promise<never> => {
  throw new Error('ModelError: quoted body');
};

describe('an answer', () => {
  test('comes from the candidate, with its lineage', async () => {
    const { ask, decisions, invocations } = setUp(live);
    const answer = await ask({ text: 'hi' }, { 'x-sluice-unit': 'case-1' });
    expect(answer).toMatchObject({ statusCode: 200, body: '{"spam":true}', isBase64Encoded: false });
    expect(answer.headers).toMatchObject({ 'content-type': 'application/json', 'x-sluice-arm': 'candidate' });
    const id = String(answer.headers?.['x-sluice-decision-id']);
    expect(readDecisionId(keyring, id)).toMatchObject({
      ok: true,
      arm: 'candidate',
      releaseId: 'r2-bbbbbbbb',
      exposureMinuteMillis: START,
    });
    expect(invocations).toMatchObject([{ endpointName: 'p-endpoint', variantName: 'b', decisionId: id }]);
    expect(decisions).toMatchObject([
      {
        decisionId: id,
        arm: 'candidate',
        releaseId: 'r2-bbbbbbbb',
        servedRelease: 'r2-bbbbbbbb',
        failed: false,
        fallback: false,
        latencyMillis: 40,
        controlVersion: 5,
      },
    ]);
    expect(JSON.stringify(decisions)).not.toContain('case-1');
    expect(decisions[0]?.requestHash).toMatch(/^[0-9a-f]{64}$/);
  });

  test('keeps a unit in its arm, and every request without one is its own', async () => {
    const { ask, decisions } = setUp({ ...live, candidateWeight: 0.5 });
    for (let index = 0; index < 20; index += 1) await ask({}, { 'x-sluice-unit': 'one' });
    expect(new Set(decisions.map(({ arm }) => arm)).size).toBe(1);
    expect(new Set(decisions.map(({ unitKey }) => unitKey)).size).toBe(1);
    for (let index = 0; index < 40; index += 1) await ask();
    expect(new Set(decisions.slice(20).map(({ arm }) => arm)).size).toBe(2);
    expect(new Set(decisions.slice(20).map(({ unitKey }) => unitKey)).size).toBe(40);
    expect(new Set(decisions.map(({ decisionId }) => decisionId)).size).toBe(60);
  });

  test('passes other content types through as bytes', async () => {
    const bytes = Buffer.from([0, 255, 1]);
    const { ask } = setUp(stableOnly, { invoke: async () => ({ body: bytes, contentType: 'application/x-npy' }) });
    expect(await ask()).toMatchObject({
      body: bytes.toString('base64'),
      isBase64Encoded: true,
      headers: { 'content-type': 'application/x-npy' },
    });
  });

  test('of the baseline takes JSON, and text as it is', async () => {
    const { gateway, ask, decisions } = setUp({ ...live, mode: 'killed' });
    expect(JSON.parse(String((await ask({ text: 'hi' })).body))).toEqual({ baseline: true, request: { text: 'hi' } });
    const direct = await gateway.handle({
      body: Buffer.from('plain').toString('base64'),
      isBase64Encoded: true,
      contentType: 'text/plain',
      unit: 'u',
    });
    expect(JSON.parse(String(direct.body))).toEqual({ baseline: true, request: 'plain' });
    expect(decisions).toMatchObject([
      { arm: 'baseline', servedRelease: 'baseline', fallback: false, failed: false },
      { arm: 'baseline', servedRelease: 'baseline', fallback: false, failed: false },
    ]);
  });
});

describe('falling back', () => {
  test('when the model fails, the baseline answers for the assigned arm', async () => {
    const warnings: object[] = [];
    const { ask, decisions } = setUp(live, { invoke: failing, warn: (_, facts) => warnings.push(facts) });
    const answer = await ask();
    expect(answer.statusCode).toBe(200);
    expect(answer.headers?.['x-sluice-arm']).toBe('candidate');
    expect(decisions).toMatchObject([{ arm: 'candidate', servedRelease: 'r2-bbbbbbbb', failed: true, fallback: true }]);
    expect(JSON.stringify(warnings)).not.toContain('quoted body');
  });

  test('after five failures the variant is left alone for half a minute', async () => {
    let calls = 0;
    const { ask, clock, decisions } = setUp(live, {
      invoke: async () => {
        calls += 1;
        throw new Error('down');
      },
    });
    for (let index = 0; index < 8; index += 1) await ask();
    expect(calls).toBe(5);
    expect(decisions.every(({ failed, fallback }) => failed && fallback)).toBe(true);
    clock.millis += 30_001;
    await ask();
    expect(calls).toBe(6);
  });

  test('when nobody answers, the caller is told, and the decision is kept', async () => {
    const { ask, decisions } = setUp(live, { invoke: failing, baseline: { answer: () => failing() } });
    const answer = await ask();
    expect(answer.statusCode).toBe(502);
    expect(answer.headers?.['x-sluice-decision-id']).toBe(decisions[0]?.decisionId);
    expect(decisions).toMatchObject([{ failed: true }]);
  });
});

describe('the control record', () => {
  test('is believed for less than two seconds after its read was sent', async () => {
    const { ask, clock, state, invocations } = setUp(live);
    await ask();
    state.control = stableOnly;
    clock.millis = START + 1_900;
    await ask();
    expect(state.reads).toBe(1);
    clock.millis = START + 1_901;
    await ask();
    expect(state.reads).toBe(2);
    expect(invocations.map(({ variantName }) => variantName)).toEqual(['b', 'b', 'a']);
  });

  test('whose read took too long is not believed', async () => {
    const { ask, state, invocations, decisions } = setUp(live);
    state.readMillis = 2_500;
    await ask();
    expect(invocations).toEqual([]);
    expect(decisions).toMatchObject([{ arm: 'baseline', releaseId: 'none', controlVersion: 0 }]);
  });

  test('that cannot be read, or is not there, gives the baseline for no comparison', async () => {
    const { ask, state, clock, decisions } = setUp(live);
    await ask();
    state.failRead = true;
    clock.millis += 5_000;
    await ask();
    state.failRead = false;
    state.control = undefined;
    await ask();
    expect(decisions.map(({ arm, releaseId }) => `${arm} ${releaseId}`)).toEqual([
      'candidate r2-bbbbbbbb',
      'baseline none',
      'baseline none',
    ]);
  });
});

describe('refusals', () => {
  test('no answer without lineage', async () => {
    const { ask } = setUp(live, { send: failing });
    expect((await ask()).statusCode).toBe(503);
    const unsigned = setUp(live, { keyring: failing });
    expect((await unsigned.ask()).statusCode).toBe(503);
    expect(unsigned.invocations).toEqual([]);
  });

  test.each([
    ['another path', posted('/invocations', '{}'), 404],
    ['another method', posted('/', '{}', undefined, 'GET'), 404],
    ['an empty body', posted('/', ''), 400],
    ['an endless unit', { ...posted('/', '{}'), headers: { 'x-sluice-unit': 'u'.repeat(257) } }, 400],
    ['a body too large', posted('/', 'x'.repeat(6_291_457)), 413],
  ])('%s', async (_, event, statusCode) => {
    const { gateway, decisions } = setUp(live);
    const answer = await gateway.handle(event);
    expect(answer.statusCode).toBe(statusCode);
    expect(JSON.parse(String(answer.body))).toEqual({ error: expect.any(String), allowed: expect.any(String), next: expect.any(String) });
    expect(decisions).toEqual([]);
  });
});

test('the model is invoked once, by variant, with the decision id', async () => {
  const { client, sent } = fakeClient<never>({ InvokeEndpoint: () => ({ Body: new Uint8Array([1]), ContentType: 'text/csv' }) });
  const request = { body: Buffer.from('x'), contentType: 'text/plain' };
  const answer = await invokeModel(client, { endpointName: 'e', variantName: 'b', decisionId: 'k1.c', request }, 1000);
  expect(answer).toEqual({ body: new Uint8Array([1]), contentType: 'text/csv' });
  expect(sent).toMatchObject([{ name: 'InvokeEndpoint', input: { EndpointName: 'e', TargetVariant: 'b', InferenceId: 'k1.c' } }]);
});
