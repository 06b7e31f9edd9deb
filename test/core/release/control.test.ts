import fc from 'fast-check';
import type { ControlRecord } from '../../../core/contracts';
import {
  adopt,
  type Change,
  commitDark,
  firstControl,
  kill,
  openStep,
  promote,
  releaseLock,
  revive,
  rollBack,
  takeLock,
  type Transition,
  withdraw,
} from '../../../core/release/control';

const change: Change = { at: '2026-03-02T09:00:00.000Z', by: 'workflow', reason: 'test' };
const start = firstControl(0.02, change);
const deployed = (releaseId: string) => ({
  releaseId,
  variantName: 'a',
  modelName: `p-${releaseId}`,
  endpointConfigName: `p-${releaseId}-live`,
});
const dark = (releaseId: string) => ({
  candidate: deployed(releaseId),
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
const inDark = (id: string) => (control: ControlRecord) => commitDark(control, dark(id), change);
const weight = (id: string, share: number) => (control: ControlRecord) => openStep(control, id, share, change);
const promoted = (id: string) => (control: ControlRecord) => promote(control, id, change);
const unlocked = (id: string) => (control: ControlRecord) => releaseLock(control, id, undefined, change);

const canary = after(start, lock('r1'), inDark('r1'), weight('r1', 0.05));

describe('a release', () => {
  test('goes from the dark through its steps to stable', () => {
    expect(canary).toMatchObject({ mode: 'baseline', candidateWeight: 0.05, holdout: 0.1, endpointConfigName: 'p-r1-dark', version: 4 });
    expect(canary.candidate?.releaseId).toBe('r1');
    const end = after(canary, promoted('r1'), unlocked('r1'));
    expect(end).toMatchObject({ mode: 'live', candidateWeight: 0, endpointName: 'p-endpoint', endpointConfigName: 'p-r1-live' });
    expect(end.stable?.releaseId).toBe('r1');
    expect(end.candidate).toBeUndefined();
    expect(end.lockedBy).toBeUndefined();
  });

  test('that could not be tidied leaves the config that the endpoint really runs', () => {
    const end = after(canary, promoted('r1'), (control) => releaseLock(control, 'r1', 'p-r1-dark', change));
    expect(end.endpointConfigName).toBe('p-r1-dark');
    expect(end.stable?.endpointConfigName).toBe('p-r1-dark');
  });

  test('rolled back gives the endpoint back to stable, or to nobody', () => {
    const first = after(canary, (control) => rollBack(control, 'r1', change));
    expect(first).toMatchObject({ mode: 'baseline', candidateWeight: 0, lockedBy: 'r1' });
    expect(first.endpointName).toBeUndefined();
    const second = after(canary, promoted('r1'), unlocked('r1'), lock('r2'), inDark('r2'), (control) =>
      rollBack(control, undefined, change),
    );
    expect(second).toMatchObject({ mode: 'live', endpointName: 'p-endpoint', endpointConfigName: 'p-r1-live' });
    expect(second.candidate).toBeUndefined();
  });

  test('another one, or the same once more, changes nothing', () => {
    expect(rollBack(canary, 'r9', change)).toEqual({ ok: true, next: canary });
    const same = [lock('r1'), weight('r1', 0.05)].map((step) => step(canary));
    same.forEach((result) => expect(result.ok && result.next).toBe(canary));
    const live = after(canary, promoted('r1'));
    const again = promote(live, 'r1', change);
    expect(again.ok && again.next).toBe(live);
    const back = after(canary, inDark('r1'));
    expect(back.candidateWeight).toBe(0);
  });

  test('withdrawn always writes, so that whoever read before meets a conflict', () => {
    const locked = after(start, lock('r1'));
    const result = withdraw(locked, 'r1', change);
    expect(result.ok && result.next.version).toBe(locked.version + 1);
    expect(after(canary, (control) => withdraw(control, 'r1', change)).candidate).toBeUndefined();
  });
});

describe('refusals', () => {
  const refusals: [string, Transition, string][] = [
    ['a second release', takeLock(canary, 'r2', change), 'locked'],
    ['a candidate without the lock', commitDark(canary, dark('r2'), change), 'not-locked'],
    ['a weight above one', openStep(canary, 'r1', 1.2, change), 'bad-weight'],
    ['a weight that is no number', openStep(canary, 'r1', Number.NaN, change), 'bad-weight'],
    ['a step without a candidate', openStep(after(start, lock('r1')), 'r1', 0.1, change), 'no-candidate'],
    ['promoting nobody', promote(after(start, lock('r1')), 'r1', change), 'no-candidate'],
    [
      'a lock while killed',
      takeLock(
        after(start, (control) => kill(control, change)),
        'r1',
        change,
      ),
      'killed',
    ],
    ['reviving what lives', revive(canary, change), 'not-killed'],
    ['adopting a second endpoint', adopt(canary, { endpointName: 'old', stable: deployed('r0') }, change), 'has-endpoint'],
  ];
  test.each(refusals)('%s', (_, result, code) => {
    expect(result).toMatchObject({ ok: false, code });
    expect(result.ok ? '' : result.reason).not.toBe('');
  });
});

describe('the kill switch', () => {
  test('takes the candidate; reviving starts from the baseline', () => {
    const killed = after(canary, promoted('r1'), unlocked('r1'), lock('r2'), inDark('r2'), (control) => kill(control, change));
    expect(killed).toMatchObject({ mode: 'killed', candidateWeight: 0, lockedBy: 'r2' });
    expect(killed.candidate).toBeUndefined();
    const revived = after(killed, (control) => revive(control, change));
    expect(revived.mode).toBe('baseline');
    expect([revived.stable, revived.endpointName, revived.lockedBy]).toEqual([undefined, undefined, undefined]);
  });

  test('leaves an adopted endpoint standing', () => {
    const adopted = after(start, (control) => adopt(control, { endpointName: 'old', stable: deployed('r0') }, change));
    expect(adopted).toMatchObject({ mode: 'live', endpointAdopted: true, endpointConfigName: 'p-r0-live' });
    const revived = after(
      adopted,
      (control) => kill(control, change),
      (control) => revive(control, change),
    );
    expect(revived).toMatchObject({ mode: 'live', endpointName: 'old' });
  });
});

test('any sequence of transitions keeps its promises', () => {
  const release = fc.constantFrom('r1', 'r2', 'r3');
  const step = fc.oneof(
    release.map((id) => ['lock', lock(id)] as const),
    release.map((id) => ['dark', inDark(id)] as const),
    fc.tuple(release, fc.double({ min: -0.5, max: 1.5 })).map(([id, share]) => ['step', weight(id, share)] as const),
    release.map((id) => ['promote', promoted(id)] as const),
    release.map((id) => ['rollback', (control: ControlRecord) => rollBack(control, id, change)] as const),
    release.map((id) => ['withdraw', (control: ControlRecord) => withdraw(control, id, change)] as const),
    release.map((id) => ['unlock', unlocked(id)] as const),
    fc.constant(['kill', (control: ControlRecord) => kill(control, change)] as const),
    fc.constant(['revive', (control: ControlRecord) => revive(control, change)] as const),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let control = start;
      for (const [name, apply] of steps) {
        const result = apply(control);
        const next = result.ok ? result.next : control;
        if (next !== control) {
          expect(next.version).toBe(control.version + 1);
        }
        if (control.mode === 'killed' && name !== 'revive') {
          expect(next.mode).toBe('killed');
        }
        if (control.candidate !== undefined && next.candidate !== undefined) {
          expect(next.candidate.releaseId).toBe(control.candidate.releaseId);
        }
        if (next.candidate !== undefined) {
          expect(next.lockedBy).toBe(next.candidate.releaseId);
          expect(next.endpointName).toBeDefined();
          expect(next.mode).not.toBe('killed');
        } else {
          expect(next.candidateWeight).toBe(0);
        }
        expect(next.candidateWeight >= 0 && next.candidateWeight <= 1).toBe(true);
        if (next.mode === 'live') {
          expect(next.stable).toBeDefined();
        }
        control = next;
      }
    }),
    { numRuns: 500 },
  );
});

describe('since when the same releases answer under the same variants', () => {
  const at = (minute: number): Change => ({ ...change, at: `2026-03-02T10:0${minute}:00.000Z` });
  const since = (control: ControlRecord, step: (control: ControlRecord) => Transition) => after(control, step).armsSince;

  test.each<[string, (control: ControlRecord) => Transition]>([
    ['a promotion', (control) => promote(control, 'r1', at(1))],
    ['a rollback', (control) => rollBack(control, 'r1', at(1))],
    ['the kill switch', (control) => kill(control, at(1))],
    ['a withdrawal', (control) => withdraw(control, 'r1', at(1))],
  ])('%s begins anew', (_name, step) => {
    expect(since(canary, step)).toBe(at(1).at);
  });

  test.each<[string, (control: ControlRecord) => Transition]>([
    ['another weight', (control) => openStep(control, 'r1', 0.5, at(1))],
    ['a withdrawal of a release that is no candidate', (control) => withdraw(control, 'r9', at(1))],
  ])('%s changes nothing', (_name, step) => {
    expect(since(canary, step)).toBe(canary.armsSince);
    expect(after(canary, step).changedAt).toBe(at(1).at);
  });
});
