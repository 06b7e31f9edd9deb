import { CsvError, parse } from 'csv-parse/sync';
import { type CsvRecord, recordsOf } from './csv-records';
import { BEGINNING, shown, type ByteSource, type TablePlace, type TableRow } from './types';

/** Records that are parsed together: a parser is dear to make. */
const TOGETHER = 500;
const FORMAT = { record_delimiter: ['\r\n', '\n'], relax_column_count: true };

/** RFC 4180 with a header line. A row that cannot be read costs that row alone. */
export async function* csvRows(bytes: ByteSource, from: TablePlace): AsyncGenerator<TableRow> {
  let { columns } = from;
  let waiting: CsvRecord[] = [];
  const flush = (): TableRow[] => {
    const rows = columns === undefined ? [] : rowsOf(waiting, columns);
    waiting = [];
    return rows;
  };
  for await (const record of recordsOf(bytes, from, isRecord)) {
    if (columns === undefined) {
      if (record.text?.trim() === '') continue;
      const header = headerOf(record);
      if ('problem' in header) {
        yield header;
        return;
      }
      columns = header.columns;
      continue;
    }
    waiting.push(record);
    if (waiting.length >= TOGETHER) yield* flush();
  }
  yield* flush();
}

/** Whether the quotes in it are as they should be. */
function isRecord(text: string): boolean {
  try {
    return parse(text, FORMAT).length === 1;
  } catch {
    return false;
  }
}

function headerOf(record: CsvRecord): { columns: string[] } | Extract<TableRow, { problem: string }> {
  const at = { line: record.line, next: { ...BEGINNING, offset: record.end } };
  const refused = (problem: string): Extract<TableRow, { problem: string }> => ({
    ...at,
    problem,
    ...(record.text === undefined ? {} : { text: shown(record.text) }),
  });
  if (record.text === undefined) return refused(`the header cannot be read: ${record.problem}`);
  const parsed = fieldsOf(record.text);
  if (typeof parsed === 'string') return refused(`the header cannot be read: ${parsed}`);
  const columns = parsed.map((name) => name.trim());
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice !== undefined) return refused(`the header names the column "${twice}" twice: every column needs a name of its own`);
  if (columns.length === 1 && /[;\t]/.test(columns[0] ?? '')) return refused('the header has one column: fields are separated by commas');
  return { columns };
}

function rowsOf(records: CsvRecord[], columns: string[]): TableRow[] {
  const filled = records.filter(({ text }) => text === undefined || text.trim() !== '');
  const readable = filled.filter(({ text }) => text !== undefined);
  const fields = together(readable.map(({ text }) => text as string));
  let index = 0;
  return filled.map((record) => {
    const next: TablePlace = { offset: record.end, line: record.nextLine, columns };
    if (record.text === undefined) {
      const { problem = 'the row cannot be read', tooLong = false, line } = record;
      return { problem, tooLong, line, next };
    }
    const values = fields?.[index++] ?? fieldsOf(record.text);
    const problem = typeof values === 'string' ? values : miscounted(values, columns);
    if (problem !== undefined) return { problem, text: shown(record.text), line: record.line, next };
    return { row: Object.fromEntries(columns.map((name, at) => [name, values[at]])), line: record.line, next };
  });
}

const miscounted = (values: string[], columns: string[]): string | undefined =>
  values.length === columns.length ? undefined : `fields: ${values.length} in the row, ${columns.length} in the header`;

/** All at once; undefined when one of them is at fault. */
function together(texts: string[]): string[][] | undefined {
  try {
    const records = parse(texts.join('\n'), FORMAT);
    return records.length === texts.length ? records : undefined;
  } catch {
    return undefined;
  }
}

function fieldsOf(text: string): string[] | string {
  try {
    return parse(text, FORMAT)[0] ?? [];
  } catch (error) {
    return error instanceof CsvError ? `the row is no CSV: ${error.message}` : `the row cannot be read: ${String(error)}`;
  }
}
