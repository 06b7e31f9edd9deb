import { brentRoot } from '../../../bench/verdict/peers/brent';
import { normalCdf, normalQuantile } from '../../../bench/verdict/normal';
import { OBrienFleming, PeekedZTest, PooledSequence } from '../../../bench/verdict/peers/pooled-tests';
import type { Score } from '../../../bench/verdict/peers/score';
import { ArgoAnalysis, CloudWatchAlarm, FlaggerChecks } from '../../../bench/verdict/peers/threshold-rules';
import { emptyTallies, SQUARES, SUM, UNITS } from '../../../bench/verdict/tally';
import type { Tallies } from '../../../bench/verdict/tally';

function minuteOf(candidate: [units: number, events: number], control: [units: number, events: number] = [0, 0]): Tallies {
  const tallies = emptyTallies();
  for (const [tally, [units, events]] of [
    [tallies.candidate, candidate],
    [tallies.rest, control],
  ] as const) {
    tally[UNITS] = units;
    tally[SUM] = events;
    tally[SQUARES] = events;
  }
  return tallies;
}

/** Each number is one minute's rate of ten candidate requests. */
const run = (score: Score, rates: (number | undefined)[]): number =>
  rates.reduce<number>(
    (_, rate, minute) => score.minute(rate === undefined ? minuteOf([0, 0]) : minuteOf([10, 10 * rate]), minute),
    Number.NaN,
  );
const periods = (...levels: (number | undefined)[]): (number | undefined)[] =>
  levels.flatMap((level) => Array.from({ length: 5 }, () => level));
const errors = (level: number): number => level;

test('CloudWatch: two of three periods, not two of four; missing data counts for nothing', () => {
  expect(run(new CloudWatchAlarm(errors), periods(0.3, 0, 0, 0.3))).toBe(0);
  expect(run(new CloudWatchAlarm(errors), periods(0.3, 0, 0.2))).toBe(0.2);
  expect(run(new CloudWatchAlarm(errors), periods(0.3, undefined, 0.2, 0, 0, 0))).toBe(0.2);
  expect(run(new CloudWatchAlarm(errors), periods(0.3, undefined, undefined))).toBe(Number.NEGATIVE_INFINITY);
});

test('Flagger: the fifth worst minute; a minute without values is a failed check', () => {
  expect(run(new FlaggerChecks(errors), [0.1, 0.5, 0.2, 0, 0.4, 0.3, 0])).toBe(0.1);
  expect(run(new FlaggerChecks(errors), [undefined, undefined, undefined, undefined, 0])).toBe(0);
  expect(run(new FlaggerChecks(errors), [undefined, undefined, undefined, undefined, undefined])).toBe(Number.POSITIVE_INFINITY);
});

test('Argo Rollouts: the fourth worst measurement; no data is no failure', () => {
  expect(run(new ArgoAnalysis(errors), periods(0.1, 0.5, undefined, 0.2, 0.4, 0))).toBe(0.1);
  expect(run(new ArgoAnalysis(errors), periods(0.1, 0.5, 0.2))).toBe(Number.NEGATIVE_INFINITY);
});

test('z-test: textbook value, and silence below thirty units', () => {
  // 30 of 100 against 20 of 100: pooled 25 %, z = 0.1 / √(0.25·0.75·0.02).
  expect(new PeekedZTest('lower', true).minute(minuteOf([100, 30], [100, 20]))).toBeCloseTo(1.632993, 6);
  expect(new PeekedZTest('higher', true).minute(minuteOf([100, 30], [100, 20]))).toBeCloseTo(-1.632993, 6);
  expect(new PeekedZTest('lower', true).minute(minuteOf([29, 29], [100, 0]))).toBe(Number.NEGATIVE_INFINITY);
});

test("O'Brien-Fleming: the same z counts half at a quarter of the information, and fully at the end", () => {
  const scoreAt = (share: number): number => new OBrienFleming('lower', true, 50 / share).minute(minuteOf([100, 30], [100, 20]));
  expect(scoreAt(1)).toBeCloseTo(1.632993, 6);
  expect(scoreAt(0.25)).toBeCloseTo(1.632993 / 2, 6);
});

test('pooled sequence: the half-normal mixture of the likelihood ratio, by numerical integration', () => {
  const effect = 0.05;
  const variance = 0.25 * 0.75 * 0.005;
  const harm = 0.1;
  let integral = 0;
  const step = effect / 2000;
  for (let delta = step / 2; delta < 12 * effect; delta += step) {
    const prior = (2 / (effect * Math.sqrt(2 * Math.PI))) * Math.exp(-((delta / effect) ** 2) / 2);
    integral += step * prior * Math.exp((delta * harm - delta ** 2 / 2) / variance);
  }
  expect(new PooledSequence('lower', true, effect).minute(minuteOf([400, 120], [400, 80]))).toBeCloseTo(Math.log(integral), 4);
  expect(new PooledSequence('lower', true, effect).minute(minuteOf([199, 199], [400, 0]))).toBe(Number.NEGATIVE_INFINITY);
});

test('normal distribution and root finder', () => {
  expect(normalCdf(1.6448536269514722)).toBeCloseTo(0.95, 6);
  expect(normalCdf(-3)).toBeCloseTo(0.001349898, 8);
  expect(normalQuantile(0.975)).toBeCloseTo(1.959964, 5);
  expect(brentRoot(Math.cos, 0, 3)).toBeCloseTo(Math.PI / 2, 4);
});
