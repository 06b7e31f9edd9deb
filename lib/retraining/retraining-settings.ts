import type { ApprovalPolicy } from '../release/approval-policy';
import type { RetrainingTrigger } from './retraining-trigger';
import type { Training } from './training';

/** What tells which model is better. */
export enum RetrainingMetric {
  /** Share of right answers. */
  ACCURACY = 'accuracy',

  /** Share of right answers among those that say the positive label. */
  PRECISION = 'precision',

  /** Share of those with the positive label that are found. */
  RECALL = 'recall',

  /** Mean absolute error. */
  MAE = 'mae',
}

/** How a new model is held against stable. */
export interface RetrainingEvaluation {
  /**
   * What is measured on the newest labelled requests.
   *
   * @default - mae for regression, else accuracy
   */
  readonly metric?: RetrainingMetric;

  /**
   * How far the new model may fall behind stable: absolute, from 0; of `mae` as a share of stable's.
   *
   * @default 0.02
   */
  readonly notWorseBy?: number;

  /**
   * Instance type that the new model answers on while it is evaluated.
   *
   * @default ml.m5.large
   */
  readonly instanceType?: string;
}

/** What serves the new model. */
export interface RetrainingInference {
  /** Image with tag or digest. */
  readonly image: string;

  /**
   * Environment of the container, beside what the release sets.
   *
   * @default - none
   */
  readonly environment?: Record<string, string>;

  /**
   * Content type of requests and answers: what is sent one by one while the model is evaluated.
   *
   * @default application/json
   */
  readonly contentType?: string;
}

/** When a new model is made, of what, and what it must reach before the registry gets it. */
export interface RetrainingSettings {
  /**
   * What begins a run beside the owners, who can always ask.
   *
   * @default - drift
   */
  readonly triggers?: RetrainingTrigger[];

  /**
   * So long after a run began none begins for drift, KPIs or the schedule, in minutes.
   *
   * @default 10080
   */
  readonly coolDownMinutes?: number;

  /**
   * Runs in a calendar month (UTC), whoever asks, from 1.
   *
   * @default 2
   */
  readonly mostRunsPerMonth?: number;

  /**
   * What the runs of a calendar month (UTC) may cost, in the price book's currency, each taken at the most that it may cost. Only of
   * training jobs.
   *
   * @default - not limited
   */
  readonly monthlyBudget?: number;

  /**
   * How far back captured requests are taken, in days, from 1.
   *
   * @default 30
   */
  readonly sinceDays?: number;

  /**
   * Fewer requests with a known truth are not trained on.
   *
   * @default 1000
   */
  readonly minimumRows?: number;

  /**
   * The newest share of them, which is kept from training and evaluated on: from 0.05 to 0.5.
   *
   * @default 0.2
   */
  readonly evaluationShare?: number;

  /** What makes a model of the data. */
  readonly training: Training;

  /**
   * How the new model is held against stable.
   *
   * @default - see the single settings
   */
  readonly evaluation?: RetrainingEvaluation;

  /**
   * A board that looks before the new version is registered. Its release has the gates and the board of every release besides.
   *
   * @default - nobody is asked
   */
  readonly approval?: ApprovalPolicy;

  /**
   * What serves the new model.
   *
   * @default - of a use case: what serves its model
   */
  readonly inference?: RetrainingInference;
}
