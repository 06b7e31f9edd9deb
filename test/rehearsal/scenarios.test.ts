import type { Scenario } from '../../rehearsal/world/scenario-schema';
import { scenarioSchema } from '../../rehearsal/world/scenario-schema';
import { succeeded } from '../../rehearsal/world/result';
import { run, toyJob } from './toy';

jest.setTimeout(120_000);

/** The scenario `good` of the toy use case, with parts of it written otherwise. */
const scenarioWith = (changes: Record<string, unknown>): { name: string; file: string; scenario: Scenario } => ({
  name: 'test',
  file: 'test.yaml',
  scenario: scenarioSchema.parse({
    title: 'test',
    duration: '4h',
    traffic: { perMinute: 6, source: 'traffic.mjs' },
    given: { stable: 'promoted' },
    arms: { stable: { model: 'models/stable.mjs' }, candidate: { model: 'models/good.mjs' } },
    outcomes: 'outcomes.mjs',
    people: [{ role: 'quality', after: '10m', decision: 'approve' }],
    actions: [{ at: '1m', do: 'deploy', release: 'candidate' }],
    ...changes,
  }),
});

const heldInvariants = (result: { invariants: { name: string; held: boolean }[] }): string[] =>
  result.invariants.filter(({ held }) => !held).map(({ name }) => name);

test('throttled SageMaker calls, a crashed ingest and duplicated KPI events lose nothing and count nothing twice', async () => {
  const named = scenarioWith({
    faults: [
      { at: '1m', service: 'sagemaker', operation: 'UpdateEndpoint', error: 'ThrottlingException', times: 2 },
      { at: '30m', service: 'lambda', function: 'Intake/Handler', error: 'crash', for: '10m' },
      { at: '1h', service: 'dynamodb', operation: 'TransactWriteItems', error: 'InternalServerError', times: 5 },
      { at: '1h', kpi: 'duplicate', share: 0.3 },
      { at: '2h', kpi: 'delay', by: '2h', share: 0.2 },
    ],
  });
  const result = await run(await toyJob(named));
  expect(heldInvariants(result)).toEqual([]);
  expect(result.kpiEvents.duplicates).toBeGreaterThan(0);
  expect(result.kpiEvents.late).toBeGreaterThan(0);
  expect(result.kpiEvents.counted + result.kpiEvents.late + result.kpiEvents.rejected + result.kpiEvents.duplicates).toBe(
    result.kpiEvents.sent,
  );
});

test('a verdict that crashes for twenty minutes misses its heartbeat: rolled back', async () => {
  const named = scenarioWith({ faults: [{ at: '40m', service: 'lambda', function: 'Toy/Verdict/Handler', error: 'crash', for: '20m' }] });
  const result = await run(await toyJob(named));
  expect(result.outcome).toBe('rolled-back');
  expect(result.releases[0]?.reason).toMatch(/heartbeat/);
  expect(heldInvariants(result)).toEqual([]);
});

test('SageMaker goes back to the old config by itself: noticed, and rolled back', async () => {
  const result = await run(await toyJob(scenarioWith({ duration: '2h', faults: [{ at: '1m', endpoint: 'silent-rollback' }] })));
  expect(result.outcome).toBe('rolled-back');
  expect(result.requests.byArm.candidate).toBe(0);
  expect(heldInvariants(result)).toEqual([]);
});

test('a live endpoint is adopted as stable, and is only read until a candidate comes', async () => {
  const named = scenarioWith({
    given: {},
    actions: [{ at: '1m', do: 'deploy', release: 'candidate', change: { platform: { existingEndpoint: 'legacy' } } }],
  });
  const result = await run({ ...(await toyJob(named)), existingEndpoint: 'legacy' });
  expect(result.requests.byArm.stable).toBeGreaterThan(0);
  expect(result.outcome).toBe('promoted');
  expect(heldInvariants(result)).toEqual([]);
});

test('a permissions boundary of the organisation is told, not silently skipped', async () => {
  const boundary = 'arn:aws:iam::123456789012:policy/boundary';
  const named = scenarioWith({
    duration: '10m',
    actions: [{ at: '1m', do: 'deploy', release: 'candidate', change: { platform: { permissionsBoundary: boundary } } }],
  });
  const result = await run(await toyJob(named));
  expect(result.timeline).toContainEqual(expect.objectContaining({ source: 'iam', event: 'boundary-not-enforced' }));
});

test('an operator kills: the baseline answers, and nothing is left running', async () => {
  const named = scenarioWith({
    duration: '2h',
    actions: [
      { at: '1m', do: 'deploy', release: 'candidate' },
      { at: '1h', do: 'kill', as: 'platform', reason: 'drill' },
    ],
  });
  const result = await run(await toyJob(named));
  expect(result.outcome).toBe('killed');
  expect(succeeded(result)).toBe(true);
});

test('the stack is destroyed in the middle of a canary: nothing is left running', async () => {
  const named = scenarioWith({
    duration: '2h',
    actions: [
      { at: '1m', do: 'deploy', release: 'candidate' },
      { at: '1h', do: 'destroy' },
    ],
  });
  const result = await run(await toyJob(named));
  expect(result.timeline.map(({ event }) => event)).toContain('DELETE_COMPLETE');
  expect(heldInvariants(result)).toEqual([]);
});

test('nobody approves: rejected at the deadline, without one request to the candidate', async () => {
  const result = await run(await toyJob(scenarioWith({ duration: '5h', people: [], traffic: { perMinute: 2, source: 'traffic.mjs' } })));
  expect(result.outcome).toBe('rejected');
  expect(result.requests.byArm.candidate).toBe(0);
  expect(heldInvariants(result)).toEqual([]);
});

test('a person rejects by an action; synthetic traffic is answered all the same', async () => {
  const actions = [
    { at: '1m', do: 'deploy', release: 'candidate' },
    { at: '20m', do: 'reject', as: 'quality', reason: 'not now' },
  ];
  const result = await run(await toyJob(scenarioWith({ duration: '30m', people: [], traffic: { perMinute: 2 }, actions })));
  expect(result.outcome).toBe('rejected');
  expect(result.requests.total).toBeGreaterThan(0);
  expect(result.requests.failed).toBe(0);
  expect(heldInvariants(result)).toEqual([]);
});

test('an owner without the role is refused', async () => {
  const named = scenarioWith({ duration: '1h', people: [{ role: 'platform', after: '10m', decision: 'approve' }] });
  const result = await run(await toyJob(named));
  expect(result.outcome).toBe('none');
  expect(result.timeline).toContainEqual(expect.objectContaining({ source: 'people', event: 'refused' }));
});
