import type { FeaturePolicy } from '../../../core/contracts';
import { createSoundness } from '../../../core/retraining';

const feature = (more: Partial<FeaturePolicy>): FeaturePolicy => ({ name: 'hour', side: 'input', path: 'hour', kind: 'numeric', ...more });
const sound = (policy: FeaturePolicy, body: object): boolean => {
  const side = (value: object) => ({ text: JSON.stringify(value), contentType: 'application/json' });
  return createSoundness({ features: [policy] })({ id: 'd', atMillis: 0, request: side(body), answer: side({ hour: 99 }) });
};

test.each<[string, Partial<FeaturePolicy>, object, boolean]>([
  ['in its range', { atLeast: 0, atMost: 23 }, { hour: 23 }, true],
  ['above its range', { atMost: 23 }, { hour: 24 }, false],
  ['below its range', { atLeast: 0 }, { hour: -1 }, false],
  ['missing where all are wanted', { completenessAtLeast: 0.99 }, {}, false],
  ['of another type where all are wanted', { completenessAtLeast: 0.99 }, { hour: 'nine' }, false],
  ['missing where it may be', { atMost: 23 }, {}, true],
  ['one of those allowed', { kind: 'categorical', oneOf: ['a', 'b'] }, { hour: 'b' }, true],
  ['none of those allowed', { kind: 'categorical', oneOf: ['a', 'b'] }, { hour: 'c' }, false],
  ['not looked at', {}, { hour: 1e9 }, true],
  ['of the answer, which is no input', { side: 'output', atMost: 23 }, { hour: 1 }, true],
])('a value %s', (_, more, body, expected) => {
  expect(sound(feature(more), body)).toBe(expected);
});
