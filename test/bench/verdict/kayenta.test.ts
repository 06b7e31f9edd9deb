import { classify, compare, isHigh, isLow } from '../../../bench/verdict/peers/kayenta';
import { Random } from '../../../bench/verdict/random';
import { locationShift } from '../../../bench/verdict/peers/mann-whitney';

/** Values that spinnaker/spinnaker#6278 prints from a debugged Kayenta: seven of ten canary minutes at 100, the baseline always at 1. */
const control = Array.from({ length: 10 }, () => 1);
const canary = (high: number): number[] => Array.from({ length: 10 }, (_, index) => (index < high ? 100 : 1));
const EFFECT = { low: 1, high: 1.05 };

test('seven of ten: every figure as Kayenta prints it, and it passes', () => {
  const { low, high, estimate, tolerated, ratio } = compare(canary(7), control);
  expect(low).toBeCloseTo(6.825022991538781e-5, 15);
  expect(high).toBe(99);
  expect(estimate).toBeCloseTo(98.99992904170193, 12);
  expect(tolerated).toBeCloseTo(24.749982260425483, 12);
  expect(ratio).toBeCloseTo(70.3, 12);
  expect(classify(canary(7), control, EFFECT)).toBe('pass');
});

test('eight of ten: it fails, whatever the value', () => {
  for (const value of [100, 2, 3, 1000]) {
    const at = (count: number): number[] => canary(count).map((one) => (one === 100 ? value : one));
    expect([classify(at(7), control, EFFECT), classify(at(8), control, EFFECT)]).toEqual(['pass', 'high']);
  }
});

test('the interval is that of wilcox.test in the case that Kayenta checks', () => {
  const { low, high, estimate } = locationShift([10, 20, 30, 40], [1, 2, 3, 4], 1.959963984540054);
  expect(low).toBeCloseTo(6, 3);
  expect(high).toBeCloseTo(39, 3);
  expect(estimate).toBeCloseTo(22.5, 3);
});

test('direction, identical and constant data', () => {
  const low = [1, 2.2, 1.1, 2.5, 3];
  const high = [20, 22, 21, 25, 30];
  expect(classify(high, low)).toBe('high');
  expect(classify(low, high)).toBe('low');
  expect(classify([1, 2, 3], [3, 2, 1])).toBe('pass');
  expect(classify([1, 1, 1], [1, 1])).toBe('pass');
  expect(classify([2, 2, 2], [1, 1, 1])).toBe('high');
});

test('the cheap look before the interval never hides a failed metric', () => {
  const random = new Random('kayenta.test', 1);
  const hour = (rate: number): number[] => Array.from({ length: 60 }, () => random.binomial(20, rate) / 20);
  const seen = { high: 0, low: 0, pass: 0 };
  for (let day = 0; day < 400; day++) {
    const control = hour(0.1);
    const experiment = hour([0.04, 0.08, 0.1, 0.12, 0.16][day % 5] ?? 0);
    const said = classify(experiment, control);
    seen[said] += 1;
    expect([isHigh(experiment, control), isLow(experiment, control)]).toEqual([said === 'high', said === 'low']);
  }
  expect(Math.min(seen.high, seen.low, seen.pass)).toBeGreaterThan(20);
});
