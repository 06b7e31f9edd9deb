import type { DriftFinding, DriftLook, DriftState, RetrainingRecord } from '../../../core/contracts';
import { checkDriftAndRetraining } from '../../../rehearsal/world/drift-expectations';
import { driftResult } from '../../../rehearsal/world/drift-result';
import { scenarioSchema } from '../../../rehearsal/world/scenario-schema';
import { driftDetail, driftLookOf, DriftWitness, retrainingDetail, retrainingEvent } from '../../../rehearsal/world/told-drift';

const finding = (feature: string): DriftFinding => ({
  check: 'distribution',
  feature,
  windowHours: 24,
  value: 0.3,
  limit: 0.1,
  rows: 500,
  words: `${feature} moved`,
  examples: [],
});

const look = (state: DriftState, features: string[] = []): DriftLook => ({
  at: '2026-03-02T10:12:00.000Z',
  hour: '2026-03-02T09',
  releaseId: 'r1-aaaaaaaa',
  state,
  reason: `it is ${state}`,
  windows: [{ hours: 24, state, rows: 500, broken: 0, findings: features.map(finding) }],
  quality: [{ measure: 'mae', value: 31, labels: 400, limit: 25, passed: false }],
});

const run = (id: string, status: RetrainingRecord['status'], more: Partial<RetrainingRecord> = {}): RetrainingRecord => ({
  id,
  trigger: 'drift',
  reason: 'hour moved',
  requestedBy: 'drift',
  requestedAt: `2026-03-0${id.slice(1)}T10:00:00.000Z`,
  status,
  parentReleaseId: 'r1-aaaaaaaa',
  ...more,
});

describe('what the timeline tells of drift', () => {
  const missed: DriftLook = { ...look('no-data'), requests: 40 };

  test.each<[string, DriftLook[], (string | undefined)[]]>([
    ['no drift', [look('not-enough-data'), look('ok'), look('ok')], [undefined, undefined, undefined]],
    ['a first look with drift', [look('drifting', ['hour'])], ['detected']],
    [
      'drift that begins, goes on and ends',
      [look('ok'), look('drifting', ['hour']), look('drifting', ['hour']), look('ok')],
      [undefined, 'detected', undefined, 'ended'],
    ],
    ['a further feature that drifts', [look('drifting', ['hour']), look('drifting', ['carrier', 'hour'])], ['detected', 'detected']],
    ['a feature that drifts no more', [look('drifting', ['hour', 'carrier']), look('drifting', ['hour'])], ['detected', undefined]],
    [
      'too little data after drift: no end',
      [look('drifting', ['hour']), look('not-enough-data'), look('ok'), look('ok')],
      ['detected', undefined, 'ended', undefined],
    ],
    ['no data of what was asked', [look('ok'), missed, missed, look('ok')], [undefined, 'no-data', undefined, 'ended']],
    ['no data since nobody asked', [look('no-data'), { ...missed, requests: 0 }, look('ok')], [undefined, undefined, undefined]],
    ['broken input after drift', [look('drifting', ['hour']), look('broken-input', ['hour'])], ['detected', 'broken-input']],
  ])('%s', (_, looks, events) => {
    const witness = new DriftWitness();
    expect(looks.map((one) => witness.saw(one))).toEqual(events);
  });

  test('it names the features and the reason', () => {
    expect(driftDetail(look('drifting', ['hour', 'carrier', 'hour']))).toEqual({
      state: 'drifting',
      hour: '2026-03-02T09',
      release: 'r1-aaaaaaaa',
      features: 'hour, carrier',
      reason: 'it is drifting',
    });
  });

  test('the ledger holds a look as it is, as a member or as JSON', () => {
    const item = look('ok');
    expect([driftLookOf({ ...item }), driftLookOf({ look: item }), driftLookOf({ look: JSON.stringify(item) })]).toEqual([
      item,
      item,
      item,
    ]);
    expect(driftLookOf(undefined)).toBeUndefined();
  });
});

describe('what the timeline tells of retraining', () => {
  test.each<[string, RetrainingRecord, RetrainingRecord | undefined, string | undefined]>([
    ['a run that begins', run('t1', 'selecting'), undefined, 'begun'],
    ['a run that is refused', run('t1', 'refused'), undefined, 'refused'],
    ['its next step', run('t1', 'training'), run('t1', 'selecting'), 'training'],
    ['a write that changes nothing', run('t1', 'training', { costEstimate: 1 }), run('t1', 'training'), undefined],
    ['its end', run('t1', 'registered'), run('t1', 'evaluating'), 'registered'],
  ])('%s', (_, now, before, event) => {
    expect(retrainingEvent(now, before)).toBe(event);
  });

  test('it tells the outcome, the figures and the package', () => {
    const evaluation = { metric: 'mae', candidate: 17, stable: 21, rows: 300, passed: true } as RetrainingRecord['evaluation'] & object;
    const modelPackageArn = 'arn:aws:sagemaker:eu-west-1:123456789012:model-package/flights/4';
    expect(retrainingDetail(run('t1', 'registered', { outcome: 'registered', evaluation, modelPackageArn }))).toEqual({
      id: 't1',
      trigger: 'drift',
      by: 'drift',
      reason: 'registered',
      metric: 'mae',
      candidate: 17,
      stable: 21,
      package: 'flights/4',
    });
  });
});

describe('expectations', () => {
  const RUNS = [run('t1', 'refused'), run('t2', 'registered'), run('t3', 'rejected', { outcome: 'worse than stable' })];

  function failing(expect: object, drift: DriftLook | undefined = look('drifting', ['hour']), retrainings = RUNS): string[] {
    const scenario = scenarioSchema.parse({ title: 't', duration: '1h', traffic: { perMinute: 1 }, arms: {}, expect });
    const ledger = new Map(drift === undefined ? [] : [['drift|drift', { ...drift } as Record<string, unknown>]]);
    return checkDriftAndRetraining(scenario.expect, { ledger, retrainings })
      .filter(({ held }) => !held)
      .map(({ text, seen }) => `${text}; seen: ${seen}`);
  }

  test.each([
    {},
    { drift: { state: 'drifting' } },
    { drift: { state: 'drifting', features: ['hour'], quality: { mae: false } } },
    { retraining: { runs: 2, last: 'rejected' } },
  ])('hold: %j', (expected) => {
    expect(failing(expected)).toEqual([]);
  });

  test.each([
    [{ drift: { state: 'ok' } }, 'drift is ok at the end; seen: drifting: it is drifting'],
    [{ drift: { state: 'drifting', features: ['hour', 'carrier'] } }, 'it is told of hour, carrier; seen: hour'],
    [{ drift: { state: 'drifting', quality: { mae: true } } }, 'mae is within its limit; seen: 31 of 400 labels'],
    [{ drift: { state: 'drifting', quality: { recall: true } } }, 'recall is within its limit; seen: not measured'],
    [{ retraining: { runs: 3 } }, 'the model was trained anew 3 times; seen: 2 runs'],
    [{ retraining: { last: 'registered' } }, 'the last retraining run is registered; seen: rejected: worse than stable'],
  ])('do not hold: %j', (expected, message) => {
    expect(failing(expected)).toEqual([message]);
  });

  test('nothing at all does not hold either', () => {
    const scenario = scenarioSchema.parse({
      title: 't',
      duration: '1h',
      traffic: { perMinute: 1 },
      arms: {},
      expect: { drift: { state: 'ok' }, retraining: { last: 'registered' } },
    });
    expect(checkDriftAndRetraining(scenario.expect, { ledger: new Map(), retrainings: [] })).toEqual([
      { text: 'drift is watched', held: false, seen: 'no look of it is kept' },
      { text: 'the last retraining run is registered', held: false, seen: 'there was none' },
    ]);
  });
});

test('the result holds the last look, and each run with its times', () => {
  const startMillis = Date.parse('2026-03-01T10:00:00.000Z');
  const ledger = new Map([['drift|drift', { look: JSON.stringify(look('drifting', ['hour', 'hour'])) } as Record<string, unknown>]]);
  const retrainings = [run('t1', 'registered', { outcome: 'registered as 4', endedAt: '2026-03-01T11:00:00.000Z' })];
  expect(driftResult({ ledger, retrainings, startMillis })).toEqual({
    drift: {
      state: 'drifting',
      reason: 'it is drifting',
      hour: '2026-03-02T09',
      features: ['hour'],
      quality: [{ measure: 'mae', value: 31, labels: 400, passed: false }],
    },
    retrainings: [
      { id: 't1', trigger: 'drift', status: 'registered', reason: 'registered as 4', requestedAtSeconds: 0, endedAtSeconds: 3600 },
    ],
  });
  expect(driftResult({ ledger: new Map(), retrainings: [], startMillis })).toEqual({});
});
