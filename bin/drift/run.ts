import { statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import pc from 'picocolors';
import type { DriftState } from '../../core/contracts';
import { mergeSkipped } from '../../core/drift/count';
import { policyWithBaseline } from '../../core/drift/fit';
import { renderDriftReport } from '../../core/drift/report';
import { BadInputError } from '../../core/errors';
import { helpText, parseArguments, type ParsedArguments } from '../arguments';
import type { Io } from '../io';
import { complain, EXIT, print } from '../io';
import { fittedBaseline, type LocalBaseline } from './baseline';
import { compareWindow, overall, type ComparedWindow } from './compare';
import { documentedBaseline, documentedColumns, isDocument } from './documents';
import { bytesOf, placeAt, type Place } from './files';
import { COMPARE, DRIFT_EXIT } from './options';
import { watchedOf, type Watched } from './policy';
import { DriftProgress } from './progress';
import { surveyOf, type Survey } from './survey';
import { driftText, watchedLines } from './terminal';

export const EXIT_OF: Record<DriftState, number> = {
  ok: EXIT.ok,
  drifting: EXIT.failed,
  'no-data': DRIFT_EXIT.nothingToSay,
  'not-enough-data': DRIFT_EXIT.nothingToSay,
  'broken-input': DRIFT_EXIT.brokenInput,
};

/** `sluice drift <baseline> <window>…`. */
export async function compareFiles(args: string[], io: Io): Promise<number> {
  const parsed = parseArguments(args, COMPARE);
  if (parsed.help) {
    print(io, helpText(COMPARE));
    return EXIT.ok;
  }
  refuseReport(parsed.texts['report']);
  const [given, ...windowsGiven] = parsed.positionals as [string, ...string[]];
  const places = windowsGiven.map(placeAt);
  const progress = new DriftProgress(
    io,
    (isDocument(given) ? 0 : bytesOf(placeAt(given))) + places.reduce((sum, place) => sum + bytesOf(place), 0),
  );
  const result = await compared(parsed, given, places, progress).finally(() => progress.close());
  print(io, parsed.flags['json'] === true ? jsonOf(result) : driftText(result, pc.createColors(coloured(io))));
  writeReport(parsed.texts['report'], result, io);
  return EXIT_OF[result.state];
}

interface Result {
  state: DriftState;
  reason: string;
  windows: ComparedWindow[];
  local: LocalBaseline;
  watched: Watched;
}

async function compared(parsed: ParsedArguments, given: string, places: Place[], progress: DriftProgress): Promise<Result> {
  const timeColumn = parsed.texts['time-column'];
  const options = timeColumn === undefined ? {} : { timeColumn };
  const watched = await watchedOf(parsed, async () => ({ baseline: await surveyed(given), window: await windowSurvey(places) }));
  const { policy } = watched;
  const local = isDocument(given) ? documentedBaseline(given, policy) : await fittedBaseline(given, policy, options, progress);
  const demanding = policyWithBaseline(policy, local.baseline);
  if (policy.rhythm !== 'none' && local.baseline.slots === undefined) throw noTimes(given, policy.rhythm);
  const columns = watched.leftOut.map(({ name }) => name);
  const windows: ComparedWindow[] = [];
  for (const place of places) windows.push(await compareWindow(place, local.baseline, demanding, { ...options, columns }, progress));
  return { ...overall(windows, local, policy), windows, local, watched };
}

async function surveyed(given: string): Promise<Survey> {
  if (!isDocument(given)) return surveyOf(placeAt(given));
  const columns = documentedColumns(given);
  return { columns, rows: columns.length, further: 0, captured: false };
}

/** Of the first window that has rows. */
async function windowSurvey(places: Place[]): Promise<Survey> {
  let survey: Survey = { columns: [], rows: 0, further: 0, captured: false };
  for (const place of places) {
    if (survey.rows > 0) break;
    survey = await surveyOf(place);
  }
  return survey;
}

const noTimes = (given: string, rhythm: string): BadInputError =>
  new BadInputError(
    `sluice drift: --rhythm ${rhythm} needs times, and rows of ${given} have none\n  allowed: --time-column with a column of times, captured records, or --rhythm none`,
  );

function jsonOf({ state, reason, windows, local, watched }: Result): string {
  const { source, profile, layout } = local.baseline;
  const { features, rhythm, minimumRows } = watched.policy;
  return JSON.stringify({
    schema: 'sluice.drift/v1',
    state,
    reason,
    baseline: { ...source, rows: profile.rows, layoutId: layout.id, skipped: local.skipped },
    features,
    inferred: watched.inferred,
    leftOut: watched.leftOut,
    rhythm,
    minimumRows,
    windows: windows.map(({ name, from, to, window, comparison, skipped }) => ({ name, from, to, ...window, skipped, comparison })),
    notes: [...local.notes, ...windows.flatMap(({ notes }) => notes)],
  });
}

function writeReport(file: string | undefined, { state, reason, windows, local, watched }: Result, io: Io): void {
  if (file === undefined) return;
  const page = renderDriftReport({
    title: `${local.baseline.source.uri ?? 'baseline'} → ${windows.map(({ name }) => name).join(', ')}`,
    look: { state, reason },
    baseline: local.baseline,
    windows,
    skipped: mergeSkipped([local.skipped, ...windows.map(({ skipped }) => skipped)]),
    notes: [...watchedLines(watched), ...local.notes, ...windows.flatMap(({ notes }) => notes)].map((line) => line.replace(/ {2,}/, ': ')),
  });
  writeFileSync(file, page);
  complain(io, `report: ${path.resolve(file)}`);
}

/** Before anything is read. */
function refuseReport(file: string | undefined): void {
  if (file === undefined) return;
  const folder = path.dirname(path.resolve(file));
  const refused = (why: string): BadInputError =>
    new BadInputError(`sluice drift: --report ${why}\n  given:   ${file}\n  allowed: a file, such as drift.html, in a folder that exists`);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) throw refused(`goes to a folder that does not exist: ${folder}`);
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true) throw refused('is a folder');
}

const coloured = (io: Io): boolean => (io.stdout as { isTTY?: boolean }).isTTY === true && !process.env.NO_COLOR;
