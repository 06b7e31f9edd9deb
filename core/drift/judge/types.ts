import type { DriftCheck } from '../../contracts/drift';
import type { Profile } from '../types';

/** Profiles of a window: of its hours (`hourOfMillis`), or of a file whose rows have no time. */
export interface WindowProfiles {
  hours: number;
  profiles: { hour?: number; profile: Profile }[];
}

/** Rows of the baseline and of the window that show something, of so many that can. */
export interface RateComparison {
  baseline: { count: number; rows: number };
  window: { count: number; rows: number };
  /** Debiased √JSD in bits, and log10 of the p-value; 0 where one side has no rows. */
  distance: number;
  log10P: number;
  fired: boolean;
}

/** A cell of a feature's distribution, as it is drawn: `from` and `to` of numbers, else the category; `other` is what is left. */
export interface ComparedCell {
  label: string;
  from?: number;
  to?: number;
  baseline: number;
  window: number;
}

/** One feature of the layout, also where nothing fired. */
export interface FeatureComparison {
  /** Of texts: `<name>.length`, … */
  name: string;
  /** The feature of the charter that it comes from. */
  of: string;
  kind: 'numeric' | 'categorical';
  cells: ComparedCell[];
  /** Rows with a usable value. */
  baselineRows: number;
  windowRows: number;
  /** False: one side has no rows with a usable value, so that distance and log10P are 0 and say nothing. */
  compared: boolean;
  /** Debiased √JSD in bits. */
  distance: number;
  log10P: number;
  /** Smallest distance that counts as large. */
  limit: number;
  /** The distribution drifted: both gates. */
  fired: boolean;
  missing: RateComparison;
  wrongType: RateComparison;
  /** Of categories whose values the baseline knows. */
  unseen?: RateComparison;
  /** Rows of the window. */
  outOfRange: number;
  /** Every check of the feature that fired. */
  checks: DriftCheck[];
}

/** Mean reconstruction error. `shift` is in standard deviations of the baseline's. */
export interface JointComparison {
  baselineMean: number;
  windowMean: number;
  shift: number;
  z: number;
  /** Smallest |z| that counts. */
  limit: number;
  rows: number;
  baselineRows: number;
  fired: boolean;
}

export interface GroupComparison extends RateComparison {
  group: string;
}

/** All figures of a window beside the baseline. */
export interface WindowComparison {
  hours: number;
  rows: number;
  baselineRows: number;
  /** Largest p-value of a moved distribution that counts as significant. */
  alpha: number;
  features: FeatureComparison[];
  joint?: JointComparison;
  groups: GroupComparison[];
}

/** An answer whose truth is known. */
export interface Labelled {
  truth: string | number;
  prediction: string | number;
  /** How sure the model was of its prediction, 0 to 1. */
  confidence?: number;
}

/** Adds up over hours. */
export interface QualityCounts {
  labels: number;
  correct: number;
  /** Of the positive label. */
  truePositives: number;
  falsePositives: number;
  falseNegatives: number;
  /** Of answers with a confidence, by tenths of it. */
  calibration: { rows: number; correct: number; confidence: number }[];
  absoluteError: number;
  squaredError: number;
  /** Truths and predictions that are no numbers where numbers are wanted. */
  unusable: number;
}
