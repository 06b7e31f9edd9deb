import type { DriftPolicy } from '../../contracts/drift';
import type { Layout } from '../types';

/** The job looks each hour. */
export const LOOKS_PER_YEAR = 8760;

/**
 * Largest p-value that counts as significant: the false alarms that the charter allows in a year, over all tests of all windows of all
 * looks. Windows that overlap are counted as if they did not: less than the charter allows remains.
 */
export const significanceOf = (policy: DriftPolicy, layout: Layout): number => share(policy, testsOf(policy, layout));

/** Of the measures of answers whose truth is known. */
export const qualitySignificanceOf = (policy: DriftPolicy): number => share(policy, Math.max(1, limitsOf(policy)));

/** Where quality has limits, half of the false alarms are quality's. */
function share(policy: DriftPolicy, tests: number): number {
  const halves = limitsOf(policy) > 0 ? 2 : 1;
  const looks = Math.max(1, policy.windowsHours.length) * LOOKS_PER_YEAR;
  return Math.min(0.05, policy.falseAlarmsPerYear / (tests * looks * halves));
}

function testsOf(policy: DriftPolicy, layout: Layout): number {
  const ofLayout = layout.features.reduce(
    (sum, feature) => sum + (feature.kind === 'categorical' && feature.known !== undefined ? 2 : 1),
    0,
  );
  // Missing and wrong type; and completeness where the charter names one.
  const ofPolicy = policy.features.reduce((sum, feature) => sum + (feature.completenessAtLeast === undefined ? 2 : 3), 0);
  return ofLayout + ofPolicy + groupsOf(layout) + (layout.joint === undefined ? 0 : 1);
}

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
