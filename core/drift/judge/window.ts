import type { DriftCheck, DriftPolicy, DriftState, DriftWindow } from '../../contracts/drift';
import { mergeProfiles } from '../count';
import { policyWithBaseline } from '../fit/constraints';
import type { DriftBaseline, Profile } from '../types';
import { compareFeatures } from './features';
import { compareGroups } from './groups';
import { compareJoint } from './joint';
import { isAbove } from './rates';
import { FEWEST_REFERENCE_ROWS, referenceOf } from './reference';
import { significanceOf } from './significance';
import type { WindowComparison, WindowProfiles } from './types';
import { findingsOf } from './words';

/** What fires because the data is broken: nothing that a new model could learn from. */
const BROKEN: readonly DriftCheck[] = ['missing', 'wrong-type', 'out-of-range', 'incomplete'];

/** The worst first. */
const STATES: readonly DriftState[] = ['broken-input', 'drifting', 'no-data', 'not-enough-data', 'ok'];

/** Judges one window: its hours' profiles beside the baseline's. */
export function judgeWindow(baseline: DriftBaseline, window: WindowProfiles, charter: DriftPolicy): DriftWindow {
  const policy = policyWithBaseline(charter, baseline);
  const profile = window.profiles.length === 0 ? undefined : mergeProfiles(window.profiles.map((one) => one.profile));
  const rows = profile?.rows ?? 0;
  const broken = brokenOf(profile);
  const told = { hours: window.hours, rows, broken };
  const nothing = (state: DriftState, reason: string): DriftWindow => ({ ...told, state, reason, findings: [] });
  const read = `${broken} of ${rows + broken} records could not be read`;
  const { rate } = significanceOf(policy, baseline.layout);
  if (isAbove({ count: broken, rows: rows + broken }, policy.brokenShareAbove, rate)) return nothing('broken-input', read);
  if (rows === 0 && broken > 0) return nothing('not-enough-data', read);
  if (profile === undefined || rows === 0) return nothing('no-data', 'there are no rows');
  if (rows < policy.minimumRows) return nothing('not-enough-data', `${rowsText(rows)}, at least ${policy.minimumRows} are needed`);
  const all = baseline.profile.rows;
  if (all < policy.minimumRows) {
    return nothing('not-enough-data', `the baseline has ${rowsText(all)}, at least ${policy.minimumRows} are needed`);
  }
  const comparison = comparisonOf(baseline, window, policy);
  const same = comparison.baselineRows;
  const fewest = Math.min(policy.minimumRows, FEWEST_REFERENCE_ROWS);
  if (same < fewest) return nothing('not-enough-data', `the baseline has ${rowsText(same)} of these hours, at least ${fewest} are needed`);
  const findings = findingsOf(comparison, policy);
  if (findings.length === 0) return { ...told, state: 'ok', findings };
  return { ...told, state: findings.some(({ check }) => BROKEN.includes(check)) ? 'broken-input' : 'drifting', findings };
}

/** Every figure behind a window, for pictures: also where nothing fired. */
export function comparisonOf(baseline: DriftBaseline, window: WindowProfiles, charter: DriftPolicy): WindowComparison {
  const policy = policyWithBaseline(charter, baseline);
  const significance = significanceOf(policy, baseline.layout);
  const reference = referenceOf(baseline, window);
  const profiles = window.profiles.map(({ profile }) => profile);
  const merged = profiles.length === 0 ? emptied(baseline.profile) : mergeProfiles(profiles);
  const sides = { layout: baseline.layout, baseline: reference, window: merged, policy, significance };
  const joint = policy.joint ? compareJoint(reference.joint, merged.joint, significance.moved) : undefined;
  return {
    hours: window.hours,
    rows: merged.rows,
    baselineRows: reference.rows,
    alpha: significance.moved,
    features: compareFeatures(sides),
    ...(joint === undefined ? {} : { joint }),
    groups: compareGroups(sides),
  };
}

/**
 * The worst of the windows, and why. A window with too few rows is no matter where another one could be judged: a use case with few
 * requests is watched by its longer windows.
 */
export function stateOf(windows: DriftWindow[]): { state: DriftState; reason: string } {
  if (windows.length === 0) return { state: 'no-data', reason: 'No window was judged.' };
  const judged = windows.some(({ state }) => state === 'ok');
  const counted = windows.filter(({ state }) => !(judged && state === 'not-enough-data'));
  const state = STATES.find((one) => counted.some((window) => window.state === one)) ?? 'no-data';
  return {
    state,
    reason: reasonOf(
      state,
      counted.filter((window) => window.state === state),
      windows,
    ),
  };
}

function reasonOf(state: DriftState, windows: DriftWindow[], all: DriftWindow[]): string {
  const named = (one: DriftWindow): string => (one.hours > 0 ? `last ${one.hours} h` : 'window');
  if (state === 'ok') {
    const short = all.filter((window) => window.state === 'not-enough-data').map(named);
    return short.length === 0 ? 'Nothing drifted.' : `Nothing drifted; too few rows: ${short.join(', ')}.`;
  }
  const findings = windows.flatMap((window) => window.findings);
  if (findings.length > 0) {
    const features = [...new Set(findings.map(({ feature }) => feature))];
    const more = features.length > 1 ? ` And: ${features.slice(1, 6).join(', ')}${features.length > 6 ? ' and more' : ''}.` : '';
    return `${findings[0]!.words}${more}`;
  }
  return `${windows.map((window) => `${named(window)}: ${window.reason ?? state}`).join('; ')}.`;
}

const brokenOf = (profile: Profile | undefined): number =>
  Object.values(profile?.skipped.counts ?? {}).reduce((sum, count) => sum + count, 0);

const rowsText = (rows: number): string => (rows === 1 ? '1 row' : `${rows} rows`);

function emptied(profile: Profile): Profile {
  const features = profile.features.map(({ cells }) => ({ cells: cells.map(() => 0), missing: 0, wrongType: 0, unseen: 0, outOfRange: 0 }));
  return { schema: profile.schema, layoutId: profile.layoutId, rows: 0, features, skipped: { counts: {}, samples: [] } };
}
