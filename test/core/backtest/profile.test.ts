import { roundUp, ValueProfile } from '../../../core/backtest/profile';
import { amount, random } from './histories';

const draw = random(3);
const values = Array.from({ length: 20_000 }, () => (draw() < 0.1 ? 0 : amount(draw, 40)));
const sorted = values.toSorted((left, right) => left - right);

function profileOf(list: number[]): ValueProfile {
  const profile = new ValueProfile();
  list.forEach((value) => profile.add(value));
  return profile;
}

test.each([0.05, 0.5, 0.95, 0.995, 1])('quantile %p is at most 1 %% too large', (q) => {
  const exact = sorted[Math.ceil(q * values.length) - 1]!;
  const found = profileOf(values).quantile(q);
  expect(found).toBeGreaterThanOrEqual(exact);
  expect(found).toBeLessThanOrEqual(exact * 1.0101);
});

test('mean and deviation with values above the cap counted as the cap', () => {
  const cap = 100;
  const capped = values.map((value) => Math.min(value, cap));
  const mean = capped.reduce((sum, value) => sum + value, 0) / capped.length;
  const deviation = Math.sqrt(capped.reduce((sum, value) => sum + (value - mean) ** 2, 0) / capped.length);
  const found = profileOf(values).winsorised(cap);
  expect(found.mean).toBeCloseTo(mean, 1);
  expect(found.standardDeviation).toBeCloseTo(deviation, 1);
});

test('memory does not grow with the number of values', () => {
  const buckets = (profile: ValueProfile): number => (profile as unknown as { buckets: Map<number, unknown> }).buckets.size;
  expect(buckets(profileOf(values))).toBeLessThan(1500);
});

test.each([
  [213.4, 3, 214],
  [0.01234, 2, 0.013],
  [1000, 3, 1000],
  [0, 3, 0],
])('%p rounds up to %p digits: %p', (value, digits, expected) => {
  expect(roundUp(value, digits)).toBe(expected);
});
