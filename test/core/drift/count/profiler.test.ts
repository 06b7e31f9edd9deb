import fc from 'fast-check';
import { cellOf, createProfiler, nothingSkipped, reconstructionSteps } from '../../../../core/drift/count';
import { CellFinder } from '../../../../core/drift/count/histogram';
import { MISSING, type Profile, type Row, WRONG_TYPE } from '../../../../core/drift/types';
import { layout, policy } from './scene';

function profile(...rows: (number | string | symbol | undefined)[][]): Profile {
  const profiler = createProfiler(layout, policy);
  for (const [index, cells] of rows.entries()) profiler.add({ id: String(index), atMillis: 1_000 + index, cells: cells as Row['cells'] });
  return profiler.profile(nothingSkipped());
}

const counts = (name: string, { features }: Profile) => features[layout.features.findIndex((feature) => feature.name === name)];
const NONE: Row['cells'] = [MISSING, MISSING, MISSING, MISSING, MISSING];

test('numbers fall into the cell of the first edge above them', () => {
  const found = profile(...[19.9, 20, 29, 30, 40, -1, 101, MISSING, WRONG_TYPE].map((age) => [age, ...NONE.slice(1)]));
  expect(counts('age', found)).toEqual({ cells: [2, 2, 1, 2], missing: 1, wrongType: 1, unseen: 0, outOfRange: 2 });
  expect(found).toMatchObject({ rows: 9, firstAt: 1_000, lastAt: 1_008, layoutId: 'layout-1' });
});

test('categories: known ones among the others are not unseen, values that are not allowed are broken', () => {
  const found = profile(...['a', 'b', 'c', 'd', 'e', MISSING, WRONG_TYPE].map((plan) => [MISSING, MISSING, plan, MISSING, MISSING]));
  expect(counts('plan', found)).toEqual({ cells: [1, 1, 3], missing: 1, wrongType: 1, unseen: 2, outOfRange: 1 });
});

test('texts are counted by what is derived from them', () => {
  const found = profile(
    ...['please help me with zebras', "I'm sorry, but I can't help", MISSING, WRONG_TYPE, '12'].map((note) => [
      MISSING,
      MISSING,
      MISSING,
      note,
      MISSING,
    ]),
  );
  const odd = { missing: 1, wrongType: 1, unseen: 0, outOfRange: 0 };
  expect(counts('note.length', found)).toEqual({ cells: [1, 0, 2], ...odd });
  expect(counts('note.tokens', found)).toEqual({ cells: [1, 2], ...odd });
  expect(counts('note.language', found)).toEqual({ cells: [2, 1, 0], ...odd });
  expect(counts('note.refusal', found)).toEqual({ cells: [2, 1, 0], ...odd });
  // Of the five words one is unknown, 0.2; of the refusal all but help; a text without words has no share.
  expect(counts('note.unknown-words', found)).toEqual({ cells: [1, 0, 0, 1], ...odd, missing: 2 });
});

test('groups: rows that have both, by category, all others together', () => {
  const found = profile(
    ...(
      [
        ['a', 'yes'],
        ['a', 'no'],
        ['b', 'yes'],
        ['z', 'yes'],
        ['y', 'maybe'],
        [MISSING, 'yes'],
        ['a', MISSING],
      ] as const
    ).map(([plan, label]) => [MISSING, MISSING, plan, MISSING, label]),
  );
  expect(found.groups).toEqual({ '(other)': { n: 2, favourable: 1 }, a: { n: 2, favourable: 1 }, b: { n: 1, favourable: 1 } });
});

test('reconstruction: what the component does not say', () => {
  const joint = layout.joint as NonNullable<typeof layout.joint>;
  // Along the component nothing is left; across it, all: (1, -1) has the length √2.
  expect(reconstructionSteps(joint, [40, 150])).toBe(0);
  expect(reconstructionSteps(joint, [40, 50])).toBe(141);
  expect(reconstructionSteps(joint, [undefined, undefined])).toBe(0);
  expect(reconstructionSteps(joint, [Number.MAX_VALUE, -Number.MAX_VALUE])).toBe(10_000);
  const found = profile([40, 50, ...NONE.slice(2)], [WRONG_TYPE, MISSING, ...NONE.slice(2)], [40, 150, ...NONE.slice(2)]);
  expect(found.joint).toEqual({ n: 3, sum: 141, sumOfSquares: 141 * 141 });
});

test('the grid finds the cell that the edges say', () => {
  const number = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.double({ noNaN: true, min: -10, max: 10 }),
    fc.integer({ min: -5, max: 5 }),
  );
  const edges = fc.uniqueArray(number, { maxLength: 25 }).map((list) => Float64Array.from(list).sort());
  fc.assert(
    fc.property(edges, fc.array(number, { maxLength: 20 }), (sorted, values) => {
      const finder = new CellFinder([...sorted]);
      for (const value of [...values, ...sorted]) {
        expect(finder.find(value)).toBe([...sorted].filter((edge) => edge <= value).length);
        expect(cellOf(sorted, value)).toBe(finder.find(value));
      }
    }),
    { numRuns: 500 },
  );
});

test('features and groups may have the names of members of every object', () => {
  for (const name of ['constructor', '__proto__', 'toString']) {
    const own = {
      ...policy,
      features: [{ name, side: 'input' as const, path: 'x', kind: 'text' as const, derive: ['unknown-words' as const] }],
    };
    const bare = {
      id: 'bare',
      features: [{ name: `${name}.unknown-words`, of: name, kind: 'numeric' as const, edges: [0.5] }],
      vocabularies: {},
    };
    const profiler = createProfiler(bare, own);
    profiler.add({ id: '1', atMillis: undefined, cells: ['some words'] });
    expect(profiler.profile(nothingSkipped()).features).toEqual([{ cells: [0, 0], missing: 1, wrongType: 0, unseen: 0, outOfRange: 0 }]);
  }
});
