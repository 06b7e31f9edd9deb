import type { ApprovalPolicy, ControlMode, RetrainingPolicy, RetrainingRecord, RetrainingTrigger } from '../contracts';

/** Ledger item `retraining`: what admission must know, changed on condition of its revision alone. */
export interface RetrainingState {
  revision: number;
  /** The last number that was given out. */
  sequence: number;
  /** The one run under way: at most one at a time. */
  running?: RunningRetraining;
  /** When the last run began that counts for the cool-down. */
  lastBeganAt?: string;
  /** Calendar month (UTC) of the two sums, such as `2026-03`. */
  month: string;
  runs: number;
  /** Estimates of the runs that began in the month. */
  spent: number;
}

export interface RunningRetraining {
  id: string;
  since: string;
  /** What it counts for, given back where it ends before anything was trained. */
  estimate: number;
  beganBefore?: string;
}

/** A run's record with what the handler keeps beside it. */
export interface StoredRetraining extends RetrainingRecord {
  executionArn?: string;
  /** The board as it was when the run began; missing: none is asked. */
  approval?: ApprovalPolicy;
  /** What the run made on SageMaker: deleted with it, whatever happens. */
  modelName?: string;
  /** Of a pipeline that trains: it is stopped with its run. */
  pipelineExecutionArn?: string;
  /** The owners were told how it ended. */
  announced?: boolean;
}

/** What the handler is deployed with: hyperparameters and the serving image's environment stand in the workflow. */
export type RetrainingSettings = Omit<RetrainingPolicy, 'training'> & { training: TrainingFacts };

export interface TrainingFacts {
  kind: RetrainingPolicy['training']['kind'];
  maxRuntimeMinutes: number;
  /** Of a job. */
  instanceType?: string;
  instanceCount?: number;
}

/** Who asks for a run, and why. */
export interface RetrainingAsked {
  /** The same id is the same request. */
  requestId: string;
  trigger: RetrainingTrigger;
  reason: string;
  /** `drift`, `kpi`, `schedule`, or the IAM principal's ARN. */
  requestedBy: string;
  at: string;
  /** The release whose traffic drifted: another one has no drift yet. */
  releaseId?: string;
  /** What is asked with is broken as well: a model would learn what must be mended. */
  brokenInput?: boolean;
}

/** Who answers now. */
export interface StableNow {
  mode: ControlMode;
  releaseId?: string;
  /** A release on its way to take stable's place. */
  successorId?: string;
}
