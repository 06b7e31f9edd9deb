import type { RehearsalResult } from '../../../rehearsal/world/result';
import { charterGates, goldenGate, released, unheld } from './gated';

jest.setTimeout(600_000);

const LABELS = ['labels', 'form', 'sure', 'harmless', 'load'];

/** The release asked for, and that nothing was broken or refused on the way. */
function ended(result: RehearsalResult, denied: string[] = []) {
  expect(unheld(result).map(({ name }) => name)).toEqual(denied.length === 0 ? [] : ['least-privilege']);
  expect(result.iam.denied.map(({ action }) => action)).toEqual(denied);
  const [release] = result.releases;
  return { outcome: release?.outcome, stage: release?.stage, reason: release?.reason ?? '' };
}

/** As a deploy with these gates in the place of the charter's. */
const withGates = (...gates: object[]) => ({ actions: [{ at: '1m', do: 'deploy', release: 'candidate', change: { gates } }] });

test('a candidate that passes every gate is promoted, and no permission of the gates is left unused', async () => {
  const result = await released('parity');
  expect(ended(result)).toMatchObject({ outcome: 'promoted' });
  expect(result.iam.unused.filter(({ role }) => role.includes('ToyGatesGates'))).toEqual([]);
  const runs = result.timeline.filter(({ source, event }) => source === 'states' && event === 'succeeded');
  // The smoke test, the charter's five, and the release itself.
  expect(runs).toHaveLength(LABELS.length + 2);
});

test('a worst slice that the mean hides rejects the candidate before anybody is asked', async () => {
  const { outcome, stage, reason } = ended(await released('small-only'));
  expect(outcome).toBe('rejected');
  expect(stage).toBe('gate:labels');
  expect(reason).toContain('worst slice (segment = large) scores');
});

test('a judge finds what no label shows', async () => {
  const { stage, reason } = ended(await released('rude'));
  expect(stage).toBe('gate:harmless');
  expect(reason).toMatch(/mean score 0\.6\d+ of 60 lines, at least 0\.9 demanded/);
});

test('a candidate that fails on lines is rejected with the error and the first line, whatever the rest scores', async () => {
  const { stage, reason } = ended(await released('crashing'));
  expect(stage).toBe('gate:labels');
  expect(reason).toContain('30 of 60 lines without a score (no answer (ModelError): 30, first at line 2)');
});

test('latency under load rejects a candidate whose answers are right', async () => {
  const arms = {
    stable: { model: 'models/parity.mjs' },
    candidate: { model: 'models/parity.mjs', latencyMs: { p50: 300, p95: 700 } },
  };
  const { stage, reason } = ended(await released('parity', { arms }));
  expect(stage).toBe('gate:load');
  expect(reason).toMatch(/p95 at 1 × load \d+\.?\d* ms of 30 answers, below 400 ms demanded/);
  expect(reason).toMatch(/stable's \d+/);
});

test('throttling that passes costs nothing; throttling that stays fails the gate, and the release is not lost', async () => {
  const throttle = { service: 'sagemaker-runtime', operation: 'InvokeEndpoint', error: 'ThrottlingException' };
  const labels = withGates(goldenGate());
  const passing = await released('parity', { ...labels, faults: [{ ...throttle, at: '2m', for: '10m', share: 0.2 }] });
  expect(ended(passing)).toMatchObject({ outcome: 'promoted' });
  const { outcome, reason } = ended(await released('parity', { ...labels, faults: [{ ...throttle, at: '4m', for: '30m' }] }));
  expect(outcome).toBe('rejected');
  expect(reason).toContain('no answer (ThrottlingException)');
});

test('a handler that crashes once is asked again; one that keeps crashing costs the gate, and the release is not lost', async () => {
  const crash = { service: 'lambda', function: 'Gates/Handler', error: 'crash' };
  const labels = withGates(goldenGate());
  const once = await released('parity', { ...labels, faults: [{ ...crash, at: '1m', afterCalls: 7, times: 1 }] });
  expect(ended(once)).toMatchObject({ outcome: 'promoted' });
  const { outcome, stage, reason } = ended(await released('parity', { ...labels, faults: [{ ...crash, at: '1m' }] }));
  expect({ outcome, stage }).toEqual({ outcome: 'rejected', stage: 'gate:smoke' });
  expect(reason).toContain('gate labels did not pass: The gate could not be run to its end');
});

test('a first release passes its gates before the baseline gives way, without a stable release to compare with', async () => {
  const first = { given: {}, arms: { candidate: { model: 'models/parity.mjs' } } };
  expect(ended(await released('parity', first))).toMatchObject({ outcome: 'promoted' });
  const worse = { given: {}, arms: { candidate: { model: 'models/small-only.mjs' } } };
  const result = await released('small-only', worse);
  expect(ended(result)).toMatchObject({ outcome: 'rejected', stage: 'gate:labels' });
  expect(result.requests.byArm).toMatchObject({ stable: 0, candidate: 0 });
});

test('the kill switch ends a release in its gates', async () => {
  const actions = [
    { at: '1m', do: 'deploy', release: 'candidate' },
    { at: '6m', do: 'kill', as: 'platform' },
  ];
  const result = await released('parity', { actions });
  expect(unheld(result)).toEqual([]);
  expect(result.releases[0]).toMatchObject({ outcome: 'killed' });
});

describe("gates and scorers of the user's", () => {
  const arn = (name: string) => `arn:aws:lambda:eu-west-1:123456789012:function:${name}`;
  const functions = { 'own-gate': 'own-gate.mjs', garbage: 'garbage.mjs', scorer: 'scorer.mjs', throwing: 'throwing.mjs' };
  const asked = async (...gates: object[]) => ended(await released('parity', { functions, ...withGates(...gates) }));

  test('decide, and are asked about the candidate in the dark', async () => {
    const scored = { name: 'scored', goldenSet: { data: 'golden.jsonl', scorer: { function: arn('scorer') }, atLeast: 0.5 } };
    expect(await asked({ name: 'own', custom: { function: arn('own-gate') } }, scored)).toMatchObject({ outcome: 'promoted' });
  });

  test('that answer garbage or throw end in a rejected release with the reason', async () => {
    const gates = [
      { name: 'garbage', custom: { function: arn('garbage') } },
      { name: 'throwing', custom: { function: arn('throwing') } },
      { name: 'scored', goldenSet: { data: 'golden.jsonl', scorer: { function: arn('garbage') }, atLeast: 0.5 } },
      { name: 'missing', custom: { function: arn('nobody') } },
    ];
    const { outcome, stage, reason } = await asked(...gates);
    expect({ outcome, stage }).toEqual({ outcome: 'rejected', stage: 'gate:garbage' });
    expect(reason).toContain('gate garbage did not pass: the gate answered no { passed: true or false }');
    expect(reason).toContain('gate throwing did not pass: the function of the gate failed (Error)');
    expect(reason).toContain('the scorer answered no score from 0 to 1: 60, first at line 1');
    expect(reason).toContain('gate missing did not pass: the function of the gate failed (Lambda.ResourceNotFoundException)');
  });
});

test('a data set in S3 is used as it stands there, and one that is not there fails the gate with the reason', async () => {
  const inS3 = (key: string) => ({ ...goldenGate(), goldenSet: { ...goldenGate().goldenSet, data: `s3://golden-sets/${key}` } });
  const objects = { 's3://golden-sets/numbers/1.jsonl': 'golden.jsonl' };
  expect(ended(await released('parity', { objects, ...withGates(inS3('numbers/1.jsonl')) }))).toMatchObject({ outcome: 'promoted' });
  const { outcome, reason } = ended(await released('parity', { objects, ...withGates(inS3('numbers/2.jsonl')) }), [
    // Whoever may not list a bucket is not told that a key is missing: once for the smoke test, once for the gate.
    's3:ListBucket',
    's3:ListBucket',
  ]);
  expect(outcome).toBe('rejected');
  expect(reason).toContain('s3://golden-sets/numbers/2.jsonl cannot be read (AccessDenied): it is not there, or the gate may not read it');
});

test('every gate runs although one failed, and says so', async () => {
  const { reason } = ended(await released('crashing', withGates(...charterGates('labels', 'form'))));
  expect(reason).toContain('gate labels did not pass');
  expect(reason).toContain('gate form did not pass');
});
