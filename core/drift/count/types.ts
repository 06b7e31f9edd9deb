import type { Row, Skipped, Profile } from '../types';

/** What is known of a text, without the text. */
export interface TextFacts {
  /** UTF-16 code units. */
  length: number;
  /** Words and numbers; of scripts without blanks, signs. */
  tokens: number;
  /** ISO 639-1, or `unknown`. */
  language: string;
  refusal: boolean;
  /** Hashes of the first words (`WORDS_KEPT`), small letters, in order. */
  words: number[];
}

/** A cell as JSON: null is missing, false is of a wrong type; facts stand for texts. */
export type SampleCell = number | string | null | false | TextFacts;

export interface SampleRow {
  /** 32 bits of the id and the time: it orders the sample, and halves it by its last bit. */
  hash: number;
  id: string;
  atMillis?: number;
  /** In the order of the policy's features. */
  cells: SampleCell[];
}

/** The rows with the smallest hashes: the same for any split and any order of the rows. Plain JSON. */
export interface Sample {
  schema: 'sluice.drift-sample/v1';
  /** Most rows that are kept. */
  size: number;
  /** Rows that were seen. */
  seen: number;
  rows: SampleRow[];
}

export interface Sampler {
  add(row: Row): void;
  merge(other: Sample): void;
  sample(): Sample;
}

export interface Profiler {
  add(row: Row): void;
  /** So far. */
  profile(skipped: Skipped): Profile;
}

export interface ExampleFinder {
  add(row: Row): void;
  /** Ids for each finding, in the order of the findings. */
  examples(): string[][];
}
