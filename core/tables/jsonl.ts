import { linesOf, type Line } from './lines';
import { shown, type ByteSource, type TablePlace, type TableRow } from './types';

/** One JSON object per line; blank lines are passed over. */
export async function* jsonlRows(bytes: ByteSource, from: TablePlace): AsyncGenerator<TableRow> {
  for await (const lines of linesOf(bytes, from)) {
    for (const line of lines) {
      if (line.text === undefined || line.text.trim() !== '') yield rowOf(line);
    }
  }
}

function rowOf({ text, problem, tooLong = false, line, end }: Line): TableRow {
  const at = { line, next: { offset: end, line: line + 1 } };
  if (text === undefined) return { ...at, problem: problem ?? 'the line cannot be read', tooLong };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { ...at, problem: `the line is no JSON: ${(error as Error).message}`, text: shown(text) };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { ...at, problem: 'the line is no JSON object such as {"kpi": "…"}', text: shown(text) };
  }
  return { ...at, row: value as Record<string, unknown> };
}
