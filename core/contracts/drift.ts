import type { DataSet } from './gate';

/** `text` is never profiled itself, only what is derived from it: `<name>.length`, `<name>.language`, … */
export type FeatureKind = 'numeric' | 'categorical' | 'text';

/** Of a text: characters, words, language, whether a model refuses to answer, share of words that the baseline does not know. */
export const TEXT_DERIVATIONS = ['length', 'tokens', 'language', 'refusal', 'unknown-words'] as const;
export type TextDerivation = (typeof TEXT_DERIVATIONS)[number];

/** One value of a request or an answer that is watched. */
export interface FeaturePolicy {
  /** Unique in the charter; 1 to 64 of a-z, A-Z, 0-9, - and _. */
  name: string;
  side: 'input' | 'output';
  /** JSON: a JMESPath. CSV: the column's name, or its number from 0. In a table of training data: the column of the feature's name, else of the path. */
  path: string;
  kind: FeatureKind;
  /** Smallest distance, √JSD in bits after debiasing, that counts as large. Default: 0.1. */
  threshold?: number;
  /** Of `text`. Default: length, tokens, language, unknown-words; of outputs also refusal. */
  derive?: TextDerivation[];
  /** Smallest share of rows that have a value, 0 to 1: checked, not estimated. */
  completenessAtLeast?: number;
  /** Of `numeric`: values outside are broken. */
  atLeast?: number;
  atMost?: number;
  /** Of `categorical`: other values are broken. */
  oneOf?: string[];
}

/** What a window is compared with. */
export type DriftBaselineSource =
  /** Rows that the model was trained on: CSV, JSONL or Parquet. */
  | { kind: 'training-data'; data: DataSet; format: 'csv' | 'jsonl' | 'parquet'; timeColumn?: string }
  /** What SageMaker Model Monitor's baseline job wrote. */
  | { kind: 'statistics'; statistics: DataSet; constraints?: DataSet }
  /** The first days of a release's own traffic, from its promotion. */
  | { kind: 'first-days'; days: number };

/** Rates of an outcome by group: fairness in production. */
export interface GroupPolicy {
  /** A categorical feature. */
  by: string;
  /** A categorical feature, and which of its values is the favourable outcome. */
  outcome: string;
  favourable: string;
  threshold?: number;
}

/** How good the answers are once the truth is known: KPI events that carry `truth`. */
export interface TruthPolicy {
  /** The output feature that predicts it. */
  prediction: string;
  kind: 'classification' | 'regression';
  /** Of `classification`: the label that precision and recall are about. */
  positive?: string;
  /** Of `classification`: the numeric output feature that says how sure the model is of its prediction, 0 to 1. */
  confidence?: string;
  /** Truth arrives within this time of the decision. */
  windowMinutes: number;
  /** Fewer labelled answers in a window say nothing. */
  minimumLabels: number;
  /** Limits; what is missing is reported only. */
  accuracyAtLeast?: number;
  precisionAtLeast?: number;
  recallAtLeast?: number;
  calibrationErrorAtMost?: number;
  maeAtMost?: number;
}

/** Profiles know the hour of the day, or of the week, and short windows are compared with the same hours of the baseline. */
export type Rhythm = 'none' | 'daily' | 'weekly';

/** Hours. All come from the same hourly profiles. */
export const DRIFT_WINDOWS = [1, 6, 24, 168] as const;

export interface DriftPolicy {
  features: FeaturePolicy[];
  /** Names of the columns of CSV bodies, which have no header. */
  csv?: { input?: string[]; output?: string[] };
  baseline: DriftBaselineSource;
  rhythm: Rhythm;
  windowsHours: number[];
  /** Over all features, checks and windows, at most so many in a year without any drift. */
  falseAlarmsPerYear: number;
  /** Windows with fewer rows say nothing: `not-enough-data`. */
  minimumRows: number;
  /** PCA reconstruction error over the numeric features. */
  joint: boolean;
  groups?: GroupPolicy;
  truth?: TruthPolicy;
  /** KPIs of stable, beside the units that stay with the baseline, are compared with those of its first days. */
  kpiMovement: boolean;
  /** A larger share of unreadable records makes a window `broken-input`. */
  brokenShareAbove: number;
  /** Role of the charter that is told. */
  owner: string;
}

/** `no-data` is never "no drift". The worst of the windows is the state of the whole, in the order broken-input, drifting, no-data, not-enough-data, ok. */
export type DriftState = 'ok' | 'drifting' | 'no-data' | 'not-enough-data' | 'broken-input';

/** What a check is about. */
export type DriftCheck =
  'distribution' | 'missing' | 'unseen' | 'wrong-type' | 'out-of-range' | 'incomplete' | 'group' | 'joint' | 'quality' | 'kpi';

/** One check that fired. */
export interface DriftFinding {
  check: DriftCheck;
  /** Feature, `joint`, measure or KPI. Of groups: `<feature>=<group>`. */
  feature: string;
  windowHours: number;
  /** Of the two-gate checks: debiased √JSD, and the smallest that is large. Of others: the figure and its limit. */
  value: number;
  limit: number;
  /** Of the two-gate checks: log10 of the p-value. */
  log10P?: number;
  rows: number;
  baselineRows?: number;
  /** A sentence for people. */
  words: string;
  /** Ids of records that show it: inference ids, else event ids. No content. */
  examples: string[];
}

export interface DriftWindow {
  hours: number;
  state: DriftState;
  /** Why it could not be judged. */
  reason?: string;
  rows: number;
  /** Lines that could not be read. */
  broken: number;
  /** Checks that fired, the strongest first. */
  findings: DriftFinding[];
}

/** A measure of answers whose truth is known. */
export interface QualityMeasure {
  measure: 'accuracy' | 'precision' | 'recall' | 'calibration-error' | 'mae';
  value: number;
  labels: number;
  limit?: number;
  passed: boolean;
}

/** What one hourly look said. Kept in the drift bucket under `looks/`, the newest in the ledger item `drift`. */
export interface DriftLook {
  /** ISO 8601, UTC. */
  at: string;
  /** The last hour that the look covers, e.g. `2026-03-02T09`. */
  hour: string;
  releaseId?: string;
  state: DriftState;
  /** Why, in a sentence. */
  reason: string;
  windows: DriftWindow[];
  quality: QualityMeasure[];
  /** Requests that the endpoint answered in the last hour, as SageMaker counts them; with `no-data` it says whether capture stopped. */
  requests?: number;
  reportUri?: string;
}

/** Ledger item `drift-mutes`, sk = feature or `*`: nobody is told of it until its end. */
export interface DriftMute {
  /** Feature, or `*`: all. */
  feature: string;
  /** `acknowledge`: it is known, until it is over or the end comes; `snooze`: until the end, whatever happens. */
  kind: 'snooze' | 'acknowledge';
  until: string;
  reason: string;
  /** IAM principal ARN, taken from the request's signature. */
  by: string;
  at: string;
}

/** Detail of the event `DriftDetected` (source `sluice`), and of `DriftEnded`, `DriftNoData`, `DriftBrokenInput`. */
export interface DriftEvent {
  useCase: string;
  releaseId?: string;
  hour: string;
  state: DriftState;
  findings: DriftFinding[];
  reportUri?: string;
}
