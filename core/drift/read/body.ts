import { type Cell, MISSING } from '../types';
import { COMMA, NOTHING, QUOTE } from './bytes';
import { csvCell, jsonCell } from './cells';
import { type BodyFormat, formatOn, type Side, type SideFeature } from './sides';
import type { CapturedBody } from './types';

/** One row of a body: text of CSV, or a value that was parsed. */
export interface BodyRow {
  format: BodyFormat;
  value: unknown;
}

/** The rows of a body: batched requests have several. Or what is wrong with it. */
export function rowsOfBody({ text, contentType }: CapturedBody, encoding: unknown, side: Side): BodyRow[] | string {
  const format = formatOn(side, contentType) ?? (encoding === 'CSV' ? 'csv' : encoding === 'JSON' ? 'json' : sniffed(text, side));
  if (format === 'text') return [{ format, value: text }];
  return format === 'csv' ? csvRows(text, side) : jsonRows(text, side);
}

/** Bodies of unknown types. */
function sniffed(text: string, side: Side): BodyFormat {
  if (/^\s*[{["]/.test(text)) return 'json';
  if (side.hasAllColumns) return 'csv';
  return /^\s*(?:-?\d[^,]*|true|false|null)\s*$/.test(text) ? 'json' : 'text';
}

function csvRows(text: string, { words, hasAllColumns }: Side): BodyRow[] | string {
  if (!hasAllColumns) return `the ${words} is CSV, whose columns nobody named`;
  return linesOf(text).map((value) => ({ format: 'csv', value }));
}

function jsonRows(text: string, { words }: Side): BodyRow[] | string {
  try {
    return [{ format: 'json', value: JSON.parse(text) as unknown }];
  } catch {
    const lines = linesOf(text);
    const isJson = lines.length > 1 && lines.every((line) => isObject(line));
    return isJson ? lines.map((line) => ({ format: 'json', value: JSON.parse(line) as unknown })) : `the ${words} is no JSON`;
  }
}

/** JSON lines are whole objects, pretty-printed JSON that was cut off has none. */
function isObject(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}

/** Line ends within quotes belong to their field. */
function linesOf(text: string): string[] {
  const body = text.endsWith('\n') ? text.slice(0, text.endsWith('\r\n') ? -2 : -1) : text;
  if (!body.includes('\n')) return [body];
  const lines: string[] = [];
  let open = '';
  for (const line of body.split('\n')) {
    open = open === '' ? line : `${open}\n${line}`;
    if ((open.split('"').length - 1) % 2 === 1) continue;
    lines.push(open.endsWith('\r') ? open.slice(0, -1) : open);
    open = '';
  }
  return open === '' ? lines : [...lines, open];
}

/** Puts the side's values into the cells. Gives what is wrong with the row. */
export function fillCells({ format, value }: BodyRow, side: Side, cells: Cell[]): string | undefined {
  if (format === 'csv') return fillFromCsv(value as string, side, cells);
  fillFromJson(value, side, cells);
  return undefined;
}

export function fillFromJson(value: unknown, { features }: Side, cells: Cell[]): void {
  for (let index = 0; index < features.length; index += 1) {
    const { cell, find, kind } = features[index] as SideFeature;
    cells[cell] = jsonCell(find(value), kind);
  }
}

function fillFromCsv(text: string, side: Side, cells: Cell[]): string | undefined {
  const { byColumn, namedColumns, words } = side;
  let column = 0;
  let start = 0;
  for (; ; column += 1) {
    const end = fillField(text, start, byColumn[column] ?? [], cells);
    if (end < 0) return `the ${words} is no CSV`;
    if (end === text.length) break;
    start = end + 1;
  }
  const fields = column + 1;
  if (namedColumns !== undefined && fields !== namedColumns) return `the ${words} has another number of CSV fields than are named`;
  for (let missing = fields; missing < byColumn.length; missing += 1) {
    for (const { cell } of byColumn[missing] ?? []) cells[cell] = MISSING;
  }
  return undefined;
}

/** Index of the field's end; -1: its quotes are not as they should be. */
function fillField(text: string, start: number, features: SideFeature[], cells: Cell[]): number {
  if (start >= text.length || text.charCodeAt(start) !== QUOTE) {
    const comma = text.indexOf(',', start);
    const end = comma < 0 ? text.length : comma;
    for (const { cell, kind } of features) cells[cell] = csvCell(text.slice(start, end), kind);
    return end;
  }
  const end = endOfQuoted(text, start);
  if (end > text.length || (end < text.length && text.charCodeAt(end) !== COMMA)) return NOTHING;
  const inner = text.slice(start + 1, end - 1).replaceAll('""', '"');
  for (const { cell, kind } of features) cells[cell] = csvCell(inner, kind);
  return end;
}

/** Index after the closing quote; beyond the text where there is none. */
function endOfQuoted(text: string, start: number): number {
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return text.length + 1;
    if (quote + 1 >= text.length || text.charCodeAt(quote + 1) !== QUOTE) return quote + 1;
    at = quote + 2;
  }
}
