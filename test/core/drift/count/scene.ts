import fc from 'fast-check';
import type { DriftPolicy } from '../../../../core/contracts/drift';
import { hash32, textFactsOf } from '../../../../core/drift/count';
import { type Layout, MISSING, type Row, WRONG_TYPE } from '../../../../core/drift/types';

export const policy: DriftPolicy = {
  features: [
    { name: 'age', side: 'input', path: 'age', kind: 'numeric', atLeast: 0, atMost: 100 },
    { name: 'pay', side: 'input', path: 'pay', kind: 'numeric' },
    { name: 'plan', side: 'input', path: 'plan', kind: 'categorical', oneOf: ['a', 'b', 'c', 'd'] },
    { name: 'note', side: 'input', path: 'note', kind: 'text', derive: ['length', 'tokens', 'language', 'refusal', 'unknown-words'] },
    { name: 'label', side: 'output', path: 'label', kind: 'categorical' },
  ],
  baseline: { kind: 'first-days', days: 7 },
  rhythm: 'none',
  windowsHours: [1],
  falseAlarmsPerYear: 1,
  minimumRows: 1,
  joint: true,
  groups: { by: 'plan', outcome: 'label', favourable: 'yes' },
  kpiMovement: false,
  brokenShareAbove: 0.01,
  owner: 'quality',
};

export const layout: Layout = {
  id: 'layout-1',
  features: [
    { name: 'age', of: 'age', kind: 'numeric', edges: [20, 30, 40] },
    { name: 'pay', of: 'pay', kind: 'numeric', edges: [] },
    {
      name: 'plan',
      of: 'plan',
      kind: 'categorical',
      categories: ['a', 'b'],
      known: ['a', 'b', 'c'].map(hash32).sort((one, other) => one - other),
    },
    { name: 'note.length', of: 'note', kind: 'numeric', edges: [5, 20] },
    { name: 'note.tokens', of: 'note', kind: 'numeric', edges: [2] },
    { name: 'note.language', of: 'note', kind: 'categorical', categories: ['en', 'unknown'] },
    { name: 'note.refusal', of: 'note', kind: 'categorical', categories: ['no', 'yes'] },
    { name: 'note.unknown-words', of: 'note', kind: 'numeric', edges: [0.25, 0.5, 0.75] },
    { name: 'label', of: 'label', kind: 'categorical', categories: ['yes', 'no'] },
  ],
  vocabularies: { note: textFactsOf('please help me with the order').words },
  joint: { features: ['age', 'pay'], means: [30, 100], deviations: [10, 50], loadings: [[Math.SQRT1_2, Math.SQRT1_2]] },
  groups: { by: 'plan', outcome: 'label', favourable: 'yes' },
};

const odd = fc.constantFrom(MISSING, WRONG_TYPE);
const numbers = fc.oneof(
  { weight: 4, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true, min: -200, max: 200 }) },
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  odd,
);
const words = (...texts: string[]) => fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...texts) }, odd);

/** Ids and times repeat: what is kept must not depend on which came first. */
export const row: fc.Arbitrary<Row> = fc.record({
  id: fc.oneof(fc.uuid(), fc.constantFrom('same', 'other', 'third')),
  atMillis: fc.option(fc.integer({ min: 1_700_000_000_000, max: 1_700_000_000_005 }), { nil: undefined }),
  cells: fc.tuple(
    numbers,
    numbers,
    words('a', 'b', 'c', 'd', 'e', '__proto__', '7'),
    words('please help me', "I'm sorry, but I can't help with that.", 'die das und nicht', '', '12 34', 'zebra'),
    words('yes', 'no', 'maybe'),
  ),
});
