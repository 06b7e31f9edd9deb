import { createRandom } from '../../../../../rehearsal/kernel/random';
import type { Json } from '../../../../../rehearsal/services/sfn/definition';
import { PathSyntaxError } from '../../../../../rehearsal/services/sfn/jsonpath/path';
import { parseIntrinsic } from '../../../../../rehearsal/services/sfn/jsonpath/intrinsic-parse';
import { evaluateField } from '../../../../../rehearsal/services/sfn/jsonpath/template';

const input: Json = {
  name: 'Ann',
  n: 5,
  nul: null,
  list: [1, 2, 3, 4, 5],
  double: [1, 1, { a: 1, b: 2 }, { b: 2, a: 1 }, [1], [1], '1'],
  left: { a: 1, b: { x: 1 } },
  right: { b: { y: 2 }, c: 3 },
  template: 'I am {}',
};
const call = (text: string, seed = 1): Json =>
  evaluateField(text, 'v.$', {
    input,
    context: { Execution: { Name: 'run' } },
    variables: { who: 'Bea' },
    random: createRandom(seed),
  });

it.each<[string, Json]>([
  [`States.Format('Hi {}, {} of {}', $.name, $.n, 7)`, 'Hi Ann, 5 of 7'],
  [`States.Format('{} {} {}', null, true, 1.5)`, 'null true 1.5'],
  [`States.Format('\\{\\} {} \\' \\\\', $.name)`, "{} Ann ' \\"],
  [`States.Format('{}', $.left)`, '{a=1, b={x=1}}'],
  [`States.Format('{}', $.list)`, '[1, 2, 3, 4, 5]'],
  [`States.Format($.template, $who)`, 'I am Bea'],
  [`States.Format('{}', $$.Execution.Name)`, 'run'],
  [`States.Format('a, b) {}', $.name)`, 'a, b) Ann'],
  [`States.StringToJson('{"a": [1, "x"]}')`, { a: [1, 'x'] }],
  [`States.StringToJson('  ')`, null],
  [`States.JsonToString($.left)`, '{"a":1,"b":{"x":1}}'],
  [`States.Array()`, []],
  [`States.Array($.name, 2, null, States.Array(true))`, ['Ann', 2, null, [true]]],
  [`States.ArrayPartition($.list, 2)`, [[1, 2], [3, 4], [5]]],
  [`States.ArrayContains($.double, $.left)`, false],
  [`States.ArrayContains($.list, 3)`, true],
  [`States.ArrayRange(1, 9, 4)`, [1, 5, 9]],
  [`States.ArrayRange(5, 1, -2)`, [5, 3, 1]],
  [`States.ArrayGetItem($.list, 4)`, 5],
  [`States.ArrayLength($.list[?(@ > 3)])`, 2],
  [`States.ArrayUnique($.double)`, [1, { a: 1, b: 2 }, [1], '1']],
  [`States.Base64Encode('Data to encode')`, 'RGF0YSB0byBlbmNvZGU='],
  [`States.Base64Decode('RGF0YSB0byBlbmNvZGU=')`, 'Data to encode'],
  [`States.Hash('input data', 'SHA-1')`, 'aaff4a450a104cd177d28d18d74485e8cae074b7'],
  [`States.JsonMerge($.left, $.right, false)`, { a: 1, b: { y: 2 }, c: 3 }],
  [`States.MathAdd(111, -1)`, 110],
  [`States.MathAdd(0.5, -0.5)`, 1],
  [`States.StringSplit('1,2;3,,', ',;')`, ['1', '2', '3']],
  [`States.ArrayGetItem(States.StringSplit($.name, 'n'), States.MathAdd(States.ArrayLength(States.StringSplit($.name, 'n')), -1))`, 'A'],
])('%s', (text, value) => {
  expect(call(text)).toEqual(value);
});

it('draws numbers and ids from the seed', () => {
  const draw = (seed: number) => Array.from({ length: 20 }, () => call('States.MathRandom(3, 6)', seed) as number);
  const numbers = [1, 2, 3, 4, 5].flatMap(draw);
  expect([...new Set(numbers)].sort()).toEqual([3, 4, 5]);
  expect(draw(1)).toEqual(draw(1));
  expect(call('States.MathRandom(0, 1000000, 7)', 1)).toBe(call('States.MathRandom(0, 1000000, 7)', 2));
  expect(call('States.UUID()')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
});

it.each([
  [`States.Format('{} {}', 1)`, 'The template has 2 places {} for 1 arguments'],
  [`States.StringToJson('{')`, 'The argument is no valid JSON'],
  [`States.ArrayLength($.name)`, 'The array must be of type array, got string'],
  [`States.ArrayPartition($.list, 0)`, 'The chunk size must be a positive number'],
  [`States.ArrayRange(0, 5000, 1)`, 'at most 1000 are allowed'],
  [`States.ArrayRange(0, 5, 0)`, 'The step must not be 0'],
  [`States.ArrayGetItem($.list, 5)`, 'The index 5 is out of bounds of an array of 5'],
  [`States.ArrayGetItem($.list, 1.5)`, 'The index 1.5 is out of bounds'],
  [`States.Base64Decode('%')`, 'not valid in Base64'],
  [`States.Hash('x', 'CRC')`, 'must be one of MD5, SHA-1, SHA-256, SHA-384, SHA-512, got CRC'],
  [`States.JsonMerge($.left, $.right, true)`, 'Only the shallow merging mode'],
  [`States.MathRandom(5, 5)`, 'The start must be less than the end'],
  [`States.MathAdd('1', 2)`, 'The first number must be of type number, got string'],
  [`States.StringSplit($.n, ',')`, 'must be of type string, got number'],
])('%s fails', (text, reason) => {
  expect(() => call(text)).toThrow(`The function '${text}' had the following error: `);
  expect(() => call(text)).toThrow(reason);
});

it.each([
  [`States.Format('{}', $.nope)`, "The JsonPath argument for the field '$.nope' could not be found in the input '"],
  [`States.Format('{}', States.Format('{}', $.a.b))`, "The JsonPath argument for the field '$.a.b' could not be found"],
  [`States.Format('{}', $$.Nope.Deep)`, "The JsonPath argument for the field '$.Nope.Deep' could not be found in the input '{\"name\""],
  [`States.Format('{}', $.list[9])`, "The JsonPath argument for the field '$.list[9]' could not be found"],
  [`States.Format('{}', $.n[0])`, 'Filter: [0] can only be applied to arrays. Current context is: 5'],
])('%s names the whole call, and what it does not find', (text, reason) => {
  expect(() => call(text)).toThrow(`The function '${text}' had the following error: ${reason}`);
});

it.each([
  'States.Nope(1)',
  'States.Format()',
  'States.UUID(1)',
  'States.Hash($.a)',
  `States.Format('{}' $.a)`,
  `States.Format('{}, $.a)`,
  'States.Array(a)',
  'States.Array(1) + 1',
  'States.Array($.)',
  'States.Array',
  `States.StringToJson('{"a":"\\"b\\""}')`,
])('%s is no call', (text) => {
  expect(() => parseIntrinsic(text)).toThrow(PathSyntaxError);
});
