import { qualitySignificanceOf, significanceOf } from '../../../../core/drift/judge/significance';
import { categorical, driftPolicy, fitted, numeric, rowsOf } from '../../../support/drift';

const LOOKS = 8760;
const policy = driftPolicy([numeric('a', { completenessAtLeast: 0.9 }), categorical('b')]);
const { layout } = fitted(
  rowsOf(300, (index) => [index, `v${index % 3}`]),
  policy,
);

test('false alarms of a year are spread over all tests, windows and looks', () => {
  // Two distributions; unreadable records, missing and wrong types (both ways) of both, completeness of one, unseen values of the other.
  const { moved, rate } = significanceOf(policy, layout);
  expect(moved).toBeCloseTo(0.9 / (2 * 4 * LOOKS), 12);
  expect(rate).toBeCloseTo(0.1 / (9 * 4 * LOOKS), 12);
});

test('all of them together are at most what is allowed', () => {
  const { moved, rate } = significanceOf(policy, layout);
  expect((2 * moved + 9 * rate) * 4 * LOOKS).toBeCloseTo(policy.falseAlarmsPerYear, 9);
});

test('more false alarms and fewer windows allow more; a test never fires at p above 0.05', () => {
  expect(significanceOf({ ...policy, windowsHours: [24] }, layout).moved).toBeCloseTo(0.9 / (2 * LOOKS), 12);
  expect(significanceOf({ ...policy, falseAlarmsPerYear: 12 }, layout).moved).toBeCloseTo((12 * 0.9) / (2 * 4 * LOOKS), 12);
  expect(significanceOf({ ...policy, falseAlarmsPerYear: 1e9 }, layout).moved).toBe(0.05);
});

test('groups and the joint error are tests too', () => {
  const groups = { by: 'b', outcome: 'b', favourable: 'v1' };
  const joint = { features: ['a'], means: [0], deviations: [1], loadings: [] };
  // Three categories and the others, and one.
  expect(significanceOf(policy, { ...layout, groups, joint }).moved).toBeCloseTo(0.9 / (7 * 4 * LOOKS), 12);
});

test('where quality has limits, half is quality’s', () => {
  const truth = {
    prediction: 'b',
    kind: 'classification' as const,
    windowMinutes: 60,
    minimumLabels: 200,
    accuracyAtLeast: 0.9,
    recallAtLeast: 0.8,
  };
  expect(significanceOf({ ...policy, truth }, layout).moved).toBeCloseTo(0.45 / (2 * 4 * LOOKS), 12);
  expect(qualitySignificanceOf({ ...policy, truth })).toBeCloseTo(0.5 / (2 * 4 * LOOKS), 12);
});
