import type { DriftPolicy } from '../../../../core/contracts/drift';
import { comparisonOf, judgeWindow } from '../../../../core/drift/judge';
import { type Cell, MISSING, type Row, WRONG_TYPE } from '../../../../core/drift/types';
import { categorical, Draws, driftPolicy, fired, fitted, judged, numeric, profileOf, rowsOf } from '../../../support/drift';

const CARRIERS = ['AA', 'DL', 'UA', 'WN'];
const policy = driftPolicy([
  numeric('delay', { atLeast: 0, completenessAtLeast: 0.99 }),
  categorical('carrier', { oneOf: CARRIERS }),
  categorical('label', { side: 'output' }),
]);

/** Delays of exponential length; every fourth of 10 rows is late. */
function rows(count: number, label: string, change: (cells: Cell[], index: number) => Cell[] = (cells) => cells): Row[] {
  const draws = new Draws(label);
  return rowsOf(count, (index) => {
    const delay = -30 * Math.log(draws.uniform());
    return change([delay, CARRIERS[draws.below(4)], draws.uniform() < 0.4 ? 'late' : 'on time'], index);
  });
}

const baseline = fitted(rows(5000, 'baseline'), policy);
const look = (change?: (cells: Cell[], index: number) => Cell[], count = 1000): ReturnType<typeof judged> =>
  judged(rows(count, 'window', change), baseline, policy);

test('rows of the baseline drift nowhere', () => {
  expect(look()).toMatchObject({ state: 'ok', rows: 1000, broken: 0, findings: [] });
});

test('a number that moves is a moved distribution', () => {
  const window = look(([delay, ...rest]) => [1.5 * (delay as number), ...rest]);
  expect(window.state).toBe('drifting');
  expect(fired(window)).toEqual(['distribution delay']);
  expect(window.findings[0]).toMatchObject({ windowHours: 24, limit: 0.1, rows: 1000, baselineRows: 5000, examples: [] });
  expect(window.findings[0]!.words).toMatch(/^delay moved by 0\.1\d+ \(large from 0\.1\): values .* went from .* % to .* % of the rows\.$/);
});

test('categories that change places are one too', () => {
  expect(fired(look(([delay, carrier, label], index) => [delay, index % 3 === 0 ? 'AA' : carrier, label]))).toEqual([
    'distribution carrier',
  ]);
});

test('a number that turns null is missing and incomplete: broken input, not drift', () => {
  const window = look(([, ...rest]) => [MISSING, ...rest]);
  expect(window.state).toBe('broken-input');
  expect(fired(window)).toEqual(['incomplete delay', 'missing delay']);
  expect(window.findings.find(({ check }) => check === 'missing')!.words).toBe('delay: 100 % (baseline 0 %) of the rows have no value.');
});

test('fewer missing values than in the baseline are no harm', () => {
  const plain = driftPolicy([numeric('delay')]);
  const gaps = fitted(
    rows(1000, 'baseline', ([delay], index) => [index % 5 === 0 ? MISSING : delay]),
    plain,
  );
  expect(judged(rows(1000, 'window'), gaps, plain).state).toBe('ok');
  expect(
    fired(
      judged(
        rows(1000, 'window', ([delay], index) => [index % 2 === 0 ? MISSING : delay]),
        gaps,
        plain,
      ),
    ),
  ).toEqual(['missing delay']);
});

test('a number that becomes a text is of a wrong type', () => {
  const window = look(([delay, ...rest], index) => [index % 20 === 0 ? WRONG_TYPE : delay, ...rest]);
  expect(fired(window)).toEqual(['wrong-type delay']);
  expect(window.state).toBe('broken-input');
});

test('values that the baseline never had are unseen', () => {
  const window = look(([delay, carrier, label], index) => [delay, carrier, index % 8 === 0 ? 'cancelled' : label]);
  expect(fired(window)).toEqual(['distribution label', 'unseen label']);
  expect(window.state).toBe('drifting');
});

test('values outside their range are broken input where the share that is put up with cannot be why', () => {
  const negative = (share: number): ReturnType<typeof judged> =>
    look(([delay, ...rest], index) => [index < 1000 * share ? -1 : delay, ...rest]);
  expect(fired(negative(0.02))).toEqual([]);
  const window = negative(0.04);
  expect(fired(window)).toEqual(['out-of-range delay']);
  expect(window.findings[0]!.words).toBe('delay: 40 of 1000 values (4 %) are outside 0 or more; allowed are 1 %.');
  expect(window.state).toBe('broken-input');
});

test('where nothing is put up with one value is enough', () => {
  const strict = { ...policy, brokenShareAbove: 0 };
  const window = rows(1000, 'window', ([delay, ...rest], index) => [index === 7 ? -1 : delay, ...rest]);
  expect(fired(judged(window, baseline, strict))).toEqual(['out-of-range delay']);
});

test('categories that are not allowed are outside their range', () => {
  const odd = look(([delay, carrier, label], index) => [delay, index < 40 ? 'ZZ' : carrier, label]);
  expect(fired(odd)).toContain('out-of-range carrier');
});

test('wrong types too few to be far from the baseline are too many where there are many rows', () => {
  const plain = driftPolicy([numeric('delay')]);
  const known = fitted(
    rows(5000, 'baseline', ([delay]) => [delay]),
    plain,
  );
  const mixed = (count: number, every: number): ReturnType<typeof judged> =>
    judged(
      rows(count, 'window', ([delay], index) => [index % every === 0 ? WRONG_TYPE : delay]),
      known,
      plain,
    );
  expect(fired(mixed(20_000, 120))).toEqual([]);
  expect(mixed(20_000, 60)).toMatchObject({ state: 'broken-input', findings: [{ check: 'wrong-type', value: 334 / 20_000, limit: 0.01 }] });
});

test('completeness is broken where chance cannot be why', () => {
  const without = (missing: number, of: number): string[] =>
    fired(look(([delay, ...rest], index) => [index < missing ? MISSING : delay, ...rest], of));
  // 98 % of 200 rows, 99 % promised: one row in eight windows.
  expect(without(4, 200)).toEqual([]);
  expect(without(60, 1000)).toContain('incomplete delay');
});

test('of what is always there a single row is enough', () => {
  const strict = driftPolicy([numeric('delay', { completenessAtLeast: 1 })]);
  const all = rows(1000, 'window');
  const known = fitted(all, strict);
  expect(fired(judged(all, known, strict))).toEqual([]);
  expect(fired(judged([...all, { id: 'x', atMillis: undefined, cells: [MISSING] }], known, strict))).toEqual(['incomplete delay']);
});

test('a feature that the baseline never has is not compared, and not missing', () => {
  const without = fitted(
    rows(1000, 'no labels', ([delay, carrier]) => [delay, carrier, MISSING]),
    policy,
  );
  const window = { hours: 24, profiles: [{ profile: profileOf(rows(1000, 'window'), without, policy) }] };
  expect(judgeWindow(without, window, policy).state).toBe('ok');
  expect(comparisonOf(without, window, policy).features[2]).toMatchObject({
    name: 'label',
    compared: false,
    distance: 0,
    fired: false,
    checks: [],
  });
  // Nor where the window has none of it.
  expect(
    judged(
      rows(1000, 'w', ([delay, carrier]) => [delay, carrier, MISSING]),
      without,
      policy,
    ).state,
  ).toBe('ok');
});

test("a feature's own threshold", () => {
  const change = ([delay, carrier, label]: Cell[], index: number): Cell[] => [delay, carrier, index % 11 === 0 ? 'late' : label];
  const strict: DriftPolicy = { ...policy, features: policy.features.map((feature) => ({ ...feature, threshold: 0.02 })) };
  const many = rows(20_000, 'window', change);
  expect(fired(judged(many, baseline, policy))).toEqual([]);
  expect(fired(judged(many, baseline, strict))).toEqual(['distribution label']);
});

test('long values are cut short in messages', () => {
  const long = driftPolicy([categorical('note')]);
  const known = fitted(
    rowsOf(1000, (index) => [`${'x'.repeat(150)}${index % 2}`]),
    long,
  );
  const { words } = judged(
    rowsOf(1000, () => [`${'x'.repeat(150)}0`]),
    known,
    long,
  ).findings[0]!;
  expect(words).toContain(`'${'x'.repeat(59)}…'`);
  expect(words.length).toBeLessThan(200);
});

test('the strongest finding comes first', () => {
  const window = look(([delay, carrier, label], index) => [3 * (delay as number), index % 3 === 0 ? 'AA' : carrier, label]);
  expect(window.findings.map(({ feature }) => feature)).toEqual(['delay', 'carrier']);
});

test('too few rows, and no rows, are told as such', () => {
  expect(look(undefined, 199)).toMatchObject({ state: 'not-enough-data', reason: '199 rows, at least 200 are needed', findings: [] });
  expect(judgeWindow(baseline, { hours: 1, profiles: [] }, policy)).toMatchObject({ state: 'no-data', rows: 0 });
  expect(judged([], baseline, policy)).toMatchObject({ state: 'no-data', rows: 0 });
});

test('records that cannot be read break the input where the share that is put up with cannot be why', () => {
  const skipped = (count: number) => ({ counts: { 'not JSON': count }, samples: [] });
  const few = rows(1000, 'window');
  expect(judged(few, baseline, policy, skipped(20))).toMatchObject({ state: 'ok', broken: 20 });
  expect(judged(few, baseline, policy, skipped(50))).toMatchObject({
    state: 'broken-input',
    broken: 50,
    reason: '50 of 1050 records could not be read',
  });
});

test('one unreadable record of a quiet hour is no proof; an hour of nothing else is, from a few on', () => {
  const skipped = (count: number) => ({ counts: { 'not JSON': count }, samples: [] });
  expect(judged(rows(19, 'window'), baseline, policy, skipped(1))).toMatchObject({ state: 'not-enough-data', broken: 1 });
  expect(judged([], baseline, policy, skipped(1))).toMatchObject({ state: 'not-enough-data', reason: '1 of 1 records could not be read' });
  expect(judged([], baseline, policy, skipped(5))).toMatchObject({ state: 'broken-input', rows: 0, broken: 5 });
});

test('a baseline of one row says so', () => {
  const one = fitted(rows(1, 'one'), policy);
  expect(judged(rows(1000, 'window'), one, policy)).toMatchObject({
    state: 'not-enough-data',
    reason: 'the baseline has 1 row, at least 200 are needed',
  });
});

test('a comparison of nothing has the figures of the baseline', () => {
  const comparison = comparisonOf(baseline, { hours: 1, profiles: [] }, policy);
  expect(comparison).toMatchObject({ rows: 0, baselineRows: 5000 });
  expect(comparison.features.map(({ compared }) => compared)).toEqual([false, false, false]);
});

test('cells are named for pictures', () => {
  const [delay, carrier] = comparisonOf(
    baseline,
    { hours: 24, profiles: [{ profile: profileOf(rows(500, 'window'), baseline, policy) }] },
    policy,
  ).features;
  expect(delay!.cells).toHaveLength(20);
  expect(delay!.cells[0]).toMatchObject({ label: expect.stringMatching(/^below /), to: delay!.cells[1]!.from });
  expect(delay!.cells.at(-1)!.label).toMatch(/ or more$/);
  expect(carrier!.cells.map(({ label }) => label).sort()).toEqual(['(other)', ...CARRIERS]);
  expect(carrier!.cells.reduce((sum, { window }) => sum + window, 0)).toBe(500);
});
