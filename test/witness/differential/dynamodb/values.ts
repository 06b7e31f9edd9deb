import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';

/** Few different values, so that generated conditions meet generated items. */
export const texts = fc.constantFrom('a', 'ab', 'b', '', 'B', 'é', '10', 'S', 'a b');

const plainNumbers = fc.constantFrom('0', '1', '2', '10', '-1', '0.5', '1.0', '100', '1e2', '-0', '00012.50', '1E-5');
const bigNumbers = fc.constantFrom(
  '12345678901234567890123456789012345678',
  '12345678901234567890123456789012345679',
  '-99999999999999999999999999999999999999',
  '9.9999999999999999999999999999999999999E+125',
  '-9.9999999999999999999999999999999999999E+125',
  '1E-130',
  '-1E-130',
  '1e125',
  '0.1000000000000000000000000000000000001',
  '100000000000000000000000000000000000000000000',
);
const badNumbers = fc.constantFrom(
  '1e126',
  '1E-131',
  '1234567890123456789012345678901234567890123',
  'NaN',
  '',
  '1,5',
  'Infinity',
  ' 1',
  '0x10',
);

export const numbers = fc.oneof({ arbitrary: plainNumbers, weight: 3 }, { arbitrary: bigNumbers, weight: 1 });
const anyNumbers = fc.oneof({ arbitrary: numbers, weight: 30 }, { arbitrary: badNumbers, weight: 1 });

const bytes = fc.constantFrom([0], [0, 1], [1], [97], [255], []).map((list) => Uint8Array.from(list));

type Values = fc.Arbitrary<AttributeValue>;

const scalarsOf = (given: fc.Arbitrary<string>): Values =>
  fc.oneof(
    { arbitrary: texts.map((S) => ({ S })), weight: 4 },
    { arbitrary: given.map((N) => ({ N })), weight: 5 },
    { arbitrary: bytes.map((B) => ({ B })), weight: 1 },
    { arbitrary: fc.boolean().map((BOOL) => ({ BOOL })), weight: 1 },
    { arbitrary: fc.constant({ NULL: true }), weight: 1 },
  );

const someOf = <T>(members: fc.Arbitrary<T>, selector: (member: T) => unknown): fc.Arbitrary<T[]> =>
  fc.uniqueArray(members, { minLength: 1, maxLength: 3, selector });
const setsOf = (some: typeof someOf): Values =>
  fc.oneof(
    some(texts, (text) => text).map((SS) => ({ SS })),
    some(plainNumbers, (text) => String(Number(text))).map((NS) => ({ NS })),
    some(bytes, String).map((BS) => ({ BS })),
  );

/** With documents, two levels deep. */
const documentsOf = (scalars: Values, sets: Values): Values =>
  fc.letrec<{ value: AttributeValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 2, depthIdentifier: 'value' },
      { arbitrary: scalars, weight: 6 },
      { arbitrary: sets, weight: 2 },
      { arbitrary: fc.array(tie('value'), { maxLength: 3, depthIdentifier: 'value' }).map((L) => ({ L })), weight: 2 },
      {
        arbitrary: fc
          .dictionary(fc.constantFrom('x', 'y'), tie('value'), { maxKeys: 2, depthIdentifier: 'value', noNullPrototype: true })
          .map((M) => ({ M })),
        weight: 2,
      },
    ),
  })).value;

/** What DynamoDB takes. The witness does not check the values of expressions, so those are of this kind alone. */
export const scalars = scalarsOf(numbers);
export const sets = setsOf(someOf);
export const values = documentsOf(scalars, sets);
export const orderedValues: Values = fc.oneof(
  numbers.map((N) => ({ N })),
  texts.map((S) => ({ S })),
  bytes.map((B) => ({ B })),
);

/** With numbers out of range, empty sets and members that come twice, as items that are put may hold them. */
const anyValues = documentsOf(
  scalarsOf(anyNumbers),
  fc.oneof({ arbitrary: sets, weight: 20 }, { arbitrary: setsOf((members) => fc.array(members, { maxLength: 2 })), weight: 1 }),
);

export type Attributes = Record<string, AttributeValue>;

export const attributeNames = fc.constantFrom('a', 'b', 'c', 'd');

const mixedOf = (given: Values): fc.Arbitrary<Attributes> => fc.dictionary(attributeNames, given, { maxKeys: 4, noNullPrototype: true });

/** Attributes of the kind that most expressions are meant for. */
const shaped = fc.record(
  {
    a: numbers.map((N) => ({ N })),
    b: fc.oneof(
      texts.map((S) => ({ S })),
      sets,
    ),
    c: fc.array(scalars, { maxLength: 3 }).map((L) => ({ L })),
    d: fc
      .record({ x: fc.oneof(scalars, sets), y: fc.array(scalars, { maxLength: 2 }).map((L) => ({ L })) }, { requiredKeys: ['y'] })
      .map((M) => ({ M })),
  },
  { requiredKeys: ['c', 'd'], noNullPrototype: true },
) as unknown as fc.Arbitrary<Attributes>;

/** What an item holds besides its keys. */
export const attributes = fc.oneof({ arbitrary: mixedOf(values), weight: 1 }, { arbitrary: shaped, weight: 2 });
export const anyAttributes = fc.oneof({ arbitrary: mixedOf(anyValues), weight: 1 }, { arbitrary: shaped, weight: 2 });
