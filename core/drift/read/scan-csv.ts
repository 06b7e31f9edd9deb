import { type Cell, MISSING } from '../types';
import { BACKSLASH, BLANK, COMMA, NOTHING, NumberBytes, QUOTE } from './bytes';
import { csvCell } from './cells';
import { Interned } from './intern';
import type { Side, SideFeature } from './sides';

/** Reads a CSV body in the bytes of a JSON string: one row, no quotes. */
export class CsvScanner {
  private readonly digits = new NumberBytes();
  private readonly categories = new Interned((text) => String(csvCell(text, 0, text.length, 'categorical') ?? ''));

  constructor(
    private readonly side: Side,
    private readonly cells: Cell[],
  ) {}

  /** Index of the quote that ends the body; -1: this is for the plain reader. */
  scan(bytes: Buffer, start: number): number {
    const { byColumn, namedColumns, hasAllColumns } = this.side;
    if (!hasAllColumns) return NOTHING;
    let at = start;
    let column = 0;
    for (; ; column += 1) {
      const features = byColumn[column];
      at = features === undefined ? endOfField(bytes, at) : this.field(bytes, at, features);
      if (bytes[at] !== COMMA) break;
      at += 1;
    }
    // A line end after the row belongs to it.
    if (bytes[at] === BACKSLASH && bytes[at + 1] === 0x6e) at += 2;
    if (bytes[at] !== QUOTE) return NOTHING;
    const fields = column + 1;
    if (namedColumns !== undefined && fields !== namedColumns) return NOTHING;
    for (let missing = fields; missing < byColumn.length; missing += 1) {
      for (const { cell } of byColumn[missing] ?? []) this.cells[cell] = MISSING;
    }
    return at;
  }

  /** Index of the field's end. */
  private field(bytes: Buffer, at: number, features: SideFeature[]): number {
    const { digits, cells } = this;
    let end = NOTHING;
    for (let index = 0; index < features.length; index += 1) {
      const { cell, kind } = features[index] as SideFeature;
      if (kind === 'numeric') {
        const value = digits.read(bytes, at);
        const next = bytes[digits.end];
        if (value - value === 0 && (next === COMMA || next === QUOTE || next === BACKSLASH)) {
          cells[cell] = value;
          end = digits.end;
          continue;
        }
      }
      end = endOfField(bytes, at);
      cells[cell] = kind === 'categorical' ? this.category(bytes, at, end) : fieldCell(bytes, at, end, kind);
    }
    return end;
  }

  private category(bytes: Buffer, start: number, end: number): Cell {
    const text = this.categories.get(bytes, start, end);
    return text === '' ? MISSING : text;
  }
}

function fieldCell(bytes: Buffer, start: number, end: number, kind: SideFeature['kind']): Cell {
  const text = bytes.toString('utf8', start, end);
  return csvCell(text, 0, text.length, kind);
}

function endOfField(bytes: Uint8Array, start: number): number {
  for (let at = start; ; at += 1) {
    const byte = bytes[at];
    if (byte === COMMA || byte === QUOTE || byte === BACKSLASH || byte === undefined || byte < BLANK) return at;
  }
}
