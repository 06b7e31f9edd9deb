import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { GateData } from './gate-data';
import type { Scorer } from './scorer';

/** What a candidate is compared with. */
export enum GateRival {
  /** The stable release; a first release has none and is not compared. */
  STABLE = 'stable',

  /** What answers without a model. */
  BASELINE = 'baseline',
}

/** The rival gets the same lines as the candidate. */
export interface NotWorse {
  /** What the candidate is compared with. */
  readonly than: GateRival;

  /**
   * How much lower the candidate's mean score may be, a fraction.
   *
   * @default 0
   */
  readonly by?: number;
}

/** The worst slice of a golden set. */
export interface SliceDemand {
  /** Field of the lines that slices are made by. */
  readonly by: string;

  /** Smallest mean score of any slice, a fraction. */
  readonly atLeast: number;

  /**
   * Slices with fewer lines say nothing.
   *
   * @default 30
   */
  readonly minimumLines?: number;
}

/** Favourable answers of groups: the smallest share over the largest one. */
export interface BiasDemand {
  /** Field of the lines that groups are made by. */
  readonly by: string;

  /**
   * JMESPath into the answer.
   *
   * @default - the whole answer
   */
  readonly field?: string;

  /** The value of a favourable answer. */
  readonly favourable: any; // eslint-disable-line @typescript-eslint/no-explicit-any

  /**
   * Smallest ratio, a fraction.
   *
   * @default 0.8
   */
  readonly ratioAtLeast?: number;

  /**
   * Groups with fewer lines say nothing.
   *
   * @default 30
   */
  readonly minimumLines?: number;
}

/** What gates that score lines may demand. */
export interface ScoredGateProps {
  /** The lines. */
  readonly data: GateData;

  /**
   * Smallest mean score, a fraction.
   *
   * @default - the mean is reported
   */
  readonly atLeast?: number;

  /**
   * Comparison with stable or the baseline.
   *
   * @default - not compared
   */
  readonly notWorse?: NotWorse;

  /**
   * Demand on the worst slice.
   *
   * @default - no slices
   */
  readonly slices?: SliceDemand;
}

/** A golden set: every line is sent to the candidate, and scored. At least one demand is needed. */
export interface GoldenSetGateProps extends ScoredGateProps {
  /** What gives an answer its score. */
  readonly scorer: Scorer;

  /**
   * Demand on the ratio of favourable answers between groups.
   *
   * @default - no groups
   */
  readonly bias?: BiasDemand;
}

/** Whether answers fit a JSON Schema. */
export interface OutputSchemaGateProps {
  /** The lines. */
  readonly data: GateData;

  /** Path of the JSON Schema. */
  readonly schemaFile: string;

  /**
   * Smallest share of answers that fit.
   *
   * @default 1
   */
  readonly atLeast?: number;
}

/** A percentile of latency. */
export interface LatencyDemand {
  /** Milliseconds that the percentile must stay below. */
  readonly belowMillis: number;

  /**
   * The percentile, from 50 to 99.9.
   *
   * @default 95
   */
  readonly percentile?: number;
}

/** The candidate's percentile of latency at the expected load over stable's. */
export interface NotSlower {
  /**
   * Largest ratio.
   *
   * @default 1.2
   */
  readonly ratioAtMost?: number;

  /**
   * The percentile, from 50 to 99.9.
   *
   * @default 95
   */
  readonly percentile?: number;
}

/** Load on the candidate, one level after the other. */
export interface LoadGateProps {
  /** Requests, sent over and over. */
  readonly data: GateData;

  /** The load that is expected. */
  readonly requestsPerMinute: number;

  /**
   * Multiples of it, growing.
   *
   * @default [1, 2, 5]
   */
  readonly multiples?: number[];

  /**
   * How long each level lasts, from 10 to 600.
   *
   * @default 60
   */
  readonly secondsPerLevel?: number;

  /**
   * Demand on latency at every level.
   *
   * @default - latency is reported
   */
  readonly latency?: LatencyDemand;

  /**
   * Comparison with stable, which is asked sparingly meanwhile.
   *
   * @default - not compared
   */
  readonly notSlower?: NotSlower;

  /**
   * Largest share of requests without an answer, at every level.
   *
   * @default 0.01
   */
  readonly errorRateAtMost?: number;

  /**
   * Largest cost of an answer at every level, in the currency of `pricePerInstanceHour`.
   *
   * @default - the cost is reported where the price is known
   */
  readonly costPerAnswerAtMost?: number;

  /**
   * Price of an hour of one instance.
   *
   * @default - cost is not known
   */
  readonly pricePerInstanceHour?: number;
}

/** A gate of your own: a function or a state machine that answers `{ passed, reason?, measured? }`. */
export interface CustomGateProps {
  /**
   * The function.
   *
   * @default - `stateMachine`
   */
  readonly handler?: lambda.IFunction;

  /**
   * The state machine.
   *
   * @default - `handler`
   */
  readonly stateMachine?: sfn.IStateMachine;

  /**
   * Longest time to an answer, in minutes.
   *
   * @default 15
   */
  readonly timeoutMinutes?: number;
}
