import { baselineFromStatistics, policyWithBaseline } from '../../../../core/drift/fit';
import { comparisonOf } from '../../../../core/drift/judge';
import { categorical, Draws, driftPolicy, fired, judged, numeric, profileOf, rowsOf } from '../../../support/drift';

const SOURCE = { kind: 'statistics' };
const policy = driftPolicy([numeric('age'), categorical('state')]);

/** A sketch as KLL keeps it: half of a level's items, each for twice as many rows, on the next level. */
function sketchOf(values: number[], capacity = 200): number[][] {
  const levels: number[][] = [];
  let rest = values.toSorted((a, b) => a - b);
  for (;;) {
    const kept = rest.length % 2 === 1 ? [rest.pop()!] : [];
    if (rest.length <= capacity) return [...levels, [...rest, ...kept]];
    levels.push(kept);
    rest = rest.filter((_, index) => index % 2 === 0);
  }
}

const draws = new Draws('statistics');
const ages = Array.from({ length: 4001 }, () => 40 + 10 * draws.normal());

const statistics = (more: object = {}) => ({
  version: 0,
  dataset: { item_count: 4101 },
  features: [
    {
      name: 'age',
      inferred_type: 'Fractional',
      numerical_statistics: {
        common: { num_present: 4001, num_missing: 100 },
        mean: 40,
        sum: 160_040,
        std_dev: 10,
        min: 5,
        max: 80,
        distribution: {
          kll: {
            // One bucket with all rows: who took these would see no shift.
            buckets: [{ lower_bound: -1000, upper_bound: 1000, count: 4001 }],
            sketch: { parameters: { c: 0.64, k: 200 }, data: sketchOf(ages) },
          },
        },
      },
    },
    {
      name: 'state',
      inferred_type: 'String',
      string_statistics: {
        common: { num_present: 4101, num_missing: 0 },
        distinct_count: 3,
        distribution: {
          categorical: {
            buckets: [
              { value: 'CA', count: 3000 },
              { value: 'NY', count: 1100 },
              { value: 'WY', count: 1 },
            ],
          },
        },
      },
    },
  ],
  ...more,
});

const constraints = (more: object = {}) => ({
  version: 0,
  features: [
    { name: 'age', inferred_type: 'Fractional', completeness: 0.95, num_constraints: { is_non_negative: true } },
    { name: 'state', inferred_type: 'String', completeness: 1, string_constraints: { domains: ['CA', 'NY', 'WY'] } },
  ],
  monitoring_config: {
    evaluate_constraints: 'Enabled',
    emit_metrics: 'Enabled',
    datatype_check_threshold: 1,
    domain_content_threshold: 1,
    distribution_constraints: { perform_comparison: 'Enabled', comparison_threshold: 0.2, comparison_method: 'Robust' },
  },
  ...more,
});

const baseline = baselineFromStatistics(statistics(), undefined, policy, SOURCE);

const rows = (shift: number, count = 1000) => {
  const window = new Draws('window');
  return rowsOf(count, (index) => [
    index % 40 === 0 ? undefined : 40 + 10 * (window.normal() + shift),
    window.uniform() < 0.7315 ? 'CA' : 'NY',
  ]);
};

test('quantiles and counts come from the sketch, whose items of level i stand for 2^i rows', () => {
  const [age, state] = baseline.profile.features;
  expect(age!.cells.reduce((sum, count) => sum + count, 0)).toBe(4001);
  expect(age!.missing).toBe(100);
  expect(age!.cells).toHaveLength(20);
  expect(Math.min(...age!.cells)).toBeGreaterThan(150);
  expect(Math.max(...age!.cells)).toBeLessThan(250);
  const [layout] = baseline.layout.features;
  const median = layout!.kind === 'numeric' ? layout!.edges[9] : undefined;
  expect(Math.abs(median! - ages.toSorted((a, b) => a - b)[2000]!)).toBeLessThan(0.5);
  // One row of WY is nobody's name.
  expect(state).toMatchObject({ cells: [3000, 1100, 1], missing: 0, unseen: 1 });
  expect(baseline.profile.rows).toBe(4101);
});

test('the same values do not drift, shifted ones do', () => {
  expect(fired(judged(rows(0), baseline, policy))).toEqual([]);
  expect(fired(judged(rows(0.5), baseline, policy))).toEqual(['distribution age']);
});

test('more rows than a sample has count as a sample', () => {
  const many = statistics();
  many.features[1]!.string_statistics!.common.num_present = 41_010_000;
  many.features[1]!.string_statistics!.distribution.categorical.buckets.forEach((bucket) => (bucket.count *= 10_000));
  const { cells } = baselineFromStatistics(many, undefined, policy, SOURCE).profile.features[1]!;
  expect(cells.reduce((sum, count) => sum + count, 0)).toBe(20_000);
  expect(cells[0]! / cells[1]!).toBeCloseTo(3000 / 1100, 2);
});

test('constraints are limits: completeness, sign, domain, threshold', () => {
  const demanding = baselineFromStatistics(statistics(), constraints(), policy, SOURCE);
  expect(policyWithBaseline(policy, demanding).features).toMatchObject([
    { name: 'age', completenessAtLeast: 0.95, atLeast: 0, threshold: 0.2 },
    { name: 'state', completenessAtLeast: 1, oneOf: ['CA', 'NY', 'WY'], threshold: 0.2 },
  ]);
  const negative = rows(0).map((row, index) => (index % 30 === 1 ? { ...row, cells: [-1, 'ZZ'] } : row));
  const judgedWindow = judged(negative, demanding, policy);
  expect(fired(judgedWindow)).toEqual(['out-of-range age', 'out-of-range state']);
  expect(judgedWindow.state).toBe('broken-input');
  expect(
    comparisonOf(demanding, { hours: 24, profiles: [{ profile: profileOf(rows(0), demanding, policy) }] }, policy).features[0]!.limit,
  ).toBe(0.2);
});

test('what the charter says itself goes first', () => {
  const own = driftPolicy([numeric('age', { threshold: 0.05, atLeast: -5 }), categorical('state')]);
  const demanding = baselineFromStatistics(statistics(), constraints(), own, SOURCE);
  expect(policyWithBaseline(own, demanding).features[0]).toMatchObject({ threshold: 0.05, atLeast: -5, completenessAtLeast: 0.95 });
});

test('both spellings of the method, and overrides of a feature', () => {
  const distribution_constraints = { comparison_threshold: 0.3, comparion_method: 'Simple' };
  const written = constraints({ monitoring_config: { distribution_constraints } });
  Object.assign(written.features[0]!, { monitoring_config_overrides: { distribution_constraints: { perform_comparison: 'Disabled' } } });
  const demanding = baselineFromStatistics(statistics(), written, policy, SOURCE);
  expect(demanding.constraints).toMatchObject({ age: { threshold: 1 }, state: { threshold: 0.3 } });
  expect(fired(judged(rows(0.5), demanding, policy))).toEqual([]);
});

test('columns go by the feature’s name, else its path; what is not there is not compared', () => {
  const other = driftPolicy([numeric('years', { path: 'age' }), numeric('income'), { ...numeric('note'), kind: 'text' }]);
  const fitted = baselineFromStatistics(statistics(), undefined, other, SOURCE);
  const window = rowsOf(1000, () => [41, 5, 'some text']);
  const { features } = comparisonOf(fitted, { hours: 24, profiles: [{ profile: profileOf(window, fitted, other) }] }, other);
  expect(features.filter(({ compared }) => compared).map(({ name }) => name)).toEqual(['years']);
  expect(fired(judged(window, fitted, other))).toEqual(['distribution years']);
});

test('a baseline of one row is read, and says nothing', () => {
  const one = statistics({ dataset: { item_count: 1 } });
  Object.assign(one.features[0]!.numerical_statistics!, {
    common: { num_present: 1, num_missing: 0 },
    distribution: { kll: { sketch: { data: [[33]] } } },
  });
  Object.assign(one.features[1]!.string_statistics!, {
    common: { num_present: 1, num_missing: 0 },
    distinct_count: 1,
    distribution: { categorical: { buckets: [{ value: 'CA', count: 1 }] } },
  });
  const fitted = baselineFromStatistics(one, constraints(), policy, SOURCE);
  expect(fitted.profile.rows).toBe(1);
  expect(judged(rows(0), fitted, policy)).toMatchObject({
    state: 'not-enough-data',
    reason: 'the baseline has 1 row, at least 200 are needed',
  });
});

type Written = ReturnType<typeof statistics>;
const sketched = (data: unknown): Written => {
  const written = statistics();
  Object.assign(written.features[0]!.numerical_statistics!.distribution.kll, { sketch: { data } });
  return written;
};

test.each<[string, unknown, unknown, RegExp]>([
  [
    'a list',
    [],
    undefined,
    /^statistics\.json\n {2}given: .*\n {2}allowed: what Model Monitor's baseline job writes: an object with features/,
  ],
  ['no features', { features: [] }, undefined, /statistics\.json: features\n.*\n {2}allowed: at least one feature/],
  [
    'a sketch of texts',
    sketched([['x']]),
    undefined,
    /statistics\.json: features\[0\]\.numerical_statistics\.distribution\.kll\.sketch\.data\[0\]\[0\]/,
  ],
  ['an empty sketch of 4001 rows', sketched([[]]), undefined, /age: .*\n {2}given: {3}no items, but num_present 4001/],
  [
    'a completeness of 95',
    statistics(),
    { features: [{ name: 'age', completeness: 95 }] },
    /constraints\.json: features\[0\]\.completeness\n.*95\n {2}allowed: a share from 0 to 1/,
  ],
  [
    'a method that does not exist',
    statistics(),
    constraints({ monitoring_config: { distribution_constraints: { comparison_method: 'Kl' } } }),
    /comparison_method\n.*Kl.*\n {2}allowed: 'Simple' or 'Robust'/,
  ],
])('%s is refused, with what was expected', (_, written, demanded, message) => {
  expect(() => baselineFromStatistics(written, demanded, policy, SOURCE)).toThrow(message);
});

test('without any watched column the error names both sides', () => {
  const other = driftPolicy([numeric('income')]);
  expect(() => baselineFromStatistics(statistics(), undefined, other, SOURCE)).toThrow(
    'statistics.json\n  given:   the columns age, state\n  allowed: at least one of the watched features with rows: income',
  );
});

test('a column of another type than the charter’s is refused', () => {
  const other = driftPolicy([categorical('age'), categorical('state')]);
  expect(() => baselineFromStatistics(statistics(), undefined, other, SOURCE)).toThrow(
    /statistics\.json: age\n {2}given: {3}inferred_type Fractional\n {2}allowed: the charter calls age categorical/,
  );
});
