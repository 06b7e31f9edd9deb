import type { ControlRecord } from '../../../core/contracts';
import { instancesFor, darkInstances } from '../../../core/release/capacity';
import { planCleanUp } from '../../../core/release/clean-up';
import {
  type Change,
  commitDark,
  endWarm,
  firstControl,
  keepWarm,
  kill,
  promote,
  releaseLock,
  returnToWarm,
  revive,
  rollBack,
  takeLock,
  type Transition,
} from '../../../core/release/control';
import { courseOf } from '../../../core/release/course';
import { tidyingOf, unused } from '../../../core/release/tidy';
import { SPEC } from '../../lambdas/support';

const change: Change = { at: '2026-03-02T09:00:00.000Z', by: 'workflow', reason: 'test' };
const deployed = (releaseId: string, variantName = 'a') => ({
  releaseId,
  variantName,
  modelName: `p-${releaseId}`,
  endpointConfigName: `p-${releaseId}-live`,
});
const dark = (releaseId: string, variantName?: string) => ({
  candidate: deployed(releaseId, variantName),
  endpointName: 'p-endpoint',
  endpointConfigName: `p-${releaseId}-dark`,
  holdout: 0.1,
});

function after(control: ControlRecord, ...steps: ((control: ControlRecord) => Transition)[]): ControlRecord {
  return steps.reduce((current, step) => {
    const result = step(current);
    if (!result.ok) throw new Error(result.reason);
    return result.next;
  }, control);
}

const lock = (id: string) => (control: ControlRecord) => takeLock(control, id, change);
const inDark = (id: string, slot?: string) => (control: ControlRecord) => commitDark(control, dark(id, slot), change);
const promoted = (id: string, minutes?: number) => (control: ControlRecord) => promote(control, id, change, minutes);
const unlocked = (id: string, config?: string) => (control: ControlRecord) => releaseLock(control, id, config, change);

const stable = after(firstControl(0.02, change), lock('r1'), inDark('r1'), promoted('r1'), unlocked('r1'));
const settling = after(stable, lock('r2'), inDark('r2', 'b'), promoted('r2', 90));
const warm = after(settling, (control) => keepWarm(control, 'r2', change));
const refusal = (transition: Transition): string => (transition.ok ? 'accepted' : transition.code);

describe('a promotion that keeps the release before', () => {
  test('says which and until when, and frees the lock without changing what the endpoint runs', () => {
    expect(settling).toMatchObject({ lockedBy: 'r2', warm: { release: { releaseId: 'r1' }, until: '2026-03-02T10:30:00.000Z' } });
    expect(warm).toMatchObject({ endpointConfigName: 'p-r2-dark', previousReleaseId: 'r1', stable: { endpointConfigName: 'p-r2-live' } });
    expect(warm.lockedBy).toBeUndefined();
  });

  test('without a window keeps nothing but who it was', () => {
    const plain = after(stable, lock('r2'), inDark('r2', 'b'), promoted('r2'));
    expect(plain.warm).toBeUndefined();
    expect(plain.previousReleaseId).toBe('r1');
  });

  test('of a first release has nothing to keep', () => {
    const first = after(firstControl(0.02, change), lock('r1'), inDark('r1'), promoted('r1', 90));
    expect(first.warm).toBeUndefined();
    expect(first.previousReleaseId).toBeUndefined();
  });

  test('that could not be finished properly keeps nothing: stable stands on what the endpoint runs', () => {
    const untidy = after(settling, unlocked('r2', 'p-r2-dark'));
    expect(untidy.warm).toBeUndefined();
    expect(untidy).toMatchObject({ endpointConfigName: 'p-r2-dark', stable: { endpointConfigName: 'p-r2-dark' } });
  });

  test('is over when the kill switch goes on; what comes after a revival has nothing before it', () => {
    const killed = after(warm, (control) => kill(control, change));
    expect(killed.warm).toBeUndefined();
    const revived = after(killed, (control) => revive(control, change));
    expect(revived.previousReleaseId).toBeUndefined();
  });

  test.each([
    ['another release', (control: ControlRecord) => keepWarm(control, 'r1', change), settling],
    ['a release without a window', (control: ControlRecord) => keepWarm(control, 'r1', change), stable],
  ])('%s changes nothing', (_what, transition, control) => {
    expect(transition(control)).toEqual({ ok: true, next: control });
  });
});

describe('taking stable back', () => {
  const taken = after(warm, (control) => returnToWarm(control, change));

  test('is one write: the release before answers, and the one taken back holds the lock until the endpoint is settled', () => {
    expect(taken.version).toBe(warm.version + 1);
    expect(taken).toMatchObject({ stable: { releaseId: 'r1' }, lockedBy: 'r2', endpointConfigName: 'p-r2-dark', candidateWeight: 0 });
    expect(taken.warm).toBeUndefined();
    expect(taken.armsSince).toBe(change.at);
    expect(after(taken, unlocked('r2', 'p-r1-live'))).toMatchObject({ stable: { releaseId: 'r1' }, endpointConfigName: 'p-r1-live' });
  });

  test('works while the promotion is still being settled', () => {
    expect(after(settling, (control) => returnToWarm(control, change))).toMatchObject({ stable: { releaseId: 'r1' }, lockedBy: 'r2' });
  });

  test.each([
    ['without a window', stable, 'not-warm'],
    ['twice', taken, 'not-warm'],
    ['once a new release has begun', after(warm, lock('r3')), 'not-warm'],
    ['once it is settled', after(warm, (control) => endWarm(control, 'r2', change)), 'not-warm'],
    ['under the kill switch', after(warm, (control) => kill(control, change)), 'killed'],
  ])('%s is refused', (_when, control, code) => {
    expect(refusal(returnToWarm(control, change))).toBe(code);
  });

  test('a rollback of the candidate that it was changes nothing any more', () => {
    expect(rollBack(taken, 'r2', change)).toEqual({ ok: true, next: taken });
  });
});

describe('the end of the window', () => {
  const next = after(warm, lock('r3'));
  const built = after(next, inDark('r3'));

  test.each<[string, ControlRecord, string]>([
    ['free', warm, 'settle'],
    ['its own lock, by an attempt before', after(warm, (control) => endWarm(control, 'r2', change)), 'settle'],
    ['another release builds', next, 'later'],
    ['another release stands in the dark', built, 'delete'],
    ['another release is promoted', after(built, promoted('r3')), 'delete'],
    ['another release was rolled back, and is still being cleaned up', after(built, (control) => rollBack(control, 'r3', change)), 'later'],
    ['another release has ended', after(built, unlocked('r3')), 'delete'],
    ['taken back', after(warm, (control) => returnToWarm(control, change)), 'nothing'],
    ['killed', after(warm, (control) => kill(control, change)), 'nothing'],
  ])('%s: %#', (_what, control, expected) => {
    expect(tidyingOf(control, 'r2')).toBe(expected);
  });

  test.each<[string, ControlRecord, string]>([
    ['another release has begun', next, 'locked'],
    ['stable was taken back', after(warm, (control) => returnToWarm(control, change)), 'not-warm'],
    ['there was no window', stable, 'not-warm'],
  ])('is not settled when %s', (_when, control, code) => {
    expect(refusal(endWarm(control, control === stable ? 'r1' : 'r2', change))).toBe(code);
  });

  test('nothing that something stands on is deleted', () => {
    const obsoleteConfigs = ['p-r1-live', 'p-r2-dark', 'p-r2-live', 'p-r3-dark', 'p-r3-live', 'p-r0-live'];
    const obsoleteModels = ['p-r0', 'p-r1', 'p-r2', 'p-r3'];
    const all = { obsoleteConfigs, obsoleteModels, obsoleteEndpoints: ['p-r9', 'p-endpoint'], obsoleteComponents: ['p-r9'] };
    const apart = { obsoleteEndpoints: ['p-r9'], obsoleteComponents: ['p-r9'] };
    expect(unused({ ...warm, endpointName: 'p-endpoint' }, all)).toEqual({
      ...apart,
      obsoleteConfigs: ['p-r3-dark', 'p-r3-live', 'p-r0-live'],
      obsoleteModels: ['p-r0', 'p-r3'],
    });
    expect(unused({ ...built, endpointName: 'p-endpoint' }, all)).toEqual({
      ...apart,
      obsoleteConfigs: ['p-r1-live', 'p-r2-dark', 'p-r0-live'],
      obsoleteModels: ['p-r0', 'p-r1'],
    });
  });
});

describe('a clean-up', () => {
  const window = { until: '2026-03-02T10:30:00.000Z', obsoleteConfigs: ['p-r2-dark'], obsoleteModels: ['p-r1'] };
  const ended = { id: 'r2', spec: SPEC, endedAt: change.at, window };

  test('of a window waits for its end, whoever has the lock', () => {
    expect(planCleanUp(ended, warm, 'p')).toMatchObject({
      promoted: true,
      warmUntil: window.until,
      plan: { obsoleteConfigs: ['p-r2-dark'] },
    });
    expect(planCleanUp(ended, after(warm, lock('r3')), 'p')).toMatchObject({ warmUntil: window.until });
  });

  test('of a window that is over, or of a promotion that never ended, has nothing to wait for', () => {
    expect(planCleanUp({ ...ended, tidiedAt: change.at }, warm, 'p').warmUntil).toBeUndefined();
    expect(planCleanUp({ id: 'r2', spec: SPEC, window }, settling, 'p')).toMatchObject({ promoted: true, takenBack: false });
    expect(planCleanUp({ id: 'r2', spec: SPEC, window }, settling, 'p').warmUntil).toBeUndefined();
  });

  test.each([
    ['before', { id: 'r2', spec: SPEC, window }],
    ['after', ended],
  ])('of a release that was taken back %s its end restores the one before', (_when, record) => {
    const control = after(warm, (current) => returnToWarm(current, change));
    expect(planCleanUp(record, control, 'p')).toMatchObject({
      takenBack: true,
      promoted: false,
      holdsLock: true,
      plan: { stableConfigName: 'p-r1-live', restoreEndpoint: { EndpointConfigName: 'p-r1-live' }, modelName: 'p-r2' },
    });
  });
});

describe('the course of a release', () => {
  const record = { id: 'r3', spec: SPEC };

  test('restores an endpoint that still keeps a release warm, with the weights of stable alone', () => {
    const { restore } = courseOf(record, after(warm, lock('r3')), 'p');
    expect(restore).toMatchObject({
      endpointName: 'p-endpoint',
      stableConfigName: 'p-r2-live',
      restoreEndpoint: {
        EndpointConfigName: 'p-r2-live',
        ExcludeRetainedVariantProperties: expect.arrayContaining([{ VariantPropertyType: 'DesiredWeight' }]),
      },
    });
    expect(courseOf(record, after(stable, lock('r2')), 'p').restore).toBeUndefined();
  });

  test('of a first release has neither a shadow, nor a window, nor a fleet to go over to', () => {
    const shadow = { bakeMinutes: 60, samplingShare: 1, errorRateAbove: 0, minimumAnswers: 1 };
    const rollout = { ...SPEC.rollout, strategy: 'blue-green' as const, steps: [], keepWarmMinutes: 90, shadow };
    const spec = { ...SPEC, rollout };
    expect(courseOf({ id: 'r3', spec }, firstControl(0.02, change), 'p')).toMatchObject({
      first: true,
      strategy: 'all-at-once',
      shadowMinutes: 0,
      keepWarmMinutes: 0,
      gates: [],
    });
    expect(courseOf({ id: 'r3', spec }, stable, 'p')).toMatchObject({ strategy: 'blue-green', shadowMinutes: 60, keepWarmMinutes: 90 });
  });

  test('of a return owes no approval', () => {
    expect(courseOf({ ...record, returnTo: 'r0' }, stable, 'p').approvals.requiredRoles).toEqual([]);
  });
});

describe('instances', () => {
  test.each([
    [0, 4, 1],
    [0.05, 4, 1],
    [0.26, 4, 2],
    [1, 4, 4],
    [0.5, 1, 1],
  ])('a share of %d where all needs %d: %d', (share, needed, expected) => {
    expect(instancesFor(share, needed)).toBe(expected);
  });

  const serving = { ...SPEC.serving, minInstances: 8 };
  const shadow = { bakeMinutes: 60, samplingShare: 0.5, errorRateAbove: 0, minimumAnswers: 1 };
  const load = {
    kind: 'load' as const,
    name: 'load',
    data: { bucket: 'b', key: 'k' },
    requestsPerMinute: 60,
    multiples: [1],
    secondsPerLevel: 60,
    errorRateAtMost: 0,
  };

  test.each([
    ['a first step of 5 %', {}, 1],
    ['all at once', { rollout: { ...SPEC.rollout, steps: [] } }, 8],
    ['a shadow of every second request', { rollout: { ...SPEC.rollout, shadow } }, 4],
    ['a load gate', { gates: [load] }, 8],
  ])('of a dark candidate before %s', (_what, more, expected) => {
    expect(darkInstances({ ...SPEC, serving, ...more })).toBe(expected);
  });
});
