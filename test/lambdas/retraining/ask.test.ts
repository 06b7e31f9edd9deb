import '../quiet';
import { ledgerKeys } from '../../../core/contracts';
import { readEvent, type RetrainingEvent } from '../../../lambdas/retraining/event';
import { heardDrift, heardSchedule } from '../../../lambdas/retraining/heard';
import { answerHttp } from '../../../lambdas/retraining/http';
import { endLost } from '../../../lambdas/retraining/lost';
import { answering } from '../../../lambdas/shared/http';
import { named, posted } from '../support';
import { MINUTE, OWNER, type Scene, scene, STABLE } from './scene';

const driftEvent = (more: object = {}, id = 'e1'): object => ({
  id,
  source: 'sluice',
  'detail-type': 'DriftDetected',
  detail: {
    useCase: 'flight-delay',
    releaseId: STABLE,
    hour: '2026-03-10T08',
    state: 'drifting',
    findings: [{ check: 'distribution', feature: 'hour', words: 'hour drifts', value: 0.3 }],
    severity: 'warning',
    ...more,
  },
});

function hear(the: Scene, event: object): ReturnType<typeof heardDrift> {
  const read = readEvent(event);
  if (read.kind !== 'drift') throw new Error(read.kind);
  return heardDrift(the.asking, read.useCase, read.told);
}

let calls = 0;
async function call(the: Scene, body: unknown, as: string | undefined = OWNER, method = 'POST') {
  calls += 1;
  const answer = await answering(() => answerHttp(the.asking, posted('/', body, as, method), `call-${calls}`));
  return { status: answer.statusCode, body: JSON.parse(String(answer.body)) as Record<string, unknown> };
}

/** After it was trained: from then on it counts. */
async function ended(the: Scene, runId: string, status: 'failed' | 'rejected' = 'failed', reason = 'x'): Promise<void> {
  await the.ledger.update(ledgerKeys.retrainingRun(runId), {
    text: 'SET #data = :data',
    names: { '#data': 'data' },
    values: { ':data': { trainingRows: 800 } },
  });
  await the.act({ action: 'finish', runId, status, reason });
}

describe('drift that was found', () => {
  test('begins a run, which owners are told of', async () => {
    const the = await scene();
    expect(await hear(the, driftEvent())).toEqual({ started: true, runId: 't1', reason: 'Retraining t1 began' });
    expect(the.run()).toMatchObject({
      id: 't1',
      trigger: 'drift',
      reason: 'hour drifts',
      requestedBy: 'drift',
      status: 'selecting',
      parentReleaseId: STABLE,
      executionArn: expect.stringContaining(':t1') as string,
      costEstimate: expect.any(Number) as number,
    });
    expect(the.run()).not.toHaveProperty('approval');
    expect(the.state()).toMatchObject({ running: { id: 't1' }, runs: 1 });
    expect([...the.executions.keys()]).toEqual(['t1']);
    expect(the.told).toEqual([expect.objectContaining({ event: 'RetrainingBegun', runbook: 'retraining' })]);
  });

  test('told twice begins one run, whatever becomes of it', async () => {
    const the = await scene();
    await hear(the, driftEvent());
    expect(await hear(the, driftEvent({}, 'e2'))).toMatchObject({ started: false, runId: 't1' });
    await the.act({ action: 'finish', runId: 't1', status: 'failed', reason: 'x' });
    expect(await hear(the, driftEvent())).toMatchObject({ started: false, runId: 't1' });
    expect(the.items('retrainings')).toHaveLength(1);
    expect([...the.executions.keys()]).toEqual(['t1']);
  });

  test('told twice at once begins one run', async () => {
    const the = await scene();
    const begun = await Promise.all([hear(the, driftEvent()), hear(the, driftEvent({}, 'e2'))]);
    expect(begun.map((one) => ('runId' in one ? one.runId : 'none'))).toEqual(['t1', 't1']);
    expect(the.items('retrainings')).toHaveLength(1);
  });

  test('of another use case, or that the charter does not listen to, is not heard', async () => {
    const the = await scene();
    expect(await hear(the, driftEvent({ useCase: 'other' }))).toMatchObject({ started: false });
    expect(await hear(the, driftEvent({ findings: [{ check: 'kpi', feature: 'saved' }] }))).toEqual({
      started: false,
      reason: 'Nothing of it asks for a run',
    });
    expect(the.told).toEqual([]);
    expect(the.items('retraining')).toEqual([]);
  });

  test.each<[string, object, RegExp]>([
    ['of a release that is no longer stable', { releaseId: 'r2-bbbbbbbb' }, /r3-aaaaaaaa is stable now/],
    ['on broken input', { state: 'broken-input' }, /input is broken/],
  ])('%s is refused, kept and told', async (_, more, words) => {
    const the = await scene();
    expect(await hear(the, driftEvent(more))).toMatchObject({
      started: false,
      refused: { reason: expect.stringMatching(words) as string },
    });
    expect(the.refusals()).toEqual([
      expect.objectContaining({ what: 'retraining', by: 'drift', reason: expect.stringMatching(words) as string }),
    ]);
    expect(the.told).toEqual([expect.objectContaining({ event: 'RetrainingRefused' })]);
    expect(the.executions.size).toBe(0);
    expect(the.counted).toEqual({ RetrainingRefused: 1 });
  });

  test('waits for a release that is on its way to take the place of stable', async () => {
    const the = await scene();
    const candidate = { releaseId: 'r4-bbbbbbbb', variantName: 'b', modelName: 'm', endpointConfigName: 'c' };
    await the.control({ candidate });
    expect(await hear(the, driftEvent())).toMatchObject({ refused: { code: 'successor' } });
    await the.control({ lockedBy: 'r5-cccccccc' });
    expect(await hear(the, driftEvent())).toMatchObject({
      refused: { code: 'successor', reason: expect.stringContaining('r5') as string },
    });
    // Its own endpoint is still being settled.
    await the.control({ lockedBy: STABLE });
    expect(await hear(the, driftEvent())).toMatchObject({ started: true });
  });

  test('within the cool-down is refused and told, and after it begins the next run', async () => {
    const the = await scene();
    await hear(the, driftEvent());
    await ended(the, 't1', 'rejected', 'worse');
    the.clock.millis += 3 * 1440 * MINUTE;
    expect(await hear(the, driftEvent({ hour: '2026-03-13T08' }))).toMatchObject({ refused: { code: 'cool-down' } });
    the.clock.millis += 4 * 1440 * MINUTE;
    expect(await hear(the, driftEvent({ hour: '2026-03-17T08' }))).toMatchObject({ started: true, runId: 't2' });
  });
});

test('the schedule asks once for each of its times', async () => {
  const the = await scene({ coolDownMinutes: 0 });
  expect(readEvent({ source: 'schedule', time: '2026-03-10T09:00:00Z' })).toEqual({ kind: 'schedule', time: '2026-03-10T09:00:00Z' });
  expect(await heardSchedule(the.asking, '2026-03-10T09:00:00Z')).toMatchObject({ started: true, runId: 't1' });
  await the.act({ action: 'finish', runId: 't1', status: 'failed', reason: 'x' });
  expect(await heardSchedule(the.asking, '2026-03-10T09:00:00Z')).toMatchObject({ started: false, runId: 't1' });
  expect(await heardSchedule(the.asking, '2026-04-09T09:00:00Z')).toMatchObject({ started: true, runId: 't2' });
  expect(the.run('t2')).toMatchObject({ trigger: 'schedule', requestedBy: 'schedule', reason: 'the schedule rate(30 days)' });
});

describe('owners', () => {
  test('ask in their own name, also within the cool-down', async () => {
    const the = await scene();
    await the.begin();
    await ended(the, 't1');
    expect(await call(the, { do: 'retrain', reason: 'new airport' })).toEqual({
      status: 202,
      body: { started: true, runId: 't2', reason: 'Retraining t2 began' },
    });
    expect(the.run('t2')).toMatchObject({ trigger: 'operator', requestedBy: OWNER, reason: 'new airport' });
  });

  test('may leave out what there is to do, and nothing else', async () => {
    const the = await scene();
    expect((await call(the, {})).status).toBe(400);
    expect((await call(the, { reason: ' ' })).status).toBe(400);
    expect((await call(the, { do: 'forget', reason: 'x' })).status).toBe(400);
    expect((await call(the, '{')).status).toBe(400);
    expect((await call(the, { reason: 'x' }, OWNER, 'DELETE')).status).toBe(404);
    expect((await call(the, { reason: 'x' })).status).toBe(202);
  });

  test('are told why not: another run, the runs of the month, the kill switch', async () => {
    const the = await scene({ mostRunsPerMonth: 1 });
    await the.begin();
    expect(await call(the, { reason: 'x' })).toMatchObject({
      status: 409,
      body: { error: expect.stringContaining('run t1 is under way') as string },
    });
    await ended(the, 't1');
    expect(await call(the, { reason: 'x' })).toMatchObject({
      status: 409,
      body: { error: expect.stringContaining('1 of 1 runs') as string },
    });
    await the.control({ mode: 'killed' });
    expect(await call(the, { reason: 'x' })).toMatchObject({
      status: 409,
      body: { error: expect.stringContaining('kill switch') as string },
    });
    // By the answer alone: whoever asked reads it.
    expect(the.told.filter(({ event }) => event === 'RetrainingRefused')).toEqual([]);
    expect(the.refusals().length).toBeGreaterThan(0);
  });

  test('see the runs, the newest first, and the month', async () => {
    const the = await scene({ coolDownMinutes: 0 });
    for (const id of ['t1', 't2']) {
      await the.begin();
      await ended(the, id);
    }
    await the.begin();
    const { status, body } = await call(the, '', OWNER, 'GET');
    expect(status).toBe(200);
    expect(body).toMatchObject({ running: 't3', month: '2026-03', runsThisMonth: 3, mostRunsPerMonth: 3, monthlyBudget: 50 });
    const runs = body['runs'] as Record<string, unknown>[];
    expect(runs.map(({ id, status: how }) => `${String(id)} ${String(how)}`)).toEqual(['t3 selecting', 't2 failed', 't1 failed']);
    expect(Object.keys(runs[1] ?? {})).not.toEqual(expect.arrayContaining(['pk']));
    the.clock.millis = Date.parse('2026-04-01T00:00:00Z');
    expect((await call(the, '', OWNER, 'GET')).body).toMatchObject({ month: '2026-04', runsThisMonth: 0, spentThisMonth: 0 });
  });

  test('alone are heard, in a signed request', async () => {
    const the = await scene();
    const stranger = 'arn:aws:sts::111122223333:assumed-role/Intern/eve';
    expect(await call(the, { reason: 'x' }, stranger)).toMatchObject({ status: 403 });
    expect(await call(the, '', stranger, 'GET')).toMatchObject({ status: 403 });
    expect(the.refusals()).toEqual([expect.objectContaining({ what: 'retraining', by: stranger })]);
    await expect(answerHttp(the.asking, posted('/', {}), 'x')).rejects.toThrow(/not signed/);
    expect(the.executions.size).toBe(0);
  });
});

describe('the price', () => {
  test('that is not known bars the run where there is a budget', async () => {
    const odd = { training: { kind: 'job' as const, maxRuntimeMinutes: 60, instanceType: 'ml.odd.large', instanceCount: 1 } };
    const barred = await scene(odd);
    expect(await barred.begin()).toMatchObject({ refused: { code: 'budget', reason: expect.stringContaining('ml.odd.large') as string } });
    expect(barred.told).toEqual([expect.objectContaining({ severity: 'warning' })]);
    const free = await scene({ ...odd, monthlyBudget: undefined } as never);
    expect(await free.begin()).toMatchObject({ started: true });
  });
});

describe('when something breaks', () => {
  test('a run that was noted and not begun is begun by whoever asks again', async () => {
    const the = await scene();
    the.asking.sfn.send = (async () => {
      throw named('ThrottlingException');
    }) as never;
    await expect(hear(the, driftEvent())).rejects.toThrow('ThrottlingException');
    expect(the.run().executionArn).toBeUndefined();
    const other = { ...the.asking, sfn: (await scene()).asking.sfn };
    const read = readEvent(driftEvent()) as Extract<RetrainingEvent, { kind: 'drift' }>;
    expect(await heardDrift(other, read.useCase, read.told)).toMatchObject({ started: false, runId: 't1' });
    expect(the.run().executionArn).toContain(':t1');
  });

  test('the lock is given to the next where the run never began, and no sooner', async () => {
    const the = await scene({ coolDownMinutes: 0 });
    await the.begin();
    the.executions.delete('t1');
    the.clock.millis += 9 * MINUTE;
    expect(await the.begin()).toMatchObject({ refused: { code: 'running' } });
    the.clock.millis += 2 * MINUTE;
    expect(await the.begin()).toMatchObject({ started: true, runId: 't2' });
    expect(the.run('t1')).toMatchObject({ status: 'failed', outcome: 'its workflow never began' });
  });

  test('the lock is given to the next where the execution has ended unheard', async () => {
    const the = await scene({ coolDownMinutes: 0 });
    await the.begin();
    the.executions.set('t1', 'ABORTED');
    expect(await the.begin()).toMatchObject({ started: true, runId: 't2' });
    expect(the.run('t1')).toMatchObject({ status: 'failed', outcome: 'its workflow ended without saying how' });
    the.executions.set('t2', 'PENDING_REDRIVE');
    expect(await the.begin()).toMatchObject({ refused: { code: 'running' } });
  });

  test('a lock that a run which ended still holds is released as well', async () => {
    const the = await scene({ coolDownMinutes: 0 });
    await the.begin();
    the.before('PutItem', () => {
      throw named('ThrottlingException');
    });
    await expect(the.act({ action: 'finish', runId: 't1', status: 'rejected', reason: 'worse' })).rejects.toThrow('ThrottlingException');
    expect(the.state()?.running?.id).toBe('t1');
    the.executions.set('t1', 'FAILED');
    expect(await the.begin()).toMatchObject({ started: true, runId: 't2' });
    expect(the.run('t1')).toMatchObject({ status: 'rejected', outcome: 'worse' });
  });

  test('owners that cannot be told do not stop a run', async () => {
    const the = await scene();
    the.notifying.problem = new Error('no topic');
    expect(await the.begin()).toMatchObject({ started: true });
  });

  test('somebody who writes at the same time is waited for, not for ever', async () => {
    const the = await scene();
    const busy = () =>
      the.ledger.put(ledgerKeys.retraining(), { revision: Math.random(), sequence: 9, month: '2026-03', runs: 0, spent: 0 });
    the.before('TransactWriteItems', async () => void (await busy()));
    expect(await the.begin()).toMatchObject({ started: true, runId: 't10' });
    await the.act({ action: 'finish', runId: 't10', status: 'failed', reason: 'x' });
    for (let attempt = 0; attempt < 5; attempt += 1) the.before('TransactWriteItems', async () => void (await busy()));
    await expect(the.begin({ trigger: 'operator' })).rejects.toThrow(/5 times while this one was noted: ask again/);
  });

  test('a transaction that fails otherwise is an error', async () => {
    const the = await scene();
    the.before('TransactWriteItems', () => {
      throw named('AccessDeniedException');
    });
    await expect(the.begin()).rejects.toThrow('AccessDeniedException');
  });
});

describe('a lost execution', () => {
  const lost = (status: string, name = 't1', more: object = {}): object => ({
    'detail-type': 'Step Functions Execution Status Change',
    detail: { name, status, stateMachineArn: 'arn', ...more },
  });
  const hearLost = (the: Scene, event: object) => {
    const read = readEvent(event);
    if (read.kind !== 'lost') throw new Error(read.kind);
    return endLost(the.asking, read.lost);
  };

  test.each([
    ['ABORTED', 'its workflow was aborted'],
    ['TIMED_OUT', 'its workflow timed out'],
    ['FAILED', 'its workflow failed'],
  ])('that %s ends its run, deletes its model and gives the lock back', async (status, outcome) => {
    const the = await scene();
    await the.begin();
    await the.ledger.update(ledgerKeys.retrainingRun('t1'), { text: 'SET modelName = :m', values: { ':m': 'delay-abc123-t1-0' } });
    expect(await hearLost(the, lost(status))).toEqual({ runId: 't1', ended: true, status: 'failed' });
    expect(the.run()).toMatchObject({ status: 'failed', outcome, endedAt: expect.any(String) as string });
    expect(the.state()).not.toHaveProperty('running');
    expect(the.sagemaker).toEqual([{ name: 'DeleteModel', input: { ModelName: 'delay-abc123-t1-0' } }]);
    expect(the.told.at(-1)).toMatchObject({ event: 'RetrainingEnded', severity: 'warning' });
    // Told once more it changes, and tells, nothing.
    const before = the.told.length;
    await hearLost(the, lost(status));
    expect(the.told).toHaveLength(before);
  });

  test('says what it said', async () => {
    const the = await scene();
    await the.begin();
    await hearLost(the, lost('FAILED', 't1', { error: 'NotEnded', cause: 'x'.repeat(900) }));
    expect(the.run().outcome).toMatch(/^its workflow failed: NotEnded: x+$/);
    expect(the.run().outcome?.length).toBe(500);
  });

  test('that is no run of the ledger is left alone', async () => {
    const the = await scene();
    expect(await hearLost(the, lost('ABORTED', 'by-hand'))).toEqual({ runId: 'by-hand', ended: false });
  });

  test('does not undo how its run ended', async () => {
    const the = await scene();
    await the.begin();
    await the.act({ action: 'finish', runId: 't1', status: 'registered', reason: 'better' });
    await hearLost(the, lost('FAILED'));
    expect(the.run()).toMatchObject({ status: 'registered', outcome: 'better' });
  });
});

test.each([
  {},
  { action: 'unknown', runId: 't1' },
  { action: 'select', runId: 'r1' },
  null,
  { source: 'sluice', 'detail-type': 'DriftEnded', detail: {} },
])('an event that nobody sends is refused: %j', (event) => {
  expect(() => readEvent(event)).toThrow(/Unknown event. Allowed: the event DriftDetected/);
});
