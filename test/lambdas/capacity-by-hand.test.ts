import { posted } from './support';
import { after, at, IDLE, OWNER, scene } from './capacity-scene';
import { ledgerKeys } from '../../core/contracts';
import { answerOperator } from '../../lambdas/rollback/http';
import { answering } from '../../lambdas/shared/http';
import type { World } from './release-world';

afterEach(() => jest.restoreAllMocks());

describe('by hand', () => {
  const post = (the: World, path: string, body: object, signer = OWNER) =>
    answering(() =>
      answerOperator(
        {
          controller: the.controller,
          owners: { process: [OWNER] },
          incidents: { useCase: 'support-triage', ledger: the.ledger, now: () => the.clock.millis },
        },
        posted(path, body, signer),
      ),
    );
  const bodyOf = ({ body }: { body?: unknown }): Record<string, unknown> => JSON.parse(String(body)) as Record<string, unknown>;

  test('an owner switches it off, and on again for as long as is said', async () => {
    const { the, look } = await scene(IDLE);
    await look();
    expect(await post(the, '/park', { reason: 'holiday' })).toMatchObject({ statusCode: 200 });
    expect(the.control()).toMatchObject({ mode: 'parked', parked: { reason: 'operator', by: OWNER, wakesOnTraffic: false } });
    expect(bodyOf(await post(the, '/wake', { reason: 'back', minutes: 60 }))).toMatchObject({ done: 'waking', mode: 'parked' });
    expect(the.item(ledgerKeys.capacity())).toMatchObject({ wakeBy: { by: OWNER, reason: 'back', minutes: 60 } });
    expect(the.told).toEqual(expect.arrayContaining([expect.stringMatching(/holiday/), expect.stringMatching(/woken: back/)]));
  });

  test('what takes longer to start than it was woken for is on for that long once it answers', async () => {
    const { the, look, endpoint, memory } = await scene({ availability: { timeToLiveMinutes: 60 } });
    await look();
    await post(the, '/park', { reason: 'x' });
    after(the, 5);
    await look();
    await post(the, '/wake', { reason: 'back', minutes: 10 });
    for (const minutes of [10, 15, 20]) {
      after(the, minutes);
      await look();
    }
    endpoint.seen = { status: 'InService', configName: the.control().stable!.endpointConfigName, variants: [] };
    after(the, 25);
    expect(await look()).toEqual({ mode: 'live', did: ['go-live'] });
    expect(the.control()).toMatchObject({ changedBy: OWNER, reason: 'Switched on again: back' });
    expect(memory()).toMatchObject({ awakeUntil: at(35), wokenAt: at(25) });
    expect(memory()).not.toHaveProperty('wakeBy');
  });

  test('what was woken by mistake is off again, although it was off', async () => {
    const { the, look, endpoint, memory } = await scene(IDLE);
    await look();
    await post(the, '/park', { reason: 'x' });
    after(the, 5);
    await look();
    await post(the, '/wake', { reason: 'by mistake' });
    await look();
    endpoint.seen = { status: 'InService', configName: the.control().stable!.endpointConfigName, variants: [] };
    expect(bodyOf(await post(the, '/park', { reason: 'really' }))).toMatchObject({ done: 'parked', changed: false });
    expect(memory()).not.toHaveProperty('wakeBy');
    after(the, 10);
    expect(await look(true)).toEqual({ mode: 'parked', did: ['delete-endpoint'] });
  });

  test.each([
    ['triage-abc123-r0-00000000', ['delete triage-abc123-r0-00000000', 'delete triage-abc123-endpoint']],
    ['found-elsewhere', ['delete triage-abc123-endpoint']],
  ])('the endpoint of the release before goes with it, if it was made: %s', async (endpointName, deleted) => {
    const { the, look, endpoint } = await scene(IDLE);
    await look();
    const control = the.control();
    const release = { ...control.stable!, releaseId: 'r0-00000000', endpointName };
    await the.ledger.put(ledgerKeys.control(), { ...control, warm: { release, until: at(600) } });
    await post(the, '/park', { reason: 'x' });
    endpoint.seen = { status: 'InService', variants: [] };
    after(the, 5);
    await look();
    expect(endpoint.done).toEqual(deleted);
  });

  test('one that is on stays on', async () => {
    const { the, look } = await scene(IDLE);
    await look();
    expect(bodyOf(await post(the, '/wake', { reason: 'a long evening' }))).toMatchObject({ done: 'kept-on' });
    expect(the.item(ledgerKeys.capacity())).toMatchObject({ awakeUntil: at(480) });
  });

  test.each<[string, string, object, string | undefined, number, RegExp]>([
    ['a stranger', '/park', { reason: 'x' }, 'arn:aws:iam::111122223333:role/Stranger', 403, /no owner/],
    ['without a reason', '/park', {}, undefined, 400, /reason/],
    ['for a minute', '/wake', { reason: 'x', minutes: 1 }, undefined, 400, /minutes/],
    ['before anybody has looked', '/wake', { reason: 'x' }, undefined, 409, /ask again in five minutes/],
  ])('%s is refused', async (_, path, body, signer, status, message) => {
    const { the } = await scene(IDLE);
    const answer = await post(the, path, body, signer);
    expect([answer.statusCode, String(bodyOf(answer)['error'])]).toEqual([status, expect.stringMatching(message)]);
  });

  test('while a release is in progress, or under the kill switch, nothing is parked', async () => {
    const { the } = await scene(IDLE);
    const control = the.control();
    await the.ledger.put(ledgerKeys.control(), { ...control, lockedBy: 'r2-00000002' });
    expect(await post(the, '/park', { reason: 'x' })).toMatchObject({ statusCode: 409 });
    await the.ledger.put(ledgerKeys.control(), { ...control, mode: 'killed' });
    expect(bodyOf(await post(the, '/wake', { reason: 'x' }))['error']).toMatch(/mode is 'killed'/);
  });
});
