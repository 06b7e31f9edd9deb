/** A data set in S3, a JSON object a line. */
export interface DataSet {
  bucket: string;
  key: string;
  /** Hex; known where the file is deployed with the stack, and then checked. */
  sha256?: string;
}

/** What a candidate's answers are compared with. */
export type Rival = 'stable' | 'baseline';

/** Gives each line a score from 0 to 1. Fields are JMESPaths into the answer; missing: the whole answer. */
export type Scorer =
  | { kind: 'exact-match'; field?: string }
  | { kind: 'tolerance'; field?: string; absolute?: number; relative?: number }
  /** The line's `expected` is the pattern, unless one is given. */
  | { kind: 'pattern'; field?: string; pattern?: string }
  | { kind: 'json-schema'; schema: Record<string, unknown> }
  /** Gets `{ line, answer }` and answers `{ score, reason? }`. */
  | { kind: 'function'; functionArn: string }
  /** A module beside the charter, bundled at synth, exporting `score(line, answer)`. */
  | { kind: 'module'; name: string }
  /** A Bedrock model as judge: asked with the prompt, the request and the answer, it says a number from 0 to 1. */
  | { kind: 'judge'; modelId: string; prompt: string };

interface Named {
  /** Unique in the charter; 2 to 32 of a-z, 0-9 and -. */
  name: string;
}

/** Every line is sent to the dark candidate; the mean score decides. */
export interface GoldenSetGate extends Named {
  kind: 'golden-set';
  data: DataSet;
  scorer: Scorer;
  /** Smallest mean score. */
  atLeast?: number;
  /** The rival gets the same lines; the candidate's mean may fall behind by this much. */
  notWorse?: { than: Rival; by: number };
  /** The worst slice of `by` (field of the line) must reach `atLeast`; slices with fewer lines say nothing. */
  slices?: { by: string; atLeast: number; minimumLines: number };
  /** Share of favourable answers of each group of `by` over that of the best group. */
  bias?: { by: string; field?: string; favourable: unknown; ratioAtLeast: number; minimumLines: number };
}

/** Requests at multiples of the expected load, one level after the other. */
export interface LoadGate extends Named {
  kind: 'load';
  /** Requests to send, over and over. */
  data: DataSet;
  requestsPerMinute: number;
  /** Such as [1, 2, 5]. */
  multiples: number[];
  secondsPerLevel: number;
  latency?: { percentile: number; belowMillis: number };
  notSlower?: { than: Rival; percentile: number; ratioAtMost: number };
  errorRateAtMost: number;
  /** Cost of the candidate's instances over the answers that they give at this load; needs the price. */
  costPerAnswerAtMost?: number;
  pricePerInstanceHour?: number;
}

/** A Lambda function or a state machine of the user's: answers `{ passed, reason?, measured? }`. */
export interface CustomGate extends Named {
  kind: 'custom';
  functionArn?: string;
  stateMachineArn?: string;
  timeoutMinutes: number;
}

/** The first line of a data set, once: that the candidate answers at all while it has no weight. Comes before all others. */
export interface SmokeGate extends Named {
  kind: 'smoke';
  data: DataSet;
}

export type GatePolicy = GoldenSetGate | LoadGate | CustomGate | SmokeGate;

/** One figure of a gate, with what it had to be. */
export interface GateMeasure {
  /** Such as `mean score`, `worst slice (segment = gold)`, `p95 at 2 × load`. */
  name: string;
  /** Missing: could not be measured, which fails a gate that demands it. */
  value?: number;
  unit?: string;
  /** The rival's figure. */
  rival?: { arm: Rival; value?: number };
  /** In words: `at least 0.9`. Missing: reported only. */
  demanded?: string;
  passed: boolean;
  /** Answers behind it. */
  count?: number;
}

/** Ledger item `gate#<releaseId>`, the gate's name: evidence, and the answer of the gate's execution. */
export interface GateResult {
  releaseId: string;
  gate: string;
  kind: GatePolicy['kind'];
  passed: boolean;
  /** A sentence for people. */
  reason: string;
  startedAt: string;
  endedAt: string;
  measured: GateMeasure[];
  data?: { uri: string; sha256?: string; lines: number };
  /** Lines that were scored lowest, by number, for whoever looks further: no content. */
  worstLines?: number[];
}

/** Input of the gate workflow; its output is a `GateResult`. */
export interface GateInput {
  releaseId: string;
  /** Place in `spec.gates`. */
  index: number;
}
