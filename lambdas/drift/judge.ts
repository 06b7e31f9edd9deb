import type { DriftFinding, DriftPolicy, DriftWindow } from '../../core/contracts';
import { createExamples, mergeProfiles } from '../../core/drift/count';
import { comparisonOf, judgeWindow, type WindowComparison, type WindowProfiles } from '../../core/drift/judge';
import { type HourCaptures, startOfHour } from '../../core/drift/look/objects';
import { createCaptureReader } from '../../core/drift/read/capture-reader';
import type { DriftBaseline, Profile, Row } from '../../core/drift/types';
import type { DriftParts } from './parts';
import type { KeptHour } from './profiles';
import { logger } from '../shared/telemetry';
import { CapturesChanged, readObjects } from './read-objects';
import type { Stable } from './stable';

export interface JudgedWindow {
  window: DriftWindow;
  /** Of all its hours; undefined: it has none. */
  profile?: Profile;
  comparison?: WindowComparison;
}

/** All windows that end with the hour. */
export function judgeWindows(baseline: DriftBaseline, kept: Map<number, KeptHour>, hour: number, policy: DriftPolicy): JudgedWindow[] {
  return policy.windowsHours.map((hours) => {
    const profiles = [...kept]
      .filter(([at]) => at > hour - hours && at <= hour)
      .sort(([one], [other]) => one - other)
      .flatMap(([at, { profile }]) => (profile === undefined ? [] : [{ hour: at, profile: profile as Profile }]));
    const given: WindowProfiles = { hours, profiles };
    const window = judgeWindow(baseline, given, policy);
    if (profiles.length === 0) return { window };
    return { window, profile: mergeProfiles(profiles.map((one) => one.profile)), comparison: comparisonOf(baseline, given, policy) };
  });
}

/** Findings of other sources stand in the window that they are about. */
export function withFindings(windows: DriftWindow[], findings: DriftFinding[]): DriftWindow[] {
  const added = [...windows];
  for (const finding of findings) {
    const index = added.findIndex(({ hours }) => hours === finding.windowHours);
    const window = added[index] ?? { hours: finding.windowHours, state: 'drifting', rows: finding.rows, broken: 0, findings: [] };
    const state = window.state === 'broken-input' ? window.state : 'drifting';
    const next: DriftWindow = { ...window, state, findings: [...window.findings, finding] };
    if (index < 0) added.push(next);
    else added[index] = next;
  }
  return added.sort((one, other) => one.hours - other.hours);
}

/** What is read a second time, for examples. */
const EXAMPLE_BYTES = 24 * 1024 * 1024;

/** Puts ids of records that show them beside findings, from the newest files. */
export async function withExamples(
  parts: DriftParts,
  policy: DriftPolicy,
  stable: Stable,
  baseline: DriftBaseline,
  judged: JudgedWindow[],
  captures: Map<number, HourCaptures>,
  hour: number,
): Promise<JudgedWindow[]> {
  const finders = judged.map(({ window, profile }) =>
    window.findings.length === 0 || profile === undefined ? undefined : createExamples(baseline, profile, policy, window.findings),
  );
  if (finders.every((finder) => finder === undefined)) return judged;
  const shown = judged.flatMap(({ window }, index) => {
    const finder = finders[index];
    return finder === undefined ? [] : [{ finder, hours: window.hours, fromMillis: startOfHour(hour - window.hours + 1) }];
  });
  const add = (row: Row): void => {
    for (const { finder, fromMillis } of shown) if ((row.atMillis ?? 0) >= fromMillis) finder.add(row);
  };
  const longest = Math.max(...shown.map(({ hours }) => hours));
  const files = newest([...captures.values()].filter((one) => one.hour <= hour && one.hour > hour - longest));
  const reader = createCaptureReader(policy, add, { fromMillis: stable.sinceMillis });
  try {
    await readObjects(parts.captures, files, reader);
  } catch (error) {
    if (!(error instanceof CapturesChanged)) throw error;
    logger.warn('Captures changed while examples were looked for', { error });
  }
  reader.finish();
  return judged.map((one, index) => {
    const examples = finders[index]?.examples() ?? [];
    const findings = one.window.findings.map((finding, at) => ({ ...finding, examples: examples[at] ?? finding.examples }));
    return { ...one, window: { ...one.window, findings } };
  });
}

function newest(captures: HourCaptures[]): HourCaptures['objects'] {
  const files = captures.toSorted((one, other) => other.hour - one.hour).flatMap(({ objects }) => objects.toReversed());
  const taken: HourCaptures['objects'] = [];
  let bytes = 0;
  for (const file of files) {
    if (bytes + file.size > EXAMPLE_BYTES) continue;
    taken.push(file);
    bytes += file.size;
  }
  return taken;
}
