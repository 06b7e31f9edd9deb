import { parquetWriteBuffer } from 'hyparquet-writer';
import { readTable, type ReadPolicy, type TableRead, type TableReadOptions } from '../../../../core/drift/read';
import { type Row, WRONG_TYPE } from '../../../../core/drift/types';
import { sourceOf, type TableFormat } from '../../../../core/tables';
import { categorical, lineOf, numeric, text } from './lines';

const policy: ReadPolicy = {
  features: [numeric('age', 'customer.age'), categorical('plan', 'plan_name'), text('note', 'note'), numeric('score', 'score', 'output')],
};

async function read(format: TableFormat, file: string | Uint8Array, options?: TableReadOptions): Promise<TableRead & { found: Row[] }> {
  const found: Row[] = [];
  const bytes = typeof file === 'string' ? Buffer.from(file) : file;
  const outcome = await readTable(format, sourceOf(bytes), policy, (row) => found.push({ ...row, cells: [...row.cells] }), options);
  return { ...outcome, found };
}

test('CSV: columns by name, else by path; rows that cannot be read are skipped', async () => {
  const { found, ...outcome } = await read('csv', 'age,plan_name,at\n41,pro,2026-03-02\nx,,2026-03-03\n1\nNaN,True,never\n', {
    timeColumn: 'at',
    place: 'train.csv',
  });
  expect(found).toEqual([
    { id: '2', atMillis: Date.UTC(2026, 2, 2), cells: [41, 'pro', undefined, undefined] },
    { id: '3', atMillis: Date.UTC(2026, 2, 3), cells: [WRONG_TYPE, undefined, undefined, undefined] },
  ]);
  expect(outcome).toEqual({
    rows: 2,
    captured: false,
    absent: ['note', 'score'],
    skipped: {
      counts: { 'the row cannot be read': 1, 'the row has no time in at': 1 },
      samples: [
        { place: 'train.csv:4', problem: 'fields: 1 in the row, 3 in the header' },
        { place: 'train.csv:5', problem: 'the row has no time in at' },
      ],
    },
  });
});

test('JSONL: paths where there is no column', async () => {
  const { found, absent } = await read('jsonl', '{"customer":{"age":3},"plan":"a","plan_name":"b"}\n{"age":4,"score":0.5}\nno JSON\n');
  expect(found.map(({ cells }) => cells)).toEqual([
    [3, 'a', undefined, undefined],
    [4, undefined, undefined, 0.5],
  ]);
  expect(absent).toEqual(['note']);
});

test('Parquet', async () => {
  const file = new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'age', data: [1.5, 2.5] },
        { name: 'plan', data: ['a', 'b'] },
      ],
    }),
  );
  const { found, rows, skipped } = await read('parquet', file);
  expect(found.map(({ id, cells }) => [id, ...cells.slice(0, 2)])).toEqual([
    ['1', 1.5, 'a'],
    ['2', 2.5, 'b'],
  ]);
  expect({ rows, skipped }).toEqual({ rows: 2, skipped: { counts: {}, samples: [] } });
});

test.each<TableFormat>(['csv', 'jsonl'])('an empty table (%s) has no rows', async (format) => {
  expect(await read(format, '')).toMatchObject({ rows: 0, captured: false, absent: ['age', 'plan', 'note', 'score'], found: [] });
});

test('a file of data capture is recognised', async () => {
  const line = lineOf({ request: '{"customer":{"age":3}}', answer: '{"score":1}' });
  const { found, captured, rows, skipped } = await read('jsonl', `\uFEFF${line}\nbroken\n${line}`, {
    place: 'c.jsonl',
    untilMillis: Date.UTC(2027, 0, 1),
  });
  expect(found.map(({ cells }) => cells)).toEqual([
    [3, undefined, undefined, 1],
    [3, undefined, undefined, 1],
  ]);
  expect({ captured, rows, skipped }).toEqual({
    captured: true,
    rows: 2,
    skipped: { counts: { 'the line is no JSON': 1 }, samples: [{ place: 'c.jsonl:2', problem: 'the line is no JSON' }] },
  });
});
