import fc from 'fast-check';

/** The same few texts and numbers in events and patterns, so that many patterns match. */
const texts = fc.constantFrom(
  'a',
  'ab',
  'abc',
  'A',
  'b',
  'report.png',
  'Report.PNG',
  'photo.jpg',
  '',
  'a*b',
  'é',
  '10',
  '10.0.0.5',
  '10.0.1.7',
  '2001:db8::1',
);
const numbers = fc.constantFrom(0, 1, -1, 2.5, 5, 10, 300, 1e3, 0.1, -0.5);
const leaves = fc.oneof(
  { arbitrary: texts, weight: 5 },
  { arbitrary: numbers, weight: 4 },
  { arbitrary: fc.boolean(), weight: 1 },
  { arbitrary: fc.constant(null), weight: 1 },
);

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

const values: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, depthIdentifier: 'event' },
    { arbitrary: leaves, weight: 5 },
    { arbitrary: fc.array(tie('value'), { maxLength: 3, depthIdentifier: 'event' }), weight: 2 },
    {
      arbitrary: fc.dictionary(fc.constantFrom('x', 'y'), tie('value'), { maxKeys: 2, depthIdentifier: 'event', noNullPrototype: true }),
      weight: 2,
    },
  ),
})).value;

const names = fc.constantFrom('p', 'q', 'r');
const details = fc.record({ p: values, q: values, r: values, s: leaves }, { requiredKeys: [], noNullPrototype: true });

const wildcards = fc.constantFrom('*', 'a*', '*.png', 'a*c', '*b*', 'photo.*', 'a\\*b', '*a*b*');
const networks = fc.constantFrom('10.0.0.0/24', '10.0.0.0/8', '10.0.1.0/24', '10.0.1.7/32', '0.0.0.0/0', '2001:db8::/32');
const parts = fc.constantFrom('a', 'ab', 'A', '.png', '.PNG', 'rep', 'jpg', 'é');
const oneOrMore = (one: fc.Arbitrary<Json>): fc.Arbitrary<Json> => fc.oneof(one, fc.array(one, { minLength: 1, maxLength: 3 }));

const signs = fc.constantFrom('=', '<', '<=', '>', '>=');
const lowerSigns = fc.constantFrom('>', '>=');
const upperSigns = fc.constantFrom('<', '<=');
const numeric: fc.Arbitrary<Json> = fc.oneof(
  { arbitrary: fc.tuple(signs, numbers), weight: 3 },
  {
    arbitrary: fc
      .tuple(lowerSigns, numbers, upperSigns, numbers)
      .map(([low, one, high, other]) => [low, Math.min(one, other), high, Math.max(one, other) + 1]),
    weight: 2,
  },
);

const only = (name: string, operand: fc.Arbitrary<Json>): fc.Arbitrary<Json> => operand.map((value) => ({ [name]: value }));

const exclusions: fc.Arbitrary<Json> = fc.oneof(
  oneOrMore(texts),
  oneOrMore(numbers),
  only('prefix', oneOrMore(parts)),
  only('suffix', oneOrMore(parts)),
  only('equals-ignore-case', oneOrMore(texts)),
  only('wildcard', oneOrMore(wildcards)),
);

const operators: fc.Arbitrary<Json> = fc.oneof(
  only('prefix', fc.oneof(parts, only('equals-ignore-case', parts))),
  only('suffix', fc.oneof(parts, only('equals-ignore-case', parts))),
  only('equals-ignore-case', texts),
  only('wildcard', wildcards),
  only('anything-but', exclusions),
  only('numeric', numeric),
  only('exists', fc.boolean()),
  only('cidr', networks),
);

/** What AWS refuses: both must. */
const broken: fc.Arbitrary<Json> = fc.constantFrom<Json[]>(
  { numeric: ['>', 'a'] },
  { numeric: ['!', 1] },
  { numeric: [] },
  { numeric: ['>', 1, '<'] },
  { prefix: 1 },
  { suffix: ['a'] },
  { exists: 'yes' },
  { 'anything-but': [] },
  { 'anything-but': ['a', 1] },
  { 'anything-but': [true] },
  { 'anything-but': { prefix: '' } },
  { 'anything-but': { numeric: ['>', 1] } },
  { wildcard: 'a**b' },
  { wildcard: 'a\\b' },
  { wildcard: 1 },
  { cidr: '10.0.0.0' },
  { cidr: '10.0.0.0/99' },
  { cidr: 'host/8' },
  { 'equals-ignore-case': ['a'] },
  { unknown: 'a' },
  { prefix: 'a', suffix: 'b' },
  {},
  ['a'],
);

const alternatives = fc.oneof({ arbitrary: leaves, weight: 12 }, { arbitrary: operators, weight: 20 }, { arbitrary: broken, weight: 1 });
const matchers: fc.Arbitrary<Json> = fc.oneof(
  { arbitrary: fc.array(alternatives, { minLength: 1, maxLength: 3 }), weight: 50 },
  { arbitrary: fc.constantFrom<Json[]>([], 'a', 1), weight: 1 },
);

const patternsOf = fc.letrec<{ fields: { [name: string]: Json }; field: Json; choice: { [name: string]: Json } }>((tie) => ({
  field: fc.oneof(
    { maxDepth: 2, depthIdentifier: 'pattern' },
    { arbitrary: matchers, weight: 7 },
    {
      arbitrary: fc.dictionary(fc.constantFrom('x', 'y'), tie('field'), {
        minKeys: 1,
        maxKeys: 2,
        depthIdentifier: 'pattern',
        noNullPrototype: true,
      }),
      weight: 2,
    },
  ),
  choice: fc.dictionary(names, tie('field'), { minKeys: 1, maxKeys: 2, depthIdentifier: 'pattern', noNullPrototype: true }),
  fields: fc.oneof(
    { arbitrary: tie('choice'), weight: 4 },
    {
      arbitrary: fc
        // A field of a choice stands nowhere else: what then holds is not documented.
        .tuple(
          fc.record({ s: matchers }, { requiredKeys: [], noNullPrototype: true }),
          fc.array(tie('choice'), { minLength: 2, maxLength: 3 }),
        )
        .map(([beside, choices]) => ({ ...beside, $or: choices })),
      weight: 1,
    },
  ),
})).fields;

export interface PatternCase {
  event: Json;
  pattern: Json;
}

const around = fc.record(
  {
    source: fc.constantFrom<Json[]>(['shop'], ['other'], [{ prefix: 'sh' }], [{ 'anything-but': 'shop' }]),
    'detail-type': fc.constantFrom<Json[]>(['Order'], [{ 'equals-ignore-case': 'order' }], [{ wildcard: 'O*r' }]),
    account: fc.constantFrom<Json[]>(['000000000000']),
    resources: fc.constantFrom<Json[]>(['arn:aws:s3:::one'], [{ suffix: 'two' }], [{ exists: false }]),
  },
  { requiredKeys: [], noNullPrototype: true },
);

const eventOf = (detail: Json): Json => ({
  version: '0',
  id: '1',
  'detail-type': 'Order',
  source: 'shop',
  account: '000000000000',
  time: '2026-03-02T09:00:00Z',
  region: 'us-east-1',
  resources: ['arn:aws:s3:::one', 'arn:aws:s3:::two'],
  detail,
});

/** A matcher that fits a leaf of the event, or nearly. */
function fitting(value: Json): fc.Arbitrary<Json> {
  if (typeof value === 'number') {
    return fc.constantFrom<Json[]>(
      value,
      { numeric: ['=', value] },
      { numeric: ['>', value - 1, '<=', value] },
      { numeric: ['<', value] },
      { 'anything-but': [value + 1] },
      { exists: true },
    );
  }
  if (typeof value !== 'string') return fc.constantFrom<Json[]>(value, { exists: true });
  const [first, last] = [value.slice(0, 1), value.slice(-1)];
  return fc.constantFrom<Json[]>(
    value,
    { prefix: first },
    { suffix: last },
    { prefix: { 'equals-ignore-case': first.toUpperCase() } },
    { 'equals-ignore-case': value.toUpperCase() },
    { wildcard: `${first.replace('*', '')}*` },
    { 'anything-but': `${value}x` },
    { 'anything-but': value },
    { 'anything-but': { prefix: `${value}x` } },
    { 'anything-but': { suffix: last === '' ? 'x' : last } },
    { 'anything-but': { 'equals-ignore-case': [value.toLowerCase(), 'zz'] } },
    { 'anything-but': { wildcard: `*${last.replace('*', '')}` } },
    { exists: true },
  );
}

function fittingField(value: Json): fc.Arbitrary<Json> {
  if (Array.isArray(value)) return value.length === 0 ? fc.constant([{ exists: false }]) : fc.constantFrom(...value).chain(fittingField);
  if (typeof value === 'object' && value !== null) return fittingFields(value, 'y');
  return fc.tuple(fitting(value), fc.array(alternatives, { maxLength: 1 })).map(([fit, others]) => [fit, ...others]);
}

/** A pattern of one or two of an event's own fields. */
function fittingFields(detail: { [name: string]: Json }, absent: string): fc.Arbitrary<{ [name: string]: Json }> {
  const present = Object.keys(detail);
  if (present.length === 0) return fc.constant({ [absent]: [{ exists: false }] });
  return fc
    .subarray(present, { minLength: 1, maxLength: Math.min(2, present.length) })
    .chain((chosen) => fc.record(Object.fromEntries(chosen.map((name) => [name, fittingField(detail[name]!)])), { noNullPrototype: true }));
}

const withEnvelope = (detail: fc.Arbitrary<Json>): fc.Arbitrary<Json> =>
  fc
    .tuple(detail, fc.oneof({ arbitrary: fc.constant({}), weight: 3 }, { arbitrary: around, weight: 1 }))
    .map(([fields, more]) => ({ ...more, detail: fields }));

const unrelated = fc.record({ event: details.map(eventOf), pattern: withEnvelope(patternsOf) });
const related = details.chain((detail) =>
  fc.record({ event: fc.constant(eventOf(detail)), pattern: withEnvelope(fittingFields(detail as { [name: string]: Json }, 'p')) }),
);

export const cases: fc.Arbitrary<PatternCase> = fc.oneof(unrelated, related);
