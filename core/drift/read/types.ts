import type { DriftPolicy } from '../../contracts/drift';
import type { Skipped } from '../types';

export type ReadPolicy = Pick<DriftPolicy, 'features' | 'csv'>;

export interface CaptureOptions {
  /** Records from before are left out; epoch milliseconds. */
  fromMillis?: number;
  /** Records of this time or later are left out. */
  untilMillis?: number;
  /** The byte scanner, with the plain reader for each line that it does not know. Default: true. */
  scanner?: boolean;
  /** Longer lines are skipped. Default: 16 MiB. */
  longestLineBytes?: number;
}

/** Reads files of data capture, block by block, in memory that does not grow with them. */
export interface CaptureReader {
  /** A file begins; its name stands in the samples of what was skipped. Ends the file before. */
  begin(place: string): void;
  /** Bytes of the file, in order, cut anywhere. */
  take(block: Uint8Array): void;
  /** Ends the last file. What was skipped in all of them. */
  finish(): Skipped;
  /** Rows that the sink got. */
  readonly rows: number;
  /** Lines that the scanner left to the plain reader. */
  readonly fallbacks: number;
}

/** What SageMaker captured of one request. */
export interface CapturedRecord {
  /** Inference id, else event id. */
  id: string;
  atMillis: number;
  /** Decoded where it was BASE64. Undefined: not captured. */
  request?: CapturedBody;
  answer?: CapturedBody;
}

export interface CapturedBody {
  text: string;
  contentType: string;
}

export interface TableReadOptions {
  /** Column with the row's time: ISO 8601 or an epoch. */
  timeColumn?: string;
  fromMillis?: number;
  untilMillis?: number;
  /** Name of the file, for samples of what was skipped. */
  place?: string;
}

export interface TableRead {
  rows: number;
  skipped: Skipped;
  /** The file holds data capture, not a table. */
  captured: boolean;
  /** Features of which no row has a value, nor one of a wrong type: the table has no such column. */
  absent: string[];
}
