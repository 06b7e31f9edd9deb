import type { ApprovalPolicy } from './release';

export const RETRAINING_TRIGGERS = ['drift', 'schedule', 'kpi', 'operator'] as const;
export type RetrainingTrigger = (typeof RETRAINING_TRIGGERS)[number];

/** What makes a model of the data. Each leaves one `model.tar.gz` below where it is told to, and never sees what is evaluated on. */
export type TrainingPolicy =
  | {
      kind: 'job';
      image: string;
      instanceType: string;
      instanceCount: number;
      volumeGb: number;
      hyperParameters: Record<string, string>;
      maxRuntimeMinutes: number;
    }
  /** A SageMaker pipeline with the parameters TrainingData and OutputPath. */
  | { kind: 'pipeline'; pipelineName: string; maxRuntimeMinutes: number }
  /** A state machine of the user's: input `{ runId, trainingData, outputPath, parentReleaseId }`, output `{ modelDataUrl }`. */
  | { kind: 'state-machine'; stateMachineArn: string; maxRuntimeMinutes: number };

/** How the new model is held against stable on the newest labelled data. */
export interface EvaluationPolicy {
  metric: 'accuracy' | 'precision' | 'recall' | 'mae';
  /** The new model may fall behind stable by this much (absolute; of `mae` as a share of stable's). */
  notWorseBy: number;
  instanceType: string;
}

export interface RetrainingPolicy {
  /** Operators can always ask. */
  on: { drift: boolean; kpi: boolean; schedule?: string };
  /** So long after a run began none begins for drift, KPI or schedule; a refused trigger is told. */
  coolDownMinutes: number;
  /** In a calendar month (UTC), whoever asks. */
  mostRunsPerMonth: number;
  /** What the runs of a month may cost, in the price book's currency; a price that is not known counts as more. */
  monthlyBudget?: number;
  data: {
    /** Answers of the last days whose truth is known. */
    sinceDays: number;
    minimumRows: number;
    /** The newest share of them, kept from training. */
    evaluationShare: number;
  };
  training: TrainingPolicy;
  evaluation: EvaluationPolicy;
  /** A board that looks before the package is registered. */
  approval?: ApprovalPolicy;
  /** Model package group that the new version goes to: that of `release.registry`. */
  group: string;
  /** What serves the new model. */
  inference: { image: string; environment: Record<string, string>; contentType: string };
}

export type RetrainingStatus = 'selecting' | 'training' | 'evaluating' | 'approving' | 'registered' | 'refused' | 'rejected' | 'failed';

/** Ledger item, pk `retrainings`, sk = id. */
export interface RetrainingRecord {
  /** `t<sequence>`, also the execution's name. */
  id: string;
  trigger: RetrainingTrigger;
  /** Why: the drift's words, the schedule, what the operator said. */
  reason: string;
  /** `drift`, `schedule`, or the IAM principal's ARN. */
  requestedBy: string;
  requestedAt: string;
  status: RetrainingStatus;
  parentReleaseId: string;
  data?: {
    trainingUri: string;
    trainingSha256: string;
    trainingRows: number;
    evaluationUri: string;
    evaluationSha256: string;
    evaluationRows: number;
  };
  /** `behind`: how far the new model fell behind stable (of `mae` as a share of stable's); `behindAtMost`: its one-sided 95 % bound. */
  evaluation?: { metric: string; candidate: number; stable: number; rows: number; passed: boolean; behind?: number; behindAtMost?: number };
  modelDataUrl?: string;
  modelPackageArn?: string;
  costEstimate?: number;
  endedAt?: string;
  /** How it ended, in a sentence. */
  outcome?: string;
}
