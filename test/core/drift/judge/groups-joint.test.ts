import { comparisonOf, judgeWindow } from '../../../../core/drift/judge';
import { compareJoint, twoSidedQuantile } from '../../../../core/drift/judge/joint';
import type { Cell, Row } from '../../../../core/drift/types';
import { categorical, Draws, driftPolicy, fired, fitted, judged, numeric, profileOf, rowsOf } from '../../../support/drift';

const grouped = driftPolicy([categorical('region'), categorical('label', { side: 'output' })], {
  groups: { by: 'region', outcome: 'label', favourable: 'granted' },
});

/** Granted in so many cases, by region. */
function cases(count: number, label: string, rates: Record<string, number>): Row[] {
  const draws = new Draws(label);
  const regions = Object.keys(rates);
  return rowsOf(count, () => {
    const region = regions[draws.below(regions.length)]!;
    return [region, draws.uniform() < rates[region]! ? 'granted' : 'refused'];
  });
}

const even = { north: 0.5, south: 0.5, west: 0.5 };
const fair = fitted(cases(6000, 'fair', even), grouped);

test('the outcome of one group that falls is told for that group', () => {
  // Over all groups the rate stays as it was.
  const window = judged(cases(3000, 'unfair', { north: 0.7, south: 0.25, west: 0.55 }), fair, grouped);
  expect(window.state).toBe('drifting');
  expect(fired(window)).toEqual(['group region=north', 'group region=south']);
  expect(window.findings[0]!.words).toMatch(
    /^region=south: 2\d(\.\d)? % \(baseline 5\d(\.\d)? %\) of the rows have the outcome label = granted\.$/,
  );
});

test('the same rates are none', () => {
  const window = { hours: 24, profiles: [{ profile: profileOf(cases(3000, 'again', even), fair, grouped) }] };
  expect(judgeWindow(fair, window, grouped).state).toBe('ok');
  expect(comparisonOf(fair, window, grouped).groups.map(({ group }) => group)).toEqual(['north', 'south', 'west']);
});

test('a group that the baseline never had is not compared', () => {
  const window = { hours: 24, profiles: [{ profile: profileOf(cases(3000, 'more', { ...even, east: 0.9 }), fair, grouped) }] };
  expect(comparisonOf(fair, window, grouped).groups.map(({ group }) => group)).toEqual(['north', 'south', 'west']);
});

test("groups have a threshold of their own, else the outcome's", () => {
  const rows = cases(3000, 'unfair', { north: 0.7, south: 0.25, west: 0.55 });
  const lenient = { ...grouped, groups: { ...grouped.groups!, threshold: 0.5 } };
  expect(fired(judged(rows, fair, lenient))).toEqual([]);
});

const joint = driftPolicy([numeric('a'), numeric('b'), numeric('c')], { joint: true });

/** b follows a, and c follows both, but for the share of rows in which b is another row's. */
function together(count: number, label: string, broken = 0): Row[] {
  const draws = new Draws(label);
  return rowsOf(count, (): Cell[] => {
    const a = draws.normal();
    const b = draws.uniform() < broken ? draws.normal() : a + 0.3 * draws.normal();
    return [a, b, a + 0.3 * draws.normal()];
  });
}

test('features that no longer go together drift jointly, though each of them is distributed as ever', () => {
  const baseline = fitted(together(5000, 'together'), joint);
  expect(baseline.layout.joint).toMatchObject({ features: ['a', 'b', 'c'] });
  expect(judged(together(1000, 'the same'), baseline, joint).state).toBe('ok');
  const window = judged(together(1000, 'apart', 0.3), baseline, joint);
  expect(fired(window)).toEqual(['joint joint']);
  expect(window.findings[0]).toMatchObject({ limit: 0.2, rows: 1000 });
  expect(judged(together(1000, 'apart', 0.3), baseline, { ...joint, joint: false }).state).toBe('ok');
});

const counts = (n: number, mean: number, deviation: number): { n: number; sum: number; sumOfSquares: number } => ({
  n,
  sum: 100 * mean * n,
  sumOfSquares: 10_000 * (n * mean ** 2 + (n - 1) * deviation ** 2),
});

test('both a sure and a large shift are needed', () => {
  const baseline = counts(10_000, 1, 0.5);
  expect(compareJoint(baseline, counts(100_000, 1.05, 0.5), 1e-6)).toMatchObject({ fired: false });
  expect(compareJoint(baseline, counts(100_000, 1.05, 0.5), 1e-6)!.z).toBeGreaterThan(8);
  expect(compareJoint(baseline, counts(200, 1.15, 0.5), 1e-6)).toMatchObject({ fired: false });
  expect(compareJoint(baseline, counts(200, 1.15, 0.5), 1e-6)!.shift).toBeCloseTo(0.3, 3);
  expect(compareJoint(baseline, counts(2000, 1.15, 0.5), 1e-6)).toMatchObject({ fired: true });
  expect(compareJoint(baseline, counts(2000, 0.85, 0.5), 1e-6)).toMatchObject({ fired: true });
});

test('one far row is no shift', () => {
  // 199 rows as ever and one at 100: the mean moves by a whole deviation.
  const far = counts(199, 1, 0.5);
  const window = { n: 200, sum: far.sum + 100 * 100, sumOfSquares: far.sumOfSquares + (100 * 100) ** 2 };
  const compared = compareJoint(counts(10_000, 1, 0.5), window, 1e-6)!;
  expect(compared.shift).toBeGreaterThan(0.9);
  expect(compared.fired).toBe(false);
});

test('where nothing varied, what does is a shift; nothing is none', () => {
  expect(compareJoint(counts(1000, 1, 0), counts(1000, 1, 0), 1e-6)).toMatchObject({ z: 0, shift: 0, fired: false });
  expect(compareJoint(counts(1000, 1, 0), counts(1000, 2, 0.1), 1e-6)).toMatchObject({ fired: true });
  expect(compareJoint(undefined, counts(1000, 1, 1), 1e-6)).toBeUndefined();
  expect(compareJoint(counts(1, 1, 0), counts(1000, 1, 1), 1e-6)).toBeUndefined();
});

test('the limit of z is 3.9, or what the false alarms allow', () => {
  expect(compareJoint(counts(1000, 1, 1), counts(1000, 1, 1), 0.01)!.limit).toBe(3.9);
  expect(compareJoint(counts(1000, 1, 1), counts(1000, 1, 1), 1e-6)!.limit).toBeCloseTo(4.891638475698591, 6);
  expect(twoSidedQuantile(1e-12)).toBeCloseTo(7.130506848171324, 6);
});
