import { toReleaseSpec } from '../../../core/charter';
import { accepted, changed, refused } from './sample';

/** The sample with a rollout of its own. */
const rolledOut = (rollout: string, text?: string): string => changed(/^rollout:[\s\S]*?(?=^approvals:)/m, `rollout: ${rollout}\n`, text);

const specOf = (rollout: string) => toReleaseSpec(accepted(rolledOut(rollout)), { behaviourFiles: {} }).rollout;

describe('what a strategy becomes', () => {
  test('a shadow before a canary, with defaults', () => {
    expect(specOf('{ strategy: [shadow, canary] }')).toMatchObject({
      strategy: 'canary',
      steps: [{ weight: 0.05 }, { weight: 0.25 }, { weight: 0.5 }],
      shadow: { bakeMinutes: 120, samplingShare: 1, errorRateAbove: 0.02, minimumAnswers: 100 },
    });
  });

  test('a shadow with everything demanded', () => {
    const agreement = '{ field: label, atLeast: 0.95, tolerance: 0.01 }';
    const shadow = `{ bake: 6h, sampling: 0.5, agreement: ${agreement}, latencyRatioAtMost: 1.5, errorRateAbove: 0, minimumAnswers: 1000 }`;
    expect(specOf(`{ strategy: [shadow, all-at-once], shadow: ${shadow} }`)).toMatchObject({
      strategy: 'all-at-once',
      steps: [],
      shadow: {
        bakeMinutes: 360,
        samplingShare: 0.5,
        agreementField: 'label',
        agreementAtLeast: 0.95,
        agreementTolerance: 0.01,
        latencyRatioAtMost: 1.5,
        errorRateAbove: 0,
        minimumAnswers: 1000,
      },
    });
  });

  test.each([
    ['{ strategy: linear }', [0.2, 0.4, 0.6, 0.8]],
    ['{ strategy: linear, linear: { step: 0.25, bake: 1h } }', [0.25, 0.5, 0.75]],
    ['{ strategy: linear, linear: { step: 0.33 } }', [0.33, 0.66]],
    ['{ strategy: linear, linear: { step: 0.1 }, holdout: 0.2, maxDuration: 2d }', [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]],
  ])('%s grows in equal steps below the holdout', (rollout, weights) => {
    const { strategy, steps } = specOf(rollout);
    expect(strategy).toBe('canary');
    expect(steps.map(({ weight }) => weight)).toEqual(weights);
    expect(steps.every(({ bakeMinutes }) => bakeMinutes === (rollout.includes('1h') ? 60 : 30))).toBe(true);
  });

  test('blue-green, with defaults', () => {
    expect(specOf('{ strategy: blue-green }')).toMatchObject({
      strategy: 'blue-green',
      steps: [],
      guarded: { routing: 'canary', stepShare: 0.1, waitMinutes: 10, terminationWaitMinutes: 10 },
    });
    expect(specOf('{ strategy: blue-green }').shadow).toBeUndefined();
  });

  test('blue-green in one go has no step', () => {
    const { guarded } = specOf('{ strategy: [shadow, blue-green], blueGreen: { routing: all-at-once, wait: 0m, terminationWait: 1h } }');
    expect(guarded).toEqual({ routing: 'all-at-once', waitMinutes: 0, terminationWaitMinutes: 60 });
  });

  test('the release before stays warm for as long as it says', () => {
    expect(specOf('{ keepWarm: 2h }').keepWarmMinutes).toBe(120);
    expect(specOf('{}').keepWarmMinutes).toBeUndefined();
  });
});

describe('what AWS, or sense, would refuse', () => {
  test.each([
    ['shadow alone', '{ strategy: shadow }', 'rollout.strategy', /\[shadow, canary\]/],
    ['shadow last', '{ strategy: [linear, shadow] }', 'rollout.strategy', /shadow first: \[shadow, linear\]/],
    ['two takers', '{ strategy: [canary, blue-green] }', 'rollout.strategy', /one of canary, linear/],
    ['a strategy twice', '{ strategy: [shadow, shadow, canary] }', 'rollout.strategy', /each strategy once/],
    ['steps of a linear rollout', '{ strategy: linear, steps: [{ weight: 0.1, bake: 1h }] }', 'rollout.steps', /no steps where/],
    ['shadow settings without shadow', '{ shadow: { bake: 1h } }', 'rollout.shadow', /no shadow where the strategy is canary/],
    ['linear settings without linear', '{ linear: { step: 0.2 } }', 'rollout.linear', /no linear/],
    ['guardrails without blue-green', '{ blueGreen: { wait: 5m } }', 'rollout.blueGreen', /no blueGreen/],
    ['an early promotion of blue-green', '{ strategy: blue-green, promoteEarly: true }', 'rollout.promoteEarly', /false/],
    ['a warm release beside blue-green', '{ strategy: blue-green, keepWarm: 1h }', 'rollout.keepWarm', /terminationWait/],
    ['linear steps too small', '{ strategy: linear, linear: { step: 0.01 } }', 'rollout.linear.step', /0\.05 to 0\.5/],
    ['linear steps too large', '{ strategy: linear, linear: { step: 0.6 } }', 'rollout.linear.step', /0\.05 to 0\.5/],
    ['linear steps that bake too long', '{ strategy: linear, linear: { bake: 1d } }', 'rollout.maxDuration', /at least 5760m/],
    ['a canary of more than half', '{ strategy: blue-green, blueGreen: { step: 0.6 } }', 'rollout.blueGreen.step', /at most 0\.5/],
    [
      'guarded steps too small',
      '{ strategy: blue-green, blueGreen: { routing: linear, step: 0.05 } }',
      'rollout.blueGreen.step',
      /0\.1 to 0\.5/,
    ],
    [
      'a step of a move in one go',
      '{ strategy: blue-green, blueGreen: { routing: all-at-once, step: 0.1 } }',
      'rollout.blueGreen.step',
      /no step/,
    ],
    ['a wait above an hour', '{ strategy: blue-green, blueGreen: { wait: 2h } }', 'rollout.blueGreen.wait', /at most 60m/],
    [
      'a termination above an hour',
      '{ strategy: blue-green, blueGreen: { terminationWait: 61m } }',
      'rollout.blueGreen.terminationWait',
      /at most 60m/,
    ],
    [
      'a deployment above eight hours',
      '{ strategy: blue-green, blueGreen: { routing: linear, step: 0.1, wait: 50m } }',
      'rollout.blueGreen.wait',
      /420 minutes in all/,
    ],
    ['a shadow of a month', '{ strategy: [shadow, canary], shadow: { bake: 30d } }', 'rollout.shadow.bake', /at most 7d/],
    [
      'a field that is no text',
      "{ strategy: [shadow, canary], shadow: { agreement: { field: ' ' } } }",
      'rollout.shadow.agreement.field',
      /JMESPath/,
    ],
  ])('%s', (_, rollout, path, allowed) => {
    const problem = refused(rolledOut(rollout)).find((one) => one.path === path);
    expect(problem?.allowed).toMatch(allowed);
  });

  test.each(['[shadow, canary]', 'blue-green'])('%s on Inf1', (strategy) => {
    const text = changed(/instance: ml\.[\w.]+/, 'instance: ml.inf1.xlarge', rolledOut(`{ strategy: ${strategy} }`));
    expect(refused(text)).toContainEqual(
      expect.objectContaining({ path: 'serving.instance', allowed: expect.stringMatching(/Inf1/) as string }),
    );
  });

  test.each(['[shadow, canary]', 'blue-green'])('%s on a serverless endpoint', (strategy) => {
    const text = changed('mode: real-time', 'mode: serverless', rolledOut(`{ strategy: ${strategy} }`));
    expect(refused(text).some(({ path, message }) => path === 'serving.mode' && message.startsWith('does not go with'))).toBe(true);
  });
});
