import type { FeaturePolicy } from '../contracts/drift';

/** What a row has for a feature: a number, a text (categories as text), nothing, or something of another type. */
export type Cell = number | string | typeof MISSING | typeof WRONG_TYPE;
export const MISSING = undefined;
export const WRONG_TYPE = Symbol('wrong type');

/**
 * One request with its answer, or one row of a table: cells in the order of the policy's features. Texts are still whole.
 * The reader uses the same object for every row: copy what is kept.
 */
export interface Row {
  /** Inference id, else event id; of a table: the line's number. Orders rows for sampling, so it must not depend on how files are split. */
  id: string;
  /** Undefined: not known. */
  atMillis: number | undefined;
  cells: Cell[];
}

/** Takes rows one by one; what a reader feeds. */
export type RowSink = (row: Row) => void;

/** A line that was left out: counted by problem, the first few kept for whoever must find them. */
export interface Skipped {
  counts: Record<string, number>;
  /** At most ten, by place: no content beyond 80 characters. */
  samples: { place: string; problem: string }[];
}

/** A feature as it is counted: text features are expanded into what is derived from them. */
export type FeatureLayout =
  | {
      name: string;
      of: string;
      kind: 'numeric';
      /** Inner edges, ascending: a value v falls into the cell of the first edge above it. */ edges: number[];
    }
  | {
      name: string;
      of: string;
      kind: 'categorical';
      /** The most frequent first; one more cell holds the others. */
      categories: string[];
      /** Hashes of every value that the baseline has, ascending; undefined: too many to be kept, unseen values are not told apart. */
      known?: number[];
    };

/** What is needed to count rows; profiles with the same layout merge. */
export interface Layout {
  /** Hash of the rest. */
  id: string;
  features: FeatureLayout[];
  /** By text feature: hashes of the words that the baseline knows, ascending. */
  vocabularies: Record<string, number[]>;
  joint?: JointLayout;
  groups?: { by: string; outcome: string; favourable: string };
}

/** Standardise, project on the loadings, take what is left. Missing values count as the mean. */
export interface JointLayout {
  features: string[];
  means: number[];
  deviations: number[];
  /** One row per component. */
  loadings: number[][];
}

/** Counts alone, all whole numbers: merging is adding, in any order and any split. */
export interface FeatureCounts {
  /** Rows with a usable value fall into exactly one of them. */
  cells: number[];
  missing: number;
  wrongType: number;
  /** Of rows in the cell "others", those that the baseline never had. */
  unseen: number;
  outOfRange: number;
}

/** Sums of the reconstruction error, in units of `JOINT_STEP`. */
export interface JointCounts {
  n: number;
  sum: number;
  sumOfSquares: number;
}

export interface Profile {
  schema: 'sluice.drift-profile/v1';
  layoutId: string;
  rows: number;
  /** Epoch milliseconds. */
  firstAt?: number;
  lastAt?: number;
  /** In the order of the layout. */
  features: FeatureCounts[];
  joint?: JointCounts;
  groups?: Record<string, { n: number; favourable: number }>;
  skipped: Skipped;
}

export interface DriftBaseline {
  schema: 'sluice.drift-baseline/v1';
  layout: Layout;
  /** Over all of it. */
  profile: Profile;
  /** By hour of the day (24) or of the week (168, from Monday 00:00 UTC), where the policy has a rhythm and rows have a time. */
  slots?: Profile[];
  /** What the baseline itself demands, by feature: SageMaker's constraints. The charter's own limits go first. */
  constraints?: Record<string, Pick<FeaturePolicy, 'threshold' | 'completenessAtLeast' | 'atLeast' | 'atMost' | 'oneOf'>>;
  source: { kind: string; uri?: string; sha256?: string; from?: string; to?: string; releaseId?: string };
}
