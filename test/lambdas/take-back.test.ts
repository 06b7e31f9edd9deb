import { named, posted, SPEC } from './support';
import { type IncidentRecord, ledgerKeys } from '../../core/contracts';
import { readEvent } from '../../lambdas/rollback/event';
import { answerOperator } from '../../lambdas/rollback/http';
import { answering } from '../../lambdas/shared/http';
import { inCanary, promoteAndFinish, type World, world } from './release-world';
import { fakeResponseUrl } from './response-url';

const OWNER = 'arn:aws:sts::111122223333:assumed-role/PlatformOnCall/anna';
const OWNERS = { platform: ['arn:aws:iam::111122223333:role/PlatformOnCall'] };
const MINUTE = 60_000;

beforeEach(() => void fakeResponseUrl());
afterEach(() => jest.restoreAllMocks());

const incidentsOf = (the: World): IncidentRecord[] => the.items('incidents') as unknown as IncidentRecord[];

const ask = async (the: World, path: string, body: object, signer = OWNER): Promise<{ status: number; body: Record<string, unknown> }> => {
  const incidents = { useCase: 'support-triage', ledger: the.ledger, now: () => the.clock.millis };
  const parts = { controller: the.controller, incidents, owners: OWNERS };
  const answer = await answering(() => answerOperator(parts, posted(path, body, signer)));
  return { status: answer.statusCode ?? 0, body: JSON.parse(String(answer.body)) as Record<string, unknown> };
};

/** Two releases promoted one after the other; the second keeps the first warm. */
async function twoPromoted(keepWarmMinutes: number): Promise<{ the: World; before: string; stable: string }> {
  const the = world();
  await the.deploy();
  const before = await inCanary(the);
  await promoteAndFinish(the, before);
  the.clock.millis += 10 * MINUTE;
  await the.deploy({ behaviour: { threshold: 0.7 }, rollout: { ...SPEC.rollout, keepWarmMinutes } });
  const stable = await inCanary(the);
  await the.step({ action: 'promote', releaseId: stable, by: 'verdict', reason: 'good' });
  await the.step({
    action: 'finish',
    releaseId: stable,
    outcome: 'promoted',
    stage: 'promote',
    reason: 'good',
    keepWarm: keepWarmMinutes > 0,
  });
  the.clock.millis += 10 * MINUTE;
  return { the, before, stable };
}

describe('within the rollback window', () => {
  test('the release before answers again by one write, and the workflow settles the endpoint', async () => {
    const { the, before, stable } = await twoPromoted(60);
    expect(the.control()).toMatchObject({ stable: { releaseId: stable }, warm: { release: { releaseId: before } } });
    const { version } = the.control();
    const { status, body } = await ask(the, '/rollback', { reason: 'customers complain' });
    expect([status, body]).toEqual([200, expect.objectContaining({ done: 'returned', releaseId: stable, to: before, changed: true })]);
    expect(the.control()).toMatchObject({
      version: version + 1,
      stable: { releaseId: before },
      lockedBy: stable,
      changedBy: OWNER,
      reason: 'customers complain',
    });
    expect(the.control().warm).toBeUndefined();
    const cleanUp = { name: `${stable}-clean-up-1`, input: { releaseId: stable, cleanUp: { reason: 'customers complain' } } };
    expect(the.started.at(-1)).toEqual(cleanUp);
    const at = new Date(the.clock.millis).toISOString();
    expect(incidentsOf(the)).toEqual([
      expect.objectContaining({ id: `i-rollback-${stable}`, kind: 'rollback', openedBy: OWNER, openedAt: at, recoveredAt: at }),
    ]);
    expect(the.told).toContain(`${stable} taken back: ${before} answers again`);
  });

  test('a handler that died after the write is repaired by the next call', async () => {
    const { the, stable } = await twoPromoted(60);
    // The write is done, and the handler ends before it reads which workflow settles the endpoint.
    the.after('TransactWriteItems', () => {
      throw named('Crash');
    });
    await expect(the.controller.rollBackByHand(OWNER, 'once')).rejects.toThrow('Crash');
    the.after('TransactWriteItems', () => undefined);
    expect(the.control().lockedBy).toBe(stable);
    const started = the.started.length;
    expect(await the.controller.rollBackByHand(OWNER, 'again')).toMatchObject({ done: 'returned', changed: false, releaseId: stable });
    expect(the.started.slice(started).map(({ name }) => name)).toEqual([`${stable}-clean-up-1`]);
    const { version } = the.control();
    expect(await the.controller.rollBackByHand(OWNER, 'again')).toMatchObject({ changed: false });
    expect(the.control().version).toBe(version);
  });

  test('nothing is taken back while the kill switch is on', async () => {
    const { the } = await twoPromoted(60);
    await ask(the, '/kill', { reason: 'all wrong' });
    const { status, body } = await ask(the, '/rollback', { reason: 'x' });
    expect([status, body['error']]).toEqual([409, expect.stringContaining('kill switch')]);
  });
});

describe('after the rollback window', () => {
  test('a rollback says which release it could return to, and how', async () => {
    const { the, before } = await twoPromoted(0);
    const { status, body } = await ask(the, '/rollback', { reason: 'x' });
    expect([status, body['error']]).toEqual([409, expect.stringContaining(`"to": "${before}"`)]);
  });

  test('the kept release is released anew at once, under a new id, by whoever signed', async () => {
    const { the, before } = await twoPromoted(0);
    const { status, body } = await ask(the, '/rollback', { reason: 'back to what worked', to: before });
    const id = String(body['releaseId']);
    expect([status, body]).toEqual([200, expect.objectContaining({ done: 'releasing-anew', to: before, changed: true })]);
    expect(id).toMatch(/^r3-/);
    expect(the.started.at(-1)).toEqual({ name: id, input: { releaseId: id } });
    expect(the.release(id)).toMatchObject({
      returnTo: before,
      requestedBy: OWNER,
      requestReason: 'back to what worked',
      hash: the.release(before).hash,
      spec: {
        behaviour: { threshold: 0.62 },
        rollout: { strategy: 'all-at-once', steps: [] },
        approvals: { requiredRoles: [] },
        gates: [],
      },
    });
    // Asked again it is the same one.
    expect((await ask(the, '/rollback', { reason: 'again', to: before })).body).toMatchObject({ releaseId: id, changed: false });
  });

  test('a candidate in progress is taken off traffic first', async () => {
    const { the, before } = await twoPromoted(0);
    await the.deploy({ behaviour: { threshold: 0.8 } });
    const candidate = await inCanary(the);
    expect(await ask(the, '/rollback', { reason: 'both bad', to: before })).toMatchObject({
      status: 200,
      body: { done: 'releasing-anew' },
    });
    expect(the.control().candidate).toBeUndefined();
    expect(the.release(candidate).stop).toMatchObject({ outcome: 'rolled-back', by: OWNER });
  });

  test('asked again while the return is in progress changes nothing', async () => {
    const { the, before } = await twoPromoted(0);
    const first = await ask(the, '/rollback', { reason: 'back', to: before });
    const id = String(first.body['releaseId']);
    await the.step({ action: 'register', releaseId: id, executionArn: 'arn' });
    expect(the.control().lockedBy).toBe(id);
    expect((await ask(the, '/rollback', { reason: 'again', to: before })).body).toMatchObject({ releaseId: id, changed: false });
    expect(the.release(id).stop).toBeUndefined();
  });

  test('a candidate stays where there is nothing to return to', async () => {
    const { the } = await twoPromoted(0);
    await the.deploy({ behaviour: { threshold: 0.8 } });
    const candidate = await inCanary(the);
    expect(await ask(the, '/rollback', { reason: 'x', to: 'r9-99999999' })).toMatchObject({ status: 409 });
    expect(the.control().candidate?.releaseId).toBe(candidate);
  });

  test.each([
    ['a release that nobody knows', () => 'r9-99999999', /no release 'r9-99999999'/],
    ['the stable one', ({ stable }: { stable: string }) => stable, /is the stable one/],
    ['one that was never promoted', ({ rejected }: { rejected: string }) => rejected, /was never promoted \(rejected\)/],
  ])('refuses %s, and keeps who was refused', async (_, to, reason) => {
    const { the, stable } = await twoPromoted(0);
    await the.deploy({ behaviour: { threshold: 0.8 } });
    const rejected = await inCanary(the);
    await the.step({ action: 'finish', releaseId: rejected, outcome: 'rejected', stage: 'approval', reason: 'no' });
    const { version } = the.control();
    const { status, body } = await ask(the, '/rollback', { reason: 'x', to: to({ stable, rejected }) });
    expect([status, body['error']]).toEqual([409, expect.stringMatching(reason)]);
    expect(the.control().version).toBe(version);
    expect(the.items('refusals')).toEqual([expect.objectContaining({ what: 'rollback', by: OWNER, reason: body['error'] })]);
  });
});

describe('an alarm that goes back to the candidate before', () => {
  const alarm = 'p-rollback-candidate-failures';

  /** A candidate is rolled back, and another one opens its first step `minutes` later. */
  async function next(minutes: number): Promise<{ the: World; releaseId: string }> {
    const the = world();
    await the.deploy();
    const bad = await inCanary(the);
    await the.controller.alarm(alarm, true, '5 of 5');
    await the.step({ action: 'finish', releaseId: bad, outcome: 'rolled-back', stage: 'canary:0.05', reason: 'x' });
    the.clock.millis += minutes * MINUTE;
    await the.deploy({ behaviour: { threshold: 0.7 } });
    const releaseId = await inCanary(the);
    the.clock.millis += MINUTE;
    return { the, releaseId };
  }

  test('does not touch the next one, which is rolled back once its own requests raise the alarm', async () => {
    const { the, releaseId } = await next(6);
    the.outside.alarmBreaches = false;
    expect(await the.controller.alarm(alarm, true, '3 of 5')).toMatchObject({
      done: 'nothing',
      refusal: expect.stringContaining('before'),
    });
    expect(the.control().candidate?.releaseId).toBe(releaseId);
    the.outside.alarmBreaches = true;
    expect(await the.controller.alarm(alarm, true, '5 of 5')).toMatchObject({ done: 'rolled-back', releaseId });
  });

  test('is believed where CloudWatch cannot say, and once the window holds nothing of the one before', async () => {
    const unclear = await next(6);
    unclear.the.outside.alarmBreaches = undefined;
    expect(await unclear.the.controller.alarm(alarm, true, 'bad')).toMatchObject({ done: 'rolled-back' });
    const late = await next(16);
    late.the.outside.alarmBreaches = false;
    expect(await late.the.controller.alarm(alarm, true, 'bad')).toMatchObject({ done: 'rolled-back' });
  });
});

describe('a blue/green deployment', () => {
  test('is taken back by SageMaker, which is asked to', async () => {
    const the = world();
    await the.deploy({ rollout: { ...SPEC.rollout, strategy: 'blue-green', steps: [] } });
    const releaseId = String(the.started[0]?.name);
    await the.step({ action: 'register', releaseId, executionArn: 'arn' });
    await the.step({ action: 'dark', releaseId });
    expect(await the.controller.alarm('p-rollback-own', true, 'bad')).toMatchObject({ done: 'nothing' });
    await the.ledger.put(ledgerKeys.release(releaseId), { ...the.release(releaseId), stage: 'blue-green' });
    expect(await the.controller.alarm('p-rollback-own', true, 'bad')).toMatchObject({ done: 'rolled-back', releaseId });
    expect(the.outside.askedBack).toBe(1);
    // Callers are safe only when SageMaker has gone back.
    expect(incidentsOf(the)[0]).toMatchObject({ kind: 'rollback' });
    expect(incidentsOf(the)[0]?.recoveredAt).toBeUndefined();
    // Asked again, in case the first time was lost; the incident is the same.
    await the.controller.alarm('p-rollback-own', true, 'bad');
    expect([the.outside.askedBack, incidentsOf(the).length]).toEqual([2, 1]);
  });
});

describe('an incident', () => {
  async function rolledBack(): Promise<{ the: World; id: string }> {
    const the = world();
    await the.deploy();
    const releaseId = await inCanary(the);
    the.clock.millis += 5 * MINUTE;
    await the.controller.rollBack(undefined, 'cost-guard', 'too dear', 'cost-guard');
    return { the, id: `i-rollback-${releaseId}` };
  }

  test('of a rollback says since when, and that traffic is safe', async () => {
    const { the, id } = await rolledBack();
    const [incident] = incidentsOf(the);
    expect(incident).toMatchObject({ id, kind: 'rollback', reason: 'too dear', openedBy: 'cost-guard' });
    expect(Date.parse(incident!.openedAt) - Date.parse(incident!.beganAt!)).toBe(5 * MINUTE);
    expect(incident?.recoveredAt).toBe(incident?.openedAt);
  });

  test('of a rollback whose handler died after its write is opened by the workflow', async () => {
    const the = world();
    await the.deploy();
    const releaseId = await inCanary(the);
    the.after('TransactWriteItems', () => {
      throw named('Crash');
    });
    await expect(the.controller.rollBack(undefined, OWNER, 'complaints')).rejects.toThrow('Crash');
    the.after('TransactWriteItems', () => undefined);
    expect([the.control().candidate, incidentsOf(the)]).toEqual([undefined, []]);
    await the.step({ action: 'finish', releaseId, outcome: 'rolled-back', stage: 'canary:0.05', reason: 'told by the workflow' });
    expect(incidentsOf(the)).toEqual([expect.objectContaining({ id: `i-rollback-${releaseId}`, reason: 'complaints' })]);
  });

  test('is none where the candidate never had traffic', async () => {
    const the = world();
    await the.deploy();
    const releaseId = String(the.started[0]?.name);
    await the.step({ action: 'register', releaseId, executionArn: 'arn' });
    await the.step({ action: 'dark', releaseId });
    await the.controller.rollBack(releaseId, 'workflow', 'rejected');
    expect(incidentsOf(the)).toEqual([]);
  });

  test('is acknowledged and resolved once, by whoever signed', async () => {
    const { the, id } = await rolledBack();
    const at = new Date(the.clock.millis).toISOString();
    expect(await ask(the, '/acknowledge', { incident: id })).toMatchObject({ status: 200, body: { acknowledged: { by: OWNER, at } } });
    expect(await ask(the, '/acknowledge', { incident: id })).toMatchObject({
      status: 409,
      body: { error: expect.stringContaining('acknowledged') },
    });
    expect(await ask(the, '/resolve', { incident: id })).toMatchObject({ status: 400 });
    expect(await ask(the, '/resolve', { incident: id, comment: 'instances were too large' })).toMatchObject({
      status: 200,
      body: { resolved: { by: OWNER, comment: 'instances were too large' } },
    });
    expect(await ask(the, '/resolve', { incident: id, comment: 'again' })).toMatchObject({ status: 409 });
    expect(await ask(the, '/acknowledge', { incident: 'i-rollback-r9-99999999' })).toMatchObject({ status: 409 });
  });

  test('is nobody else’s to close', async () => {
    const { the, id } = await rolledBack();
    const other = 'arn:aws:sts::111122223333:assumed-role/Other/PlatformOnCall';
    expect(await ask(the, '/resolve', { incident: id, comment: 'fine', role: 'platform' }, other)).toMatchObject({ status: 403 });
    expect(incidentsOf(the)[0]?.resolved).toBeUndefined();
    expect(the.items('refusals')).toEqual([expect.objectContaining({ what: 'resolve', by: other })]);
  });

  test('of a kill is over when the use case is revived', async () => {
    const { the } = await rolledBack();
    await ask(the, '/kill', { reason: 'all wrong' });
    const kill = incidentsOf(the).find(({ kind }) => kind === 'kill');
    expect(kill).toMatchObject({ openedBy: OWNER, reason: 'all wrong' });
    expect(kill?.recoveredAt).toBeUndefined();
    the.clock.millis += 60 * MINUTE;
    expect(await ask(the, '/revive', { reason: 'mended' })).toMatchObject({ status: 200 });
    expect(incidentsOf(the).find(({ kind }) => kind === 'kill')?.recoveredAt).toBe(new Date(the.clock.millis).toISOString());
  });

  test('of a rollback that could not be finished says so, with the kill switch', async () => {
    const the = world();
    await the.deploy();
    const releaseId = await inCanary(the);
    await the.controller.kill('workflow', 'the endpoint cannot be restored');
    expect(incidentsOf(the).map(({ id }) => id)).toEqual(
      expect.arrayContaining([`i-failed-rollback-${releaseId}`, `i-kill-${the.control().killedAt}`]),
    );
  });
});

describe('a second kill', () => {
  test('after a teardown that failed starts another one, and only then', async () => {
    const the = world();
    await the.deploy();
    await ask(the, '/kill', { reason: 'one' });
    const names = (): string[] => the.started.map(({ name }) => name).filter((name) => name.startsWith('kill-'));
    await ask(the, '/kill', { reason: 'two' });
    the.teardown.status = 'RUNNING';
    await ask(the, '/kill', { reason: 'three' });
    expect(names()).toHaveLength(1);
    the.teardown.status = 'FAILED';
    await ask(the, '/kill', { reason: 'four' });
    expect(names()).toEqual([names()[0], `${names()[0]}-2`]);
  });

  test('finds that the first one died before its teardown', async () => {
    const the = world();
    await the.deploy();
    the.after('TransactWriteItems', () => {
      throw named('Crash');
    });
    await expect(the.controller.kill(OWNER, 'one')).rejects.toThrow('Crash');
    the.after('TransactWriteItems', () => undefined);
    expect([the.control().mode, the.started.filter(({ name }) => name.startsWith('kill-'))]).toEqual(['killed', []]);
    expect(await ask(the, '/revive', { reason: 'too early' })).toMatchObject({
      status: 409,
      body: { error: expect.stringContaining('begins now') },
    });
    await ask(the, '/kill', { reason: 'two' });
    expect(the.started.filter(({ name }) => name.startsWith('kill-'))).toHaveLength(1);
  });
});

test('a guard of your own rolls back what is in progress', () => {
  expect(readEvent({ source: 'cost-guard', reason: 'over budget' })).toEqual({
    kind: 'guard',
    by: 'cost-guard',
    reason: 'over budget',
    action: 'rollback',
  });
  expect(readEvent({ source: 'cost-guard', reason: 'x', releaseId: 'r1-0' })).toMatchObject({ releaseId: 'r1-0' });
  expect(() => readEvent({ source: 'me', reason: 'x' })).toThrow(/Unknown event/);
});
