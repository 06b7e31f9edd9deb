import { SPEC } from './support';
import { type CustomGate, ledgerKeys, type StepRecord } from '../../core/contracts';
import { inCanary, type World, world } from './release-world';
import { fakeResponseUrl } from './response-url';

afterEach(() => jest.restoreAllMocks());

const gate = (name: string): CustomGate => ({
  kind: 'custom',
  name,
  functionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:x',
  timeoutMinutes: 5,
});
const startedAt = '2026-03-02T09:10:00.000Z';

async function gated(): Promise<{ the: World; releaseId: string; result: Record<string, unknown> }> {
  fakeResponseUrl();
  const the = world();
  await the.deploy({ gates: [gate('smoke'), gate('fairness')] });
  const releaseId = await inCanary(the);
  const result = { releaseId, gate: 'fairness', kind: 'custom', passed: true, reason: 'fine', startedAt, endedAt: startedAt, measured: [] };
  return { the, releaseId, result };
}

test('the workflow learns the names of the gates when the release begins', async () => {
  const { the, releaseId } = await gated();
  const { plan } = await the.step({ action: 'register', releaseId, executionArn: 'arn' });
  expect(plan).toMatchObject({ gates: ['smoke', 'fairness'] });
});

test("a gate's result is kept as it is", async () => {
  const { the, releaseId, result } = await gated();
  expect(await the.step({ action: 'keep-gate', releaseId, index: 1, startedAt, result })).toEqual({
    gate: 'fairness',
    passed: true,
    reason: 'fine',
  });
  expect(the.item(ledgerKeys.gate(releaseId, 'fairness'))).toMatchObject(result);
});

test.each([
  ['nothing', undefined],
  ['null', null],
  ['a text', 'passed'],
  ['a verdict alone', { passed: true }],
  ['no boolean', { passed: 'yes' }],
  ["another gate's result", { gate: 'smoke' }],
  ["another release's result", { releaseId: 'r99-00000000' }],
  ['no measurements', { measured: undefined }],
])('a gate that answers %s has not passed', async (what, garbage) => {
  const { the, releaseId, result } = await gated();
  const isPart = typeof garbage === 'object' && garbage !== null && what !== 'a verdict alone';
  const given = isPart ? { ...result, ...garbage } : garbage;
  const answer = await the.step({ action: 'keep-gate', releaseId, index: 1, startedAt, result: given });
  expect(answer).toMatchObject({ gate: 'fairness', passed: false, reason: expect.stringContaining('answered no result of its own') });
  expect(the.item(ledgerKeys.gate(releaseId, 'fairness'))).toMatchObject({ kind: 'custom', passed: false, startedAt, measured: [] });
});

test('a gate that could not be run has not passed, and its reason is kept', async () => {
  const { the, releaseId } = await gated();
  const problem = 'The gate could not be run to its end: States.TaskFailed: boom';
  expect(await the.step({ action: 'keep-gate', releaseId, index: 0, startedAt, problem })).toEqual({
    gate: 'smoke',
    passed: false,
    reason: problem,
  });
});

test.each([
  [{ index: 2 }, 'there is no gate 2'],
  [{ index: 'x' }, "needs 'index' (number)"],
])('%j is refused', async (more, message) => {
  const { the, releaseId, result } = await gated();
  await expect(the.step({ action: 'keep-gate', releaseId, startedAt, result, ...more })).rejects.toThrow(message);
});

test('a release that was told to stop learns it at the next gate', async () => {
  const { the, releaseId, result } = await gated();
  await the.controller.rollBack(releaseId, 'arn:owner', 'stop');
  await expect(the.step({ action: 'keep-gate', releaseId, index: 1, startedAt, result })).rejects.toThrow('stop');
});

describe('a shadow phase', () => {
  const shadow = { bakeMinutes: 90, samplingShare: 1, errorRateAbove: 0.01, minimumAnswers: 100 };

  test('is a step without a share, before all others', async () => {
    fakeResponseUrl();
    const the = world();
    await the.deploy({ rollout: { ...SPEC.rollout, shadow } });
    const releaseId = String(the.started[0]?.name);
    await the.step({ action: 'register', releaseId, executionArn: 'arn' });
    await the.step({ action: 'dark', releaseId });
    const { version } = the.control();
    await the.step({ action: 'open-step', kind: 'shadow', releaseId, index: 0, taskToken: 'token' });
    expect(the.item(ledgerKeys.step())).toMatchObject({
      kind: 'shadow',
      stepId: `${releaseId}#shadow`,
      weight: 0,
      bakeMinutes: 90,
      taskToken: 'token',
    });
    expect(the.control().version).toBe(version);
    expect(the.release(releaseId)).toMatchObject({ stage: 'shadow' });
    expect(the.release(releaseId).canaryStartedAt).toBeUndefined();
  });

  test('that the charter does not have is refused', async () => {
    fakeResponseUrl();
    const the = world();
    await the.deploy();
    const releaseId = await inCanary(the);
    await expect(the.step({ action: 'open-step', kind: 'shadow', releaseId, index: 0, taskToken: 't' })).rejects.toThrow('no shadow phase');
  });
});

test('an endpoint that did not do what it was asked opens an incident, once', async () => {
  fakeResponseUrl();
  const the = world();
  await the.deploy();
  const releaseId = await inCanary(the);
  const ending = {
    action: 'finish',
    releaseId,
    outcome: 'rolled-back',
    stage: 'create',
    reason: 'asked for was x',
    incident: 'failed-update',
  };
  await the.step(ending);
  await the.step(ending);
  expect(the.items('incidents')).toMatchObject([{ kind: 'failed-update', releaseId, reason: 'asked for was x', openedBy: 'workflow' }]);
});

describe('instances before traffic', () => {
  test('the step that was answered stays open for the verdict, from when on is kept, and the next one takes its place', async () => {
    fakeResponseUrl();
    const the = world();
    await the.deploy();
    const releaseId = await inCanary(the);
    const { openedAt } = the.item<StepRecord>(ledgerKeys.step()) ?? {};
    expect(await the.step({ action: 'note-growth', releaseId })).toEqual({ noted: true });
    the.clock.millis += 60_000;
    await the.step({ action: 'note-growth', releaseId });
    expect(the.item(ledgerKeys.step())).toMatchObject({ index: 0, growingSince: openedAt });
    await the.step({ action: 'open-step', releaseId, index: 1, taskToken: 'next' });
    expect(the.item<StepRecord>(ledgerKeys.step())?.growingSince).toBeUndefined();
  });

  test('before the first step there is none', async () => {
    fakeResponseUrl();
    const the = world();
    await the.deploy();
    const releaseId = String(the.started[0]?.name);
    expect(await the.step({ action: 'note-growth', releaseId })).toEqual({ noted: false });
    expect(the.item(ledgerKeys.step())).toBeUndefined();
  });

  test('a release that was taken off meanwhile gets none', async () => {
    fakeResponseUrl();
    const the = world();
    await the.deploy();
    const releaseId = await inCanary(the);
    await the.controller.rollBack(releaseId, 'arn:owner', 'stop');
    await expect(the.step({ action: 'note-growth', releaseId })).rejects.toThrow('stop');
  });
});
