import type { DriftFinding } from '../../contracts';
import type { FeatureComparison } from '../judge/types';
import type { DriftReport, DriftReportWindow } from './types';

/** One feature in one window. */
export interface Seen {
  window: DriftReportWindow;
  feature: FeatureComparison;
}

/** A finding, and the window that it was found in. */
export interface FoundIn {
  window: string;
  finding: DriftFinding;
}

export interface FeatureStory {
  name: string;
  findings: FoundIn[];
  /** In the report's order of windows; at least one. */
  seen: [Seen, ...Seen[]];
  /** Where it moved most, in units of its limit. */
  strongest: Seen;
}

const FIRED = 1000;
const FOUND = 10 * FIRED;

/** What fired first, and among those whatever moved farthest beyond its limit. */
export function storiesOf({ windows }: DriftReport): FeatureStory[] {
  const byName = new Map<string, Seen[]>();
  for (const window of windows) {
    for (const feature of window.comparison?.features ?? []) {
      byName.set(feature.name, [...(byName.get(feature.name) ?? []), { window, feature }]);
    }
  }
  const stories = [...byName].map(([name, seen]) => storyOf(name, seen as [Seen, ...Seen[]], windows));
  return stories.sort((left, right) => rankOf(right) - rankOf(left));
}

function storyOf(name: string, seen: [Seen, ...Seen[]], windows: DriftReportWindow[]): FeatureStory {
  const { of } = seen[0].feature;
  // A check of a text as a whole, such as that it is missing, shows with each of its derivations.
  const findings = windows.flatMap(({ name: where, window }) =>
    window.findings.filter(({ feature }) => feature === name || feature === of).map((finding) => ({ window: where, finding })),
  );
  return { name, findings, seen, strongest: seen.reduce((best, next) => (strength(next) > strength(best) ? next : best)) };
}

const strength = ({ feature: { distance, limit, fired, checks, missing } }: Seen): number =>
  (limit > 0 ? distance / limit : 0) + (fired ? FIRED : 0) + (checks.length > 0 ? FIRED / 2 : 0) + missing.distance;

const rankOf = ({ findings, strongest }: FeatureStory): number => (findings.length > 0 ? FOUND : 0) + strength(strongest);
