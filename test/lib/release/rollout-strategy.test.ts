import { charterFromProps } from '../../../core/charter';
import { takeoverOf } from '../../../core/charter/takeover';
import { GuardedRouting, RolloutStrategy } from '../../../lib';
import { SAMPLE } from '../../core/charter/sample';
import { parse } from 'yaml';

const HOLDOUT = 0.02;

/** What a charter makes of the strategy as it would write it. */
function charted(strategy: RolloutStrategy) {
  const document = parse(SAMPLE) as Record<string, unknown>;
  const result = charterFromProps({ ...document, rollout: { ...strategy._charter, holdout: HOLDOUT, maxDuration: '7d' } }, 'props', {
    exists: () => true,
  });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return takeoverOf(result.charter.rollout);
}

describe('the class and the charter say the same', () => {
  test.each<[string, RolloutStrategy]>([
    ['canary', RolloutStrategy.canary()],
    ['canary with steps', RolloutStrategy.canary([{ weight: 0.1, bakeMinutes: 45 }])],
    ['linear', RolloutStrategy.linear()],
    ['linear with steps', RolloutStrategy.linear({ step: 0.25, bakeMinutes: 90 })],
    ['blue/green', RolloutStrategy.blueGreen()],
    [
      'blue/green in steps',
      RolloutStrategy.blueGreen({ routing: GuardedRouting.LINEAR, step: 0.25, waitMinutes: 0, terminationWaitMinutes: 60 }),
    ],
    ['blue/green in one go', RolloutStrategy.blueGreen({ routing: GuardedRouting.ALL_AT_ONCE })],
    ['all at once', RolloutStrategy.allAtOnce()],
    ['shadow → canary', RolloutStrategy.combined(RolloutStrategy.shadow(), RolloutStrategy.canary())],
    [
      'shadow → blue/green',
      RolloutStrategy.combined(
        RolloutStrategy.shadow({
          bakeMinutes: 60,
          samplingShare: 0.5,
          agreementField: 'label',
          agreementAtLeast: 0.9,
          agreementTolerance: 0.1,
          latencyRatioAtMost: 2,
          errorRateAbove: 0,
          minimumAnswers: 10,
        }),
        RolloutStrategy.blueGreen(),
      ),
    ],
  ])('%s', (_, strategy) => {
    expect(charted(strategy)).toEqual(strategy._takeover(HOLDOUT));
  });
});

describe('what does not go is refused by name', () => {
  test.each<[string, () => unknown, RegExp]>([
    ['no steps', () => RolloutStrategy.canary([]), /got no steps: give at least one/],
    [
      'shrinking steps',
      () => RolloutStrategy.canary([0.5, 0.1].map((weight) => ({ weight, bakeMinutes: 30 }))),
      /steps\[1\]\.weight is 0\.1: it must be a fraction above 0\.5/,
    ],
    ['a share in percent', () => RolloutStrategy.canary([{ weight: 5, bakeMinutes: 30 }]), /steps\[0\]\.weight is 5/],
    [
      'half a minute',
      () => RolloutStrategy.canary([{ weight: 0.1, bakeMinutes: 0.5 }]),
      /steps\[0\]\.bakeMinutes is 0\.5: it must be a whole number/,
    ],
    ['a tiny linear step', () => RolloutStrategy.linear({ step: 0.01 }), /linear: step is 0\.01: it must be a fraction from 0\.05 to 0\.5/],
    ['a shadow of everything twice', () => RolloutStrategy.shadow({ samplingShare: 2 }), /samplingShare is 2/],
    ['a shadow of a month', () => RolloutStrategy.shadow({ bakeMinutes: 43_200 }), /bakeMinutes is 43200: .* from 1 to 10080/],
    ['agreement in percent', () => RolloutStrategy.shadow({ agreementAtLeast: 95 }), /agreementAtLeast is 95/],
    ['a negative tolerance', () => RolloutStrategy.shadow({ agreementTolerance: -1 }), /agreementTolerance is -1/],
    ['no latency at all', () => RolloutStrategy.shadow({ latencyRatioAtMost: 0 }), /latencyRatioAtMost is 0/],
    ['errors in percent', () => RolloutStrategy.shadow({ errorRateAbove: 2 }), /errorRateAbove is 2/],
    ['half an answer', () => RolloutStrategy.shadow({ minimumAnswers: 0.5 }), /minimumAnswers is 0\.5/],
    ['a large fleet first', () => RolloutStrategy.blueGreen({ step: 0.6 }), /blueGreen: step .* above 0, at most 0\.5/],
    ['a wait of two hours', () => RolloutStrategy.blueGreen({ waitMinutes: 120 }), /blueGreen: wait is longer than SageMaker waits/],
    ['a shadow alone', () => RolloutStrategy.shadow()._takeover(HOLDOUT), /combine it/],
    ['nothing combined', () => RolloutStrategy.combined(), /got nothing/],
    ['two takers', () => RolloutStrategy.combined(RolloutStrategy.canary(), RolloutStrategy.linear()), /got canary, linear/],
    [
      'the wrong way round',
      () => RolloutStrategy.combined(RolloutStrategy.canary(), RolloutStrategy.shadow()),
      /give a shadow and one other strategy/,
    ],
  ])('%s', (_, act, message) => {
    expect(act).toThrow(message);
  });
});
