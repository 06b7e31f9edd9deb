import { createRandom } from '../../../../../rehearsal/kernel/random';
import type { ChoiceTest, Json } from '../../../../../rehearsal/services/sfn/definition';
import { ConditionError, holds } from '../../../../../rehearsal/services/sfn/jsonpath/choice';

const input: Json = {
  text: 'b',
  n: 5,
  yes: true,
  nul: null,
  at: '2026-03-02T09:00:00Z',
  same: '2026-03-02T10:00:00+01:00',
  other: { text: 'c', n: 5 },
  file: 'a*b\\c.txt',
  list: [],
};
const test = (rule: Record<string, unknown>): boolean =>
  holds(rule as ChoiceTest, { input, context: { State: { Name: 'C' } }, variables: { limit: 5 }, random: createRandom(1) });
const of = (path: string, comparison: Record<string, unknown>): boolean => test({ Variable: `$.${path}`, ...comparison });

it.each<[string, Record<string, unknown>, boolean]>([
  ['text', { StringEquals: 'b' }, true],
  ['text', { StringEquals: 'B' }, false],
  ['text', { StringLessThan: 'c' }, true],
  ['text', { StringLessThanEquals: 'b' }, true],
  ['text', { StringGreaterThan: 'b' }, false],
  ['text', { StringGreaterThanEquals: 'b' }, true],
  ['text', { StringLessThanPath: '$.other.text' }, true],
  ['text', { StringEqualsPath: '$.other.text' }, false],
  ['n', { NumericEquals: 5 }, true],
  ['n', { NumericEquals: 5.0 }, true],
  ['n', { NumericLessThan: 5 }, false],
  ['n', { NumericLessThanEquals: 5 }, true],
  ['n', { NumericGreaterThan: 4.9 }, true],
  ['n', { NumericGreaterThanEqualsPath: '$.other.n' }, true],
  ['n', { NumericEqualsPath: '$limit' }, true],
  ['yes', { BooleanEquals: true }, true],
  ['yes', { BooleanEquals: false }, false],
  ['yes', { BooleanEqualsPath: '$.yes' }, true],
  ['at', { TimestampEquals: '2026-03-02T09:00:00.000Z' }, true],
  ['at', { TimestampEqualsPath: '$.same' }, true],
  ['at', { TimestampLessThan: '2026-03-02T09:00:01Z' }, true],
  ['at', { TimestampGreaterThanEquals: '2026-03-02T09:00:01Z' }, false],
  // Another type is no match, and no error.
  ['text', { NumericEquals: 5 }, false],
  ['n', { StringEquals: '5' }, false],
  ['nul', { BooleanEquals: false }, false],
  ['text', { TimestampLessThan: '2026-03-02T09:00:01Z' }, false],
  ['nul', { IsNull: true }, true],
  ['n', { IsNull: false }, true],
  ['n', { IsNumeric: true }, true],
  ['text', { IsNumeric: true }, false],
  ['text', { IsString: true }, true],
  ['yes', { IsBoolean: true }, true],
  ['at', { IsTimestamp: true }, true],
  ['text', { IsTimestamp: false }, true],
  ['nul', { IsPresent: true }, true],
  ['missing.deep', { IsPresent: false }, true],
  ['missing', { IsPresent: true }, false],
  ['list[0]', { IsPresent: true }, false],
  ['file', { StringMatches: 'a*.txt' }, true],
  ['file', { StringMatches: 'a\\*b\\\\c.txt' }, true],
  ['file', { StringMatches: 'a\\*.txt' }, false],
  ['file', { StringMatches: 'b*' }, false],
  ['n', { StringMatches: '*' }, false],
])('$.%s %j is %s', (path, comparison, expected) => {
  expect(of(path, comparison)).toBe(expected);
});

it('puts rules together, and stops at what decides', () => {
  const fails = { Variable: '$.missing', IsNull: true };
  const yes = { Variable: '$.yes', BooleanEquals: true };
  const no = { Variable: '$.yes', BooleanEquals: false };
  expect(test({ And: [yes, { Not: no }] })).toBe(true);
  expect(test({ And: [no, fails] })).toBe(false);
  expect(test({ Or: [yes, fails] })).toBe(true);
  expect(test({ Or: [no, { And: [yes, no] }] })).toBe(false);
  expect(test({ Not: { Or: [no, no] } })).toBe(true);
  expect(test({ Variable: '$$.State.Name', StringEquals: 'C' })).toBe(true);
});

it.each([
  [{ Variable: '$.missing', StringEquals: 'a' }, '$.missing'],
  [{ Variable: '$.missing', IsNull: true }, '$.missing'],
  [{ Variable: '$.n', NumericEqualsPath: '$.missing' }, '$.missing'],
  [{ Variable: '$unassigned', StringEquals: 'a' }, '$unassigned'],
])('%j reads what is not there', (rule, path) => {
  expect(() => test(rule)).toThrow(ConditionError);
  expect(() => test(rule)).toThrow(`Invalid path '${path}': The choice state's condition path references an invalid value.`);
});
