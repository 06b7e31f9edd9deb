import type { Cell } from '../types';
import { fillFromJson } from './body';
import { QUOTE } from './bytes';
import type { RawBody } from './record';
import { CsvScanner } from './scan-csv';
import { formatOn, type Side } from './sides';

/** A longer body is read as any other. */
const LONGEST_BYTES = 1 << 16;

const encoder = new TextEncoder();

/** Reads the usual body quickly: one row, declared and well-formed. */
export class UsualBody {
  private readonly csv: CsvScanner;
  private readonly bytes = Buffer.alloc(LONGEST_BYTES);

  constructor(
    private readonly side: Side,
    private readonly cells: Cell[],
  ) {
    this.csv = new CsvScanner(side, cells);
  }

  /** False: it is something else, and the cells are of no use. */
  fill({ data, encoding, contentType }: RawBody): boolean {
    const format = formatOn(this.side, contentType);
    if (format === 'csv') return encoding === 'CSV' && this.fromCsv(data.endsWith('\n') ? data.slice(0, -1) : data);
    return format === 'json' && encoding === 'JSON' && this.fromJson(data);
  }

  /** Digits are read faster in bytes than in a text. */
  private fromCsv(row: string): boolean {
    const { bytes } = this;
    if (row.length * 3 >= LONGEST_BYTES) return false;
    const { written: length } = encoder.encodeInto(row, bytes);
    bytes[length] = QUOTE;
    return this.csv.row(bytes, 0) === length;
  }

  private fromJson(data: string): boolean {
    let value: unknown;
    try {
      value = JSON.parse(data);
    } catch {
      // What is wrong is found out where there is time.
      return false;
    }
    fillFromJson(value, this.side, this.cells);
    return true;
  }
}
