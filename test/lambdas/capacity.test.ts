import { fakeClient, named, type Sent, START } from './support';
import { after, at, IDLE, MINUTE, OWNER, scene } from './capacity-scene';
import { ledgerKeys } from '../../core/contracts';
import { parkedTrouble } from '../../core/incident/parked-look';
import { lookAfterCapacity } from '../../lambdas/capacity/run';
import { lastInvocationOf, lastRequestOf } from '../../lambdas/capacity/traffic';
import { freeScaling, forgetScaling } from '../../lambdas/release-step/scaling';
import { world } from './release-world';

afterEach(() => jest.restoreAllMocks());

const TRACKING = { metric: 'invocations', targetValue: 20, scaleOutCooldownSeconds: 60, scaleInCooldownSeconds: 600 } as const;
const SCALED = { scaling: { tracking: TRACKING, schedules: [] } };
const names = (sent: Sent[]): string[] => sent.map(({ name }) => name);

test('nothing is known before the first deploy', async () => {
  const { parts } = await scene({});
  const empty = world();
  expect(await lookAfterCapacity({ ...parts, ledger: empty.ledger }, false)).toEqual({ mode: 'none', did: [] });
});

describe('scaling', () => {
  test('is applied once; a quiet look reads once and writes nothing', async () => {
    const { look, asked, the, memory, measured } = await scene(SCALED);
    expect(await look()).toEqual({ mode: 'live', did: ['scale'] });
    expect(names(asked)).toEqual(['DescribeScalableTargets', 'RegisterScalableTarget', 'PutScalingPolicy']);
    expect(memory()).toMatchObject({ scaled: { resource: { kind: 'variant', variantName: 'a' }, signature: expect.any(String) } });
    const calls = the.sent.length;
    expect(await look()).toEqual({ mode: 'live', did: [] });
    expect(names(the.sent.slice(calls))).toEqual(['BatchGetItem']);
    expect(measured.at(-1)).toEqual({ wanted: 2, parked: false });
  });

  test('is looked at anew when the endpoint comes into service', async () => {
    const { look, asked } = await scene(SCALED);
    await look();
    asked.length = 0;
    expect(await look(true)).toMatchObject({ did: ['scale'] });
    expect(names(asked)).toContain('DescribeScalableTargets');
  });

  test('that is refused is tried again at the next look, and known not to stand', async () => {
    let refuses = true;
    const { look, memory, endpoint } = await scene(SCALED, {
      RegisterScalableTarget: () => {
        if (refuses) throw named('ValidationException', 'the endpoint is being updated');
      },
    });
    endpoint.seen = { status: 'Updating', variants: [] };
    await look();
    expect(memory()?.scaled).toEqual({ resource: expect.anything() });
    // Of an endpoint in service nobody would ever hear of it.
    endpoint.seen = { status: 'InService', variants: [] };
    await expect(look()).rejects.toThrow(/being updated/);
    expect(memory()?.scaled).toEqual({ resource: expect.anything() });
    refuses = false;
    await look();
    expect(memory()?.scaled?.signature).toBeDefined();
  });

  test('meets a release that frees the endpoint in the same moment: it is taken off again', async () => {
    const { look, asked, the, parts, memory } = await scene(SCALED, {});
    await look();
    after(the, 10);
    const release = { action: 'free-scaling' as const, releaseId: 'r2-00000002' };
    the.before('PutItem', async () => {
      await freeScaling({ ...parts, now: () => the.clock.millis } as never, release);
    });
    asked.length = 0;
    await the.ledger.put(ledgerKeys.control(), { ...the.control(), lockedBy: 'r2-00000002' });
    await look(true);
    expect(names(asked).at(-1)).toBe('DeleteAlarms');
    expect(names(asked)).toContain('DeregisterScalableTarget');
    expect(memory()).toMatchObject({ hold: { releaseId: 'r2-00000002' } });
    expect(memory()?.scaled).toBeUndefined();
  });

  test('a release frees nothing where nobody looks after capacity', async () => {
    const { parts } = await scene({});
    const release = { action: 'free-scaling' as const, releaseId: 'r2-00000002' };
    expect(await freeScaling(parts as never, release)).toEqual({ mayBeBusy: false });
    await expect(forgetScaling(parts as never)).resolves.toBeUndefined();
  });

  test('a teardown takes the endpoint off, and forgets it', async () => {
    const { look, asked, parts, memory } = await scene(SCALED);
    await look();
    asked.length = 0;
    await forgetScaling(parts as never);
    expect([names(asked), memory()]).toEqual([['DeregisterScalableTarget', 'DeleteAlarms'], undefined]);
  });
});

describe('idleness', () => {
  test('is counted from the last request, told, then ends in one write; the endpoint goes at the next look', async () => {
    const { look, the, traffic, told, endpoint, stable, measured } = await scene(IDLE);
    traffic.lastMinute = 2;
    await look();
    after(the, 5);
    await look();
    expect(traffic.reads.at(-1)).toEqual([0, 5]);
    expect(measured.at(-1)).toMatchObject({ idleMinutes: 3 });
    after(the, 48);
    expect(await look()).toMatchObject({ did: ['tell'] });
    after(the, 53);
    expect(await look()).toMatchObject({ did: [] });
    after(the, 62);
    expect(await look()).toEqual({ mode: 'parked', did: ['park'] });
    expect(the.control()).toMatchObject({
      mode: 'parked',
      parked: { reason: 'idle', by: 'capacity', wakesOnTraffic: true },
      changedBy: 'capacity',
    });
    expect(told.map(({ event, severity, runbook }) => [event, severity, runbook])).toEqual([
      ['EndpointIdle', 'warning', 'parked'],
      ['EndpointParked', 'info', 'parked'],
    ]);
    endpoint.seen = { status: 'InService', configName: `triage-abc123-${stable}-live`, variants: [] };
    expect(await look()).toMatchObject({ did: [] });
    after(the, 67);
    expect(await look()).toMatchObject({ did: ['delete-endpoint'] });
    expect(endpoint.done).toEqual(['delete triage-abc123-endpoint']);
    endpoint.seen = 'gone';
    after(the, 72);
    await look();
    expect(measured.at(-1)).toEqual({ wanted: 0, parked: true });
    // The next request wakes it: made again, awaited, live.
    traffic.lastMinute = 74;
    after(the, 77);
    expect(await look()).toMatchObject({ did: ['create-endpoint'] });
    expect(endpoint.done.at(-1)).toBe(`create triage-abc123-${stable}-live`);
    endpoint.seen = { status: 'InService', configName: `triage-abc123-${stable}-live`, variants: [] };
    after(the, 84);
    expect(await look(true)).toEqual({ mode: 'live', did: ['go-live'] });
    expect(told.at(-1)).toMatchObject({ event: 'EndpointWoken' });
    expect(the.control().parked).toBeUndefined();
  });

  test('counts requests whose metric comes an hour late', async () => {
    const { look, the, traffic, memory } = await scene(IDLE);
    await look();
    for (const minutes of [15, 30, 45, 55]) {
      after(the, minutes);
      await look();
    }
    traffic.lastMinute = 10;
    after(the, 65);
    expect(await look()).toMatchObject({ mode: 'live' });
    expect(memory()).toMatchObject({ activeAt: at(10) });
  });

  test('is no reason where SageMaker itself counted requests', async () => {
    const { look, the, traffic, memory, endpoint } = await scene(IDLE);
    await look();
    traffic.invokedMinute = 58;
    after(the, 62);
    expect(await look()).toMatchObject({ mode: 'live', did: ['park'] });
    expect(endpoint.done).toEqual(['count of triage-abc123-endpoint a']);
    expect(memory()).toMatchObject({ activeAt: at(58) });
    expect(await look()).toMatchObject({ did: [] });
  });

  test.each(['InternalError', 'PartialData', undefined])('is not concluded from a metric that was not read: %s', async (StatusCode) => {
    const { client } = fakeClient<never>({ GetMetricData: () => ({ MetricDataResults: [{ StatusCode }] }) });
    await expect(lastRequestOf(client, 'x')('stable', START, START + MINUTE)).rejects.toThrow(/Requests with/);
    await expect(lastInvocationOf(client)('e', 'a', START, START + MINUTE)).rejects.toThrow(/Invocations with/);
  });

  test('ends with the last minute that had a request', async () => {
    const results = [{ StatusCode: 'Complete', Timestamps: [new Date(START + 2 * MINUTE), new Date(START + MINUTE)], Values: [0, 3] }];
    const { client, sent } = fakeClient<never>({ GetMetricData: () => ({ MetricDataResults: results }) });
    expect(await lastInvocationOf(client)('e', 'a', START, START + 9 * MINUTE)).toBe(START + 2 * MINUTE);
    expect(JSON.stringify(sent[0]?.input)).toMatch(
      /"AWS\/SageMaker","MetricName":"Invocations".*"EndpointName","Value":"e".*"VariantName","Value":"a"/,
    );
  });

  test('owners who cannot be told change nothing', async () => {
    const { parts, the, traffic } = await scene(IDLE);
    const silent = { ...parts, notify: async () => Promise.reject(new Error('no topic')) };
    traffic.lastMinute = 1;
    await lookAfterCapacity(silent, false);
    after(the, 70);
    await lookAfterCapacity(silent, false);
    expect(the.control().mode).toBe('parked');
  });

  test('a release that begins in the same moment keeps the endpoint on', async () => {
    const { look, the, traffic } = await scene(IDLE);
    traffic.lastMinute = 1;
    await look();
    after(the, 70);
    the.before('TransactWriteItems', async () => {
      const control = the.control();
      await the.ledger.put(ledgerKeys.control(), { ...control, version: control.version + 1, lockedBy: 'r2-00000002' });
    });
    await look();
    expect(the.control()).toMatchObject({ mode: 'live', lockedBy: 'r2-00000002' });
    expect(await look()).toMatchObject({ did: [] });
  });

  test('an endpoint that SageMaker does not begin is told once, and asked for again', async () => {
    const { look, the, told, endpoint } = await scene(IDLE);
    await the.controller.park(OWNER, 'x');
    await look();
    await the.controller.wake(OWNER, 'y');
    endpoint.failsToBegin = 'no quota for ml.g5.xlarge';
    for (const minutes of [5, 10, 15]) {
      after(the, minutes);
      await look();
    }
    expect(told.map(({ event, facts }) => [event, facts['reason']])).toEqual([['EndpointNotWoken', 'no quota for ml.g5.xlarge']]);
    delete endpoint.failsToBegin;
    after(the, 20);
    expect(await look()).toMatchObject({ did: ['create-endpoint'] });
  });
});

describe('others write meanwhile', () => {
  test('and switch on again what this look would delete: it stays', async () => {
    const { parts, the, endpoint } = await scene(IDLE);
    await lookAfterCapacity(parts, false);
    await the.controller.park(OWNER, 'x');
    after(the, 5);
    const seen = { status: 'InService', configName: the.control().stable!.endpointConfigName, variants: [] };
    const look = async (): Promise<typeof seen> => {
      const control = the.control();
      await the.ledger.put(ledgerKeys.control(), { ...control, version: control.version + 1, mode: 'live', parked: undefined });
      return seen;
    };
    await lookAfterCapacity({ ...parts, endpoints: { ...parts.endpoints, look } }, false);
    expect(endpoint.done).toEqual([]);
    expect(the.control().mode).toBe('live');
  });

  test('and the look begins anew', async () => {
    const { look, the, memory } = await scene(SCALED);
    await look();
    await the.ledger.delete(ledgerKeys.capacity());
    the.before('PutItem', async () => void (await the.ledger.put(ledgerKeys.capacity(), { version: 7, wakeFor: 'r2-00000002' })));
    await look();
    expect(memory()).toMatchObject({ version: expect.any(Number), awakeUntil: at(30) });
  });
});

describe('a release', () => {
  test('that is asked for while the endpoint is off waits, and says so to whoever wakes it', async () => {
    const { look, the, parts } = await scene(IDLE);
    await look();
    await the.controller.park(OWNER, 'x');
    await the.deploy({ behaviour: { threshold: 0.7 } });
    const second = String(the.started.at(-1)?.name);
    expect(await the.step({ action: 'register', releaseId: second, executionArn: 'arn:y' })).toMatchObject({
      locked: false,
      waitSeconds: 900,
    });
    expect(the.release(second).waitsFor).toEqual({ what: 'parked' });
    expect(the.item(ledgerKeys.capacity())).toMatchObject({ wakeFor: second });
    expect(await the.step({ action: 'wait-for-turn', releaseId: second, taskToken: 'turn' })).toEqual({ waits: true });
    const sfn = fakeClient<never>();
    const scene2 = { ...parts, sfn: sfn.client };
    after(the, 5);
    await lookAfterCapacity(scene2, false);
    const { stable } = the.control();
    scene2.endpoints = {
      ...parts.endpoints,
      look: async () => ({ status: 'InService', configName: stable!.endpointConfigName, variants: [] }),
    };
    await lookAfterCapacity(scene2, true);
    expect(sfn.sent).toMatchObject([{ name: 'SendTaskSuccess', input: { taskToken: 'turn' } }]);
    expect(await the.step({ action: 'register', releaseId: second, executionArn: 'arn:y' })).toMatchObject({ locked: true });
  });

  test('that the cost guard bars waits until it does not; a return goes through', async () => {
    const { the } = await scene({});
    const order = { action: 'block-releases', since: at(-5), until: at(600), reason: 'too much' };
    await the.ledger.put(ledgerKeys.costOrders(), { orders: [order] });
    await the.deploy({ behaviour: { threshold: 0.7 } });
    const second = String(the.started.at(-1)?.name);
    expect(await the.step({ action: 'register', releaseId: second, executionArn: 'arn:y' })).toMatchObject({ locked: false });
    expect(the.release(second).waitsFor).toEqual({ what: 'cost', until: at(600) });
    await the.ledger.put(ledgerKeys.release(second), { ...the.release(second), returnTo: 'r1-00000001' });
    expect(await the.step({ action: 'register', releaseId: second, executionArn: 'arn:y' })).toMatchObject({ locked: true });
  });
});

describe('the watch', () => {
  const parked = { since: at(0), by: 'capacity', reason: 'idle', wakesOnTraffic: true } as const;
  const control = { mode: 'parked', parked, endpointName: 'e' } as never;
  const standing = { status: 'InService', createdAt: at(-600) };

  test.each<[string, number, string | undefined, typeof standing | undefined, RegExp | undefined]>([
    ['off and gone', 45, at(30), undefined, undefined],
    ['off, and not gone yet', 20, at(10), standing, undefined],
    ['off, and still there after half an hour', 30, at(20), standing, /still stands and is billed/],
    ['off, and made again since: it is being woken', 45, at(30), { ...standing, createdAt: at(40) }, undefined],
    ['nobody has looked for an hour', 100, at(40), undefined, /nobody looks after it/],
    ['nobody ever looked', 60, undefined, undefined, /nobody looks after it/],
  ])('%s', (_, minutes, lookedAt, seen, expected) => {
    const reason = parkedTrouble(control, lookedAt, seen, START + minutes * MINUTE);
    if (expected === undefined) expect(reason).toBeUndefined();
    else expect(reason).toMatch(expected);
  });
});
