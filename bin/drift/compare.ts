import type { DriftPolicy, DriftState, DriftWindow } from '../../core/contracts';
import { createExamples, createProfiler, mergeProfiles, nothingSkipped, skippedLines, type Profiler } from '../../core/drift/count';
import { comparisonOf, judgeWindow, stateOf, type WindowComparison, type WindowProfiles } from '../../core/drift/judge';
import { hourOfMillis } from '../../core/drift/places';
import type { DriftBaseline, Row, Skipped } from '../../core/drift/types';
import { didYouMean } from '../../core/charter/suggest';
import type { LocalBaseline } from './baseline';
import type { Place } from './files';
import type { DriftProgress } from './progress';
import { readRows, type Reading } from './reading';
import { surveyOf } from './survey';

/** One window beside the baseline. */
export interface ComparedWindow {
  name: string;
  from?: string;
  to?: string;
  window: DriftWindow;
  comparison?: WindowComparison;
  skipped: Skipped;
  notes: string[];
}

const HOURS_OF_WEEK = 168;
const MILLIS_PER_HOUR = 3_600_000;

/** Counts a window's rows, judges them, and looks for rows that show what was found. */
export async function compareWindow(
  place: Place,
  baseline: DriftBaseline,
  policy: DriftPolicy,
  options: { timeColumn?: string; columns: string[] },
  progress: DriftProgress,
): Promise<ComparedWindow> {
  const hours = new HourlyProfiles(baseline, policy);
  const reading = await readRows(place, policy, (row) => hours.add(row), options, progress);
  const profiles: WindowProfiles = { hours: hoursOf(reading), profiles: hours.profiles(reading.skipped) };
  const window = unreadable(judgeWindow(baseline, profiles, policy));
  const found = await withExamples(window, profiles, place, baseline, policy, options, progress);
  return {
    name: place.given,
    ...(reading.fromMillis === undefined ? {} : { from: new Date(reading.fromMillis).toISOString() }),
    ...(reading.toMillis === undefined ? {} : { to: new Date(reading.toMillis).toISOString() }),
    window: found,
    ...(reading.rows === 0 ? {} : { comparison: comparisonOf(baseline, profiles, policy) }),
    skipped: reading.skipped,
    notes: [...(await absentNotes(place, reading, policy, options.columns)), ...passedOverNotes(place)],
  };
}

/** A file of which nothing can be read is broken, however little stands in it. */
const unreadable = (window: DriftWindow): DriftWindow =>
  window.rows > 0 || window.broken === 0 || window.state === 'broken-input'
    ? window
    : { ...window, state: 'broken-input', reason: `${window.broken} of ${window.broken} records could not be read` };

/** Whole hours that the rows span; 0: they have no times. */
const hoursOf = ({ fromMillis, toMillis }: Reading): number =>
  fromMillis === undefined || toMillis === undefined ? 0 : hourOfMillis(toMillis) - hourOfMillis(fromMillis) + 1;

/** One profile for each hour of the week: enough for every rhythm, however long the files are. */
class HourlyProfiles {
  private readonly profilers = new Map<number | undefined, Profiler>();

  constructor(
    private readonly baseline: DriftBaseline,
    private readonly policy: DriftPolicy,
  ) {}

  add(row: Row): void {
    const hour = this.baseline.slots === undefined || row.atMillis === undefined ? undefined : hourInWeek(row.atMillis);
    let profiler = this.profilers.get(hour);
    if (profiler === undefined) {
      profiler = createProfiler(this.baseline.layout, this.policy);
      this.profilers.set(hour, profiler);
    }
    profiler.add(row);
  }

  /** What was skipped belongs to none of the hours: the first one carries it. */
  profiles(skipped: Skipped): WindowProfiles['profiles'] {
    const nothing = nothingSkipped();
    if (this.profilers.size === 0) return [{ profile: createProfiler(this.baseline.layout, this.policy).profile(skipped) }];
    return [...this.profilers].map(([hour, profiler], index) => ({
      ...(hour === undefined ? {} : { hour }),
      profile: profiler.profile(index === 0 ? skipped : nothing),
    }));
  }
}

const hourInWeek = (atMillis: number): number => ((Math.floor(atMillis / MILLIS_PER_HOUR) % HOURS_OF_WEEK) + HOURS_OF_WEEK) % HOURS_OF_WEEK;

async function withExamples(
  window: DriftWindow,
  { profiles }: WindowProfiles,
  place: Place,
  baseline: DriftBaseline,
  policy: DriftPolicy,
  options: { timeColumn?: string },
  progress: DriftProgress,
): Promise<DriftWindow> {
  if (window.findings.length === 0) return window;
  const finder = createExamples(baseline, mergeProfiles(profiles.map(({ profile }) => profile)), policy, window.findings);
  await readRows(place, policy, (row) => finder.add(row), options, progress);
  const examples = finder.examples();
  return { ...window, findings: window.findings.map((finding, index) => ({ ...finding, examples: examples[index] ?? [] })) };
}

/** A feature without any value may have another name here: say which columns there are. */
async function absentNotes(place: Place, { rows, absent }: Reading, { features }: DriftPolicy, columns: string[]): Promise<string[]> {
  if (rows === 0 || absent.length === 0) return [];
  const known = new Set([...columns, ...features.flatMap(({ name, path }) => [name, path])]);
  const others = (await surveyOf(place)).columns.map(({ label }) => label).filter((label) => !known.has(label));
  return absent.map((name) => {
    const hint = didYouMean(name, others);
    const there = others.length === 0 ? '' : `; columns that the baseline does not have: ${others.slice(0, 10).join(', ')}`;
    return `${place.given} has no value of ${name}${hint === undefined ? '' : ` (${hint})`}${there}.`;
  });
}

function passedOverNotes({ given, passedOver }: Place): string[] {
  if (passedOver.length === 0) return [];
  const more = passedOver.length > 3 ? ', …' : '';
  return [
    `${given}: ${passedOver.length} files were passed over, their names do not say what is in them: ${passedOver.slice(0, 3).join(', ')}${more}.`,
  ];
}

const NAMED_FEATURES = 3;

/** The worst of the windows; with several, each says its own. A baseline that is broken makes everything so. */
export function overall(windows: ComparedWindow[], local: LocalBaseline, policy: DriftPolicy): { state: DriftState; reason: string } {
  const broken = brokenBaseline(local, policy);
  if (broken !== undefined) return { state: 'broken-input', reason: broken };
  const judged = stateOf(windows.map(({ window }) => window));
  // A file that says nothing stays unknown: it was asked for by name.
  const unknown = windows.filter(({ window }) => window.state === 'no-data' || window.state === 'not-enough-data');
  const state = judged.state === 'ok' && unknown.length > 0 ? unknown[0]!.window.state : judged.state;
  if (state === 'ok') return { state, reason: `Nothing drifted.${notCompared(windows)}` };
  if (windows.length === 1) return { state, reason: judged.reason.replace(/^window: /, '') };
  const worst = windows.filter(({ window }) => window.state === state);
  return { state, reason: `${worst.map(({ name, window }) => `${name}: ${shortReason(window)}`).join('; ')}.` };
}

/** What nobody looked at is not "as before". */
function notCompared(windows: ComparedWindow[]): string {
  const silent = windows.flatMap(({ comparison }) =>
    (comparison?.features ?? []).filter(({ compared }) => !compared).map(({ name }) => name),
  );
  return silent.length === 0 ? '' : ` Not compared, because one side has no value of them: ${[...new Set(silent)].join(', ')}.`;
}

function shortReason({ findings, reason, state }: DriftWindow): string {
  const names = [...new Set(findings.map(({ feature }) => feature))];
  if (names.length === 0) return reason ?? state;
  const more = names.length - NAMED_FEATURES;
  return `${names.slice(0, NAMED_FEATURES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** The same share as of windows: what cannot be read is seldom like what can. */
function brokenBaseline({ skipped, rows }: LocalBaseline, { brokenShareAbove }: DriftPolicy): string | undefined {
  const broken = skippedLines(skipped);
  if (broken <= brokenShareAbove * (rows + broken)) return undefined;
  return `${broken} of ${rows + broken} records of the baseline could not be read.`;
}
