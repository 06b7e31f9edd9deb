import { retrainingPolicyOf } from '../../../core/charter';
import type { RetrainingPolicy } from '../../../core/contracts';
import { WATCHED, watched } from './drift-sample';
import { accepted, changed, refused, SAMPLE } from './sample';

const containerOf = (container: string) => ({ image: `registry/${container}`, environment: { SAGEMAKER_PROGRAM: 'inference.py' } });
const policyOf = (text: string): RetrainingPolicy => retrainingPolicyOf(accepted(text), containerOf)!;

const IMAGE = '111122223333.dkr.ecr.eu-west-1.amazonaws.com/triage-training:1.0.0';
const TRAINING = `{ image: '${IMAGE}' }`;
const STATE_MACHINE = 'arn:aws:states:eu-west-1:111122223333:stateMachine:train';

describe('the retraining section as the handlers read it', () => {
  test('is filled in', () => {
    expect(policyOf(WATCHED)).toEqual({
      on: { drift: true, kpi: false },
      coolDownMinutes: 7 * 1440,
      mostRunsPerMonth: 2,
      data: { sinceDays: 30, minimumRows: 1000, evaluationShare: 0.2 },
      training: {
        kind: 'job',
        image: IMAGE,
        instanceType: 'ml.m5.xlarge',
        instanceCount: 1,
        volumeGb: 30,
        hyperParameters: {},
        maxRuntimeMinutes: 120,
      },
      evaluation: { metric: 'accuracy', notWorseBy: 0.02, instanceType: 'ml.m5.large' },
      group: 'support-triage',
      inference: { image: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/triage:1.4.0', environment: {}, contentType: 'application/json' },
    });
  });

  test.each<[string, string, Partial<RetrainingPolicy>]>([
    [TRAINING, '{ pipeline: triage, maxRuntime: 6h }', { training: { kind: 'pipeline', pipelineName: 'triage', maxRuntimeMinutes: 360 } }],
    [
      TRAINING,
      `{ stateMachine: '${STATE_MACHINE}' }`,
      { training: { kind: 'state-machine', stateMachineArn: STATE_MACHINE, maxRuntimeMinutes: 120 } },
    ],
    ['retraining:', 'retraining:\n  monthlyBudget: 200\n  coolDown: 3d', { monthlyBudget: 200, coolDownMinutes: 4320 }],
    [
      'retraining:',
      'retraining:\n  on: { drift: false, kpi: true, schedule: rate(30 days) }',
      { on: { drift: false, kpi: true, schedule: 'rate(30 days)' } },
    ],
    ['retraining:', 'retraining:\n  data: { since: 36h }', { data: { sinceDays: 2, minimumRows: 1000, evaluationShare: 0.2 } }],
  ])('%s → %s', (from, to, expected) => {
    expect(policyOf(watched(from, to))).toMatchObject(expected);
  });

  test('hyperparameters are texts', () => {
    const text = watched(
      TRAINING,
      '{ container: scikit-learn:1.2-1, instances: 2, hyperParameters: { depth: 6, share: 0.5, fast: true } }',
    );
    expect(policyOf(text).training).toMatchObject({
      image: 'registry/scikit-learn:1.2-1',
      instanceCount: 2,
      hyperParameters: { depth: '6', share: '0.5', fast: 'true' },
    });
  });

  test('a board that looks first', () => {
    const text = watched('retraining:', 'retraining:\n  approval: { requiredRoles: [quality], deadline: 12h }');
    expect(policyOf(text).approval).toMatchObject({ requiredRoles: ['quality'], deadlineMinutes: 720, onDeadline: 'reject' });
  });

  test('the new model is served as the charter serves its own, unless it says otherwise', () => {
    const model = '{ container: scikit-learn:1.2-1, artefact: model, environment: { LANGUAGE: en } }\n';
    const text = watched(/ {2}inference:.*\n/, '', watched(/\{ package: .*\}.*\n/, model));
    expect(policyOf(text).inference).toEqual({
      image: 'registry/scikit-learn:1.2-1',
      environment: { SAGEMAKER_PROGRAM: 'inference.py', LANGUAGE: 'en' },
      contentType: 'application/json',
    });
  });
});

test('regression is evaluated by its error', () => {
  const text = watched(/truth:.*\n/, 'truth: { prediction: confidence, kind: regression, window: 6h }\n');
  expect(policyOf(text).evaluation.metric).toBe('mae');
});

describe('what does not fit is refused, with what to do', () => {
  test.each<[string | RegExp, string, string, RegExp]>([
    [/drift:\n(?: {2}.*\n)*/, '', 'drift', /with truth/],
    [/ {2}truth:.*\n/, '', 'drift.truth', /labelled|known/],
    [/ {2}registry:.*\n/, '', 'release.registry', /group/],
    [/ {2}inference:.*\n/, '', 'retraining.inference', /release\.model is a package/],
    ['inference: {', 'inference: { container: scikit-learn:1.2-1,', 'retraining.inference', /not both/],
    [TRAINING, '{}', 'retraining.training', /exactly one of image, container, pipeline, stateMachine/],
    [TRAINING, '{ pipeline: triage, instance: ml.m5.large }', 'retraining.training.instance', /own matter/],
    [TRAINING, `{ stateMachine: '${STATE_MACHINE}', hyperParameters: { a: 1 } }`, 'retraining.training.hyperParameters', /own matter/],
    [
      TRAINING,
      `{ container: scikit-learn:1.2-1, hyperParameters: { a: ${'x'.repeat(2501)} } }`,
      'retraining.training.hyperParameters.a',
      /2500/,
    ],
    [TRAINING, "{ image: 'triage' }", 'retraining.training.image', /tag or digest/],
    [TRAINING, '{ pipeline: triage, maxRuntime: 30d }', 'retraining.training.maxRuntime', /28d/],
    [
      /retraining:\n {2}training:.*/,
      'retraining:\n  monthlyBudget: 10\n  training: { pipeline: triage }',
      'retraining.monthlyBudget',
      /mostRunsPerMonth/,
    ],
    ['retraining:', 'retraining:\n  evaluation: { metric: mae }', 'retraining.evaluation.metric', /accuracy, precision or recall/],
    ['retraining:', 'retraining:\n  evaluation: { notWorseBy: 2 }', 'retraining.evaluation.notWorseBy', /0 to 1/],
    ['retraining:', 'retraining:\n  data: { since: 366d }', 'retraining.data.since', /1d to 365d/],
    ['retraining:', 'retraining:\n  data: { evaluationShare: 0.9 }', 'retraining.data.evaluationShare', /0\.05 to 0\.5/],
    ['retraining:', 'retraining:\n  approval: { requiredRoles: [] }', 'retraining.approval.requiredRoles', /owners/],
    ['retraining:', 'retraining:\n  approval: { requiredRoles: [qualty] }', 'retraining.approval.requiredRoles[0]', /quality/],
    ['retraining:', 'retraining:\n  approval: { requiredRoles: [quality], quorum: 2 }', 'retraining.approval.quorum', /at most 1/],
    ['retraining:', 'retraining:\n  on: { schedule: monthly }', 'retraining.on.schedule', /rate\(30 days\)/],
    ['retraining:', 'retraining:\n  coolDwn: 1d', 'retraining.coolDwn', /^on, coolDown/],
  ])('%s → %s: %s', (from, to, path, allowed) => {
    expect(refused(watched(from, to)).find((problem) => problem.path === path)?.allowed).toMatch(allowed);
  });

  test('a KPI that nobody looks at begins nothing', () => {
    const asked = watched('retraining:', 'retraining:\n  on: { kpi: true }');
    expect(accepted(asked).retraining?.on.kpi).toBe(true);
    const unmoved = watched('  baseline: { tr', '  kpiMovement: false\n  baseline: { tr', asked);
    expect(refused(unmoved)[0]).toMatchObject({ path: 'retraining.on.kpi', message: 'never happens' });
  });

  test('requests that are captured as CSV are sent as CSV', () => {
    const csv = watched('  groups:', '  csv: { input: [subject, order.amount, language] }\n  groups:');
    expect(policyOf(csv).inference.contentType).toBe('text/csv');
    const other = watched("triage:1.4.0' }", "triage:1.4.0', contentType: application/json }", csv);
    expect(refused(other)[0]).toMatchObject({ path: 'retraining.inference.contentType' });
  });

  test('data is not looked for where it is gone', () => {
    const text = watched('retraining:', 'retraining:\n  data: { since: 90d }', watched('retention: 365d', 'retention: 60d'));
    expect(refused(text).find(({ path }) => path === 'retraining.data.since')?.allowed).toMatch(/at most 60d/);
  });

  test('precision is of a label', () => {
    const text = watched(
      'retraining:',
      'retraining:\n  evaluation: { metric: precision }',
      watched(', positive: spam', '', watched(', recallAtLeast: 0.9', '')),
    );
    expect(refused(text).map(({ path }) => path)).toContain('drift.truth.positive');
  });
});

test('a charter without the sections has no policies', () => {
  expect(retrainingPolicyOf(accepted(changed(/ {2}existingEndpoint:.*\n/, '', SAMPLE)), containerOf)).toBeUndefined();
});
