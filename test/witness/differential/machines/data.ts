import fc from 'fast-check';

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type Fields = { [name: string]: Json };

const words = fc.constantFrom('a', 'ab', 'b', 'shop', 'x y', '', '10', '2026-03-02T09:00:00Z', 'a*b');
export const wholeNumbers = [0, 1, 2, 3, 5, 10, -1];
const wholes = fc.constantFrom(...wholeNumbers);
const times = fc.constantFrom('2026-03-02T09:00:00Z', '2026-03-01T10:00:00Z', '2025-12-31T23:59:59Z');

/** What every execution starts with, so that paths lead somewhere. */
export const inputs: fc.Arbitrary<Fields> = fc.record(
  {
    n: wholes,
    m: wholes,
    s: words,
    t: words,
    flag: fc.boolean(),
    none: fc.constant(null),
    at: times,
    list: fc.array(wholes, { minLength: 1, maxLength: 3 }),
    people: fc.array(fc.record({ name: words, age: wholes }, { noNullPrototype: true }), { minLength: 1, maxLength: 2 }),
    nested: fc.record({ a: fc.record({ b: words, c: wholes }, { noNullPrototype: true }) }, { noNullPrototype: true }),
  },
  { noNullPrototype: true },
);

export const numberPaths = fc.constantFrom('$.n', '$.m', '$.list[0]', '$.people[0].age', '$.nested.a.c');
export const textPaths = fc.constantFrom('$.s', '$.t', '$.people[0].name', '$.nested.a.b', "$['s']", '$.at');
export const listPaths = fc.constantFrom('$.list', '$.people', '$.list[*]', '$.people[*].name', '$.people[*].age');
export const objectPaths = fc.constantFrom('$.nested', '$.nested.a', '$.people[0]');
export const anyPaths = fc.oneof(numberPaths, textPaths, listPaths, objectPaths, fc.constantFrom('$', '$.flag', '$.none', '$.at'));
export const absentPath = fc.constantFrom('$.missing', '$.nested.z', '$.s.x');

/** Context that both sides know alike. */
export const contextPaths = fc.constantFrom('$$.State.Name', '$$.StateMachine.Name', '$$.Execution.Name', '$$.Execution.Input.n');

const quoted = (text: string): string => `'${text}'`;
const literalTexts = fc.constantFrom('a', 'shop', 'x y', 'b').map(quoted);
const literalNumbers = fc.constantFrom('0', '1', '2', '-3');
const texts = fc.oneof(textPaths, literalTexts);
const numbers = fc.oneof(numberPaths, literalNumbers);
const call = (name: string, ...given: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...given).map((list) => `States.${name}(${list.join(', ')})`);

/** Intrinsic functions that both sides have, with arguments of the right type. */
export const intrinsics: fc.Arbitrary<string> = fc.oneof(
  call('Format', fc.constantFrom("'{}-{}'", "'{} and {}'"), texts, numbers),
  call('Format', fc.constantFrom("'it\\'s {}'", "'<{}>'"), texts),
  call('Array', texts, numbers, anyPaths),
  call('Array'),
  call('ArrayPartition', listPaths, fc.constantFrom('1', '2')),
  call('ArrayContains', listPaths, fc.oneof(numbers, texts)),
  call('ArrayRange', fc.constantFrom('0', '1'), fc.constantFrom('3', '4', '9'), fc.constantFrom('1', '2', '3')),
  call('ArrayGetItem', listPaths, fc.constant('0')),
  call('ArrayLength', listPaths),
  call('ArrayUnique', listPaths),
  call('Base64Encode', texts),
  call('Base64Decode', call('Base64Encode', texts)),
  call('JsonToString', fc.oneof(objectPaths, listPaths)),
  call('StringToJson', call('JsonToString', fc.oneof(objectPaths, listPaths))),
  call('JsonMerge', objectPaths, objectPaths, fc.constant('false')),
  call('MathAdd', numbers, numbers),
);

const fixed: fc.Arbitrary<Json> = fc.constantFrom<Json[]>(1, 'text', true, null, [1, 'two'], { k: 'v' });

/** Payload templates: fixed values, paths, functions, and templates within. */
export const templates: fc.Arbitrary<Fields> = fc.letrec<{ template: Fields }>((tie) => ({
  template: fc
    .array(
      fc.oneof(
        { maxDepth: 2, depthIdentifier: 'template' },
        { arbitrary: fixed.map((value): [string, Json] => ['', value]), weight: 1 },
        { arbitrary: anyPaths.map((path): [string, Json] => ['.$', path]), weight: 3 },
        { arbitrary: intrinsics.map((text): [string, Json] => ['.$', text]), weight: 3 },
        { arbitrary: contextPaths.map((path): [string, Json] => ['.$', path]), weight: 1 },
        { arbitrary: tie('template').map((inner): [string, Json] => ['', inner]), weight: 1 },
        { arbitrary: tie('template').map((inner): [string, Json] => ['', [inner, 1]]), weight: 1 },
      ),
      { minLength: 1, maxLength: 3, depthIdentifier: 'template' },
    )
    .map((members) => Object.fromEntries(members.map(([suffix, value], index) => [`k${index}${suffix}`, value]))),
})).template;
