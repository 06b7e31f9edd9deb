import { Random } from '../../../bench/verdict/random';
import { logFactorialTail } from '../../../bench/verdict/stirling';

const DRAWS = 40_000;

function logFactorial(k: number): number {
  let sum = 0;
  for (let i = 2; i <= k; i++) sum += Math.log(i);
  return sum;
}

/** Pearson's statistic over cells of at least ten expected draws; `excess` in standard deviations of chi-square. */
function excess(draw: () => number, logProbability: (k: number) => number): number {
  const counts = new Map<number, number>();
  for (let i = 0; i < DRAWS; i++) {
    const k = draw();
    counts.set(k, (counts.get(k) ?? 0) + 1);
  }
  let statistic = 0;
  let cells = 0;
  let restExpected = DRAWS;
  let restSeen = DRAWS;
  for (let k = 0; k <= 3000; k++) {
    const expected = DRAWS * Math.exp(logProbability(k));
    if (expected < 10) continue;
    statistic += ((counts.get(k) ?? 0) - expected) ** 2 / expected;
    cells += 1;
    restExpected -= expected;
    restSeen -= counts.get(k) ?? 0;
  }
  statistic += (restSeen - restExpected) ** 2 / Math.max(restExpected, 1);
  return (statistic - cells) / Math.sqrt(2 * cells);
}

test.each([
  [20, 0.1],
  [1900, 0.001],
  [1900, 0.1],
  [95, 0.4],
  [100, 0.9],
])('binomial(%d, %d) has its probabilities', (n, p) => {
  const random = new Random(`binomial ${n} ${p}`, 1);
  const log = (k: number): number =>
    k > n
      ? Number.NEGATIVE_INFINITY
      : logFactorial(n) - logFactorial(k) - logFactorial(n - k) + k * Math.log(p) + (n - k) * Math.log(1 - p);
  expect(Math.abs(excess(() => random.binomial(n, p), log))).toBeLessThan(4);
});

test.each([0.2, 9, 10.5, 100, 1800])('poisson(%d) has its probabilities', (mean) => {
  const random = new Random(`poisson ${mean}`, 1);
  expect(
    Math.abs(
      excess(
        () => random.poisson(mean),
        (k) => k * Math.log(mean) - mean - logFactorial(k),
      ),
    ),
  ).toBeLessThan(4);
});

test('edges', () => {
  const random = new Random('edges', 1);
  expect([random.binomial(0, 0.5), random.binomial(7, 0), random.binomial(7, 1), random.binomial(7, -1)]).toEqual([0, 0, 7, 0]);
});

test('the same label and day give the same draws, another day gives others', () => {
  const draws = (label: string, day: number): number[] => {
    const random = new Random(label, day);
    return Array.from({ length: 5 }, () => random.bits());
  };
  expect(draws('cell', 3)).toEqual(draws('cell', 3));
  expect(draws('cell', 3)).not.toEqual(draws('cell', 4));
  expect(draws('cell', 3)).not.toEqual(draws('other', 3));
});

test('what Stirling lacks', () => {
  for (const k of [0, 3, 9, 10, 50]) {
    const stirling = (k + 0.5) * Math.log(k + 1) - (k + 1) + 0.5 * Math.log(2 * Math.PI);
    expect(stirling + logFactorialTail(k)).toBeCloseTo(logFactorial(k), 8);
  }
});
