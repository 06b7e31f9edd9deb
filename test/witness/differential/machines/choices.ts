import fc from 'fast-check';
import { anyPaths, numberPaths, textPaths } from './data';
import type { Fields, Json } from './data';

const rule = (variables: fc.Arbitrary<string>, names: readonly string[], operands: fc.Arbitrary<Json>): fc.Arbitrary<Fields> =>
  fc.tuple(variables, fc.constantFrom(...names), operands).map(([Variable, name, operand]) => ({ Variable, [name]: operand }));

const orders = (type: string): string[] =>
  ['Equals', 'LessThan', 'GreaterThan', 'LessThanEquals', 'GreaterThanEquals'].map((name) => `${type}${name}`);

const scalarPaths = fc.oneof(numberPaths, textPaths, fc.constantFrom('$.flag', '$.none', '$.at'));
const mostly = (paths: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof({ arbitrary: paths, weight: 4 }, { arbitrary: scalarPaths, weight: 1 });
const types = ['IsNull', 'IsNumeric', 'IsString', 'IsBoolean', 'IsTimestamp'];

const comparisons: fc.Arbitrary<Fields> = fc.oneof(
  { arbitrary: rule(mostly(textPaths), orders('String'), fc.constantFrom('a', 'ab', 'shop', '', '10')), weight: 4 },
  { arbitrary: rule(mostly(numberPaths), orders('Numeric'), fc.constantFrom(0, 1, 2, 3, 5, 2.5, -1)), weight: 6 },
  { arbitrary: rule(scalarPaths, orders('Timestamp'), fc.constantFrom('2026-03-02T09:00:00Z', '2026-01-01T00:00:00Z')), weight: 2 },
  { arbitrary: rule(scalarPaths, ['BooleanEquals'], fc.boolean()), weight: 1 },
  { arbitrary: rule(textPaths, ['StringEqualsPath'], textPaths), weight: 1 },
  { arbitrary: rule(numberPaths, ['NumericEqualsPath'], numberPaths), weight: 1 },
  { arbitrary: rule(textPaths, ['StringMatches'], fc.constantFrom('a*', '*b', 's*p', '*', 'x y', '2026-*Z')), weight: 2 },
  { arbitrary: rule(scalarPaths, types, fc.boolean()), weight: 3 },
  { arbitrary: rule(fc.constantFrom('$.flag', '$.none'), ['IsNumeric', 'IsPresent'], fc.boolean()), weight: 1 },
  { arbitrary: rule(fc.oneof(anyPaths, fc.constantFrom('$.missing', '$.nested.z')), ['IsPresent'], fc.boolean()), weight: 2 },
);

/** A rule of a Choice state, without its Next. */
export const rules: fc.Arbitrary<Fields> = fc.letrec<{ rule: Fields }>((tie) => {
  const several = fc.array(tie('rule'), { minLength: 1, maxLength: 3, depthIdentifier: 'rule' });
  return {
    rule: fc.oneof(
      { maxDepth: 2, depthIdentifier: 'rule' },
      { arbitrary: comparisons, weight: 6 },
      { arbitrary: several.map((And) => ({ And })), weight: 1 },
      { arbitrary: several.map((Or) => ({ Or })), weight: 1 },
      { arbitrary: tie('rule').map((Not) => ({ Not })), weight: 1 },
    ),
  };
}).rule;
