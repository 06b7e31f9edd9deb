import fc from 'fast-check';
import type { DriftCheck, DriftFinding } from '../../../../core/contracts/drift';
import { createExamples, createProfiler, nothingSkipped } from '../../../../core/drift/count';
import { type DriftBaseline, MISSING, type Row, WRONG_TYPE } from '../../../../core/drift/types';
import { layout, policy, row } from './scene';

const finding = (check: DriftCheck, feature: string): DriftFinding => ({
  check,
  feature,
  windowHours: 1,
  value: 1,
  limit: 0,
  rows: 1,
  words: '',
  examples: [],
});

function profileOf(rows: Row[]) {
  const profiler = createProfiler(layout, policy);
  for (const one of rows) profiler.add(one);
  return profiler.profile(nothingSkipped());
}

const rowOf = (id: string, ...cells: Row['cells']): Row => ({ id, atMillis: 0, cells });
const usual = Array.from({ length: 20 }, (_, index) => rowOf(`u${index}`, 25, 100, 'a', 'please help me with the order', 'yes'));
const window = [
  ...usual.slice(0, 5),
  rowOf('old', 95, 425, 'a', 'please help me with the order', 'yes'),
  rowOf('broken', 150, 100, 'a', 'please help me with the order', 'yes'),
  rowOf('no age', MISSING, 100, 'a', 'please help me with the order', 'yes'),
  rowOf('odd age', WRONG_TYPE, 100, 'a', 'please help me with the order', 'yes'),
  rowOf('new plan', 25, 100, 'z', 'please help me with the order', 'no'),
  rowOf('known plan', 25, 100, 'c', 'please help me with the order', 'no'),
  rowOf('refused', 25, 100, 'b', "I'm sorry, but I can't help with that", 'no'),
  rowOf('apart', 25, -900, 'a', 'please help me with the order', 'yes'),
];
const baseline: DriftBaseline = { schema: 'sluice.drift-baseline/v1', layout, profile: profileOf(usual), source: { kind: 'first-days' } };

function examples(rows: Row[], findings: DriftFinding[], each?: number): string[][] {
  const finder = createExamples(baseline, profileOf(rows), policy, findings, each);
  for (const one of rows) finder.add(one);
  return finder.examples();
}

test.each<[DriftCheck, string, string[]]>([
  ['distribution', 'age', ['old', 'broken']],
  ['distribution', 'note.refusal', ['refused']],
  ['missing', 'age', ['no age']],
  ['incomplete', 'age', ['no age']],
  ['wrong-type', 'age', ['odd age']],
  ['out-of-range', 'age', ['broken']],
  ['out-of-range', 'plan', ['new plan']],
  ['unseen', 'plan', ['new plan']],
  ['group', 'plan=(other)', ['new plan', 'known plan']],
  ['group', 'plan=b', ['refused']],
  ['quality', 'mae', []],
  ['kpi', 'sales', []],
])('%s of %s', (check, feature, expected) => {
  const [found = []] = examples(window, [finding(check, feature)]);
  expect([...found].sort()).toEqual([...expected].sort());
});

test('joint: the rows that are farthest from what the components say', () => {
  expect(examples(window, [finding('joint', 'joint')], 1)).toEqual([['apart']]);
});

test('the same examples for any order, at most so many', () => {
  const findings = [finding('distribution', 'age'), finding('missing', 'pay'), finding('joint', 'joint'), finding('unseen', 'plan')];
  fc.assert(
    fc.property(
      fc.array(row, { maxLength: 30 }).chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length }))),
      ([rows, shuffled]) => {
        const found = examples(rows, findings, 3);
        expect(examples(shuffled, findings, 3)).toEqual(found);
        for (const ids of found) expect(ids.length).toBeLessThanOrEqual(3);
      },
    ),
  );
});
