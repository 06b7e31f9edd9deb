import { guide, jsonPath, pass, passed, spec, type AslCase, type Citation } from './types';

const APPENDIX = spec('List of JSONPath Intrinsic Functions', 'appendix-b');
const of = (section: string, anchor: string): Citation =>
  guide(`Intrinsic functions for JSONPath states, ${section}`, `intrinsic-functions.html#${anchor}`);
const ARRAYS = of('Intrinsics for arrays', 'asl-intrsc-func-arrays');
const ENCODING = of('Intrinsics for data encoding and decoding', 'asl-intrsc-func-data-encode-decode');
const HASH = of('Intrinsic for hash calculation', 'asl-intrsc-func-hash-calc');
const JSON_DATA = of('Intrinsics for JSON data manipulation', 'asl-intrsc-func-json-manipulate');
const MATH = of('Intrinsics for Math operations', 'asl-intrsc-func-math-operation');
const STRINGS = of('Intrinsic for String operation', 'asl-intrsc-func-string-operation');
const UNIQUE = of('Intrinsic for unique identifier generation', 'asl-intrsc-func-uuid-generate');
const GENERIC = of('Intrinsic for generic operation', 'asl-intrsc-func-generic');
const RESERVED = of('Reserved characters in intrinsic functions', 'amazon-states-language-intrinsic-functions-escapes');

const numbers = { inputArray: [1, 2, 3, 4, 5, 6, 7, 8, 9], lookingFor: 5, index: 5, chunk: 4 };
const merged = { json1: { a: { a1: 1, a2: 2 }, b: 2 }, json2: { a: { a3: 1, a4: 2 }, c: 3 } };
const data = 'Data to encode';

const gives = (cites: Citation[], call: string, input: unknown, output: unknown, name = call): AslCase =>
  passed(name, [APPENDIX, ...cites], { Parameters: { 'v.$': call } }, input, { v: output });
const fails = (cites: Citation[], call: string, input: unknown, cause: RegExp, name = `${call} fails`): AslCase => ({
  name,
  cites: [APPENDIX, ...cites],
  states: { A: pass({ Parameters: { 'v.$': call } }) },
  input,
  expect: { status: 'FAILED', cause },
});

const arrays: AslCase[] = [
  gives([ARRAYS], 'States.Array($.Id)', { Id: 123456 }, [123456]),
  gives([], "States.Array('Foo', 2020, $.someJson, null)", { someJson: { random: 'abcdefg' } }, ['Foo', 2020, { random: 'abcdefg' }, null]),
  gives([], 'States.Array()', {}, []),
  gives([ARRAYS], 'States.ArrayPartition($.inputArray, 4)', numbers, [[1, 2, 3, 4], [5, 6, 7, 8], [9]]),
  gives([ARRAYS], 'States.ArrayPartition($.inputArray, $.chunk)', { inputArray: [1, 2, 3], chunk: 2 }, [[1, 2], [3]]),
  fails(
    [ARRAYS],
    'States.ArrayPartition($.inputArray, $.chunk)',
    { inputArray: [1], chunk: 0 },
    /States\.ArrayPartition/,
    'a chunk of zero items fails',
  ),
  gives([ARRAYS], 'States.ArrayContains($.inputArray, $.lookingFor)', numbers, true),
  gives([ARRAYS], 'States.ArrayContains($.inputArray, 10)', numbers, false),
  gives([ARRAYS], 'States.ArrayRange(1, 9, 2)', {}, [1, 3, 5, 7, 9]),
  gives([ARRAYS], 'States.ArrayRange(3, 0, -1)', {}, [3, 2, 1, 0]),
  fails([ARRAYS], 'States.ArrayRange(1, 9, $.step)', { step: 0 }, /States\.ArrayRange/, 'a range whose step is zero fails'),
  fails([ARRAYS], 'States.ArrayRange(1, $.end, 1)', { end: 1001 }, /States\.ArrayRange/, 'a range of more than 1000 items fails'),
  gives([ARRAYS], 'States.ArrayGetItem($.inputArray, $.index)', numbers, 6),
  fails(
    [ARRAYS],
    'States.ArrayGetItem($.inputArray, $.index)',
    { inputArray: [1], index: 1 },
    /States\.ArrayGetItem/,
    'an index out of bounds fails',
  ),
  gives([ARRAYS], 'States.ArrayLength($.inputArray)', numbers, 9),
  fails([ARRAYS], 'States.ArrayLength($.inputArray)', { inputArray: 'text' }, /States\.ArrayLength/, 'the length of a text fails'),
  gives([ARRAYS], 'States.ArrayUnique($.inputArray)', { inputArray: [1, 2, 3, 3, 3, 3, 3, 3, 4] }, [1, 2, 3, 4]),
];

const texts: AslCase[] = [
  gives([ENCODING], 'States.Base64Encode($.input)', { input: data }, 'RGF0YSB0byBlbmNvZGU='),
  gives([ENCODING], 'States.Base64Decode($.base64)', { base64: 'RGF0YSB0byBlbmNvZGU=' }, data),
  fails(
    [ENCODING],
    'States.Base64Encode($.input)',
    { input: 'a'.repeat(10_001) },
    /States\.Base64Encode/,
    'more than 10 000 characters are not encoded',
  ),
  gives([HASH], 'States.Hash($.Data, $.Algorithm)', { Data: 'input data', Algorithm: 'SHA-1' }, 'aaff4a450a104cd177d28d18d74485e8cae074b7'),
  gives([HASH], "States.Hash($.Data, 'MD5')", { Data: 'input data' }, '812f45842bc6d66ee14572ce20db8e86', 'States.Hash by MD5'),
  fails([HASH], 'States.Hash($.Data, $.Algorithm)', { Data: 'x', Algorithm: 'CRC' }, /States\.Hash/, 'an unknown algorithm fails'),
  gives([STRINGS], 'States.StringSplit($.inputString, $.splitter)', { inputString: '1,2,3,4,5', splitter: ',' }, ['1', '2', '3', '4', '5']),
  gives(
    [STRINGS],
    'States.StringSplit($.inputString, $.splitter)',
    { inputString: 'This.is+a,test=string', splitter: '.+,=' },
    ['This', 'is', 'a', 'test', 'string'],
    'each character of the delimiter splits',
  ),
  gives([GENERIC], "States.Format('Hello, my name is {}.', $.name)", { name: 'Arnav' }, 'Hello, my name is Arnav.'),
  gives([GENERIC], 'States.Format($.template, $.name)', { name: 'Arnav', template: 'Hello, my name is {}.' }, 'Hello, my name is Arnav.'),
  gives(
    [],
    "States.Format('Your name is {}, we are in the year {}', $.name, 2020)",
    { name: 'Foo' },
    'Your name is Foo, we are in the year 2020',
  ),
  gives([], "States.Format('{}: {}', true, $.nothing)", { nothing: null }, 'true: null'),
  fails(
    [GENERIC],
    'States.Format($.template, $.name)',
    { name: 'x', template: '{} and {}' },
    /States\.Format/,
    'a placeholder without an argument fails',
  ),
  gives([RESERVED], "States.Format('It\\'s \\{{}\\} \\\\', $.a)", { a: 1 }, "It's {1} \\", 'reserved characters are escaped'),
  {
    name: 'States.UUID() gives version 4',
    cites: [APPENDIX, UNIQUE],
    states: { A: pass({ Parameters: { 'v.$': 'States.UUID()' } }) },
    expect: { outputMatches: /^\{"v":"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"\}$/ },
  },
];

const others: AslCase[] = [
  gives([JSON_DATA], 'States.StringToJson($.escapedJsonString)', { escapedJsonString: '{"foo": "bar"}' }, { foo: 'bar' }),
  fails([JSON_DATA], 'States.StringToJson($.text)', { text: '{not JSON' }, /States\.StringToJson/),
  gives([JSON_DATA], 'States.JsonToString($.unescapedJson)', { unescapedJson: { foo: 'bar' } }, '{"foo":"bar"}'),
  gives([JSON_DATA], 'States.JsonMerge($.json1, $.json2, false)', merged, { a: { a3: 1, a4: 2 }, b: 2, c: 3 }),
  fails(
    [JSON_DATA],
    'States.JsonMerge($.json1, $.json2, $.deep)',
    { ...merged, deep: true },
    /States\.JsonMerge/,
    'only shallow merging is there',
  ),
  fails([JSON_DATA], 'States.JsonMerge($.json1, $.json2, false)', { json1: {}, json2: 1 }, /States\.JsonMerge/, 'only objects are merged'),
  gives([MATH], 'States.MathAdd($.value1, $.step)', { value1: 111, step: -1 }, 110),
  fails([MATH], 'States.MathAdd($.value1, 1)', { value1: 'one' }, /States\.MathAdd/, 'a text is not added'),
  passed(
    'States.MathRandom gives a number from its start up to, not including, its end',
    [APPENDIX, MATH],
    { Parameters: { 'v.$': 'States.MathRandom(41, 42)' } },
    {},
    { v: 41 },
  ),
  passed(
    'States.MathRandom with a seed gives the same number each time',
    [APPENDIX, MATH],
    {
      Parameters: {
        'same.$':
          'States.ArrayLength(States.ArrayUnique(States.Array(States.MathRandom(1, 999, $.seed), States.MathRandom(1, 999, $.seed))))',
      },
    },
    { seed: 7 },
    { same: 1 },
  ),
  gives(
    [guide('Intrinsic functions for JSONPath states', 'intrinsic-functions.html')],
    "States.Format('{}.{}.{}', States.ArrayGetItem(States.StringSplit(States.ArrayGetItem(States.StringSplit($.ImageRecipe.Arn, '/'), 2), '.'), 0), States.ArrayGetItem(States.StringSplit(States.ArrayGetItem(States.StringSplit($.ImageRecipe.Arn, '/'), 2), '.'), 1), States.ArrayGetItem(States.StringSplit($.ImageRecipe.Arn, '/'), 0))",
    { ImageRecipe: { Arn: 'arn/recipe/1.2' } },
    '1.2.arn',
    'functions nest nine deep, as in the guide',
  ),
];

export const jsonPathIntrinsicCases: AslCase[] = [...arrays, ...texts, ...others].map(jsonPath);
