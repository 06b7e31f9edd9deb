import { named, posted } from './support';
import { ledgerKeys } from '../../core/contracts';
import { firstControl, openStep } from '../../core/release/control';
import { readEvent } from '../../lambdas/rollback/event';
import { answerOperator, type OperatorParts } from '../../lambdas/rollback/http';
import { changeControl } from '../../lambdas/shared/control-store';
import { answering } from '../../lambdas/shared/http';
import { inCanary, promoteAndFinish, type World, world } from './release-world';
import { fakeResponseUrl } from './response-url';

const OWNER = 'arn:aws:sts::111122223333:assumed-role/PlatformOnCall/anna';
/** Named by when the kill switch went on. */
const TEARDOWN = 'kill-20260302T090000000Z';
const OWNERS = { platform: ['arn:aws:iam::111122223333:role/PlatformOnCall'] };

beforeEach(() => void fakeResponseUrl());
afterEach(() => jest.restoreAllMocks());

async function canary(options: Parameters<typeof world>[0] = {}): Promise<{ the: World; releaseId: string }> {
  const the = world(options);
  await the.deploy();
  return { the, releaseId: await inCanary(the) };
}

const operator = (the: World): OperatorParts => ({
  controller: the.controller,
  incidents: { useCase: 'support-triage', ledger: the.ledger, now: () => the.clock.millis },
  owners: OWNERS,
});

const ask = (the: World, path: string, body: unknown = { reason: 'drill' }, signer: string | undefined = OWNER, method = 'POST') =>
  answering(() => answerOperator(operator(the), posted(path, body, signer, method)));

describe('an alarm', () => {
  test('rolls the live candidate back and says so to the step', async () => {
    const { the, releaseId } = await canary();
    expect(await the.controller.alarm('p-rollback-5xx', true, '3 of 3 datapoints')).toMatchObject({
      done: 'rolled-back',
      changed: true,
      releaseId,
    });
    expect(the.control()).toMatchObject({ candidateWeight: 0, changedBy: 'alarm:p-rollback-5xx', lockedBy: releaseId });
    expect(the.control().candidate).toBeUndefined();
    const answer = JSON.parse(String(the.sfn[0]?.input['output'])) as object;
    expect(answer).toMatchObject({ decision: 'roll-back', by: 'alarm:p-rollback-5xx', culprit: 'p-rollback-5xx' });
    expect(the.item(ledgerKeys.step())).toBeUndefined();
    expect(the.told).toEqual([`${releaseId} rolled back`, expect.stringContaining(`incident i-rollback-${releaseId}`)]);
    await the.step({ action: 'finish', releaseId, outcome: 'rolled-back', stage: 'canary:0.05', reason: 'told by the workflow' });
    expect(the.bundle(releaseId)).toMatchObject({
      culprit: 'p-rollback-5xx',
      reason: expect.stringContaining('3 of 3'),
      steps: [{ decision: 'roll-back' }],
    });
  });

  test('takes traffic away even when the order to stop cannot be noted', async () => {
    const { the } = await canary();
    the.before('UpdateItem', () => {
      throw named('ThrottlingException');
    });
    expect(await the.controller.alarm('a', true, 'bad')).toMatchObject({ changed: true });
    expect(the.control().candidate).toBeUndefined();
  });

  test('does nothing twice, without a candidate, in the dark, or when it is over', async () => {
    const { the, releaseId } = await canary();
    expect(await the.controller.alarm('a', false, 'OK again')).toMatchObject({ done: 'nothing' });
    await the.controller.alarm('a', true, 'bad');
    const { version } = the.control();
    expect(await the.controller.alarm('a', true, 'bad')).toMatchObject({ done: 'nothing', changed: false, version });
    const dark = await canary();
    await dark.the.step({ action: 'hold', releaseId: dark.releaseId });
    expect(await dark.the.controller.alarm('a', true, 'bad')).toMatchObject({ done: 'nothing' });
    expect(releaseId).not.toBe('');
  });
});

describe('the workflow', () => {
  test('rolls its own release back; how it ended is for the workflow to say', async () => {
    const { the, releaseId } = await canary();
    expect(await the.controller.rollBack(releaseId, 'workflow', 'rejected')).toMatchObject({ done: 'rolled-back', mode: 'baseline' });
    expect(await the.controller.rollBack(releaseId, 'workflow', 'rejected')).toMatchObject({ changed: false });
    await the.step({ action: 'finish', releaseId, outcome: 'rejected', stage: 'approval', reason: 'no' });
    expect(the.bundle(releaseId)).toMatchObject({ outcome: 'rejected', reason: 'no' });
  });

  test('of another release, or of the promoted one, changes nothing', async () => {
    const { the, releaseId } = await canary();
    await the.controller.rollBack('r9-99999999', 'workflow', 'waited in vain');
    expect(the.control()).toMatchObject({ candidateWeight: 0.05, candidate: { releaseId } });
    await promoteAndFinish(the, releaseId);
    expect(await the.controller.rollBack(releaseId, 'workflow', 'too late')).toMatchObject({ done: 'nothing', mode: 'live' });
    expect(the.control().stable?.releaseId).toBe(releaseId);
  });

  test('meets a writer who was faster, reads again and still rolls back', async () => {
    const { the, releaseId } = await canary();
    const change = { at: 'now', by: 'workflow', reason: 'faster' };
    the.before('TransactWriteItems', async () => {
      await changeControl(the.ledger, (control) => openStep(control, releaseId, 0.5, change));
    });
    expect(await the.controller.rollBack(releaseId, 'workflow', 'worse')).toMatchObject({ changed: true });
    expect(the.control().candidate).toBeUndefined();
  });

  test('is answered although nobody waits for the token any more', async () => {
    const { the, releaseId } = await canary({
      sfnAnswers: {
        SendTaskSuccess: () => {
          throw named('TaskTimedOut');
        },
      },
    });
    expect(await the.controller.rollBack(releaseId, 'workflow', 'heartbeat missed')).toMatchObject({ changed: true });
  });
});

describe('an execution that is lost', () => {
  const lost = (name: string, more: object = {}) => ({ name, stateMachineArn: 'arn:machine', status: 'ABORTED' as const, ...more });

  test('has its candidate taken off traffic and its clean-up started, once', async () => {
    const { the, releaseId } = await canary();
    expect(await the.controller.executionLost(lost(releaseId, { cause: 'by hand' }))).toMatchObject({ done: 'rolled-back', changed: true });
    expect(the.control()).toMatchObject({ candidateWeight: 0, lockedBy: releaseId, reason: 'its workflow was aborted: by hand' });
    const cleanUp = { name: `${releaseId}-clean-up-1`, input: { releaseId, cleanUp: { reason: 'its workflow was aborted: by hand' } } };
    expect(the.started.slice(1)).toEqual([cleanUp]);
    expect(await the.step({ action: 'clean-up', releaseId })).toMatchObject({
      promoted: false,
      holdsLock: true,
      stage: 'canary:0.05',
      plan: { first: true, modelName: `triage-abc123-${releaseId}`, darkConfigName: `triage-abc123-${releaseId}-live` },
    });
    await the.step({ action: 'finish', releaseId, outcome: 'rolled-back', stage: 'canary:0.05', reason: 'x' });
    expect(the.control().lockedBy).toBeUndefined();
    expect(await the.controller.executionLost(lost(releaseId))).toMatchObject({ done: 'nothing' });
  });

  test('that was a clean-up is followed by another, at last by a call for help', async () => {
    const { the, releaseId } = await canary();
    await the.controller.executionLost(lost(`${releaseId}-clean-up-1`, { status: 'FAILED' }));
    expect(the.started.at(-1)?.name).toBe(`${releaseId}-clean-up-2`);
    await the.controller.executionLost(lost(`${releaseId}-clean-up-3`, { status: 'TIMED_OUT' }));
    expect(the.started.at(-1)?.name).toBe(`${releaseId}-clean-up-2`);
    expect(the.control()).toMatchObject({ mode: 'baseline', candidateWeight: 0, lockedBy: releaseId });
    expect(the.told.at(-1)).toContain('could not be cleaned up');
  });

  test('after the promotion keeps the new stable', async () => {
    const { the, releaseId } = await canary();
    await the.step({ action: 'promote', releaseId, by: 'verdict', reason: 'good' });
    expect(await the.controller.executionLost(lost(releaseId))).toMatchObject({ done: 'nothing', promoted: true });
    expect(the.control().stable?.releaseId).toBe(releaseId);
    expect(the.started.at(-1)?.name).toBe(`${releaseId}-clean-up-1`);
    expect(await the.step({ action: 'clean-up', releaseId })).toMatchObject({ promoted: true });
  });

  test('while it waited for the lock takes nothing back', async () => {
    const { the } = await canary();
    await the.deploy({ behaviour: { threshold: 0.7 } });
    const waiting = String(the.started.at(-1)?.name);
    const { version } = the.control();
    await the.controller.executionLost(lost(waiting));
    expect(the.control().version).toBe(version);
    const { plan, ...rest } = (await the.step({ action: 'clean-up', releaseId: waiting })) as { plan: object };
    expect(rest).toMatchObject({ promoted: false, holdsLock: false });
    expect(plan).not.toHaveProperty('modelName');
  });

  test('by the teardown, or of a release that nobody knows, is none', async () => {
    const { the, releaseId } = await canary();
    expect(await the.controller.executionLost(lost(releaseId, { error: 'TornDown' }))).toMatchObject({ done: 'nothing' });
    expect(await the.controller.executionLost(lost('by-hand'))).toMatchObject({ done: 'nothing' });
    expect(the.control().candidate?.releaseId).toBe(releaseId);
  });
});

describe('an owner', () => {
  test('rolls back, kills and revives, and is named', async () => {
    const { the, releaseId } = await canary();
    expect(await ask(the, '/rollback')).toMatchObject({ statusCode: 200 });
    expect(the.control()).toMatchObject({ changedBy: OWNER, reason: 'drill', candidateWeight: 0 });
    expect(the.release(releaseId).stop).toMatchObject({ outcome: 'rolled-back', by: OWNER });
    await the.step({ action: 'finish', releaseId, outcome: 'rolled-back', stage: 'canary:0.05', reason: 'x' });

    expect(await ask(the, '/kill')).toMatchObject({ statusCode: 200 });
    const { version } = the.control();
    expect(await ask(the, '/kill')).toMatchObject({ statusCode: 200 });
    expect(the.control()).toMatchObject({ mode: 'killed', version });
    expect(the.started.slice(1)).toEqual([{ name: TEARDOWN, input: { kind: 'kill', reason: 'drill', by: OWNER } }]);
    expect(await ask(the, '/revive')).toMatchObject({ statusCode: 200 });
    expect(the.control()).toMatchObject({ mode: 'baseline', changedBy: OWNER });
    expect(await ask(the, '/revive')).toMatchObject({ statusCode: 409 });
  });

  test('waives what the cost guard ordered; reviving waives a kill, and nothing gentler', async () => {
    const { the } = await canary();
    const order = (action: string) =>
      the.ledger.put(ledgerKeys.costOrders(), {
        orders: [{ action, since: '2026-03-02T08:00:00.000Z', until: '2026-04-01T00:00:00.000Z', reason: 'used up' }],
      });
    expect(await ask(the, '/waive')).toMatchObject({ statusCode: 409, body: expect.stringContaining('nothing to waive') });
    await order('block-releases');
    expect(await ask(the, '/waive', {})).toMatchObject({ statusCode: 400 });
    expect(await ask(the, '/waive')).toMatchObject({ statusCode: 200 });
    expect(the.item(ledgerKeys.costOrders())).toMatchObject({ waivedBy: OWNER, waivedUntil: '2026-04-01T00:00:00.000Z' });
    expect(the.told.at(-1)).toBe('Orders of the cost guard are waived: block-releases');
    expect(await ask(the, '/waive')).toMatchObject({ statusCode: 409 });

    for (const [action, waivedBy] of [
      ['block-releases', undefined],
      ['kill', OWNER],
    ] as const) {
      await order(action);
      await ask(the, '/kill');
      expect(await ask(the, '/revive')).toMatchObject({ statusCode: 200 });
      expect(the.item<{ waivedBy?: string }>(ledgerKeys.costOrders())?.waivedBy).toBe(waivedBy);
    }
  });

  test('revives what the stack wants as a new release, through all its gates', async () => {
    const { the, releaseId } = await canary();
    await ask(the, '/kill');
    await the.step({ action: 'finish', releaseId, outcome: 'killed', stage: 'teardown', reason: 'drill' });
    the.teardown.status = 'RUNNING';
    expect(await ask(the, '/revive')).toMatchObject({ statusCode: 409, body: expect.stringContaining('teardown') });
    expect(the.control().mode).toBe('killed');

    the.teardown.status = 'SUCCEEDED';
    expect(await ask(the, '/revive')).toMatchObject({ statusCode: 200 });
    const next = String(the.started.at(-1)?.name);
    expect(next).toBe(releaseId.replace('r1-', 'r2-'));
    expect(the.control()).toMatchObject({ mode: 'baseline', changedBy: OWNER });
    expect(the.release(next)).toMatchObject({ status: 'requested', requestedBy: OWNER, hash: the.release(releaseId).hash });
    expect(await ask(the, '/revive')).toMatchObject({ statusCode: 409 });
    expect(await inCanary(the)).toBe(next);

    await the.deploy();
    expect(the.started.at(-1)?.name).toBe(next);
  });

  test('who could not be answered revives again, and starts nothing twice', async () => {
    const { the, releaseId } = await canary();
    await ask(the, '/kill');
    await the.step({ action: 'finish', releaseId, outcome: 'killed', stage: 'teardown', reason: 'drill' });
    // The execution starts, then the kill switch cannot be written.
    the.before('TransactWriteItems', () => {
      throw named('InternalServerError');
    });
    await expect(the.controller.revive(OWNER, 'again')).rejects.toThrow('InternalServerError');
    const waiting = String(the.started.at(-1)?.name);
    expect(the.control().mode).toBe('killed');
    expect(await the.step({ action: 'register', releaseId: waiting, executionArn: 'arn' })).toMatchObject({ locked: false });
    expect(await the.controller.revive(OWNER, 'again')).toMatchObject({ done: 'revived', releaseId: waiting });
    expect(await the.step({ action: 'register', releaseId: waiting, executionArn: 'arn' })).toMatchObject({ locked: true });
  });

  test('revives to the baseline where nothing is wanted, and to an adopted endpoint with what is wanted beside it', async () => {
    const adopted = world({ existingEndpoint: 'legacy' });
    await adopted.deploy();
    const releaseId = await inCanary(adopted);
    await ask(adopted, '/kill');
    await adopted.step({ action: 'finish', releaseId, outcome: 'killed', stage: 'teardown', reason: 'drill' });
    expect(await adopted.controller.revive(OWNER, 'x')).toMatchObject({ mode: 'live', releaseId: releaseId.replace('r1-', 'r2-') });
    expect(adopted.control().stable?.modelName).toBe('legacy');

    const nothing = world();
    await nothing.ledger.put(ledgerKeys.control(), firstControl(0, { at: 'now', by: 'x', reason: 'x' }));
    await nothing.controller.kill(OWNER, 'x');
    expect(await nothing.controller.revive(OWNER, 'x')).toMatchObject({ done: 'revived', mode: 'baseline', releaseId: undefined });
    expect(nothing.started.map(({ name }) => name)).toEqual([TEARDOWN]);
  });

  test('stops a release that is still being created or waits for approval', async () => {
    const the = world();
    await the.deploy();
    const releaseId = String(the.started[0]?.name);
    await the.step({ action: 'register', releaseId, executionArn: 'arn' });
    const approval = { releaseId, kind: 'release', taskToken: 'approval', status: 'open', decisions: [], requiredRoles: ['risk'] };
    await the.ledger.put(ledgerKeys.approval(releaseId, 'release'), approval);
    expect(await ask(the, '/rollback')).toMatchObject({ statusCode: 200 });
    expect(the.sfn).toMatchObject([{ input: { taskToken: 'approval', output: '{"approved":false,"decisions":[]}' } }]);
    await expect(the.step({ action: 'dark', releaseId })).rejects.toThrow('drill');
    expect(the.control().candidate).toBeUndefined();
  });

  test('who kills a canary ends it as killed', async () => {
    const { the, releaseId } = await canary();
    await ask(the, '/kill');
    await expect(the.step({ action: 'open-step', releaseId, index: 1, taskToken: 't' })).rejects.toThrow('drill');
    await the.step({ action: 'finish', releaseId, outcome: 'rolled-back', stage: 'canary:0.05', reason: 'x' });
    expect(the.bundle(releaseId)).toMatchObject({ outcome: 'killed', reason: 'drill' });
  });

  test.each([
    ['nobody', '/kill', { reason: 'x' }, 'arn:aws:sts::111122223333:assumed-role/Other/PlatformOnCall', 'POST', 403],
    ['without a reason', '/kill', {}, OWNER, 'POST', 400],
    ['with more than a reason', '/kill', { reason: 'x', force: true }, OWNER, 'POST', 400],
    ['with a body that is no JSON', '/kill', 'reason', OWNER, 'POST', 400],
    ['another path', '/destroy', { reason: 'x' }, OWNER, 'POST', 404],
    ['another method', '/kill', { reason: 'x' }, OWNER, 'GET', 404],
  ])('refused: %s', async (_, path, body, signer, method, statusCode) => {
    const { the } = await canary();
    const { version } = the.control();
    const answer = await ask(the, path, body, signer, method);
    expect(answer.statusCode).toBe(statusCode);
    expect(JSON.parse(String(answer.body))).toEqual({ error: expect.any(String), allowed: expect.any(String), next: expect.any(String) });
    expect(the.control().version).toBe(version);
  });

  test('without a signature, or with nothing to roll back, is refused', async () => {
    const the = world();
    await the.deploy();
    const unsigned = await answering(() => answerOperator(operator(the), posted('/kill', { reason: 'x' })));
    expect(unsigned.statusCode).toBe(403);
    expect(await ask(the, '/rollback')).toMatchObject({ statusCode: 409 });
  });
});

describe('events', () => {
  test('of alarms come by rule or as an action', () => {
    const state = { value: 'ALARM', reason: 'bad' };
    const alarm = { kind: 'alarm', alarmName: 'a', inAlarm: true, reason: 'bad' };
    expect(readEvent({ 'detail-type': 'CloudWatch Alarm State Change', detail: { alarmName: 'a', state } })).toEqual(alarm);
    expect(readEvent({ source: 'aws.cloudwatch', alarmArn: 'arn', alarmData: { alarmName: 'a', state } })).toEqual(alarm);
  });
  test('of the workflow roll back or kill', () => {
    const event = { source: 'workflow', releaseId: 'r1', reason: 'x' };
    expect(readEvent(event)).toMatchObject({ kind: 'workflow', action: 'rollback' });
    expect(readEvent({ ...event, kill: true, culprit: null })).toMatchObject({ action: 'kill', culprit: undefined });
  });
  test('of a guard roll back, or kill', () => {
    const event = { source: 'cost-guard', reason: 'too dear' };
    expect(readEvent(event)).toEqual({ kind: 'guard', action: 'rollback', by: 'cost-guard', reason: 'too dear' });
    expect(readEvent({ ...event, kill: true })).toMatchObject({ kind: 'guard', action: 'kill' });
  });
  test('of the workflow machine tell of a lost execution', () => {
    const detail = { name: 'r1', stateMachineArn: 'arn', status: 'FAILED', error: 'NoEvidence', cause: null, output: null };
    expect(readEvent({ 'detail-type': 'Step Functions Execution Status Change', detail })).toEqual({
      kind: 'lost',
      lost: { name: 'r1', stateMachineArn: 'arn', status: 'FAILED', error: 'NoEvidence', cause: undefined },
    });
  });
  test('of any other shape are refused by name', () => {
    expect(() => readEvent({ source: 'somebody' })).toThrow('Unknown event');
  });
});
