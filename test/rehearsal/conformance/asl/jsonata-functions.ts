import { guide, pass, spec, type AslCase } from './types';

const FUNCTIONS = guide('JSONata functions provided by Step Functions', 'transforming-data.html#jsonata-functions-provided-by-sfn');
const INTRINSICS = spec('List of JSONPath Intrinsic Functions', 'appendix-b');
const EXPRESSIONS = spec('JSONata Expressions', 'expressions');
const RESTRICTIONS = spec('JSONata Restrictions', 'jsonata-restrictions');
const FIPS = {
  title: 'FIPS 180-4, Secure Hash Standard: example values',
  url: 'https://csrc.nist.gov/projects/cryptographic-standards-and-guidelines/example-values',
};
const MD5 = { title: 'RFC 1321: The MD5 Message-Digest Algorithm, A.5 Test suite', url: 'https://www.rfc-editor.org/rfc/rfc1321' };
const jsonata = (title: string, page: string) => ({ title: `JSONata documentation: ${title}`, url: `https://docs.jsonata.org/${page}` });
const shows = (Output: unknown) => ({ P: pass({ Output }) });
const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';
const evaluation = { error: 'States.QueryEvaluationError' };

export const jsonataFunctionCases: AslCase[] = [
  {
    name: '$partition cuts an array into chunks, the last one shorter',
    cites: [FUNCTIONS, INTRINSICS],
    states: shows('{% $partition([1,2,3,4,5,6,7,8,9], 4) %}'),
    expect: { output: [[1, 2, 3, 4], [5, 6, 7, 8], [9]] },
  },
  {
    name: '$partition takes its size from the input',
    cites: [FUNCTIONS],
    states: shows('{% $partition([1,2,3,4], $states.input.chunkSize) %}'),
    input: { chunkSize: 2 },
    expect: {
      output: [
        [1, 2],
        [3, 4],
      ],
    },
  },
  {
    name: '$partition with a large size makes one chunk',
    cites: [FUNCTIONS],
    states: shows('{% $partition([1,2], 10) %}'),
    expect: { output: [[1, 2]] },
  },
  {
    name: '$partition refuses a size of zero',
    cites: [FUNCTIONS, INTRINSICS],
    states: shows('{% $partition([1,2], 0) %}'),
    expect: evaluation,
  },
  {
    name: '$range goes from the first to the last value by the step',
    cites: [FUNCTIONS, INTRINSICS],
    states: shows('{% $range(1, 9, 2) %}'),
    expect: { output: [1, 3, 5, 7, 9] },
  },
  {
    name: '$range includes the last value',
    cites: [FUNCTIONS],
    states: shows('{% $range(0, 10, 2) %}'),
    expect: { output: [0, 2, 4, 6, 8, 10] },
  },
  {
    name: '$range goes down with a negative step',
    cites: [FUNCTIONS, INTRINSICS],
    states: shows('{% $range(10, 0, -5) %}'),
    expect: { output: [10, 5, 0] },
  },
  { name: '$range refuses a step of zero', cites: [INTRINSICS], states: shows('{% $range(1, 2, 0) %}'), expect: evaluation },
  {
    name: '$range makes a thousand elements',
    cites: [INTRINSICS],
    states: shows('{% $count($range(1, 1000, 1)) %}'),
    expect: { output: 1000 },
  },
  {
    name: '$range makes no more than a thousand elements',
    cites: [INTRINSICS],
    states: shows('{% $range(1, 1001, 1) %}'),
    expect: evaluation,
  },
  {
    name: '$hash knows MD5',
    cites: [FUNCTIONS, MD5],
    states: shows("{% $hash('abc', 'MD5') %}"),
    expect: { output: '900150983cd24fb0d6963f7d28e17f72' },
  },
  {
    name: '$hash knows SHA-1',
    cites: [FUNCTIONS, FIPS],
    states: shows("{% $hash('abc', 'SHA-1') %}"),
    expect: { output: 'a9993e364706816aba3e25717850c26c9cd0d89d' },
  },
  {
    name: '$hash knows SHA-256',
    cites: [FUNCTIONS, FIPS],
    states: shows("{% $hash('abc', 'SHA-256') %}"),
    expect: { output: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' },
  },
  {
    name: '$hash knows SHA-384',
    cites: [FUNCTIONS, FIPS],
    states: shows("{% $hash('abc', 'SHA-384') %}"),
    expect: { output: 'cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7' },
  },
  {
    name: '$hash knows SHA-512',
    cites: [FUNCTIONS, FIPS],
    states: shows("{% $hash('abc', 'SHA-512') %}"),
    expect: {
      output:
        'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
    },
  },
  { name: '$hash knows no other algorithm', cites: [FUNCTIONS], states: shows("{% $hash('abc', 'SHA-3') %}"), expect: evaluation },
  {
    name: '$random is at least zero and below one',
    cites: [FUNCTIONS, jsonata('$random()', 'numeric-functions#random')],
    states: shows('{% ($r := $map([1..50], function($i) { $random() }); $min($r) >= 0 and $max($r) < 1) %}'),
    expect: { output: true },
  },
  {
    name: '$random draws another number each time',
    cites: [jsonata('$random()', 'numeric-functions#random')],
    states: shows('{% $random() = $random() %}'),
    expect: { output: false },
  },
  {
    name: '$random gives the same number for the same seed',
    cites: [FUNCTIONS, INTRINSICS],
    states: shows('{% $random(42) = $random(42) and $random(42) >= 0 and $random(42) < 1 %}'),
    expect: { output: true },
  },
  {
    name: '$uuid is a version 4 UUID',
    cites: [FUNCTIONS, INTRINSICS],
    states: shows('{% $uuid() %}'),
    expect: { outputMatches: new RegExp(`^"${UUID}"$`) },
  },
  { name: '$uuid is another one each time', cites: [FUNCTIONS], states: shows('{% $uuid() = $uuid() %}'), expect: { output: false } },
  {
    name: '$parse makes a value of JSON text',
    cites: [FUNCTIONS],
    states: shows('{% $parse(\'{"foo": [1, null, "x"]}\') %}'),
    expect: { output: { foo: [1, null, 'x'] } },
  },
  { name: '$parse refuses text that is no JSON', cites: [FUNCTIONS], states: shows("{% $parse('{foo') %}"), expect: evaluation },
  {
    name: '$eval is not there',
    cites: [guide('Transforming data with JSONata in Step Functions', 'transforming-data.html')],
    states: shows("{% $eval('1+1') %}"),
    expect: evaluation,
  },
  {
    name: '$now is a UTC timestamp',
    cites: [jsonata('$now()', 'date-time-functions#now')],
    states: shows('{% $now() %}'),
    expect: { outputMatches: /^"2026-03-02T09:00:00\.\d{3}Z"$/ },
  },
  {
    name: '$millis and $now go with the waits between them',
    cites: [jsonata('$millis()', 'date-time-functions#millis'), spec('Wait State', 'wait-state')],
    states: {
      A: pass({ Assign: { at: '{% $millis() %}' }, Next: 'W' }),
      W: { Type: 'Wait', Seconds: 90, Next: 'B' },
      B: pass({ Output: ['{% $millis() - $at %}', '{% $toMillis($now()) - $at %}'] }),
    },
    expect: { output: [90_000, 90_000] },
  },
  {
    name: 'the built-in library is there',
    cites: [EXPRESSIONS],
    states: { A: pass({ Assign: { order: [{ total: 3 }, { total: 4 }] }, Next: 'B' }), B: pass({ Output: '{% $sum($order.total) %}' }) },
    expect: { output: 7 },
  },
  {
    name: 'an expression may define a function',
    cites: [EXPRESSIONS],
    states: shows('{% ($product := function($x, $y) {$x * $y}; $reduce([1..5], $product)) %}'),
    expect: { output: 120 },
  },
  {
    name: '"$" inside a predicate is the value looked at',
    cites: [RESTRICTIONS],
    states: { A: pass({ Assign: { order: [5, 15, 25] }, Next: 'B' }), B: pass({ Output: '{% $order[$ > 10] %}' }) },
    expect: { output: [15, 25] },
  },
  {
    name: 'a field name inside a predicate belongs to the value looked at',
    cites: [RESTRICTIONS],
    states: {
      A: pass({ Assign: { order: [{ total: 5 }, { total: 15 }] }, Next: 'B' }),
      B: pass({ Output: '{% $order[total > 10].total %}' }),
    },
    expect: { output: 15 },
  },
  {
    name: 'a field name at the top has nothing to refer to',
    cites: [RESTRICTIONS],
    states: shows('{% total %}'),
    input: { total: 1 },
    expect: evaluation,
  },
];
