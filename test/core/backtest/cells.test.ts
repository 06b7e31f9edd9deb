import { happenedOf, isAbsent, numberOf, timeOf } from '../../../core/backtest/cells';

const NINE = Date.UTC(2026, 2, 2, 9, 5);

test.each([
  ['2026-03-02T09:05:00Z', NINE],
  ['2026-03-02T09:05Z', NINE],
  ['2026-03-02 09:05:00', NINE],
  [' 2026-03-02T09:05:00.000000Z ', NINE],
  ['2026-03-02 09:05:00 UTC', NINE],
  ['2026-03-02T10:05:00+01:00', NINE],
  ['2026-03-02T10:05:00+0100', NINE],
  ['2026-03-02 10:05:00+01', NINE],
  ['2026-03-02T09:05:00,250Z', NINE + 250],
  ['2026-03-02', Date.UTC(2026, 2, 2)],
  [NINE / 1000, NINE],
  [NINE, NINE],
  [String(NINE * 1e3), NINE],
  [String(NINE * 1e6), NINE],
  ['1772442300.5', NINE + 500],
])('%p is a time', (cell, millis) => {
  expect(timeOf(cell)).toBe(millis);
});

test.each([
  '',
  'yesterday',
  '02.03.2026',
  '2026-02-30T00:00:00Z',
  '2026-13-01',
  '2026-03-02T25:00:00Z',
  '0001-01-01',
  '42',
  42,
  Number.NaN,
  null,
  true,
  {},
])('%p is no time', (cell) => {
  expect(timeOf(cell)).toBeUndefined();
});

test('a wrong day after a right one is still wrong', () => {
  expect(timeOf('2026-02-28T00:00:00Z')).toBeDefined();
  expect(timeOf('2026-02-30T00:00:00Z')).toBeUndefined();
});

test.each([
  [true, 1],
  ['TRUE', 1],
  ['1', 1],
  [' yes ', 1],
  ['1.0', 1],
  [false, 0],
  ['f', 0],
  [0, 0],
  ['No', 0],
])('%p happened: %p', (cell, value) => {
  expect(happenedOf(cell)).toBe(value);
});

test.each(['2', 2, 0.5, 'maybe', Number.NaN, {}])('%p is neither', (cell) => {
  expect(happenedOf(cell)).toBeUndefined();
});

test.each([
  ['12.5', 12.5],
  ['1e3', 1000],
  ['.5', 0.5],
  [3, 3],
])('%p is a number', (cell, value) => {
  expect(numberOf(cell)).toBe(value);
});

test.each(['', 'NaN', 'Infinity', '1,5', '0x10', 'twelve', Number.NaN, Number.POSITIVE_INFINITY, null, true])('%p is no number', (cell) => {
  expect(numberOf(cell)).toBeUndefined();
});

test('what says nothing is absent', () => {
  expect([undefined, null, '', ' ', 'NULL', 'n/a', 0, false, 'x'].map(isAbsent)).toEqual([
    true,
    true,
    true,
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});
