import type { DriftBaseline } from './drift-baseline';
import type { DriftFeature } from './drift-feature';
import type { DriftTruth } from './drift-truth';

/** What changes by itself, and is no drift. Short windows are compared with the same hours of the baseline. */
export enum DriftRhythm {
  /** Nothing. */
  NONE = 'none',
  /** By the hour of the day. */
  DAILY = 'daily',
  /** By the hour of the week. */
  WEEKLY = 'weekly',
}

/** Rates of an outcome by group: fairness in production. */
export interface DriftGroups {
  /** Name of the categorical feature that says the group. */
  readonly by: string;

  /** Name of the categorical feature that says the outcome. */
  readonly outcome: string;

  /** The favourable outcome. */
  readonly favourable: string;

  /**
   * Smallest distance that counts as large: √JSD in bits, 0.01 to 1.
   *
   * @default 0.1
   */
  readonly threshold?: number;
}

/** What of requests and answers is watched, and how. */
export interface DriftSettings {
  /** What is watched; 1 to 200. */
  readonly features: DriftFeature[];

  /** What it is compared with. */
  readonly baseline: DriftBaseline;

  /**
   * Role that is told.
   *
   * @default - `quality` where it is named, else `process`
   */
  readonly owner?: string;

  /**
   * What changes by itself.
   *
   * @default DriftRhythm.NONE
   */
  readonly rhythm?: DriftRhythm;

  /**
   * Windows in hours, of 1, 6, 24 and 168.
   *
   * @default - all four
   */
  readonly windowsHours?: number[];

  /**
   * Over all features, checks and windows at most so many false alarms come in a year; 0.01 to 52.
   *
   * @default 1
   */
  readonly falseAlarmsPerYear?: number;

  /**
   * Windows with fewer rows say nothing.
   *
   * @default 200
   */
  readonly minimumRows?: number;

  /**
   * Whether numeric features are also watched together.
   *
   * @default - where there are two
   */
  readonly joint?: boolean;

  /**
   * Whether KPIs of stable, beside the units that stay with the baseline, are held against those of its first days.
   *
   * @default - where units stay with the baseline
   */
  readonly kpiMovement?: boolean;

  /**
   * A larger share of unreadable records is told, 0 to 1.
   *
   * @default 0.01
   */
  readonly brokenShareAbove?: number;

  /**
   * Columns of CSV requests, in their order.
   *
   * @default - by number
   */
  readonly inputColumns?: string[];

  /**
   * Columns of CSV answers, in their order.
   *
   * @default - by number
   */
  readonly outputColumns?: string[];

  /**
   * Rates of an outcome by group.
   *
   * @default - none are compared
   */
  readonly groups?: DriftGroups;

  /**
   * How good answers are, once the truth is known.
   *
   * @default - not measured
   */
  readonly truth?: DriftTruth;
}
