import fc from 'fast-check';
import type { ReadPolicy } from '../../../../core/drift/read';
import { categorical, lineOf, numeric, readAll, text } from './lines';

const json: ReadPolicy = {
  features: [
    numeric('hour', 'hour'),
    categorical('carrier', 'carrier'),
    text('note', 'note'),
    numeric('deep', 'a.b.c'),
    categorical('all', 'a'),
    numeric('delay', 'delay', 'output'),
    categorical('delay again', 'delay', 'output'),
  ],
};
const csv: ReadPolicy = {
  features: [
    numeric('hour', 'hour'),
    categorical('carrier', 'carrier'),
    text('note', 'note'),
    numeric('hour again', '0'),
    numeric('delay', '0', 'output'),
  ],
  csv: { input: ['hour', 'skipped', 'carrier', 'note'] },
};

/** The same rows and the same problems. */
function expectSame(policy: ReadPolicy, file: string | Uint8Array, blockBytes?: number): { rows: number; fallbacks: number } {
  const plain = readAll(policy, file, { scanner: false }, blockBytes);
  const scanned = readAll(policy, file, { scanner: true }, blockBytes);
  expect(scanned.rows).toEqual(plain.rows);
  expect(scanned.skipped).toEqual(plain.skipped);
  return { rows: plain.rows.length, fallbacks: scanned.fallbacks };
}

const number = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.double({ min: -1_000, max: 1_000 }).map((value) => Number(value.toFixed(3))),
);
const scalar = fc.oneof(
  number,
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('AA', 'UA', '', '12', 'True'),
  fc.boolean(),
  fc.constant(null),
);
const value = fc.oneof({ weight: 3, arbitrary: scalar }, fc.jsonValue({ maxDepth: 3 }));
const body = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record(
      {
        hour: value,
        carrier: value,
        note: value,
        a: fc.oneof(value, fc.record({ b: fc.oneof(value, fc.record({ c: value })) })),
        delay: value,
        x: value,
      },
      { requiredKeys: [] },
    ),
  },
  { weight: 1, arbitrary: fc.dictionary(fc.string(), value) },
  { weight: 1, arbitrary: fc.jsonValue() },
);
const jsonText = fc
  .tuple(body, fc.constantFrom(0, 0, 1, '\t'), fc.constantFrom('', '', '\n', ' '))
  .map(([parsed, space, end]) => JSON.stringify(parsed, null, space) + end);

/** Damage that data has on its way. */
const damaged = (line: fc.Arbitrary<string>): fc.Arbitrary<Buffer> =>
  fc
    .tuple(line, fc.nat(), fc.nat(), fc.nat(255), fc.constantFrom('none', 'none', 'cut', 'byte', 'insert', 'drop'))
    .map(([whole, first, , byte, how]) => {
      const bytes = Buffer.from(whole);
      const at = first % (bytes.length + 1);
      if (how === 'cut') return bytes.subarray(0, at);
      if (how === 'insert') return Buffer.concat([bytes.subarray(0, at), Buffer.from([byte]), bytes.subarray(at)]);
      if (how === 'drop') return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]);
      if (how === 'byte' && at < bytes.length) bytes[at] = byte;
      return bytes;
    });

const ids = {
  eventId: fc.constantFrom('e', 'ünï', 'a"b', 'a\\', ''),
  inferenceId: fc.constantFrom(undefined, undefined, 'i-1', 'i\\', ''),
};
const time = fc.constantFrom(
  '2026-03-02T09:05:07Z',
  '2026-03-02T10:59:59Z',
  '2026-03-02T09:05:60Z',
  '2026-03-02T24:00:00Z',
  '2026-03-02T09:05:07.5Z',
  'soon',
  '2026-13-02T09:05:07Z',
);
const type = fc.constantFrom('application/json', 'application/json; charset=utf-8', 'text/csv', 'text/plain', '', 'application/x-é');

describe('the scanner reads what the plain reader reads', () => {
  test('JSON bodies, whole and damaged', () => {
    const line = fc.record({ request: jsonText, answer: jsonText, ...ids, time }).map(lineOf);
    fc.assert(
      fc.property(fc.array(damaged(line), { maxLength: 6 }), fc.integer({ min: 1, max: 2_000 }), (lines, block) => {
        expectSame(json, Buffer.concat(lines.flatMap((one) => [one, Buffer.from('\n')])), block);
      }),
      { numRuns: 600 },
    );
  });

  test('CSV bodies, whole and damaged', () => {
    const field = fc.oneof(
      number.map(String),
      fc.constantFrom(
        '',
        ' ',
        ' 12 ',
        '1e3',
        '+5',
        '.5',
        '5.',
        '-',
        '1.2.3',
        'NaN',
        'nan',
        'True',
        'AA',
        '"AA"',
        '"A,B"',
        '"a""b"',
        '"open',
        'Infinity',
        '9007199254740993',
        '900719925474099.31',
        '0x10',
        '1_000',
        '00012',
        '-0',
        '\u00a05',
      ),
      fc.string({ unit: 'grapheme', maxLength: 4 }),
    );
    const row = fc.array(field, { minLength: 3, maxLength: 5 }).map((fields) => fields.join(','));
    const four = fc.tuple(field, field, field, field).map((fields) => fields.join(','));
    const rows = fc
      .tuple(fc.array(fc.oneof({ weight: 4, arbitrary: four }, row), { minLength: 1, maxLength: 2 }), fc.constantFrom('', '\n', '\r\n'))
      .map(([all, end]) => all.join('\n') + end);
    const line = fc
      .record({
        request: rows,
        answer: field,
        requestType: fc.constant('text/csv'),
        answerType: fc.constant('text/csv; charset=utf-8'),
        ...ids,
        time,
      })
      .map(lineOf);
    fc.assert(
      fc.property(fc.array(damaged(line), { maxLength: 6 }), fc.integer({ min: 1, max: 2_000 }), (lines, block) => {
        expectSame(csv, Buffer.concat(lines.flatMap((one) => [one, Buffer.from('\r\n')])), block);
      }),
      { numRuns: 600 },
    );
  });

  test('types and encodings that do not belong together', () => {
    const encoding = fc.constantFrom('JSON', 'CSV', 'BASE64', 'NONE');
    const data = fc.constantFrom('{"hour":1,"delay":2}', '1,2,AA,x', '1', 'eyJob3VyIjoxfQ==', 'no base64!', '"text"', 'text');
    const line = fc
      .record({ request: data, answer: data, requestType: type, answerType: type, requestEncoding: encoding, answerEncoding: encoding })
      .map(lineOf);
    fc.assert(
      fc.property(fc.array(line, { maxLength: 4 }), (lines) => {
        expectSame(json, lines.join('\n'));
        expectSame(csv, lines.join('\n'));
      }),
      { numRuns: 400 },
    );
  });

  test.each([
    ['a key that comes twice', lineOf({ request: '{"hour":1,"hour":2}' })],
    ['an object that comes twice', lineOf({ request: '{"a":{"b":{"c":1}},"a":{}}' })],
    ['a key with an escape', lineOf({ request: '{"\\u0068our":1}' })],
    ['a prototype', lineOf({ request: '{"__proto__":{"hour":1},"constructor":2}' })],
    ['a number too large', lineOf({ request: '{"hour":1e999}' })],
    [
      'numbers that JSON does not have',
      ['01', '+1', '.5', '5.', '1e', '-', '--1', 'NaN', '0x1'].map((hour) => lineOf({ request: `{"hour":${hour}}` })).join('\n'),
    ],
    ['a comma too many', lineOf({ request: '{"hour":1,}' })],
    [
      'escapes in texts',
      lineOf({ request: JSON.stringify({ note: 'a "quoted" \\ text\nwith \u0001 and \u00e9 and 😀 and /', carrier: 'tab\t' }) }),
    ],
    ['escapes that do not exist', lineOf({ request: '{"note":"\\x"}' })],
    ['a lone surrogate', lineOf({ request: '{"note":"\\ud800"}' })],
    ['something behind the body', lineOf({ request: '{"hour":1} {"hour":2}' })],
    ['something behind the line', `${lineOf({})} x`],
    ['a carriage return', `${lineOf({ request: '{"hour":1}' })}\r`],
    ['blanks before the line', `  ${lineOf({ request: '{"hour":1}' })}`],
    [
      'another order of keys',
      '{"eventVersion":"0","eventMetadata":{"inferenceTime":"2026-03-02T09:05:07Z","eventId":"e"},"captureData":{"endpointOutput":{"data":"{}","encoding":"JSON"},"endpointInput":{"data":"{\\"hour\\":3}","encoding":"JSON","observedContentType":"application/json"}}}',
    ],
    ['deep nesting', lineOf({ request: `{"x":${'['.repeat(200)}${']'.repeat(200)},"hour":1}` })],
    ['an array for the body', lineOf({ request: '[{"hour":1}]' })],
  ])('%s', (_, line) => {
    expectSame(json, line);
    expectSame(csv, line);
  });

  test('the scanner itself reads what SageMaker writes', () => {
    const lines = Array.from({ length: 50 }, (_, index) =>
      lineOf({
        request: JSON.stringify({ hour: index / 4, carrier: 'ÄÖ', note: 'say "no"\n', x: [1, { y: 'z' }], a: { b: { c: -index } } }),
        answer: '{"delay":1e-3}\n',
        inferenceId: `i-${index}`,
      }),
    );
    expect(expectSame(json, lines.join('\n'), 777)).toEqual({ rows: 50, fallbacks: 0 });
    const rows = Array.from({ length: 50 }, (_, index) =>
      lineOf({
        request: `${index},x,AA,hello\n`,
        answer: '0.01076381653547287',
        requestType: 'text/csv',
        answerType: 'text/csv; charset=utf-8',
      }),
    );
    expect(expectSame(csv, rows.join('\n'), 777)).toEqual({ rows: 50, fallbacks: 0 });
  });

  test('times outside of what is wanted are no rows and no problems', () => {
    const lines = ['08:59:59', '09:00:00', '09:59:59', '10:00:00'].map((clock) => lineOf({ time: `2026-03-02T${clock}Z` })).join('\n');
    const hour = { fromMillis: Date.UTC(2026, 2, 2, 9), untilMillis: Date.UTC(2026, 2, 2, 10) };
    for (const scanner of [true, false]) {
      const { rows, skipped } = readAll(json, lines, { ...hour, scanner });
      expect(rows.map(({ atMillis }) => new Date(atMillis ?? 0).toISOString().slice(11, 19))).toEqual(['09:00:00', '09:59:59']);
      expect(skipped.counts).toEqual({});
    }
  });
});
