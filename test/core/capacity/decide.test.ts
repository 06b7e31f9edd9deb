import { type Act, decide, type Situation } from '../../../core/capacity';
import { at, LIVE, MEMORY, MINUTE, order, parked, situation, STABLE, START, TRACKING } from './situations';

/** The first act, after everything that is only remembered. */
function next(given: Situation): { act: Act | undefined; memory: Situation['memory'] } {
  let now = given;
  for (let step = 0; step < 5; step += 1) {
    const { act, memory } = decide(now);
    if (act !== undefined || memory === now.memory) return { act, memory };
    now = { ...now, memory };
  }
  throw new Error('remembers without end');
}

const scaling = { scaling: { tracking: TRACKING, schedules: [] } };
const inService = { status: 'InService', configName: 'c1', variants: [{ name: 'a', instances: 1 }] };
const VARIANT = { kind: 'variant', endpointName: 'triage-endpoint', variantName: 'a' } as const;

/** What the handler would have remembered once it has applied what was decided. */
function applied(given: Situation): Situation {
  const { act, memory } = next(given);
  if (act?.do !== 'scale') throw new Error(`decided ${act?.do}`);
  return { ...given, memory: { ...memory, scaled: { resource: act.wish.resource, signature: act.signature } } };
}

test('nothing is done where nothing is asked for', () => {
  expect(next(situation())).toEqual({ act: undefined, memory: MEMORY });
  expect(next(situation({ control: { mode: 'baseline', stable: undefined }, memory: { stable: undefined } })).act).toBeUndefined();
});

describe('scaling', () => {
  test("is registered between the release's own bounds, once", () => {
    const before = situation({ policy: scaling });
    expect(next(before).act).toMatchObject({ do: 'scale', wish: { resource: VARIANT, bounds: { min: 1, max: 4 }, tracking: TRACKING } });
    expect(next(applied(before)).act).toBeUndefined();
  });

  test('is protected while a release is in progress, and no more afterwards', () => {
    const during = situation({ policy: scaling, control: { lockedBy: 'r2-00000002' } });
    expect(next(during).act).toMatchObject({ do: 'scale', wish: { protected: true } });
    const after = { ...applied(during), control: LIVE };
    expect(next(after).act).toMatchObject({ do: 'scale', wish: expect.not.objectContaining({ protected: true }) });
  });

  test('goes where stable goes', () => {
    const before = applied(situation({ policy: scaling }));
    const stable = { ...STABLE, releaseId: 'r2-00000002', variantName: 'b' };
    const moved = {
      ...before,
      control: { ...LIVE, stable },
      memory: { ...before.memory, stable: { ...MEMORY.stable!, releaseId: 'r2-00000002' } },
    };
    expect(next(moved).act).toEqual({ do: 'unscale', resource: VARIANT });
    expect(next({ ...moved, memory: { ...moved.memory, scaled: undefined } }).act).toMatchObject({
      do: 'scale',
      wish: { resource: { variantName: 'b' } },
    });
  });

  test('ends where the charter asks for it no more, and where the use case is killed', () => {
    const before = applied(situation({ policy: scaling }));
    expect(next({ ...before, policy: situation().policy }).act).toEqual({ do: 'unscale', resource: VARIANT });
    const killed = { ...before, control: { ...LIVE, mode: 'killed' as const } };
    expect(next(killed).act).toEqual({ do: 'unscale', resource: VARIANT });
    expect(next({ ...killed, memory: { ...killed.memory, scaled: undefined } })).toEqual({ act: undefined, memory: { version: 1 } });
  });

  test('is left alone while a release has freed the endpoint, until it is in service', () => {
    const hold = { releaseId: 'r2-00000002', at: at(0) };
    const held = (minutes: number, more: Partial<Situation> = {}) => ({
      ...situation({ policy: scaling, control: { lockedBy: 'r2-00000002' }, memory: { hold } }),
      nowMillis: START + minutes * MINUTE,
      ...more,
    });
    expect(next(held(1)).act).toBeUndefined();
    expect(next(held(3)).act).toMatchObject({ do: 'look' });
    expect(next(held(3, { endpoint: { ...inService, status: 'Updating' } })).act).toBeUndefined();
    expect(next(held(3, { endpoint: inService })).act).toMatchObject({ do: 'scale' });
    expect(next({ ...held(1), control: LIVE }).act).toMatchObject({ do: 'scale' });
    const registered = { resource: VARIANT, signature: 'x' };
    expect(next(situation({ policy: scaling, control: { lockedBy: 'r2-00000002' }, memory: { hold, scaled: registered } })).act).toEqual({
      do: 'unscale',
      resource: VARIANT,
    });
  });

  test('an order of the cost guard keeps the fewest, and takes back what runs', () => {
    const ordered = situation({ policy: scaling, orders: order('scale-in'), memory: { barred: true } });
    expect(next(ordered).act).toMatchObject({ do: 'scale', wish: { bounds: { min: 1, max: 1 }, schedules: [] } });
    const three = { ...inService, variants: [{ name: 'a', instances: 3 }] };
    const small = applied(ordered);
    expect(next(small).act).toMatchObject({ do: 'look' });
    expect(next({ ...small, endpoint: three }).act).toEqual({
      do: 'shrink',
      endpointName: 'triage-endpoint',
      variantName: 'a',
      instances: 1,
    });
    expect(next({ ...small, endpoint: inService }).act).toBeUndefined();
    expect(next({ ...small, endpoint: three, control: { ...LIVE, lockedBy: 'r2-00000002' } }).act).not.toMatchObject({ do: 'shrink' });
  });

  test('an order waits for the end of a release', () => {
    const during = situation({
      policy: scaling,
      orders: order('scale-in'),
      memory: { barred: true },
      control: { lockedBy: 'r2-00000002' },
    });
    expect(next(during).act).toMatchObject({ do: 'scale', wish: { bounds: { min: 1, max: 4 }, protected: true } });
  });

  test('the turns of a schedule are followed under a release that goes on for days, and its most is allowed throughout', () => {
    const window = { days: [1, 2, 3, 4, 5], fromMinute: 480, toMinute: 1080, timeZone: 'UTC' };
    const schedules = [{ name: 'day', window, warmUpMinutes: 0, bounds: { min: 3, max: 6 } }];
    const early = Date.parse('2026-03-02T06:00:00Z');
    const during = situation({ policy: { scaling: { schedules } }, nowMillis: early, control: { lockedBy: 'r2-00000002' } });
    expect(next(during).act).toMatchObject({ do: 'scale', wish: { bounds: { min: 1, max: 6 }, schedules: [], protected: true } });
    const registered = applied(during);
    expect(next(registered).act).toBeUndefined();
    expect(next({ ...registered, nowMillis: START }).act).toMatchObject({
      do: 'scale',
      wish: { bounds: { min: 3, max: 6 }, protected: true },
    });
  });

  test('what scales to zero can come back, as small as it is', () => {
    const memory = { barred: true, stable: { ...MEMORY.stable!, mode: 'async' as const, bounds: { min: 0, max: 5 } } };
    expect(next(situation({ policy: scaling, orders: order('scale-in'), memory })).act).toMatchObject({
      wish: { bounds: { min: 0, max: 1 } },
    });
  });
});

describe('switching off', () => {
  const idle = { availability: { idle: { afterMinutes: 60, action: 'off', wake: 'on-traffic' } } } as const;

  test('owners are told ahead, once; then it is switched off', () => {
    const soon = situation({ policy: idle, memory: { activeAt: at(-46) } });
    const { act, memory } = next(soon);
    expect(act).toMatchObject({ do: 'tell', notice: 'idle-soon' });
    expect(next({ ...soon, memory }).act).toBeUndefined();
    expect(next({ ...soon, memory, nowMillis: START + 14 * MINUTE }).act).toMatchObject({
      do: 'park',
      reason: 'idle',
      wakesOnTraffic: true,
    });
    expect(next({ ...soon, memory: { ...memory, activeAt: at(30) }, nowMillis: START + 76 * MINUTE }).act).toMatchObject({ do: 'tell' });
  });

  test('an endpoint that was found runs its fewest instead, and owners are told once', () => {
    const adopted = situation({
      policy: idle,
      memory: { activeAt: at(-90), told: [`idle-soon ${at(-90)}`] },
      control: { endpointAdopted: true },
    });
    const { act, memory } = next(adopted);
    expect(act).toMatchObject({ do: 'tell', notice: 'not-parkable', why: expect.stringMatching(/found, not made/) });
    expect(next({ ...adopted, memory }).act).toMatchObject({ do: 'scale', wish: { bounds: { min: 1, max: 1 } } });
  });

  test('an asynchronous endpoint keeps its queue: ordered off, it runs its fewest', () => {
    const stable = { ...MEMORY.stable!, mode: 'async' as const, bounds: { min: 0, max: 3 } };
    const ordered = situation({
      policy: scaling,
      orders: order('off-hours', at(6000)),
      nowMillis: Date.parse('2026-03-02T23:00:00Z'),
      control: { stable: { ...STABLE, mode: 'async' } },
      memory: { barred: true, stable },
    });
    const { act, memory } = next(ordered);
    expect(act).toMatchObject({ do: 'tell', notice: 'not-parkable', why: expect.stringMatching(/would be lost/) });
    expect(next({ ...ordered, memory }).act).toMatchObject({ do: 'scale', wish: { bounds: { min: 0, max: 1 } } });
  });

  test('a rollback window is waited for, but not where it is about money', () => {
    const warm = { release: STABLE, until: at(60) };
    const memory = { activeAt: at(-90), told: [`idle-soon ${at(-90)}`] };
    expect(next(situation({ policy: idle, memory, control: { warm } })).act).toBeUndefined();
    const night = { nowMillis: Date.parse('2026-03-02T23:00:00Z'), orders: order('off-hours', at(6000)), memory: { barred: true } };
    expect(next(situation({ ...night, control: { warm } })).act).toMatchObject({ do: 'park', reason: 'cost' });
  });
});

describe('while it is off', () => {
  const off = (more: Parameters<typeof situation>[0] = {}) => situation({ ...more, control: parked('operator', -10) });
  const on = (more: Parameters<typeof situation>[0] = {}) => situation({ ...more, control: parked('office-hours', -600) });

  test('requests under way are answered before it is deleted', () => {
    expect(next({ ...off(), control: { ...LIVE, ...parked('operator', -1) } }).act).toBeUndefined();
    expect(next(off()).act).toEqual({ do: 'look', endpointName: 'triage-endpoint' });
    expect(next(off({ endpoint: inService })).act).toMatchObject({ do: 'delete-endpoint', because: 'parked' });
    expect(next(off({ endpoint: { ...inService, status: 'Deleting' } })).act).toBeUndefined();
  });

  test.each(['Failed', 'OutOfService', 'UpdateRollbackFailed'])('%s is never waited for, and no failure of a wake', (status) => {
    const { act, memory } = next(off({ endpoint: { ...inService, status } }));
    expect(act).toMatchObject({ do: 'delete-endpoint', because: 'parked' });
    expect(memory.wakeFailures).toBeUndefined();
    expect(next(on({ endpoint: { ...inService, status } })).act).toMatchObject({ do: 'delete-endpoint', because: 'failed' });
  });

  test('scaling lets go first', () => {
    expect(next(off({ memory: { scaled: { resource: VARIANT } } })).act).toMatchObject({ do: 'unscale' });
  });

  test('gone is remembered: nobody asks SageMaker each five minutes', () => {
    const { act, memory } = next(off({ endpoint: 'gone' }));
    expect([act, memory.goneFor]).toEqual([undefined, at(-10)]);
    expect(next(off({ memory: { goneFor: at(-10) } })).act).toBeUndefined();
  });

  test("it is made again, waited for, and answers once it is in service with stable's own config", () => {
    expect(next(on({ endpoint: 'gone' })).act).toEqual({ do: 'create-endpoint', endpointName: 'triage-endpoint', stable: STABLE });
    expect(next(on({ endpoint: { ...inService, status: 'Creating' } })).act).toBeUndefined();
    expect(next(on({ endpoint: { ...inService, status: 'Deleting' } })).act).toBeUndefined();
    expect(next(on({ endpoint: inService })).act).toMatchObject({ do: 'go-live' });
    expect(next(on({ endpoint: { ...inService, configName: 'other' } })).act).toMatchObject({ do: 'delete-endpoint' });
    const failed = next(on({ endpoint: { ...inService, status: 'Failed' }, memory: { wakeFailures: 1 } }));
    expect([failed.act, failed.memory.wakeFailures]).toEqual([
      { do: 'delete-endpoint', endpointName: 'triage-endpoint', because: 'failed' },
      2,
    ]);
  });

  test('stands where the release itself stood', () => {
    const apart = { ...STABLE, endpointName: 'triage-r1-00000001' };
    expect(next({ ...on(), control: { ...on().control, stable: apart } }).act).toEqual({ do: 'look', endpointName: 'triage-r1-00000001' });
  });
});

test('whoever the cost guard barred asks again once it bars nobody', () => {
  const barred = next(situation({ orders: order('block-releases') }));
  expect([barred.act, barred.memory.barred]).toEqual([undefined, true]);
  expect(next(situation({ memory: { barred: true } })).act).toEqual({ do: 'call-waiting', what: 'cost' });
});

test.each([
  ['an owner woke it for longer', { awakeUntil: at(480), wakeFor: 'r2-00000002' }, at(480)],
  ['an owner woke it meanwhile', { awakeUntil: at(5), wakeBy: { by: 'x', reason: 'x', minutes: 60 }, wakeFor: 'r2-00000002' }, at(60)],
])('the longest that anybody was given counts: %s', (_, noted, awakeUntil) => {
  const { memory } = next(situation({ memory: noted }));
  expect(memory).toMatchObject({ awakeUntil, wakeFor: undefined, wakeBy: undefined });
});

test('a release that waited takes its turn before the endpoint is switched off again', () => {
  const { memory } = next(situation({ memory: { wakeFor: 'r2-00000002' } }));
  expect(memory).toMatchObject({ awakeUntil: at(30) });
  expect(memory.wakeFor).toBeUndefined();
});
