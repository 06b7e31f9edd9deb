import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { newFolder, removeFolders, sluice } from '../capture';
import { capturedLine, csvText, drift, type DriftJson, folderWith, jsonlText, sampleRows } from './rows';

afterAll(removeFolders);

const BASE = sampleRows(2000, { seed: 1 });
const SAME = sampleRows(800, { seed: 2 });
const MOVED = sampleRows(800, { seed: 3, shift: 8 });

const firedIn = (json: DriftJson): string[] => json.windows[0]!.findings.map(({ feature, check }) => `${feature}: ${check}`).sort();

describe('sluice drift on tables', () => {
  const at = folderWith({ 'base.csv': csvText(BASE), 'same.csv': csvText(SAME), 'moved.csv': csvText(MOVED) });

  test('0 where nothing drifted, 1 where something did, with rows that show it', async () => {
    expect((await drift(at('base.csv'), at('same.csv'))).code).toBe(0);
    const { code, json } = await drift(at('base.csv'), at('moved.csv'));
    expect(code).toBe(1);
    expect(json.state).toBe('drifting');
    expect(firedIn(json)).toEqual(['value: distribution']);
    const { examples } = json.windows[0]!.findings[0]!;
    expect(examples).toHaveLength(5);
    for (const example of examples) {
      const line = Number(/^moved\.csv:(\d+)$/.exec(example)?.[1]);
      expect(MOVED[line - 2]).toBeDefined();
    }
  });

  test('the worst of several windows is the state, and says where', async () => {
    const { code, json } = await drift(at('base.csv'), at('same.csv'), at('moved.csv'));
    expect(code).toBe(1);
    expect(json.windows.map((window) => window.state)).toEqual(['ok', 'drifting']);
    expect(json.reason).toBe(`${at('moved.csv')}: value.`);
  });

  test('says what was inferred and what was left out, in words', async () => {
    const { out } = await sluice('drift', at('base.csv'), at('same.csv'));
    expect(out).toContain('inferred from the baseline: value (numeric), carrier (categorical), colour (categorical)');
    expect(out).toContain('left out  id is an id');
    expect(out).toContain('800 rows: no drift');
  });

  test('--features chooses, and gives a kind', async () => {
    const { json } = await drift(at('base.csv'), at('moved.csv'), '--features', 'carrier,id:categorical');
    expect(json.features.map(({ name, kind }) => [name, kind])).toEqual([
      ['carrier', 'categorical'],
      ['id', 'categorical'],
    ]);
    expect(json.leftOut.map(({ name }) => name)).toEqual(['value', 'colour']);
  });

  test('--threshold and --minimum-rows lie over the defaults', async () => {
    expect((await drift(at('base.csv'), at('moved.csv'), '--threshold', '0.6')).code).toBe(0);
    expect((await drift(at('base.csv'), at('moved.csv'), '--minimum-rows', '801')).code).toBe(4);
  });

  test('the same rows as CSV, JSONL, Parquet and compressed give the same figures', async () => {
    const column = (name: 'value' | 'carrier' | 'colour') => ({ name, data: MOVED.map((row) => row[name]) });
    const other = folderWith({
      'moved.jsonl': jsonlText(MOVED),
      'moved.csv.gz': gzipSync(csvText(MOVED)),
      'moved.jsonl.gz': gzipSync(jsonlText(MOVED)),
      'moved.parquet': new Uint8Array(parquetWriteBuffer({ columnData: [column('value'), column('carrier'), column('colour')] })),
    });
    const distances = async (file: string): Promise<number[]> =>
      (await drift(at('base.csv'), file)).json.windows[0]!.comparison!.features.map(({ distance }) => distance);
    const expected = await distances(at('moved.csv'));
    expect(expected[0]).toBeGreaterThan(0.1);
    for (const name of ['moved.jsonl', 'moved.csv.gz', 'moved.jsonl.gz', 'moved.parquet'])
      expect(await distances(other(name))).toEqual(expected);
  });

  test('a folder means all files below it; files that say nothing of their format are named', async () => {
    const folder = newFolder('sluice-drift-');
    mkdirSync(path.join(folder, 'deep'));
    writeFileSync(path.join(folder, 'a.csv'), csvText(MOVED.slice(0, 400)));
    writeFileSync(path.join(folder, 'deep', 'b.csv'), csvText(MOVED.slice(400)));
    writeFileSync(path.join(folder, 'README.txt'), 'hello');
    writeFileSync(path.join(folder, '_SUCCESS'), '');
    const { json } = await drift(at('base.csv'), folder);
    expect(json.windows[0]!.rows).toBe(800);
    expect(firedIn(json)).toEqual(['value: distribution']);
    expect(json.windows[0]!.findings[0]!.examples.join()).toContain('deep/b.csv:');
    expect(json.notes.join()).toContain('README.txt');
    expect(json.notes.join()).not.toContain('_SUCCESS');
  });

  test('--report writes a page with pictures', async () => {
    const file = path.join(newFolder(), 'drift.html');
    const { err } = await sluice('drift', at('base.csv'), at('moved.csv'), '--report', file);
    expect(err).toContain(file);
    const page = readFileSync(file, 'utf8');
    expect(page).toContain('<h1>value drifts</h1>');
    expect(page.match(/<article/g)).toHaveLength(3);
    expect(page).toContain('left out: id is an id');
  });
});

describe('sluice drift with a rhythm', () => {
  /** By day values are about 50, by night about 90. */
  const timed = (from: string, hours: number, seed: number): string => {
    const rows = sampleRows(hours * 40, { seed });
    const lines = rows.map(({ value, carrier }, index) => {
      const at = new Date(Date.parse(from) + Math.floor(index / 40) * 3_600_000);
      return `${at.toISOString()},${at.getUTCHours() < 8 ? value + 40 : value},${carrier}`;
    });
    return ['at,value,carrier', ...lines, ''].join('\n');
  };
  const at = folderWith({ 'base.csv': timed('2026-03-02T00:00:00Z', 240, 5), 'night.csv': timed('2026-03-12T00:00:00Z', 8, 6) });

  test('the night is like other nights, though unlike the day', async () => {
    const night = [at('base.csv'), at('night.csv'), '--time-column', 'at'];
    expect((await drift(...night)).code).toBe(1);
    const { code, json } = await drift(...night, '--rhythm', 'daily');
    expect(code).toBe(0);
    expect(json.windows[0]!).toMatchObject({ hours: 8, from: '2026-03-12T00:00:00.000Z', to: '2026-03-12T07:00:00.000Z' });
  });

  test('without times it asks for them', async () => {
    const { code, err } = await sluice('drift', at('base.csv'), at('night.csv'), '--rhythm', 'daily');
    expect(code).toBe(2);
    expect(err).toContain('--time-column');
  });
});

describe('sluice drift on data capture', () => {
  const at = folderWith({
    'base.jsonl': BASE.map(capturedLine).join('\n'),
    'moved.jsonl': MOVED.map(capturedLine).join('\n'),
    'train.csv': ['carrier,colour,score', ...BASE.map(({ carrier, colour, value }) => [carrier, colour, value / 100].join(',')), ''].join(
      '\n',
    ),
    noending: SAME.map(capturedLine).join('\n'),
  });

  test('finds requests and answers in captured records, and says which ids show it', async () => {
    const { code, json } = await drift(at('base.jsonl'), at('moved.jsonl'));
    expect(code).toBe(1);
    expect(json.features.map(({ name, side, path: place }) => [name, side, place])).toEqual([
      ['order_value', 'input', 'order.value'],
      ['carrier', 'input', 'carrier'],
      ['colour', 'output', 'colour'],
      ['score', 'output', 'score'],
    ]);
    expect(firedIn(json)).toEqual(['order_value: distribution', 'score: distribution']);
    expect(json.windows[0]!.findings[0]!.examples[0]).toMatch(/^e-\d+$/);
  });

  test('captures know their times; a file without ending is known by its first line', async () => {
    const { code, json } = await drift(at('base.jsonl'), at('noending'), '--rhythm', 'daily');
    expect(code).toBe(0);
    expect(json.windows[0]!.from).toBe('2026-03-02T00:30:00.000Z');
  });

  test('a table beside captures: columns are found in requests and in answers', async () => {
    const { code, json } = await drift(at('train.csv'), at('noending'));
    expect(code).toBe(0);
    expect(json.features.map(({ name, side }) => [name, side])).toEqual([
      ['carrier', 'input'],
      ['colour', 'output'],
      ['score', 'output'],
    ]);
  });
});
