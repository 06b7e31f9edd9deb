import { editDistance, nearest } from '../../../core/charter/suggest';

test.each([
  ['kitten', 'sitting', 3],
  ['', 'abc', 3],
  ['same', 'same', 0],
  ['hodlout', 'holdout', 1],
])('distance of %s and %s', (a, b, distance) => {
  expect(editDistance(a, b)).toBe(distance);
  expect(editDistance(b, a)).toBe(distance);
});

test('only what is near is suggested', () => {
  expect(nearest('rolout', ['rollout', 'release'])).toBe('rollout');
  expect(nearest('Rollout', ['rollout'])).toBe('rollout');
  expect(nearest('banana', ['rollout', 'release'])).toBeUndefined();
  expect(nearest('x'.repeat(100_000), ['rollout'])).toBeUndefined();
  expect(nearest('a', [])).toBeUndefined();
});
