import { type Cell, MISSING } from '../types';
import { BACKSLASH, BLANK, COMMA, NOTHING, NumberBytes, QUOTE } from './bytes';
import { csvCell } from './cells';
import { Interned } from './intern';
import type { Side, SideFeature } from './sides';

/** Reads a row of CSV in bytes: no quotes, no escapes. */
export class CsvScanner {
  private readonly digits = new NumberBytes();
  /** By column: the cell of the one numeric feature that it has; -1: it has others, or none. */
  private readonly numberCells: Int32Array;
  private readonly categories = new Interned((text) => String(csvCell(text, 'categorical') ?? ''));

  constructor(
    private readonly side: Side,
    private readonly cells: Cell[],
  ) {
    this.numberCells = Int32Array.from(side.byColumn, (features) => {
      const [only] = features ?? [];
      return features?.length === 1 && only?.kind === 'numeric' ? only.cell : NOTHING;
    });
  }

  /** A body in a JSON string: index of the quote that ends it; -1: this is for the plain reader. */
  scan(bytes: Buffer, start: number): number {
    const end = this.row(bytes, start);
    // A line end after the row belongs to it.
    const at = end >= 0 && bytes[end] === BACKSLASH && bytes[end + 1] === 0x6e ? end + 2 : end;
    return at >= 0 && bytes[at] === QUOTE ? at : NOTHING;
  }

  /** Index of the quote, the backslash or whatever else ends the row; -1: it has not the fields that it should. */
  row(bytes: Buffer, start: number): number {
    const { digits, cells, numberCells } = this;
    const { byColumn, namedColumns, hasAllColumns } = this.side;
    if (!hasAllColumns) return NOTHING;
    let at = start;
    let column = 0;
    for (; ; column += 1) {
      let end = NOTHING;
      const cell = column < numberCells.length ? (numberCells[column] as number) : NOTHING;
      if (cell >= 0) {
        const value = digits.read(bytes, at);
        const next = bytes[digits.end];
        if (value - value === 0 && (next === COMMA || next === QUOTE || next === BACKSLASH)) {
          cells[cell] = value;
          end = digits.end;
        }
      }
      at = end >= 0 ? end : this.field(bytes, at, byColumn[column]);
      if (bytes[at] !== COMMA) break;
      at += 1;
    }
    const fields = column + 1;
    if (namedColumns !== undefined && fields !== namedColumns) return NOTHING;
    for (let missing = fields; missing < byColumn.length; missing += 1) {
      for (const { cell } of byColumn[missing] ?? []) this.cells[cell] = MISSING;
    }
    return at;
  }

  /** Any field. Index of its end. */
  private field(bytes: Buffer, at: number, features: SideFeature[] | undefined): number {
    const end = endOfField(bytes, at);
    if (features === undefined) return end;
    for (const { cell, kind } of features) {
      this.cells[cell] = kind === 'categorical' ? this.category(bytes, at, end) : csvCell(bytes.toString('utf8', at, end), kind);
    }
    return end;
  }

  private category(bytes: Buffer, start: number, end: number): Cell {
    const text = this.categories.get(bytes, start, end);
    return text === '' ? MISSING : text;
  }
}

function endOfField(bytes: Uint8Array, start: number): number {
  for (let at = start; ; at += 1) {
    const byte = bytes[at];
    if (byte === COMMA || byte === QUOTE || byte === BACKSLASH || byte === undefined || byte < BLANK) return at;
  }
}
