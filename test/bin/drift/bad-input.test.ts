import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { newFolder, removeFolders, sluice } from '../capture';
import { capturedLine, csvText, drift, folderWith, jsonlText, sampleRows } from './rows';

afterAll(removeFolders);

const BASE = sampleRows(2000, { seed: 1 });
const SAME = sampleRows(800, { seed: 2 });
const LINES = jsonlText(SAME).trimEnd().split('\n');

const cut = (line: string): string => line.slice(0, line.length / 2);

const at = folderWith({
  'base.csv': csvText(BASE),
  'base.jsonl': BASE.map(capturedLine).join('\n'),
  'same.csv': csvText(SAME),
  'one.csv': csvText(BASE.slice(0, 1)),
  'empty.csv': '',
  'empty.jsonl': '',
  'empty.parquet': '',
  'header.csv': 'id,value,carrier,colour\n',
  'few.csv': csvText(SAME.slice(0, 60)),
  'renamed.csv': csvText(SAME, 'id,values,carrier,colour'),
  'other.csv': csvText(SAME, 'w,x,y,z'),
  'null.jsonl': jsonlText(SAME.map((row) => ({ ...row, value: null }))),
  'texts.jsonl': jsonlText(SAME.map((row) => ({ ...row, value: `v${row.value}` }))),
  'cut.jsonl': LINES.map((line, index) => (index % 20 === 0 ? cut(line) : line)).join('\n'),
  'last.jsonl': [...LINES.slice(0, -1), cut(LINES.at(-1)!)].join('\n'),
  'mixed.csv': Buffer.from(csvText(SAME).replaceAll('red', 'r\u00e9d'), 'latin1'),
  'broken.parquet': 'PAR1 and no more',
  'utf16.csv': Buffer.from(`\ufeff${csvText(SAME)}`, 'utf16le'),
  'names.jsonl': jsonlText(BASE.map(({ value, carrier }) => ({ constructor: value, toString: carrier, 'a b"c': value }))),
  'wide.csv': [0, 1, 2]
    .map((row) => Array.from({ length: 700 }, (_, column) => (row === 0 ? `c${column}` : (column * 7 + row * 3) % 11)).join(','))
    .join('\n'),
  'cut.csv.gz': gzipSync(csvText(SAME)).subarray(0, 2000),
  'cut-capture.jsonl': SAME.map(capturedLine)
    .map((line, index) => (index % 20 === 0 ? cut(line) : line))
    .join('\n'),
  'base64.jsonl': BASE.map(capturedLine)
    .map((line) => {
      const record = JSON.parse(line) as { captureData: Record<string, { data: string; encoding: string }> };
      for (const side of Object.values(record.captureData)) {
        side.data = Buffer.from(side.data).toString('base64');
        side.encoding = 'BASE64';
      }
      return JSON.stringify(record);
    })
    .join('\n'),
  'large.jsonl': [...BASE.map(capturedLine), capturedLine({ ...BASE[0]!, id: 99_999, carrier: 'x'.repeat(5 * 2 ** 20) })].join('\n'),
  'notes.txt': 'hello',
});

describe('a window that says nothing is never "no drift"', () => {
  test.each(['empty.csv', 'empty.jsonl', 'header.csv'])('%s: no data, exit code 4', async (name) => {
    const { code, json } = await drift(at('base.csv'), at(name));
    expect([code, json.state]).toEqual([4, 'no-data']);
  });

  test('an empty folder: no data', async () => {
    expect((await drift(at('base.csv'), newFolder())).json.state).toBe('no-data');
  });

  test('few rows, or a baseline of one row: not enough data, exit code 4', async () => {
    expect(await drift(at('base.csv'), at('few.csv'))).toMatchObject({ code: 4, json: { state: 'not-enough-data' } });
    expect(await drift(at('one.csv'), at('same.csv'))).toMatchObject({ code: 4, json: { state: 'not-enough-data' } });
  });

  test('one window that says nothing beside one that is as before: still 4', async () => {
    const { code, json } = await drift(at('base.csv'), at('same.csv'), at('empty.csv'));
    expect(code).toBe(4);
    expect(json.reason).toContain('empty.csv');
  });
});

describe('broken windows: exit code 5', () => {
  test('a renamed column is missing, and the other name is told', async () => {
    const { code, json } = await drift(at('base.csv'), at('renamed.csv'));
    expect([code, json.state]).toEqual([5, 'broken-input']);
    expect(json.windows[0]!.findings.map(({ check, feature }) => [check, feature])).toEqual([['missing', 'value']]);
    expect(json.notes[0]).toMatch(/renamed\.csv has no value of value \(.*values.*\); columns that the baseline does not have: values\./);
  });

  test('another table altogether', async () => {
    const { code, json } = await drift(at('base.csv'), at('other.csv'));
    expect(code).toBe(5);
    expect(json.windows[0]!.findings).toHaveLength(3);
  });

  test('a field that turned null, or into texts', async () => {
    const check = async (name: string): Promise<string[]> =>
      (await drift(at('base.csv'), at(name))).json.windows[0]!.findings.map((finding) => finding.check);
    expect(await check('null.jsonl')).toEqual(['missing']);
    expect(await check('texts.jsonl')).toEqual(['wrong-type']);
  });

  test.each([
    ['cut.jsonl', 40],
    ['mixed.csv', SAME.filter(({ colour }) => colour === 'red').length],
    ['broken.parquet', 1],
    ['utf16.csv', 1],
  ])('%s: unreadable rows are counted, and the first are shown', async (name, broken) => {
    const { code, json } = await drift(at('base.csv'), at(name));
    expect([code, json.state]).toEqual([5, 'broken-input']);
    expect(json.windows[0]!.broken).toBe(broken);
    expect(json.windows[0]!.skipped.samples[0]!.place).toContain(name);
  });

  test('captured records that are cut off', async () => {
    const { code, json } = await drift(at('base.jsonl'), at('cut-capture.jsonl'));
    expect([code, json.windows[0]!.broken]).toEqual([5, 40]);
  });

  test('a baseline that is broken says so, whatever the window is like', async () => {
    const { code, json } = await drift(at('cut.jsonl'), at('same.csv'));
    expect(code).toBe(5);
    expect(json.reason).toBe('40 of 800 records of the baseline could not be read.');
  });

  test('what was left out is said in words', async () => {
    const { out } = await sluice('drift', at('base.csv'), at('cut.jsonl'));
    expect(out).toContain(`left out of ${at('cut.jsonl')}:`);
    expect(out).toMatch(/40 × /);
    expect(out).toMatch(/such as cut\.jsonl:1: /);
  });
});

describe('a little that is bad is counted, and the rest is judged', () => {
  test('one line cut off at the end', async () => {
    const { code, json } = await drift(at('base.csv'), at('last.jsonl'));
    expect(code).toBe(0);
    expect(json.windows[0]!.broken).toBe(1);
    expect(json.windows[0]!.skipped.samples[0]!.place).toBe('last.jsonl:800');
  });

  test.each([
    ['base64.jsonl', 2000],
    ['large.jsonl', 2001],
  ])(
    '%s: BASE64 bodies and records of 5 MB are read',
    async (name, rows) => {
      expect(await drift(at('base.jsonl'), at(name))).toMatchObject({ code: 0, json: { windows: [{ rows, broken: 0 }] } });
    },
    30_000,
  );
});

describe('odd tables', () => {
  test('columns named as what every object has', async () => {
    const { code, json } = await drift(at('names.jsonl'), at('names.jsonl'));
    expect(code).toBe(0);
    expect(json.features.map(({ name, path: place }) => [name, place])).toEqual([
      ['constructor_', 'constructor'],
      ['toString_', 'toString'],
      ['a_b_c', 'a b"c'],
    ]);
    expect(json.windows[0]!.comparison!.features.every(({ windowRows }) => windowRows === 2000)).toBe(true);
  });

  test('hundreds of columns: what is not looked at is said', async () => {
    const { code, json } = await drift(at('wide.csv'), at('wide.csv'));
    expect(code).toBe(4);
    expect(json.features).toHaveLength(500);
    expect(json.leftOut).toEqual([{ name: '200 more columns', reason: 'are beyond the 500 that are looked at' }]);
  });
});

describe('bad arguments: exit code 2, and what is allowed', () => {
  const refused = async (...args: string[]): Promise<string> => {
    const { code, out, err } = await sluice('drift', ...args);
    expect(code).toBe(2);
    expect(out).toBe('');
    return err;
  };

  test('missing arguments and files', async () => {
    expect(await refused()).toContain('<baseline> is missing');
    expect(await refused(at('base.csv'))).toContain('<window> is missing');
    expect(await refused(at('base.csv'), at('nowhere.csv'))).toContain('there is no such file or folder');
    expect(await refused(at('base.csv'), at('notes.txt'))).toContain('the name does not say what is in it');
  });

  test('a baseline without rows', async () => {
    for (const name of ['empty.csv', 'header.csv', 'broken.parquet', 'empty.parquet']) {
      expect(await refused(at(name), at('same.csv'))).toContain('has no row that can be read');
    }
    expect(await refused(at('utf16.csv'), at('same.csv'))).toMatch(/the first: utf16\.csv:1: .*UTF-8/);
  });

  test('a compressed file that is cut off', async () => {
    expect(await refused(at('base.csv'), at('cut.csv.gz'))).toContain('cannot be unzipped');
  });

  test('options', async () => {
    const files = [at('base.csv'), at('same.csv')];
    expect(await refused(...files, '--features', 'valu')).toMatch(/has no such feature\n.*id, value, carrier, colour\n.*value/);
    expect(await refused(...files, '--features', 'value,value')).toContain('each once');
    expect(await refused(...files, '--threshold', '2')).toContain('0.01 to 1');
    expect(await refused(...files, '--minimum-rows', 'x')).toContain('a number from 2');
    expect(await refused(...files, '--rhythm', 'monthly')).toContain('none, daily, weekly');
    expect(await refused(...files, '--report', path.join(newFolder(), 'no', 'x.html'))).toContain('a folder that does not exist');
    expect(await refused(...files, '--report', newFolder())).toContain('is a folder');
    expect(await refused(...files, '--charter', newFolder())).toContain('usecase.yaml');
    expect(await refused(...files, '--tau', '1')).toContain('unknown option --tau');
  });
});
