import { behaviourTexts, parseCharter, toReleaseSpec } from '../../../core/charter';
import { accepted, changed, refused, SAMPLE } from './sample';

const PACKAGE = 'arn:aws:sagemaker:eu-west-1:111122223333:model-package/support-triage/7';

describe('toReleaseSpec', () => {
  test('carries the policy with the defaults of the statistics', () => {
    const spec = toReleaseSpec(accepted(SAMPLE), { behaviourFiles: {} });
    expect(spec).toMatchObject({
      useCase: 'support-triage',
      model: { modelPackageArn: PACKAGE, environment: {} },
      serving: { mode: 'real-time', instanceType: 'ml.g5.xlarge', minInstances: 1, maxInstances: 4 },
      rollout: {
        strategy: 'canary',
        holdout: 0.02,
        rollbackAlpha: 0.05,
        promotionAlpha: 0.05,
        stratumMinutes: 5,
        maxDurationMinutes: 1440,
      },
      approvals: { requiredRoles: ['quality', 'risk'], deadlineMinutes: 2880, onDeadline: 'reject' },
    });
    expect(spec.kpis.map(({ name, windowMinutes, weight }) => [name, windowMinutes, weight])).toEqual([
      ['missed-spam', 360, 2],
      ['wrongly-blocked', 1440, 1],
    ]);
    expect(spec.kpis[0]).toMatchObject({ target: { value: 0.03, by: '2027-03-31' }, money: { perUnit: -2.5, currency: 'USD' } });
  });

  test('is JSON without loss: it travels through CloudFormation', () => {
    const spec = toReleaseSpec(accepted(SAMPLE), { behaviourFiles: {} });
    expect(JSON.parse(JSON.stringify(spec))).toStrictEqual(spec);
  });

  test('names files of the behaviour with their hash', () => {
    const charter = accepted(SAMPLE);
    expect(behaviourTexts(charter)).toEqual([{ path: ['release', 'behaviour', 'prompt'], text: 'prompts/triage.md' }]);
    expect(toReleaseSpec(charter, { behaviourFiles: { 'prompts/triage.md': 'ab12' } }).behaviour).toEqual({
      threshold: 0.62,
      prompt: { file: 'prompts/triage.md', sha256: 'ab12' },
    });
    expect(toReleaseSpec(charter, { behaviourFiles: {} }).behaviour).toEqual({ threshold: 0.62, prompt: 'prompts/triage.md' });
  });

  test('takes the image and artefact that the place of deployment resolved', () => {
    const charter = accepted(changed(/package: '[^']*'/, 'container: scikit-learn:1.2-1, artefact: model, environment: { A: b }'));
    const model = toReleaseSpec(charter, { image: 'r/sk:1', artefactUrl: 's3://b/k', behaviourFiles: {} }).model;
    expect(model).toEqual({ image: 'r/sk:1', artefactUrl: 's3://b/k', environment: { A: 'b' } });
    const environment = { A: 'from the place', C: 'd' };
    expect(toReleaseSpec(charter, { image: 'r/sk:1', environment, behaviourFiles: {} }).model.environment).toEqual({ A: 'b', C: 'd' });
    expect(() => toReleaseSpec(charter, { behaviourFiles: {} })).toThrow(/scikit-learn:1\.2-1 is not resolved/);
    const own = accepted(changed(/package: '[^']*'/, 'image: example.com/triage:1'));
    expect(toReleaseSpec(own, { behaviourFiles: {} }).model).toEqual({ image: 'example.com/triage:1', environment: {} });
  });

  test('all at once has no steps; a canary without steps gets the default ones', () => {
    const steps = / {2}steps:.*\n/;
    expect(toReleaseSpec(accepted(changed(steps, '')), { behaviourFiles: {} }).rollout.steps).toEqual([
      { weight: 0.05, bakeMinutes: 30 },
      { weight: 0.25, bakeMinutes: 30 },
      { weight: 0.5, bakeMinutes: 30 },
    ]);
    const atOnce = accepted(changed('strategy: canary', 'strategy: all-at-once', changed(steps, '')));
    expect(toReleaseSpec(atOnce, { behaviourFiles: {} }).rollout).toMatchObject({ strategy: 'all-at-once', steps: [] });
  });
});

describe('files beside the charter', () => {
  const exists = (file: string): boolean => file === 'baseline.ts';

  test('that are named must exist', () => {
    expect(accepted(SAMPLE, { exists }).baseline).toEqual({ rule: 'baseline.ts' });
    expect(refused(SAMPLE, { exists: () => false })[0]).toMatchObject({
      path: 'baseline.rule',
      given: '"baseline.ts"',
      message: 'is not there',
    });
    const folder = changed(/package: '[^']*'/, 'container: scikit-learn:1.2-1, artefact: model');
    expect(refused(folder, { exists })[0]).toMatchObject({ path: 'release.model.artefact' });
    const bucket = changed(/package: '[^']*'/, 'container: scikit-learn:1.2-1, artefact: s3://bucket/model.tar.gz');
    expect(accepted(bucket, { exists }).release.model.artefact).toBe('s3://bucket/model.tar.gz');
  });

  test('a text that looks like a file that is not there is named', () => {
    const result = parseCharter(SAMPLE, 'usecase.yaml', { exists });
    expect(result.ok && result.effectless.at(-1)).toMatchObject({ path: 'release.behaviour.prompt' });
  });
});

describe('profiles', () => {
  const withProfile = `${SAMPLE}\nprofiles: { cpu: { serving: { instance: ml.m5.large } } }\n`;

  test('lay their serving section over the charter', () => {
    expect(accepted(withProfile).serving.instance).toBe('ml.g5.xlarge');
    expect(accepted(withProfile, { profile: 'cpu' }).serving).toEqual({
      mode: 'real-time',
      instance: 'ml.m5.large',
      instances: { min: 1, max: 4 },
    });
  });

  test('must exist and hold', () => {
    expect(refused(withProfile, { profile: 'cpx' })[0]).toMatchObject({
      path: 'profiles',
      given: '"cpx"',
      suggestion: 'Did you mean "cpu"?',
    });
    expect(refused(SAMPLE, { profile: 'cpu' })[0]!.allowed).toMatch(/has none/);
    expect(refused(withProfile.replace('ml.m5.large', 'tiny'))[0]).toMatchObject({ path: 'profiles.cpu.serving.instance' });
  });
});
