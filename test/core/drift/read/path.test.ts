import fc from 'fast-check';
import { search } from 'jmespath';
import { findIn, namesOf } from '../../../../core/drift/read/path';
import { WRONG_TYPE } from '../../../../core/drift/types';

const name = fc.constantFrom('a', 'b', 'c_1', '"x y"');
const step = fc.oneof(
  name.map((text) => `.${text}`),
  fc.integer({ min: -2, max: 2 }).map((index) => `[${index}]`),
);
const path = fc.tuple(name, fc.array(step, { maxLength: 4 })).map(([first, rest]) => first + rest.join(''));
const body = fc.jsonValue({ maxDepth: 4 });
const nested = fc.letrec((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    body,
    fc.dictionary(fc.constantFrom('a', 'b', 'c_1', 'x y'), tie('node')),
    fc.array(tie('node'), { maxLength: 3 }),
  ),
})).node;

test('plain paths, walked by hand, find what JMESPath finds', () => {
  fc.assert(
    fc.property(path, nested, (expression, value) => {
      expect(findIn(expression)(value) ?? null).toEqual(search(value, expression) ?? null);
    }),
    { numRuns: 400 },
  );
});

test.each<[string, unknown, unknown]>([
  ['@', 'text', 'text'],
  ['0', [7, 8], 7],
  ['to_number(a.b)', { a: { b: '4.5' } }, 4.5],
  ['to_number(a)', { a: 'x' }, undefined],
  [
    "messages[?role=='user'].content | [0]",
    {
      messages: [
        { role: 'system', content: 'x' },
        { role: 'user', content: 'y' },
      ],
    },
    'y',
  ],
  ['abs(a)', { a: 'no number' }, WRONG_TYPE],
  ['constructor', {}, undefined],
  ['length', [1, 2], undefined],
])('%s', (expression, value, expected) => {
  expect(findIn(expression)(value) ?? undefined).toEqual(expected);
});

test('what is no JMESPath is refused, but for names of columns', () => {
  expect(() => findIn('a b')).toThrow(/'a b' is no JMESPath .*give one such as customer.age/);
  expect(findIn('a b', true)({ 'a b': 1 })).toBe(1);
});

test('names of paths through objects', () => {
  expect(namesOf('a."x y".c')).toEqual(['a', 'x y', 'c']);
  for (const other of ['a[0]', '@', '0', 'length(a)', 'a.*']) expect(namesOf(other)).toBeUndefined();
});
