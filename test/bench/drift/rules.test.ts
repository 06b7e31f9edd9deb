import type { Kind } from '../../../bench/drift/cells';
import { drawPairs } from '../../../bench/drift/draws';
import { kolmogorovSmirnov, nannyMl, psi, type Rule, sageMakerRobust } from '../../../bench/drift/rules';

const repeated = (...counts: number[]): Float64Array =>
  Float64Array.from(counts.flatMap((count, value) => Array.from({ length: count }, () => value)));

const WINDOWS = 40;

const alarms = (rule: Rule, kind: Kind, effect: 'none' | 'shift', rows: number, baselineRows = 10_000): number =>
  drawPairs({ kind, effect, rows, baselineRows }, WINDOWS, 0).filter((pair) => rule(kind, pair)).length;

test('PSI is Σ (q − p) ln(q / p), an alarm from 0.1', () => {
  // 0.2 · ln(0.7 / 0.5) + 0.2 · ln(0.5 / 0.3) = 0.169; 0.1 · … = 0.041.
  expect(psi('categorical', { baseline: repeated(500, 500), window: repeated(700, 300) })).toBe(true);
  expect(psi('categorical', { baseline: repeated(500, 500), window: repeated(600, 400) })).toBe(false);
});

test('PSI over deciles alarms falsely in most windows of 50 rows', () => {
  expect(alarms(psi, 'numeric', 'none', 50)).toBeGreaterThan(0.6 * WINDOWS);
});

test('Kolmogorov and Smirnov’s test alarms in about one of twenty windows of any size, and knows no categories', () => {
  const share = alarms(kolmogorovSmirnov, 'numeric', 'none', 1000);
  expect(share).toBeGreaterThan(0);
  expect(share).toBeLessThan(0.2 * WINDOWS);
  expect(alarms(kolmogorovSmirnov, 'numeric', 'shift', 1000)).toBe(WINDOWS);
  expect(kolmogorovSmirnov('categorical', { baseline: repeated(5), window: repeated(5) })).toBeUndefined();
});

test("SageMaker's robust rule takes 1.8 · √((n + m) / nm) off the largest difference", () => {
  // 1.8 · √(2 / 1000) = 0.080: what is left of a difference of 0.19 is above 0.1, of 0.17 it is not.
  expect(sageMakerRobust('categorical', { baseline: repeated(500, 500), window: repeated(690, 310) })).toBe(true);
  expect(sageMakerRobust('categorical', { baseline: repeated(500, 500), window: repeated(670, 330) })).toBe(false);
  expect(sageMakerRobust('numeric', { baseline: repeated(500, 500), window: repeated(690, 310) })).toBe(true);
});

test("NannyML's rule compares with the baseline's own chunks, and needs two of them", () => {
  expect(alarms(nannyMl, 'numeric', 'shift', 1000)).toBeGreaterThan(0.9 * WINDOWS);
  expect(alarms(nannyMl, 'numeric', 'none', 1000)).toBeLessThan(0.3 * WINDOWS);
  expect(nannyMl('numeric', { baseline: repeated(500, 500), window: repeated(400, 400) })).toBeUndefined();
});
