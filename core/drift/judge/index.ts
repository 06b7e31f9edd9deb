import type { DriftFinding, DriftPolicy, DriftState, DriftWindow, QualityMeasure, TruthPolicy } from '../../contracts/drift';
import type { DriftBaseline } from '../types';
import type { Labelled, QualityCounts, WindowComparison, WindowProfiles } from './types';

export type * from './types';

/** `looksPerYear`: how often windows are judged; hourly unless told otherwise. */
export declare function judgeWindow(baseline: DriftBaseline, window: WindowProfiles, policy: DriftPolicy): DriftWindow;

/** Every figure behind a window, for pictures: also where nothing fired. */
export declare function comparisonOf(baseline: DriftBaseline, window: WindowProfiles, policy: DriftPolicy): WindowComparison;

/** The worst of the windows, and why. */
export declare function stateOf(windows: DriftWindow[]): { state: DriftState; reason: string };

/** Largest p-value that counts as significant: the charter's false alarms over all tests × windows × looks of a year. */
export declare function significanceOf(policy: DriftPolicy, featuresOfLayout: number): number;

export declare function countLabels(labelled: Labelled[], truth: TruthPolicy): QualityCounts;
export declare function mergeQualityCounts(counts: QualityCounts[]): QualityCounts;
/** Empty below `minimumLabels`. */
export declare function qualityOf(counts: QualityCounts, policy: DriftPolicy): QualityMeasure[];
/** Measures that missed their limit, as findings. */
export declare function qualityFindings(measures: QualityMeasure[], windowHours: number): DriftFinding[];
