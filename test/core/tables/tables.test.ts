import { parquetWriteBuffer } from 'hyparquet-writer';
import { type ByteSource, formatOf, rowsOf, sourceOf, type TableFormat, type TableOptions, type TableRow } from '../../../core/tables';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

async function all(format: TableFormat, content: string | Uint8Array, options?: TableOptions): Promise<TableRow[]> {
  const rows: TableRow[] = [];
  for await (const row of rowsOf(format, sourceOf(typeof content === 'string' ? bytesOf(content) : content), options)) rows.push(row);
  return rows;
}

const values = (rows: TableRow[]): unknown[] => rows.map((row) => ('row' in row ? row.row : `${row.line}: ${row.problem}`));
const lines = (rows: TableRow[]): number[] => rows.map(({ line }) => line);

describe('CSV', () => {
  test('reads the header, quoted fields, CRLF and a byte order mark', async () => {
    const rows = await all('csv', '\uFEFFeventId,kpi,note\r\ne1,spam,"a, ""b"""\r\ne2,spam,"two\r\nlines"\r\n\r\ne3,ham,');
    expect(values(rows)).toEqual([
      { eventId: 'e1', kpi: 'spam', note: 'a, "b"' },
      { eventId: 'e2', kpi: 'spam', note: 'two\nlines' },
      { eventId: 'e3', kpi: 'ham', note: '' },
    ]);
    expect(lines(rows)).toEqual([2, 3, 6]);
  });

  test.each([
    ['nothing at all', '', []],
    ['a header alone', 'a,b\n', []],
    ['too few fields', 'a,b\n1\n2,3\n', ['2: fields: 1 in the row, 2 in the header', { a: '2', b: '3' }]],
    ['a column named twice', 'a,a\n1,2\n', ['1: the header names the column "a" twice: every column needs a name of its own']],
    ['semicolons', 'a;b\n1;2\n', ['1: the header has one column: fields are separated by commas']],
  ])('says what is wrong with %s', async (_, text, expected) => {
    expect(values(await all('csv', text))).toEqual(expected);
  });

  test('a stray quote costs its own line, not those that follow', async () => {
    const rows = await all('csv', 'a,b\n1,2\n3,"4\n5,6\n7,8"x\n9,"10\n"\n11,12\n');
    expect(values(rows)).toEqual([
      { a: '1', b: '2' },
      expect.stringContaining('3: a quote is not closed: 3,"4'),
      { a: '5', b: '6' },
      expect.stringContaining('5: a quote is not closed: 7,8"x'),
      { a: '9', b: '10\n' },
      { a: '11', b: '12' },
    ]);
  });

  test('a quote that is never closed gives back the rest of the file, however long', async () => {
    const many = Array.from({ length: 60_000 }, (_, index) => `${index},x`).join('\n');
    const rows = await all('csv', `a,b\n"1,2\n${many}`);
    expect(rows).toHaveLength(60_001);
    expect(values(rows.slice(0, 2))).toEqual([expect.stringContaining('2: a quote is not closed'), { a: '0', b: 'x' }]);
  });

  test('a line that is no UTF-8 is one bad row', async () => {
    const rows = await all('csv', Buffer.concat([Buffer.from('a\nok\n'), Buffer.from([0xff, 0xfe, 0x0a]), Buffer.from('good\n')]));
    expect(values(rows)).toEqual([{ a: 'ok' }, '3: the line is no UTF-8 text', { a: 'good' }]);
  });

  test('a column may have the name of a member of every object', async () => {
    const [row] = await all('csv', '__proto__,a\nx,1\n');
    expect(Object.entries((row as { row: object }).row)).toEqual([
      ['__proto__', 'x'],
      ['a', '1'],
    ]);
  });
});

describe('JSONL', () => {
  test('reads objects and says what is none, with its line', async () => {
    const rows = await all('jsonl', '\uFEFF{"a":1}\r\n\n[1]\n{"a":\n"x"\nnull\n{"a":2}');
    expect(values(rows)).toEqual([
      { a: 1 },
      expect.stringMatching(/^3: the line is no JSON object/),
      expect.stringMatching(/^4: the line is no JSON: /),
      expect.stringMatching(/^5: the line is no JSON object/),
      expect.stringMatching(/^6: the line is no JSON object/),
      { a: 2 },
    ]);
  });

  test('a line of several megabytes is let go, and the next one read', async () => {
    const rows = await all('jsonl', `{"a":"${'x'.repeat(3_500_000)}"}\n{"a":2}\n`);
    expect(values(rows)).toEqual(['1: the line has 3500008 bytes: at most 1048576 are read', { a: 2 }]);
  });
});

describe.each(['csv', 'jsonl'] as const)('%s in pieces', (format) => {
  const count = 40_000;
  const line = (index: number): string =>
    format === 'csv' ? `e${index},"é, ${index}"` : JSON.stringify({ id: `e${index}`, note: `é, ${index}` });
  const text = [...(format === 'csv' ? ['id,note'] : []), ...Array.from({ length: count }, (_, index) => line(index))].join('\n');
  const content = bytesOf(text);

  test('never asks for more than a block, and gives every row once', async () => {
    let largest = 0;
    const source: ByteSource = {
      byteLength: content.length,
      slice: (start, end) => {
        largest = Math.max(largest, end - start);
        return Promise.resolve(content.subarray(start, end));
      },
    };
    const ids: unknown[] = [];
    for await (const row of rowsOf(format, source)) ids.push('row' in row ? row.row['id'] : row.problem);
    expect(ids).toEqual(Array.from({ length: count }, (_, index) => `e${index}`));
    expect(largest).toBeLessThanOrEqual(1 << 20);
  });

  test('goes on from any row, with the right line', async () => {
    const whole = await all(format, content);
    for (const at of [0, 499, 21_000, count - 1]) {
      const from = JSON.parse(JSON.stringify(whole[at]?.next)) as TableRow['next'];
      const rest = await all(format, content, { from });
      // As text: comparing so many objects one by one takes seconds.
      expect(JSON.stringify(rest) === JSON.stringify(whole.slice(at + 1))).toBe(true);
    }
  });

  test('a source whose length is not known ends where it gives fewer bytes', async () => {
    const unknown: ByteSource = { byteLength: Infinity, slice: (start, end) => Promise.resolve(content.subarray(start, end)) };
    let rows = 0;
    for await (const row of rowsOf(format, unknown)) rows += 'row' in row ? 1 : 0;
    expect(rows).toBe(count);
  });

  test('a source that fails throws: the file is not called bad', async () => {
    const broken: ByteSource = { byteLength: 10, slice: () => Promise.reject(new Error('no answer')) };
    await expect(rowsOf(format, broken).next()).rejects.toThrow('no answer');
  });
});

describe('Parquet', () => {
  const count = 45_000;
  const file = new Uint8Array(
    parquetWriteBuffer({
      rowGroupSize: 30_000,
      columnData: [
        { name: 'eventId', data: Array.from({ length: count }, (_, index) => `e${index}`), type: 'STRING' },
        { name: 'value', data: Array.from({ length: count }, (_, index) => BigInt(index)), type: 'INT64' },
        {
          name: 'observedAt',
          data: Array.from({ length: count }, (_, index) => new Date(Date.UTC(2026, 0, 1) + index)),
          type: 'TIMESTAMP',
        },
      ],
    }),
  );

  test('reads rows with their numbers, whole numbers and times as JSON has them', async () => {
    const rows = await all('parquet', file);
    expect(rows).toHaveLength(count);
    expect(rows[44_000]).toMatchObject({ line: 44_001, row: { eventId: 'e44000', value: 44_000, observedAt: '2026-01-01T00:00:44.000Z' } });
  });

  test('goes on from any row, and reads only the columns asked for', async () => {
    const rest = await all('parquet', file, { from: { offset: 29_990, line: 29_991 }, columns: ['eventId', 'absent'] });
    expect(rest).toHaveLength(count - 29_990);
    expect(rest[0]).toMatchObject({ line: 29_991, row: { eventId: 'e29990' } });
    expect(rest.at(-1)).toMatchObject({ line: count, row: { eventId: 'e44999' } });
  });

  test.each([
    ['cut short', file.slice(0, file.length - 200)],
    ['empty', new Uint8Array()],
    ['no Parquet', bytesOf('a,b\n1,2\n')],
  ])('a file that is %s is one problem', async (_, content) => {
    expect(values(await all('parquet', content))).toEqual([expect.stringMatching(/^1: the file is no complete Parquet file: /)]);
  });

  test('what cannot be decoded costs its slice; the other row group is read', async () => {
    const damaged = file.slice();
    damaged.fill(0xff, 4, 20_000);
    const rows = await all('parquet', damaged);
    expect(values(rows.filter((row) => 'problem' in row))[0]).toMatch(/^1: rows 1 to 20000 cannot be decoded: /);
    expect(rows.filter((row) => 'row' in row).at(-1)).toMatchObject({ line: count });
  });

  test('a source that fails throws: the file is not called bad', async () => {
    const broken: ByteSource = { byteLength: 1000, slice: () => Promise.reject(new Error('no answer')) };
    await expect(rowsOf('parquet', broken).next()).rejects.toThrow('no answer');
  });
});

test.each([
  ['kpis.csv', { format: 'csv', compressed: false }],
  ['a/b.JSONL.gz', { format: 'jsonl', compressed: true }],
  ['x.ndjson', { format: 'jsonl', compressed: false }],
  ['part-0001.parquet', { format: 'parquet', compressed: false }],
  ['part-0001.parquet.gz', undefined],
  ['notes.txt', undefined],
  ['csv', undefined],
])('the format of %s', (name, expected) => {
  expect(formatOf(name)).toEqual(expected);
});
