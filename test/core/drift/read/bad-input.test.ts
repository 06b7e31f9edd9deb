import fc from 'fast-check';
import { WRONG_TYPE } from '../../../../core/drift/types';
import { createCaptureReader, type ReadPolicy } from '../../../../core/drift/read';
import { categorical, lineOf, numeric, readAll, text } from './lines';

const policy: ReadPolicy = {
  features: [numeric('age', 'age'), categorical('plan', 'plan'), text('note', 'note'), numeric('score', 'score', 'output')],
};
const good = lineOf({ request: '{"age":41,"plan":"pro","note":"hello"}', answer: '{"score":0.5}' });
const goodRow = { id: 'event-1', atMillis: Date.UTC(2026, 2, 2, 9, 5, 7), cells: [41, 'pro', 'hello', 0.5] };
const base64 = (body: string | Buffer): string => Buffer.from(body as string).toString('base64');

/** With and without the scanner. */
const ways = [true, false];

describe.each(ways)('bad input, scanner %s', (scanner) => {
  const read = (file: string | Uint8Array, blockBytes?: number) => readAll(policy, file, { scanner }, blockBytes);

  test.each<[string, string | Buffer, string]>([
    ['a line that was cut off', good.slice(0, 300), 'the line is no JSON'],
    ['a line in Latin-1', Buffer.from(lineOf({ request: '{"note":"café"}' }), 'latin1'), 'the line is no UTF-8 text'],
    ['a line in UTF-16', Buffer.from('{"captureData":{}}', 'utf16le'), 'the line is no JSON'],
    ['a number', '12', 'the line is no capture record'],
    ['null', 'null', 'the line is no capture record'],
    ['another log', '{"level":"info"}', 'the line is no capture record'],
    ['a record without an id', lineOf({ eventId: '' }), 'the record has no id'],
    ['a record without a time', lineOf({ time: 'yesterday' }), 'the record has no time'],
    ['a request that is no JSON', lineOf({ request: '{"age":' }), 'the request is no JSON'],
    ['NaN, which Python writes', lineOf({ request: '{"age":NaN}' }), 'the request is no JSON'],
    ['an answer that is no JSON', lineOf({ answer: 'Internal Server Error' }), 'the answer is no JSON'],
    ['CSV without names', lineOf({ request: '1,2', requestType: 'text/csv' }), 'the request is CSV, whose columns nobody named'],
    ['BASE64 that is none', lineOf({ request: '***', requestEncoding: 'BASE64' }), 'the request is no BASE64'],
    [
      'BASE64 of bytes',
      lineOf({ request: base64(Buffer.from([0xff, 0xfe, 0x00])), requestEncoding: 'BASE64' }),
      'the request is no UTF-8 text',
    ],
    ['a record without an answer', good.replace('endpointOutput', 'endpointOther'), 'the record has no answer'],
    [
      'an answer with two rows',
      lineOf({ request: '{"age":1}', answer: '{"score":1}\n{"score":2}' }),
      'request and answer have different numbers of rows',
    ],
    ['a batch whose answer has one row', lineOf({ request: '{"age":1}\n{"age":2}' }), 'request and answer have different numbers of rows'],
  ])('%s is counted, and shown by its place', (_, bad, problem) => {
    const file = Buffer.concat([Buffer.from(`${good}\n`), Buffer.from(bad as string), Buffer.from(`\n${good}\n`)]);
    const { rows, skipped } = read(file);
    expect(rows).toEqual([goodRow, goodRow]);
    expect(skipped.counts[problem]).toBe(1);
    expect(skipped.samples[0]).toEqual({ place: 'f.jsonl:2', problem });
  });

  test.each<[string, string, unknown[]]>([
    ['numbers as texts', '{"age":"41","plan":"pro","note":"x"}', [WRONG_TYPE, 'pro', 'x']],
    ['null', '{"age":null,"plan":null,"note":null}', [undefined, undefined, undefined]],
    ['nothing', '{}', [undefined, undefined, undefined]],
    ['empty texts', '{"age":"","plan":"","note":""}', [undefined, undefined, undefined]],
    ['objects and lists', '{"age":{},"plan":[],"note":{"a":1}}', [WRONG_TYPE, WRONG_TYPE, WRONG_TYPE]],
    ['truth', '{"age":true,"plan":true,"note":false}', [WRONG_TYPE, 'true', WRONG_TYPE]],
    ['numbers as categories', '{"age":1,"plan":2.50,"note":3}', [1, '2.5', WRONG_TYPE]],
    ['infinity', '{"age":1e999,"plan":"x","note":"y"}', [WRONG_TYPE, 'x', 'y']],
    ['JSON within JSON', JSON.stringify({ age: '{"age":41}', plan: '{}', note: '{"a":"b"}' }), [WRONG_TYPE, '{}', '{"a":"b"}']],
    ['a body that is a text', '"{\\"age\\":41}"', [undefined, undefined, undefined]],
  ])('%s: cells say it', (_, request, cells) => {
    expect(read(lineOf({ request, answer: '{"score":1}' })).rows.map((row) => row.cells)).toEqual([[...cells, 1]]);
  });

  test('BASE64, which capture writes for types that nobody declared', () => {
    const line = lineOf({
      request: base64('{"age":41,"plan":"ünï"}'),
      requestType: '',
      requestEncoding: 'BASE64',
      answer: base64('{"score":0.25}'),
      answerType: 'application/octet-stream',
      answerEncoding: 'BASE64',
    });
    expect(read(line).rows.map(({ cells }) => cells)).toEqual([[41, 'ünï', undefined, 0.25]]);
  });

  test('a byte order mark, CRLF, blank lines, no end of the last line', () => {
    const { rows, skipped } = read(`\uFEFF${good}\r\n\r\n   \r\n${good}\n\n${good}`, 7);
    expect(rows).toEqual([goodRow, goodRow, goodRow]);
    expect(skipped).toEqual({ counts: {}, samples: [] });
  });

  test('the caller may use a block again', () => {
    const rows: string[] = [];
    const reader = createCaptureReader(policy, ({ id }) => rows.push(id), { scanner });
    reader.begin('f');
    const bytes = Buffer.from([1, 2, 3].map((index) => lineOf({ inferenceId: `i${index}` })).join('\n'));
    const block = Buffer.alloc(100);
    for (let at = 0; at < bytes.length; at += 100) reader.take(block.subarray(0, bytes.copy(block, 0, at)));
    expect(reader.finish().counts).toEqual({});
    expect(rows).toEqual(['i1', 'i2', 'i3']);
  });

  test('files follow each other: a line does not go on in the next', () => {
    const reader = createCaptureReader(policy, () => undefined, { scanner });
    for (const place of ['a', 'b']) {
      reader.begin(place);
      reader.take(Buffer.from(`${good}\n${good.slice(0, 50)}`));
    }
    expect(reader.finish().samples.map((sample) => sample.place)).toEqual(['a:2', 'b:2']);
    expect(reader.rows).toBe(2);
  });

  test.each(['', '\n\n', '\uFEFF'])('an empty file has no rows and no problems', (file) => {
    expect(read(file)).toEqual({ rows: [], skipped: { counts: {}, samples: [] }, fallbacks: expect.any(Number) as number });
  });

  test('records of 5 MB are read, lines above the limit are skipped, and what follows is read', () => {
    const long = lineOf({ request: JSON.stringify({ age: 1, note: 'x'.repeat(5 * 2 ** 20) }), answer: '{"score":1}' });
    const tooLong = lineOf({ request: JSON.stringify({ age: 1, note: 'x'.repeat(17 * 2 ** 20) }) });
    const { rows, skipped } = read(`${good}\n${long}\n${tooLong}\n${good}`, 1 << 16);
    expect(rows.map(({ cells }) => [cells[0], String(cells[2]).length])).toEqual([
      [41, 5],
      [1, 5 * 2 ** 20],
      [41, 5],
    ]);
    expect(skipped.counts).toEqual({ 'the line is too long': 1 });
    expect(skipped.samples).toEqual([
      { place: 'f.jsonl:3', problem: expect.stringMatching(/^the line is too long: \d{8} bytes$/) as string },
    ]);
  });

  test('a thousand bad lines are counted, ten of them shown, none with its content', () => {
    const { rows, skipped } = read(Array.from({ length: 1_000 }, (_, index) => `{"secret":${index}`).join('\n'));
    expect(rows).toEqual([]);
    expect(skipped.counts).toEqual({ 'the line is no JSON': 1_000 });
    expect(skipped.samples.map(({ place }) => place)).toEqual(Array.from({ length: 10 }, (_, index) => `f.jsonl:${index + 1}`));
    expect(JSON.stringify(skipped)).not.toContain('secret');
  });

  test.each(['x', 'é"'])('long categories are cut, and differ still', (sign) => {
    const lines = ['a', 'b'].map((end) => lineOf({ request: JSON.stringify({ plan: sign.repeat(300) + end }), answer: '{"score":1}' }));
    const plans = read(lines.join('\n')).rows.map(({ cells }) => String(cells[1]));
    for (const plan of plans) expect(plan).toMatch(/^.{200}…[0-9a-f]{1,8}$/);
    expect(plans[0]).not.toBe(plans[1]);
  });

  test('batched requests have a row each', () => {
    const line = lineOf({ request: '{"age":1}\n{"age":2}\n', answer: '{"score":3}\n{"score":4}', inferenceId: 'i' });
    expect(read(line).rows.map(({ id, cells }) => [id, cells[0], cells[3]])).toEqual([
      ['i#1', 1, 3],
      ['i#2', 2, 4],
    ]);
  });
});

describe.each(ways)('CSV bodies, scanner %s', (scanner) => {
  const csv: ReadPolicy = { features: [numeric('a', 'a'), categorical('b', '1'), numeric('c', '0', 'output')], csv: { input: ['a', 'b'] } };
  const cellsOf = (request: string, answer = '1'): unknown => {
    const { rows, skipped } = readAll(csv, lineOf({ request, answer, requestType: 'text/csv', answerType: 'text/csv' }), { scanner });
    return rows.length > 0 ? rows.map(({ cells }) => cells) : Object.keys(skipped.counts);
  };

  test.each<[string, unknown]>([
    ['1.5,x', [[1.5, 'x', 1]]],
    [' 1.5 , x ', [[1.5, 'x', 1]]],
    [',', [[undefined, undefined, 1]]],
    ['nan,True', [[undefined, 'true', 1]]],
    ['abc,1.0', [[WRONG_TYPE, '1.0', 1]]],
    ['inf,NA', [[WRONG_TYPE, 'NA', 1]]],
    ['"2","a,""b"""', [[2, 'a,"b"', 1]]],
    ['1,x,y', ['the request has another number of CSV fields than are named']],
    ['1', ['the request has another number of CSV fields than are named']],
    ['1,"x', ['the request is no CSV']],
  ])('%s', (request, expected) => {
    expect(cellsOf(request)).toEqual(expected);
  });

  test('batches of CSV', () => {
    expect(cellsOf('1,x\n2,"y\nz"\r\n', '0.5\n0.75')).toEqual([
      [1, 'x', 0.5],
      [2, 'y\nz', 0.75],
    ]);
  });

  test('numbers are the nearest ones, as `Number` gives them', () => {
    for (const number of [
      '0.1',
      '123456789',
      '1234567890',
      '0.30000000000000004',
      '9007199254740993',
      '900719925474099.31',
      '1e22',
      '1e23',
      '123456789012345678901234567890',
      '5e-324',
      '0.000001',
      '-0',
      '00.5',
      '.5',
      '5.',
      '+7',
      '4.35',
      '2.675e2',
      '1.7976931348623157e308',
    ]) {
      expect(cellsOf(`${number},x`)).toEqual([[Number(number), 'x', 1]]);
    }
  });

  test('so are numbers with more digits than fit', () => {
    const digits = fc.tuple(fc.bigInt({ min: 10n ** 14n, max: 10n ** 19n }), fc.integer({ min: 0, max: 18 }));
    fc.assert(
      fc.property(digits, ([whole, decimals]) => {
        const text = String(whole);
        const number = decimals === 0 ? text : `${text.slice(0, -decimals)}.${text.slice(-decimals)}`;
        expect(cellsOf(`${number},x`)).toEqual([[Number(number), 'x', 1]]);
      }),
      { numRuns: 2_000 },
    );
  });

  test('a column that nobody named is refused', () => {
    const unknown: ReadPolicy = { features: [numeric('a', 'z')], csv: { input: ['a', 'b'] } };
    expect(() => readAll(unknown, '', { scanner })).toThrow("feature a is column 'z', which csv.input does not have (a, b)");
  });
});
