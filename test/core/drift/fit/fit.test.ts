import { hash32 } from '../../../../core/drift/count';
import { fitBaseline } from '../../../../core/drift/fit';
import { BadInputError } from '../../../../core/errors';
import { MISSING } from '../../../../core/drift/types';
import { categorical, Draws, driftPolicy, fired, fitted, judged, numeric, profileOf, rowsOf, sampleOf } from '../../../support/drift';

const sum = (cells: number[]): number => cells.reduce((all, count) => all + count, 0);

test('a baseline has the counts of its rows', () => {
  const policy = driftPolicy([numeric('a'), categorical('b')]);
  const rows = rowsOf(1000, (index) => [index % 10 === 0 ? MISSING : index, index % 3 === 0 ? 'x' : 'y']);
  const baseline = fitted(rows, policy);
  expect(baseline.schema).toBe('sluice.drift-baseline/v1');
  expect(baseline.profile).toEqual({ ...profileOf(rows, baseline, policy), layoutId: baseline.layout.id });
  expect(baseline.profile.features[0]).toMatchObject({ missing: 100, wrongType: 0 });
  expect(baseline.profile.features[1]!.cells).toEqual([666, 334, 0]);
  expect(baseline.layout.features[1]).toMatchObject({ categories: ['y', 'x'], known: [hash32('x'), hash32('y')].sort((x, y) => x - y) });
  expect(baseline.slots).toBeUndefined();
});

test('the same rows in another order are the same baseline, and survive JSON', () => {
  const policy = driftPolicy([numeric('a'), numeric('c'), categorical('b')], { joint: true, rhythm: 'daily' });
  const draws = new Draws('order');
  const rows = rowsOf(
    2000,
    () => [draws.normal(), draws.normal(), `v${draws.below(80)}`],
    (index) => 3_600_000 * index,
  );
  const baseline = fitted(rows, policy);
  expect(fitted(rows.toReversed(), policy)).toEqual(baseline);
  expect(JSON.parse(JSON.stringify(baseline))).toEqual(baseline);
});

test('the layout’s id says whether layouts are the same', () => {
  const policy = driftPolicy([numeric('a')]);
  const one = fitted(
    rowsOf(500, (index) => [index]),
    policy,
  );
  expect(
    fitted(
      rowsOf(500, (index) => [index]),
      policy,
    ).layout.id,
  ).toBe(one.layout.id);
  expect(
    fitted(
      rowsOf(500, (index) => [index + 1]),
      policy,
    ).layout.id,
  ).not.toBe(one.layout.id);
});

test('with more values than cells the most frequent are chosen in one half and counted in the other', () => {
  const policy = driftPolicy([categorical('b')]);
  const draws = new Draws('many');
  const baseline = fitted(
    rowsOf(4000, () => [`v${draws.below(200)}`]),
    policy,
  );
  const { cells } = baseline.profile.features[0]!;
  expect(sum(cells)).toBeGreaterThan(1800);
  expect(sum(cells)).toBeLessThan(2200);
  // Chosen and counted in the same rows they would have far more than 50 of 200.
  expect(1 - cells.at(-1)! / sum(cells)).toBeCloseTo(0.25, 1);
});

test('values of fewer than ten rows have no name, but where the charter names them', () => {
  const people = (index: number): string => (index % 4 === 0 ? `person ${index}` : index % 100 === 1 ? 'rare' : 'common');
  const rows = rowsOf(400, (index) => [people(index)]);
  const named = (policy: ReturnType<typeof driftPolicy>): string[] => {
    const [layout] = fitted(rows, policy).layout.features;
    return layout!.kind === 'categorical' ? layout!.categories : [];
  };
  expect(named(driftPolicy([categorical('b')]))).toEqual(['common']);
  expect(named(driftPolicy([categorical('b', { oneOf: ['common', 'rare'] })]))).toEqual(['common', 'rare']);
  expect(JSON.stringify(fitted(rows, driftPolicy([categorical('b')])))).not.toContain('person');
});

test('values longer than 200 signs are texts, not categories', () => {
  const policy = driftPolicy([categorical('b')]);
  const [layout] = fitted(
    rowsOf(400, (index) => [index % 2 === 0 ? 'x'.repeat(201) : 'short']),
    policy,
  ).layout.features;
  expect(layout).toMatchObject({ categories: ['short'] });
});

test('rare answers of derived features keep their name', () => {
  const policy = driftPolicy([{ ...numeric('answer', { side: 'output' }), kind: 'text', derive: ['refusal'] }]);
  const text = (index: number): string => (index === 0 ? "I'm sorry, but I can't help with that." : 'Your parcel arrives on Monday.');
  const [layout] = fitted(
    rowsOf(400, (index) => [text(index)]),
    policy,
  ).layout.features;
  expect(layout).toMatchObject({ name: 'answer.refusal', categories: ['no', 'yes'] });
});

test('values that one row has stand for those that no row has', () => {
  const policy = driftPolicy([categorical('b')]);
  const draws = new Draws('singles');
  const values = (index: number): string => (index % 10 === 0 ? `new${draws.below(1e9)}` : `v${index % 7}`);
  const baseline = fitted(
    rowsOf(4000, (index) => [values(index)]),
    policy,
  );
  const counts = baseline.profile.features[0]!;
  expect(counts.unseen / sum(counts.cells)).toBeCloseTo(0.1, 1);
  expect(
    judged(
      rowsOf(2000, (index) => [values(index)]),
      baseline,
      policy,
    ).state,
  ).toBe('ok');
  const more = judged(
    rowsOf(2000, (index) => [index % 3 === 0 ? `other${index}` : values(index)]),
    baseline,
    policy,
  );
  expect(fired(more)).toContain('unseen b');
});

test('more values than can be known leave unseen ones untold', () => {
  const policy = driftPolicy([categorical('b')]);
  const baseline = fitted(
    rowsOf(6000, (index) => [`v${index}`]),
    policy,
  );
  expect(baseline.layout.features[0]).not.toHaveProperty('known');
});

/** A word for each number. */
const letters = (number: number): string => `z${[...String(number)].map((digit) => 'abcdefghij'[Number(digit)]).join('')}`;

test('unknown words are those of rows that the vocabulary is not from', () => {
  const policy = driftPolicy([{ ...numeric('subject'), kind: 'text', derive: ['unknown-words'] }]);
  const draws = new Draws('words');
  const text = (words: number) => Array.from({ length: 8 }, () => letters(Math.floor(words ** draws.uniform()))).join(' ');
  const baseline = fitted(
    rowsOf(4000, () => [text(20_000)]),
    policy,
  );
  expect(baseline.layout.vocabularies['subject']!.length).toBeGreaterThan(500);
  // Against all of its own words nothing would be unknown, and the next window would drift.
  expect(sum(baseline.profile.features[0]!.cells)).toBeLessThan(2200);
  expect(
    judged(
      rowsOf(1000, () => [text(20_000)]),
      baseline,
      policy,
    ).state,
  ).toBe('ok');
  expect(
    fired(
      judged(
        rowsOf(1000, () => [text(20_000).replaceAll('z', 'y')]),
        baseline,
        policy,
      ),
    ),
  ).toEqual(['distribution subject.unknown-words']);
});

test('slots add up to the whole', () => {
  const policy = driftPolicy([numeric('a'), categorical('b')], { rhythm: 'daily' });
  const draws = new Draws('slots');
  const baseline = fitted(
    rowsOf(
      3000,
      () => [draws.normal(), `v${draws.below(70)}`],
      (index) => 600_000 * index,
    ),
    policy,
  );
  expect(baseline.slots).toHaveLength(24);
  for (const [index, { cells, unseen }] of baseline.profile.features.entries()) {
    expect(cells.map((_, cell) => sum(baseline.slots!.map(({ features }) => features[index]!.cells[cell]!)))).toEqual(cells);
    expect(sum(baseline.slots!.map(({ features }) => features[index]!.unseen))).toBe(unseen);
  }
});

test.each(['constructor', '__proto__', 'toString'])('a feature may be called %s', (name) => {
  const policy = driftPolicy([numeric(name), categorical('b')], { groups: { by: 'b', outcome: 'b', favourable: name } });
  const rows = rowsOf(500, (index) => [index, index % 2 === 0 ? name : 'b']);
  const baseline = fitted(rows, policy);
  expect(baseline.profile.features[0]!.cells).toHaveLength(20);
  expect(judged(rows, { ...baseline, constraints: {} }, policy).state).toBe('ok');
});

test('rows without times have no slots', () => {
  expect(
    fitted(
      rowsOf(500, (index) => [index]),
      driftPolicy([numeric('a')], { rhythm: 'weekly' }),
    ).slots,
  ).toBeUndefined();
});

test('no rows, and rows without any value, are refused', () => {
  const policy = driftPolicy([numeric('delay', { path: 'delayMinutes' }), categorical('b')]);
  expect(() => fitBaseline(sampleOf([], policy), policy, { kind: 'first-days' })).toThrow(BadInputError);
  expect(() =>
    fitted(
      rowsOf(3, () => [MISSING, MISSING]),
      policy,
    ),
  ).toThrow("The baseline's 3 rows have no value of any watched feature: delay (delayMinutes), b (b).");
});

test('one row is a baseline', () => {
  expect(
    fitted(
      rowsOf(1, () => [5, 'x']),
      driftPolicy([numeric('a'), categorical('b')], { joint: true }),
    ).profile.rows,
  ).toBe(1);
});
