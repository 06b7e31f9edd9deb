import { compareCounts, compareRates } from '../../../../core/drift/judge/two-gates';

const BASELINE = [120, 80, 45, 30, 25];
const WINDOW = [300, 310, 190, 120, 80];

test('distance and significance are those of scipy: G with Williams, and √JSD less its bias', () => {
  const compared = compareCounts(BASELINE, WINDOW, false)!;
  expect(compared.cells).toBe(5);
  expect(compared.log10P).toBeCloseTo(-1.615245035956992, 9);
  expect(compared.distance).toBeCloseTo(0.07484857186589854, 9);
});

test('of cells in an order the shift of the ranks is tested too, and the best of three p-values is paid for', () => {
  const [before, after] = [
    [100, 100, 100, 100, 100],
    [60, 80, 100, 120, 140],
  ];
  // scipy: Kruskal and Wallis's test with ties.
  expect(compareCounts(before!, after!, true)!.log10P).toBeCloseTo(-5.11785301270489 + Math.log10(3), 6);
  expect(compareCounts(before!, after!, false)!.log10P).toBeCloseTo(-3.4574879272099563, 6);
});

test('a change of spread is seen in the squared ranks', () => {
  const before = [100, 100, 100, 100, 100];
  const after = [45, 22, 16, 22, 45];
  expect(compareCounts(before, after, true)!.log10P).toBeLessThan(compareCounts(before, after, false)!.log10P);
});

test('two cells are a G-test with one degree of freedom', () => {
  const compared = compareRates({ count: 5, rows: 1000 }, { count: 30, rows: 1000 })!;
  expect(compared.log10P).toBeCloseTo(Math.log10(7.234395942192361e-6), 9);
});

test('the same shares are no distance apart, whatever the rows', () => {
  const compared = compareCounts([500, 300, 200], [50, 30, 20], false)!;
  expect(compared.distance).toBe(0);
  expect(compared.log10P).toBeCloseTo(0, 12);
});

test('far apart are one bit less the bias, and p is far below the smallest double', () => {
  const compared = compareCounts([10_000, 0], [0, 10_000], false)!;
  expect(compared.distance).toBeCloseTo(1, 3);
  expect(compared.log10P).toBeLessThan(-5000);
});

test('sparse cells become one: fifty categories of a row each cost one degree of freedom', () => {
  const sparse = Array.from({ length: 50 }, () => 1);
  const compared = compareCounts([5000, 5000, ...sparse], [100, 100, ...sparse.map(() => 0)], false)!;
  expect(compared.cells).toBe(3);
});

test('what is new to a small window is evidence, however little of it is expected', () => {
  const compared = compareRates({ count: 0, rows: 20_000 }, { count: 50, rows: 200 })!;
  expect(compared.log10P).toBeLessThan(-50);
  expect(compared.distance).toBeGreaterThan(0.3);
});

test('one odd row of a lopsided feature is no shift of the ranks', () => {
  // The normal tail would call five such rows of 200 impossible.
  const compared = compareCounts([0, 19_980, 20], [0, 195, 5], true)!;
  const exact = compareCounts([0, 19_980, 20], [0, 195, 5], false)!;
  expect(compared.log10P).toBeGreaterThanOrEqual(exact.log10P);
});

test('an empty side is not compared', () => {
  expect(compareCounts([0, 0], [1, 2], true)).toBeUndefined();
  expect(compareCounts([1, 2], [0, 0], true)).toBeUndefined();
});
