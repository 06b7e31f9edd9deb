import { SPEC, START } from './support';
import type { FreezeWindow } from '../../core/contracts';
import { ledgerKeys } from '../../core/contracts';
import { inCanary, promoteAndFinish, type World, world } from './release-world';
import { fakeResponseUrl } from './response-url';

afterEach(() => jest.restoreAllMocks());

const behaviour = (threshold: number) => ({ behaviour: { threshold } });
const HOUR = 3_600_000;
const at = (millis: number): string => new Date(START + millis).toISOString();
const tokens = (the: World): unknown[] => the.sfn.filter(({ name }) => name === 'SendTaskSuccess').map(({ input }) => input['taskToken']);

/** A first release in its canary, and others that wait behind it. */
async function queue(...thresholds: number[]): Promise<{ the: World; first: string; waiting: string[] }> {
  fakeResponseUrl();
  const the = world();
  await the.deploy();
  const first = await inCanary(the);
  const waiting: string[] = [];
  for (const threshold of thresholds) {
    await the.deploy(behaviour(threshold));
    waiting.push(String(the.started.at(-1)?.name));
  }
  return { the, first, waiting };
}

const register = (the: World, releaseId: string) => the.step({ action: 'register', releaseId, executionArn: `arn:${releaseId}` });
const waitForTurn = (the: World, releaseId: string) => the.step({ action: 'wait-for-turn', releaseId, taskToken: `turn-${releaseId}` });

describe('a release that waits for the lock', () => {
  test('says what it waits for, and is woken when the one before ends', async () => {
    const { the, first, waiting } = await queue(0.7);
    const [second = ''] = waiting;
    expect(await register(the, second)).toEqual({ locked: false, superseded: false, waitSeconds: 900 });
    expect(the.release(second)).toMatchObject({ status: 'requested', waitsFor: { what: 'lock' } });
    expect(await waitForTurn(the, second)).toEqual({ waits: true });
    expect(tokens(the)).toEqual([]);
    await promoteAndFinish(the, first);
    expect(tokens(the)).toEqual([`turn-${second}`]);
    expect(await register(the, second)).toMatchObject({ locked: true, plan: { first: false } });
    expect(the.release(second).waitsFor).toBeUndefined();
    expect(the.release(second).turnToken).toBeUndefined();
  });

  test('does not wait when the lock became free before its token was kept', async () => {
    const { the, first, waiting } = await queue(0.7);
    const [second = ''] = waiting;
    await register(the, second);
    await promoteAndFinish(the, first);
    expect(tokens(the)).toEqual([]);
    expect(await waitForTurn(the, second)).toEqual({ waits: false });
    expect(tokens(the)).toEqual([`turn-${second}`]);
  });

  test('waits longer each time that nobody wakes it: its history stays short', async () => {
    const { the, waiting } = await queue(0.7);
    const [second = ''] = waiting;
    const waits: unknown[] = [];
    let looks = 0;
    while (the.clock.millis < START + 30 * 24 * HOUR) {
      const { waitSeconds } = await register(the, second);
      waits.push(waitSeconds);
      looks += 1;
      the.clock.millis += Number(waitSeconds) * 1000;
    }
    expect(waits.slice(0, 4)).toEqual([900, 900, 1800, 3600]);
    expect(waits.at(-1)).toBe(43_200);
    expect(looks).toBeLessThan(70);
  });

  test('is told to stop while it waits', async () => {
    const { the, waiting } = await queue(0.7);
    const [second = ''] = waiting;
    await register(the, second);
    await waitForTurn(the, second);
    await the.controller.rollBack(second, 'arn:owner', 'not this one');
    expect(tokens(the)).toEqual([`turn-${second}`]);
    await expect(register(the, second)).rejects.toThrow('not this one');
    await the.step({ action: 'finish', releaseId: second, outcome: 'rolled-back', stage: 'create', reason: 'x' });
    expect(the.bundle(second)).toMatchObject({ outcome: 'rolled-back', reason: 'not this one' });
  });

  test('ends as superseded once something newer is desired, whoever asked for it; the canary goes on', async () => {
    const { the, first, waiting } = await queue(0.7, 0.8);
    const [second = '', third = ''] = waiting;
    await the.ledger.update(ledgerKeys.release(second), { text: 'SET requestedBy = :by', values: { ':by': 'arn:aws:iam::1:role/Owner' } });
    expect(await register(the, second)).toEqual({ locked: false, superseded: true });
    expect(await register(the, third)).toMatchObject({ locked: false, superseded: false });
    expect(the.control()).toMatchObject({ lockedBy: first, candidateWeight: 0.05 });
  });

  test('a superseded one wakes who waits behind it', async () => {
    const { the, first, waiting } = await queue(0.7);
    const [second = ''] = waiting;
    await register(the, second);
    await waitForTurn(the, second);
    await the.deploy(behaviour(0.8));
    const third = String(the.started.at(-1)?.name);
    await register(the, third);
    await waitForTurn(the, third);
    await promoteAndFinish(the, first);
    // The older one is woken first; it is not wanted any more.
    expect(tokens(the).at(-1)).toBe(`turn-${second}`);
    expect(await register(the, second)).toMatchObject({ superseded: true });
    await the.step({ action: 'finish', releaseId: second, outcome: 'superseded', stage: 'create', reason: 'newer' });
    expect(tokens(the).at(-1)).toBe(`turn-${third}`);
  });
});

describe('a freeze', () => {
  const freezes: FreezeWindow[] = [{ kind: 'once', from: at(-HOUR), to: at(2 * HOUR), reason: 'year-end' }];
  const frozen = { rollout: { ...SPEC.rollout, freezes } };

  test('lets no release begin before it ends', async () => {
    fakeResponseUrl();
    const the = world();
    await the.deploy(frozen);
    const releaseId = String(the.started[0]?.name);
    expect(await register(the, releaseId)).toEqual({ locked: false, superseded: false, waitSeconds: 7201 });
    expect(the.release(releaseId).waitsFor).toEqual({ what: 'freeze', until: at(2 * HOUR) });
    expect(await waitForTurn(the, releaseId)).toEqual({ waits: true });
    the.clock.millis += 7_201_000;
    expect(await register(the, releaseId)).toMatchObject({ locked: true });
  });

  test('is that of the stack as it is now, not that of the release', async () => {
    fakeResponseUrl();
    const the = world();
    await the.deploy(frozen);
    const releaseId = String(the.started[0]?.name);
    await the.deploy({});
    expect(await register(the, releaseId)).toMatchObject({ locked: true });
  });

  test('does not stop what has begun, nor a return to a release of before', async () => {
    fakeResponseUrl();
    const the = world();
    await the.deploy();
    const first = await inCanary(the);
    await the.deploy(frozen);
    expect(await register(the, first)).toMatchObject({ locked: true });
    await promoteAndFinish(the, first);
    await the.deploy({ ...frozen, ...behaviour(0.7) });
    const second = String(the.started.at(-1)?.name);
    expect(await register(the, second)).toMatchObject({ locked: false });
    await the.ledger.update(ledgerKeys.release(second), { text: 'SET returnTo = :to', values: { ':to': first } });
    expect(await register(the, second)).toMatchObject({ locked: true });
  });
});

describe('a release that begins', () => {
  const lanes = [
    {
      name: 'tuning',
      changes: ['behaviour.threshold'],
      within: { 'behaviour.threshold': [0.6, 0.7] as [number, number] },
      requiredRoles: ['quality'],
    },
  ];
  const owing = { approvals: { ...SPEC.approvals, requiredRoles: ['quality', 'risk'], quorum: 2 }, lanes };

  async function second(threshold: number): Promise<{ the: World; releaseId: string; plan: unknown }> {
    fakeResponseUrl();
    const the = world();
    await the.deploy();
    await promoteAndFinish(the, await inCanary(the));
    await the.deploy({ ...owing, ...behaviour(threshold) });
    const releaseId = String(the.started.at(-1)?.name);
    const { plan } = await register(the, releaseId);
    return { the, releaseId, plan };
  }

  test('notes in what it differs from stable, and owes the approvals of the lane that it stays inside of', async () => {
    const { the, releaseId, plan } = await second(0.65);
    expect(the.release(releaseId)).toMatchObject({ changes: ['behaviour.threshold'], lane: 'tuning' });
    expect(plan).toMatchObject({ lane: 'tuning', approvals: { requiredRoles: ['quality'] } });
  });

  test('owes all approvals outside of every lane', async () => {
    const { the, releaseId, plan } = await second(0.9);
    expect(the.release(releaseId).lane).toBeUndefined();
    expect(plan).toMatchObject({ approvals: { requiredRoles: ['quality', 'risk'], quorum: 2 } });
  });
});

test('what a revival starts waits for the kill switch, and is woken when it goes off', async () => {
  fakeResponseUrl();
  const the = world();
  await the.deploy();
  await the.controller.kill('arn:owner', 'drill');
  the.before('TransactWriteItems', async () => {
    // The release was started; the kill switch is still on.
    const releaseId = String(the.started.at(-1)?.name);
    expect(await register(the, releaseId)).toEqual({ locked: false, superseded: false, waitSeconds: 900 });
    expect(await waitForTurn(the, releaseId)).toEqual({ waits: true });
    expect(the.release(releaseId).waitsFor).toEqual({ what: 'kill-switch' });
  });
  const { releaseId = '' } = await the.controller.revive('arn:owner', 'over');
  expect(tokens(the)).toEqual([`turn-${releaseId}`]);
  expect(await register(the, releaseId)).toMatchObject({ locked: true });
});
