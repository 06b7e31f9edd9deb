import {
  logBinomialAtLeast,
  logBinomialAtMost,
  logChiSquareTail,
  logGamma,
  logTwoSidedNormalTail,
} from '../../../../core/drift/judge/tails';

/** scipy 1.17: stats.chi2.logsf(x, df). */
const CHI_SQUARE = [
  [1e-6, 1, -0.0007982029070198696],
  [0.1, 1, -0.2852455311696769],
  [10, 1, -6.459612454150122],
  [150, 1, -77.73766804525387],
  [1300, 1, -653.8116188814319],
  [0.1, 3, -0.008196072495326267],
  [19, 3, -8.204578702845831],
  [400, 3, -197.22756838714164],
  [1, 5, -0.0381528793136381],
  [1300, 5, -640.5669175227631],
  [3, 19, -1.079059256088546e-5],
  [19, 19, -0.7834305397218634],
  [40, 19, -5.722256945995509],
  [150, 19, -49.87225678449343],
  [1300, 19, -606.621925747269],
  [40, 50, -0.17051863235099757],
  [70, 50, -3.4303962566830153],
  [1300, 50, -549.2998317368301],
  [150, 200, -0.0033580735210606743],
  [400, 200, -33.926896945131695],
  [1300, 200, -367.7490285364424],
] as const;

test.each(CHI_SQUARE)('the tail of χ² beyond %d with %d degrees of freedom is that of scipy', (x, df, expected) => {
  expect(Math.abs(logChiSquareTail(x, df) / expected - 1)).toBeLessThan(1e-9);
});

test('far beyond the smallest double the tail goes on: with two degrees of freedom it is -x/2', () => {
  for (const x of [1400, 5000, 1e6]) expect(logChiSquareTail(x, 2)).toBeCloseTo(-x / 2, 6);
});

test('nothing is beyond nothing', () => {
  expect(logChiSquareTail(0, 3)).toBe(0);
  expect(logChiSquareTail(-1, 3)).toBe(0);
});

test.each([
  [1, 50, 0.01, -0.9288848740408436],
  [3, 50, 0.01, -4.281835959840361],
  [10, 200, 0.01, -10.12309215215515],
  [60, 200, 0.05, -67.41317428427705],
  [900, 1000, 0.8, -39.279628110702426],
  [500, 1000, 0.5, -0.6682350621326352],
  [20, 1_000_000, 1e-6, -43.287110377857196],
  [5500, 100_000, 0.05, -28.39245781469061],
  [1, 1, 0.5, -0.6931471805599453],
  [200, 200, 0.1, -460.5170185988091],
])('at least %d of %d at %d is as likely as scipy says', (k, n, p, expected) => {
  expect(logBinomialAtLeast(k, n, p)).toBeCloseTo(expected, 5);
});

test('at most k is what at least k + 1 leaves', () => {
  expect(logBinomialAtMost(180, 200, 0.95)).toBeCloseTo(-5.927709001229501, 8);
  expect(logBinomialAtMost(150, 200, 0.9)).toBeCloseTo(-20.80926134632871, 8);
  expect(logBinomialAtMost(200, 200, 0.5)).toBe(0);
});

test('the ends of the binomial distribution', () => {
  expect(logBinomialAtLeast(0, 10, 0.5)).toBe(0);
  expect(logBinomialAtLeast(1, 10, 0)).toBe(-Infinity);
  expect(logBinomialAtLeast(11, 10, 0.5)).toBe(-Infinity);
  expect(logBinomialAtLeast(10, 10, 1)).toBe(0);
});

test('the normal tail, and Γ', () => {
  expect(logTwoSidedNormalTail(4.891638475698591)).toBeCloseTo(Math.log(1e-6), 8);
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 12);
  expect(logGamma(11)).toBeCloseTo(Math.log(3_628_800), 10);
});
