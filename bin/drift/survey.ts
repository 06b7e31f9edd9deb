import { createRecordReader, type CapturedBody } from '../../core/drift/read';
import { rowsOf } from '../../core/tables';
import { type AnyColumn, Column, type Side } from './columns';
import { withBytes, type Place, type RowFile } from './files';

/** Rows that are looked at: kinds show early. */
const SURVEYED_ROWS = 20_000;
const MOST_COLUMNS = 500;
const MOST_DEPTH = 4;
const MOST_ELEMENTS = 64;
const BLOCK_BYTES = 1 << 20;
const FIRST_BYTES = 4096;

/** The columns of a place. */
export interface Survey {
  columns: AnyColumn[];
  rows: number;
  /** Columns beyond the most that are looked at. */
  further: number;
  /** The first row that could not be read. */
  problem?: string;
  /** Captured requests and answers, not a table. */
  captured: boolean;
}

export async function surveyOf({ files }: Place): Promise<Survey> {
  const found = new Columns();
  let [rows, captured] = [0, false];
  for (const file of files) {
    if (rows >= SURVEYED_ROWS) break;
    captured ||= await isCapture(file);
    rows += captured ? await surveyCapture(file, found, SURVEYED_ROWS - rows) : await surveyTable(file, found, SURVEYED_ROWS - rows);
  }
  return {
    columns: found.all(),
    rows,
    further: found.further,
    captured,
    ...(found.problem === undefined ? {} : { problem: found.problem }),
  };
}

/** Its first line is as SageMaker writes it. */
export async function isCapture(file: RowFile): Promise<boolean> {
  if (file.format !== 'jsonl') return false;
  const start = await withBytes(file, ignore, (bytes) => bytes.slice(0, Math.min(FIRST_BYTES, bytes.byteLength)));
  return /^\uFEFF?\s*\{\s*"captureData"\s*:/.test(Buffer.from(start).toString('utf8'));
}

async function surveyTable(file: RowFile, found: Columns, most: number): Promise<number> {
  return withBytes(file, ignore, async (bytes) => {
    let rows = 0;
    for await (const read of rowsOf(file.format, bytes)) {
      if (!('row' in read)) {
        found.problem ??= `${file.name}:${read.line}: ${read.problem}`;
        continue;
      }
      for (const [name, value] of Object.entries(read.row)) found.add('input', name, name, value, file.format === 'csv');
      rows += 1;
      if (rows >= most) break;
    }
    return rows;
  });
}

async function surveyCapture(file: RowFile, found: Columns, most: number): Promise<number> {
  let rows = 0;
  const reader = createRecordReader(({ request, answer }) => {
    if (rows >= most) return;
    rows += 1;
    surveyBody('input', request, found);
    surveyBody('output', answer, found);
  });
  reader.begin(file.name);
  await withBytes(file, ignore, async (bytes) => {
    for (let at = 0; at < bytes.byteLength && rows < most;) {
      const block = await bytes.slice(at, Math.min(at + BLOCK_BYTES, bytes.byteLength));
      if (block.length === 0) break;
      at += block.length;
      reader.take(block);
    }
  });
  const [first] = reader.finish().samples;
  if (first !== undefined) found.problem ??= `${first.place}: ${first.problem}`;
  return rows;
}

/** The first row of a body: CSV by number, JSON by path. */
function surveyBody(side: Side, body: CapturedBody | undefined, found: Columns): void {
  if (body === undefined) return;
  if (/csv/i.test(body.contentType)) {
    const [line = ''] = body.text.split('\n', 1);
    line.split(',').forEach((cell, index) => found.add(side, String(index), `${side}_${index}`, cell.trim(), true));
    return;
  }
  const value = jsonOf(body.text);
  if (value !== undefined) found.walk(side, value, '', '', 0);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Said by the reader, which counts it.
    return undefined;
  }
}

const ignore = (): void => undefined;

class Columns {
  problem: string | undefined;
  private readonly byPlace = new Map<string, Column>();
  private readonly beyond = new Set<string>();

  get further(): number {
    return this.beyond.size;
  }

  add(side: Side, path: string, label: string, value: unknown, isText: boolean): void {
    const place = `${side} ${path}`;
    let column = this.byPlace.get(place);
    if (column === undefined) {
      if (this.byPlace.size >= MOST_COLUMNS) {
        this.beyond.add(place);
        return;
      }
      column = new Column(side, path, label);
      this.byPlace.set(place, column);
    }
    column.add(value, isText);
  }

  /** Scalars below a JSON value, each by its JMESPath. */
  walk(side: Side, value: unknown, path: string, label: string, depth: number): void {
    if (typeof value !== 'object' || value === null || depth >= MOST_DEPTH) {
      this.add(side, path === '' ? '@' : path, label === '' ? `${side}` : label, value, false);
      return;
    }
    if (Array.isArray(value)) {
      value.slice(0, MOST_ELEMENTS).forEach((inner, index) => this.walk(side, inner, `${path}[${index}]`, `${label}_${index}`, depth + 1));
      return;
    }
    for (const [name, inner] of Object.entries(value)) {
      const step = /^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name);
      this.walk(side, inner, path === '' ? step : `${path}.${step}`, label === '' ? name : `${label}_${name}`, depth + 1);
    }
  }

  all(): Column[] {
    return [...this.byPlace.values()];
  }
}
