import { fakeLedger, named, START } from './support';
import { type ControlRecord, type IncidentRecord, ledgerKeys, type Notification } from '../../core/contracts';
import { firstControl } from '../../core/release/control';
import type { TeardownRun } from '../../lambdas/shared/teardowns';
import { type ReleaseRun, watch, type WatchParts } from '../../lambdas/watch/watch';

const MINUTE = 60_000;
const AT = new Date(START).toISOString();
const deployed = (releaseId: string, variantName = 'a') => ({
  releaseId,
  variantName,
  modelName: `m-${releaseId}`,
  endpointConfigName: `c-${releaseId}`,
});

const LIVE: ControlRecord = {
  ...firstControl(0, { at: AT, by: 'x', reason: 'x' }),
  mode: 'live',
  endpointName: 'triage-endpoint',
  endpointConfigName: 'c-r1-00000001',
  stable: deployed('r1-00000001'),
} as ControlRecord;

/** A watch over a ledger that holds the given control record. */
async function scene(control: Partial<ControlRecord> | undefined, more: Partial<WatchParts> = {}) {
  const fake = fakeLedger();
  const clock = { millis: START + 10 * MINUTE };
  const told: Notification[] = [];
  const started: { name: string; input: object }[] = [];
  const reported: string[] = [];
  const releaseRuns: ReleaseRun[] = [];
  const runs: TeardownRun[] = [];
  const endpoint = { seen: { status: 'InService', configName: 'c-r1-00000001' } as { status: string; configName?: string } | undefined };
  const put = (changed: Partial<ControlRecord>) => fake.ledger.put(ledgerKeys.control(), { ...LIVE, ...changed });
  if (control !== undefined) await put(control);
  const parts: WatchParts = {
    useCase: 'support-triage',
    ledger: fake.ledger,
    now: () => clock.millis,
    notify: async (notification) => void told.push(notification),
    describeEndpoint: async () => endpoint.seen,
    teardowns: { list: async () => runs, start: async (name, input) => void started.push({ name, input }) },
    startRelease: async (_, name, input) => {
      started.push({ name, input });
      return 'arn';
    },
    releaseRuns: async () => releaseRuns,
    reportLost: async (_, name) => void reported.push(name),
    raisedAlarms: async () => [{ alarmName: 'p-rollback-candidate-failures', reason: 'bad' }],
    reportAlarm: async (alarmName) => void reported.push(alarmName),
    ...more,
  };
  const incidents = () => fake.items('incidents') as unknown as IncidentRecord[];
  return { ...fake, clock, told, started, reported, runs, releaseRuns, endpoint, put, incidents, look: () => watch(parts) };
}

test('finds nothing before the first deploy, and nothing on a live endpoint as it should be', async () => {
  expect(await (await scene(undefined)).look()).toEqual({ looked: false, found: [] });
  const the = await scene({});
  expect(await the.look()).toEqual({ looked: true, found: [] });
  expect([the.incidents(), the.told, the.started]).toEqual([[], [], []]);
});

describe('an endpoint that runs something else', () => {
  test('opens one incident, which recovers when it runs what it should again', async () => {
    const the = await scene({});
    the.endpoint.seen = { status: 'InService', configName: 'by-hand' };
    expect((await the.look()).found).toEqual(['silent-drift']);
    the.clock.millis += 5 * MINUTE;
    expect((await the.look()).found).toEqual([]);
    expect(the.incidents()).toEqual([
      expect.objectContaining({
        kind: 'silent-drift',
        releaseId: 'r1-00000001',
        openedBy: 'watch',
        reason: expect.stringMatching(/by-hand; the control record says c-r1/),
      }),
    ]);
    expect(the.told).toEqual([expect.objectContaining({ event: 'IncidentOpened', severity: 'page', runbook: 'silent-drift' })]);
    the.endpoint.seen = { status: 'InService', configName: 'c-r1-00000001' };
    await the.look();
    expect(the.incidents()[0]?.recoveredAt).toBe(new Date(the.clock.millis).toISOString());
    // It comes again: another incident.
    the.clock.millis += 5 * MINUTE;
    the.endpoint.seen = undefined;
    await the.look();
    expect(the.incidents().map(({ reason }) => reason)).toEqual([
      expect.stringContaining('by-hand'),
      expect.stringContaining('triage-endpoint is gone'),
    ]);
  });

  test.each([
    ['a release is at it', { lockedBy: 'r2-00000002' }, { status: 'InService', configName: 'other' }],
    ['it is on its way', {}, { status: 'Updating', configName: 'other' }],
    ['the kill switch is on', { mode: 'killed' as const, killedAt: new Date(START + 9 * MINUTE).toISOString() }, undefined],
    ['there is none yet', { endpointName: undefined, endpointConfigName: undefined }, undefined],
  ])('is no drift while %s', async (_, control, seen) => {
    const the = await scene(control);
    the.endpoint.seen = seen;
    expect((await the.look()).found).toEqual([]);
    expect(the.incidents()).toEqual([]);
  });

  test('is no drift where a release began during the look', async () => {
    const slow = await scene(
      {},
      {
        describeEndpoint: async () => {
          await slow.put({ version: 2, lockedBy: 'r2-00000002' });
          return { status: 'InService', configName: 'other' };
        },
      },
    );
    expect((await slow.look()).found).toEqual([]);
    expect(slow.incidents()).toEqual([]);
  });

  test('failed is drift', async () => {
    const the = await scene({});
    the.endpoint.seen = { status: 'Failed', configName: 'c-r1-00000001' };
    expect((await the.look()).found).toEqual(['silent-drift']);
  });
});

describe('a kill switch', () => {
  const killed = { mode: 'killed' as const, killedAt: AT, reason: 'wrong answers' };

  test('whose teardown never began gets it, under the name that the rollback handler gives', async () => {
    const the = await scene(killed);
    expect((await the.look()).found).toEqual(['teardown-not-begun']);
    expect(the.started).toEqual([{ name: 'kill-20260302T090000000Z', input: { kind: 'kill', reason: 'wrong answers', by: 'watch' } }]);
    the.runs.push({ name: 'kill-20260302T090000000Z', status: 'RUNNING', startedAt: AT });
    expect((await the.look()).found).toEqual([]);
  });

  test('that has just gone on is left to its handler', async () => {
    const the = await scene(killed);
    the.clock.millis = START + MINUTE;
    expect((await the.look()).found).toEqual([]);
  });

  test('of a stack that is being deleted has its teardown', async () => {
    const the = await scene(killed);
    the.runs.push({ name: 'delete-17', status: 'RUNNING', startedAt: new Date(START + 1000).toISOString() });
    expect((await the.look()).found).toEqual([]);
  });

  test('whose teardown failed opens an incident, which recovers with one that succeeds', async () => {
    const the = await scene(killed);
    the.runs.push({ name: 'kill-20260302T090000000Z', status: 'FAILED', startedAt: AT });
    const failed = () => the.incidents().filter(({ kind }) => kind === 'failed-rollback');
    expect((await the.look()).found).toEqual(['teardown-failed']);
    await the.look();
    expect(failed()).toEqual([expect.objectContaining({ beganAt: AT })]);
    expect(the.started).toEqual([]);
    the.runs.push({ name: 'kill-20260302T090000000Z-2', status: 'SUCCEEDED', startedAt: AT });
    await the.look();
    expect(failed()[0]?.recoveredAt).toBeDefined();
  });

  test('whose handler died before it opened the incident gets that too, once', async () => {
    const the = await scene(killed);
    await the.look();
    the.clock.millis += 5 * MINUTE;
    await the.look();
    expect(the.incidents()).toEqual([expect.objectContaining({ id: `i-kill-${AT}`, reason: 'wrong answers', openedBy: 'x' })]);
    expect(the.told).toHaveLength(1);
  });
});

describe('an endpoint that a release waits for', () => {
  const lockedBy = 'r2-00000002';
  const waiting = async (control: Partial<ControlRecord>, strategy: string, status: string, minutes: number) => {
    const the = await scene({ lockedBy, ...control });
    await the.ledger.put(ledgerKeys.release(lockedBy), { id: lockedBy, spec: { rollout: { strategy } } });
    the.endpoint.seen = { status, configName: 'c' };
    the.clock.millis = START + minutes * MINUTE;
    return the;
  };
  const candidate = deployed(lockedBy, 'b');

  test.each([
    ['canary', 'Updating', 90, {}],
    ['canary', 'RollingBack', 200, {}],
    ['canary', 'UpdateRollbackFailed', 5, {}],
    ['blue-green', 'UpdateRollbackFailed', 5, {}],
  ])('%s: %s for %i minutes is told once', async (strategy, status, minutes, control) => {
    const the = await waiting(control, strategy, status, minutes);
    expect((await the.look()).found).toEqual(['endpoint-stuck']);
    await the.look();
    expect(the.incidents()).toEqual([
      expect.objectContaining({ id: `i-failed-update-stuck-${lockedBy}`, releaseId: lockedBy, reason: expect.stringContaining(status) }),
    ]);
    the.endpoint.seen = { status: 'InService', configName: 'c-r1-00000001' };
    await the.put({});
    await the.look();
    expect(the.incidents()[0]?.recoveredAt).toBeDefined();
  });

  test.each([
    ['canary', 'Updating', 89, {}],
    ['canary', 'InService', 500, {}],
    ['blue-green', 'Updating', 500, { candidate }],
    ['canary', 'Updating', 500, { mode: 'killed' as const, killedAt: new Date(START + 500 * MINUTE).toISOString() }],
  ])('%s: %s for %i minutes is nothing to tell (%j)', async (strategy, status, minutes, control) => {
    const the = await waiting(control, strategy, status, minutes);
    expect((await the.look()).found).toEqual([]);
  });
});

test('a rollback window that should have ended long ago is overdue until it has', async () => {
  const warm = { release: deployed('r0-00000000', 'b'), until: AT };
  const the = await scene({ warm });
  expect((await the.look()).found).toEqual([]);
  the.clock.millis = START + 31 * MINUTE;
  expect((await the.look()).found).toEqual(['overdue']);
  expect(the.incidents()).toEqual([expect.objectContaining({ id: 'i-overdue-r1-00000001', beganAt: AT })]);
  await the.put({ warm: undefined });
  await the.look();
  expect(the.incidents()[0]?.recoveredAt).toBeDefined();
});

describe('a lock', () => {
  const desired = { hash: 'h', workflowArn: 'arn:machine', requestId: '1', starts: true };

  test('of a release that was taken back, and whose workflow never started, is settled', async () => {
    const the = await scene({ lockedBy: 'r2-00000002', reason: 'customers complain' });
    await the.ledger.put(ledgerKeys.desired(), desired);
    await the.ledger.put(ledgerKeys.release('r2-00000002'), { id: 'r2-00000002', endedAt: AT });
    expect((await the.look()).found).toEqual(['lock-of-ended-release']);
    expect(the.started).toEqual([
      { name: 'r2-00000002-clean-up-1', input: { releaseId: 'r2-00000002', cleanUp: { reason: 'customers complain' } } },
    ]);
  });

  test('of a release whose workflow was lost without anybody hearing of it is handed over', async () => {
    const the = await scene({ lockedBy: 'r2-00000002' });
    await the.ledger.put(ledgerKeys.desired(), desired);
    await the.ledger.put(ledgerKeys.release('r2-00000002'), { id: 'r2-00000002' });
    the.releaseRuns.push(
      { name: 'r2-00000002-clean-up-1', status: 'TIMED_OUT', stoppedAt: AT },
      { name: 'r2-00000002', status: 'FAILED', stoppedAt: AT },
    );
    expect((await the.look()).found).toEqual(['lost-execution']);
    expect(the.reported).toEqual(['r2-00000002-clean-up-1']);
    // It has only just ended: whoever is told of it first is at it.
    the.releaseRuns.unshift({ name: 'r2-00000002-clean-up-2', status: 'FAILED', stoppedAt: new Date(the.clock.millis).toISOString() });
    expect((await the.look()).found).toEqual([]);
    the.releaseRuns[0] = { name: 'r2-00000002-clean-up-2', status: 'RUNNING' };
    expect((await the.look()).found).toEqual([]);
    the.releaseRuns[0] = { name: 'r2-00000002-clean-up-2', status: 'SUCCEEDED', stoppedAt: AT };
    expect((await the.look()).found).toEqual([]);
  });

  test('of a release whose clean-ups have failed is left to people, who know', async () => {
    const the = await scene({ lockedBy: 'r2-00000002' });
    await the.ledger.put(ledgerKeys.desired(), desired);
    await the.ledger.put(ledgerKeys.release('r2-00000002'), { id: 'r2-00000002' });
    const id = 'i-failed-rollback-r2-00000002';
    await the.ledger.put(ledgerKeys.incident(id), { id, kind: 'failed-rollback', openedAt: AT });
    the.releaseRuns.push({ name: 'r2-00000002-clean-up-3', status: 'FAILED', stoppedAt: AT });
    expect((await the.look()).found).toEqual([]);
  });

  test('of a release under way, or of stable while it is tidied, is left alone', async () => {
    const under = await scene({ lockedBy: 'r2-00000002' });
    await under.ledger.put(ledgerKeys.desired(), desired);
    await under.ledger.put(ledgerKeys.release('r2-00000002'), { id: 'r2-00000002' });
    under.releaseRuns.push({ name: 'r2-00000002', status: 'RUNNING' });
    const tidied = await scene({ lockedBy: 'r1-00000001' });
    for (const the of [under, tidied]) {
      expect((await the.look()).found).toEqual([]);
      expect(the.started).toEqual([]);
    }
  });
});

test('a raised alarm is handed over while the candidate has traffic, and only then', async () => {
  const candidate = deployed('r2-00000002', 'b');
  const dark = await scene({ candidate, lockedBy: 'r2-00000002' });
  await dark.look();
  expect(dark.reported).toEqual([]);
  const live = await scene({ candidate, candidateWeight: 0.05, lockedBy: 'r2-00000002' });
  expect((await live.look()).found).toEqual(['alarm:p-rollback-candidate-failures']);
  expect(live.reported).toEqual(['p-rollback-candidate-failures']);
});

test('one look that fails leaves the others their turn, and is said in the end', async () => {
  const candidate = deployed('r2-00000002', 'b');
  const the = await scene(
    { candidate, candidateWeight: 0.05 },
    {
      describeEndpoint: async () => {
        throw named('ThrottlingException');
      },
    },
  );
  await expect(the.look()).rejects.toThrow('1 of 7 looks failed: ThrottlingException');
  expect(the.reported).toHaveLength(1);
});
