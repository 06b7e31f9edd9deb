export type TableFormat = 'csv' | 'jsonl' | 'parquet';

/** Bytes of a file, read in pieces. */
export interface ByteSource {
  /** Infinity: not known (a compressed file); then `slice` gives fewer bytes than asked for at the end. */
  byteLength: number;
  slice(start: number, end: number): Promise<Uint8Array>;
}

/** Where to go on reading: opaque to callers, plain JSON. */
export interface TablePlace {
  /** Text: bytes before the next row. Parquet: rows before it. */
  offset: number;
  /** Line, or in Parquet row, of the next row; the first is 1. */
  line: number;
  /** Header of a CSV file. */
  columns?: string[];
}

/** A row, or what is wrong with it; `text` is the start of what stands there. */
export type TableRow = { line: number; next: TablePlace } & (
  { row: Record<string, unknown> } | { problem: string; text?: string; tooLong?: boolean }
);

export interface TableOptions {
  /** Where an earlier reading stopped; default: the beginning. */
  from?: TablePlace;
  /** Parquet: only these columns are read, those of them that exist. */
  columns?: string[];
}

export const BEGINNING: TablePlace = { offset: 0, line: 1 };

const SHOWN_CHARACTERS = 1_000;

/** The start of a bad row, for whoever must find it. */
export const shown = (text: string): string => text.slice(0, SHOWN_CHARACTERS);
