import type { DriftPolicy, FeaturePolicy } from '../../contracts/drift';
import type { Layout } from '../types';

/** The job looks each hour. */
const LOOKS_PER_YEAR = 8760;
/** Of the false alarms allowed, what goes to rates (missing, wrong type, unseen, completeness): what they find is rarely a close call. */
const RATES_SHARE = 0.1;

/** Largest p-values that count as significant. */
export interface Significance {
  /** Of a feature's distribution, a group's outcome, the joint error. */
  moved: number;
  rate: number;
}

/**
 * The false alarms that the charter allows in a year, over all tests of all windows of all looks. Windows that overlap are counted as if
 * they did not: less than the charter allows remains.
 */
export function significanceOf(policy: DriftPolicy, layout: Layout): Significance {
  const moved = layout.features.length + groupsOf(layout) + (layout.joint === undefined ? 0 : 1);
  return { moved: spread(policy, moved, 1 - RATES_SHARE), rate: spread(policy, ratesOf(policy, layout), RATES_SHARE) };
}

/** Of the measures of answers whose truth is known. */
export const qualitySignificanceOf = (policy: DriftPolicy): number => spread(policy, Math.max(1, limitsOf(policy)), 1);

/** Where quality has limits, half of the false alarms are quality's. */
function spread(policy: DriftPolicy, tests: number, share: number): number {
  const halves = limitsOf(policy) > 0 ? 2 : 1;
  const looks = Math.max(1, policy.windowsHours.length) * LOOKS_PER_YEAR;
  return Math.min(0.05, (share * policy.falseAlarmsPerYear) / (Math.max(1, tests) * looks * halves));
}

/** Records that cannot be read; missing values, and wrong types both ways; unseen values; completeness and bounds where the charter names them. */
function ratesOf({ features }: DriftPolicy, layout: Layout): number {
  const unseen = layout.features.filter((feature) => feature.kind === 'categorical' && feature.known !== undefined).length;
  return features.reduce(
    (sum, feature) => sum + 3 + (feature.completenessAtLeast === undefined ? 0 : 1) + (isBounded(feature) ? 1 : 0),
    1 + unseen,
  );
}

const isBounded = ({ atLeast, atMost, oneOf }: FeaturePolicy): boolean =>
  atLeast !== undefined || atMost !== undefined || oneOf !== undefined;

/** As many as the feature has categories, and the others. */
function groupsOf({ groups, features }: Layout): number {
  if (groups === undefined) return 0;
  const by = features.find(({ name }) => name === groups.by);
  return by?.kind === 'categorical' ? by.categories.length + 1 : 0;
}

/** Measures of quality that have a limit. */
function limitsOf({ truth }: DriftPolicy): number {
  const limits = [truth?.accuracyAtLeast, truth?.precisionAtLeast, truth?.recallAtLeast, truth?.calibrationErrorAtMost, truth?.maeAtMost];
  return limits.filter((limit) => limit !== undefined).length;
}
