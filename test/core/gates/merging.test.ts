import fc from 'fast-check';
import { addLatency, countOf, fewestFor, type Histogram, mergeHistograms, percentileOf } from '../../../core/gates/histogram';
import { mergeGolden, noGoldenTally, type ScoredLine, tallyOf } from '../../../core/gates/golden-tally';
import { type LoadTally, mergeLoad, noLoadTally } from '../../../core/gates/load-tally';
import { meanInterval } from '../../../core/gates/sums';

const score = fc.double({ min: 0, max: 1, noNaN: true });
const scored = fc.oneof(
  score.map((value) => ({ score: value })),
  fc.constantFrom('no answer (ThrottlingException)', 'the answer is no JSON').map((why) => ({ why })),
);
const aLine: fc.Arbitrary<Omit<ScoredLine, 'line'>> = fc.record(
  {
    candidate: scored,
    rival: scored,
    slice: fc.constantFrom('gold', 'silver', '', '__proto__', 'constructor'),
    group: fc.record({ name: fc.constantFrom('a', 'b', 'toString'), favourable: fc.boolean() }),
  },
  { requiredKeys: ['candidate'] },
);
const someLines = fc.array(aLine, { maxLength: 60 }).map((lines) => lines.map((line, index) => ({ ...line, line: index + 1 })));

/** The parts that items fall into, in an order of their own. */
function split<T>(items: T[], places: number[], parts: number): T[][] {
  const all: T[][] = Array.from({ length: parts }, () => []);
  items.forEach((item, index) => all[(places[index % places.length] ?? 0) % parts]?.push(item));
  return all.toReversed();
}

const splitting = { places: fc.array(fc.nat(20), { minLength: 1, maxLength: 30 }), parts: fc.integer({ min: 1, max: 8 }) };

describe('tallies of golden sets', () => {
  const sum = (lines: ScoredLine[]) => lines.map(tallyOf).reduce(mergeGolden, noGoldenTally());

  test('merge to the same whatever way the lines were split, and through JSON', () => {
    fc.assert(
      fc.property(someLines, splitting.places, splitting.parts, (lines, places, parts) => {
        const through = split(lines, places, parts).map((part) => JSON.parse(JSON.stringify(sum(part))) as ReturnType<typeof sum>);
        expect(through.reduce(mergeGolden, noGoldenTally())).toEqual(JSON.parse(JSON.stringify(sum(lines))));
      }),
    );
  });

  test('count every line once: with a score, or with what kept it from one', () => {
    fc.assert(
      fc.property(someLines, (lines) => {
        const { lines: all, candidate, failures, slices } = sum(lines);
        expect(all).toBe(lines.length);
        const sliced = lines.filter((line) => 'score' in line.candidate && line.slice !== undefined);
        expect(Object.values(slices).reduce((total, { n }) => total + n, 0)).toBe(sliced.length);
        expect(candidate.n + Object.values(failures).reduce((total, { n }) => total + n, 0)).toBe(lines.length);
      }),
    );
  });

  test('name the lines with the lowest scores, lowest first, and the first line of each failure', () => {
    const lines = Array.from({ length: 30 }, (_, index) => ({
      line: index + 1,
      candidate: { score: index === 29 ? 1 : (index % 15) / 20 },
    }));
    expect(sum(lines).worst.map(({ line }) => line)).toEqual([1, 16, 2, 17, 3, 18, 4, 19, 5, 20]);
    const failing = [9, 4, 7].map((line) => ({ line, candidate: { why: 'the answer is no JSON' } }));
    expect(sum(failing).failures).toEqual({ 'the answer is no JSON': { n: 3, firstLine: 4 } });
  });
});

describe('latencies', () => {
  const histogramOf = (latencies: number[]): Histogram => {
    const histogram: Histogram = {};
    for (const millis of latencies) addLatency(histogram, millis);
    return histogram;
  };
  const latencies = fc.array(fc.double({ min: 0.01, max: 60_000, noNaN: true }), { minLength: 1, maxLength: 300 });

  test('merge to the same whatever way they were split', () => {
    fc.assert(
      fc.property(latencies, splitting.places, splitting.parts, (all, places, parts) => {
        const merged = split(all, places, parts).map(histogramOf).reduce(mergeHistograms, {});
        expect(merged).toEqual(histogramOf(all));
        expect(countOf(merged)).toBe(all.length);
      }),
    );
  });

  test('give percentiles that are never below the true ones, and at most 2 % above (or a millisecond)', () => {
    fc.assert(
      fc.property(latencies, fc.constantFrom(50, 90, 95, 99), (all, percentile) => {
        const found = percentileOf(histogramOf(all), percentile);
        if (all.length < fewestFor(percentile)) return expect(found).toBeUndefined();
        const exact = all.toSorted((one, other) => one - other)[Math.ceil((percentile / 100) * all.length - 1e-9) - 1] ?? NaN;
        expect(found).toBeGreaterThanOrEqual(exact * (1 - 1e-6));
        return expect(found).toBeLessThanOrEqual(Math.max(1, exact * 1.02 * (1 + 1e-6)));
      }),
    );
  });

  test('need as many answers as leave one above the percentile', () => {
    expect([50, 90, 95, 99, 99.9].map(fewestFor)).toEqual([2, 10, 20, 100, 1000]);
    expect(percentileOf(histogramOf(Array.from({ length: 19 }, () => 5)), 95)).toBeUndefined();
    expect(percentileOf(histogramOf(Array.from({ length: 20 }, () => 5)), 95)).toBeGreaterThanOrEqual(5);
  });

  test('of drivers merge with what they could not get answered', () => {
    const one: LoadTally = { sent: 3, latencies: { 10: 2 }, failures: { ModelError: 1 } };
    const other: LoadTally = { sent: 2, latencies: { 10: 1 }, failures: { TimeoutError: 1 } };
    const both = { sent: 5, latencies: { 10: 3 }, failures: { ModelError: 1, TimeoutError: 1 } };
    expect([one, other, noLoadTally()].reduce(mergeLoad)).toEqual(both);
    expect([other, noLoadTally(), one].reduce(mergeLoad)).toEqual(both);
  });
});

test('the interval of a mean covers it, shrinks with lines, and holds the true rate of hits at least nineteen times of twenty', () => {
  fc.assert(
    fc.property(score, fc.integer({ min: 1, max: 10_000 }), (mean, n) => {
      const { lower, upper } = meanInterval(mean, n);
      expect(lower).toBeLessThanOrEqual(mean + 1e-12);
      expect(upper).toBeGreaterThanOrEqual(mean - 1e-12);
      const later = meanInterval(mean, 4 * n);
      expect(later.upper - later.lower).toBeLessThan(upper - lower + 1e-12);
    }),
  );
  // Exact coverage at a rate of 0.9 and 100 lines, over all counts of hits.
  const n = 100;
  let probability = 0.1 ** n;
  let covered = 0;
  for (let hits = 0; hits <= n; hits += 1) {
    const { lower, upper } = meanInterval(hits / n, n);
    if (lower <= 0.9 && 0.9 <= upper) covered += probability;
    probability *= ((n - hits) / (hits + 1)) * 9;
  }
  expect(covered).toBeGreaterThan(0.93);
});
