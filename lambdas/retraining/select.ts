import type { ControlRecord } from '../../core/contracts';
import {
  baselineRows,
  createSoundness,
  dataLine,
  labelledRow,
  type LabelledRow,
  placesOf,
  PROBLEMS,
  type RowProblem,
  Selection,
  SmallestTruths,
  splitByTime,
  type StoredRetraining,
  uriOf,
} from '../../core/retraining';
import { readControl } from '../shared/control-store';
import { readDriftPolicy } from '../shared/drift-policy';
import { readRelease } from '../shared/releases';
import { logger } from '../shared/telemetry';
import { Bucket } from '../shared/bucket';
import { readTruths } from '../shared/truths';
import { readCaptures } from './captures';
import { type Written, writeLines } from './data-files';
import type { WorkflowParts } from './parts';
import { existingRun, updateOpenRun } from './store';

const DAY_MILLIS = 86_400_000;
/** What a function of 3 GB holds twice: as rows, and as it is written. */
const SELECTION_LIMITS = { mostRows: 200_000, mostBytes: 256 * 1024 * 1024 };
/** So many ids are looked for among the captures: more than rows, since not every request was captured. */
const MOST_TRUTHS = 1_000_000;

export type Selected =
  { enough: false; reason: string } | { enough: true; trainingUri: string; outputUri: string; parentReleaseId: string; upToHash: number };

/** Joins captured requests with their truth, and writes the data sets of a run. Numbers alone are logged. */
export async function select(parts: WorkflowParts, runId: string): Promise<Selected> {
  const run = await existingRun(parts.ledger, runId);
  const control = await readControl(parts.ledger);
  const endpointName = control?.stable?.endpointName ?? control?.endpointName;
  if (control?.stable?.releaseId !== run.parentReleaseId || endpointName === undefined) {
    return { enough: false, reason: `${run.parentReleaseId} is no longer stable, or has no endpoint: there is nothing to compare with` };
  }
  const { rows, leftOut } = await labelledRows(parts, run, control, endpointName);
  const split = splitByTime(rows, parts.settings.data);
  if (!split.enough) return { enough: false, reason: `${split.reason}${leftOutWords(leftOut)}` };
  const { training, evaluation } = split;
  const baseline = baselineRows(training, evaluation);
  const places = placesOf(runId);
  const write = (key: string, lines: string[]): Promise<Written> => writeLines(parts.s3, parts.driftBucket, key, lines);
  await write(
    places.requests,
    [...evaluation, ...baseline.training].map(({ request }) => request),
  );
  await write(places.baselineRows, baseline.training.map(dataLine));
  const written = {
    training: await write(places.training, training.map(dataLine)),
    evaluation: await write(places.evaluation, evaluation.map(dataLine)),
  };
  await updateOpenRun(parts.ledger, runId, {
    status: 'training',
    data: {
      trainingUri: written.training.uri,
      trainingSha256: written.training.sha256,
      trainingRows: training.length,
      evaluationUri: written.evaluation.uri,
      evaluationSha256: written.evaluation.sha256,
      evaluationRows: evaluation.length,
    },
  });
  return {
    enough: true,
    trainingUri: written.training.uri,
    outputUri: uriOf(parts.driftBucket, places.output),
    parentReleaseId: run.parentReleaseId,
    upToHash: baseline.upToHash,
  };
}

/** The time that counts ends when the run was asked for: a retry selects the same. */
async function labelledRows(
  parts: WorkflowParts,
  run: StoredRetraining,
  control: ControlRecord,
  endpointName: string,
): Promise<{ rows: LabelledRow[]; leftOut: LeftOut }> {
  const { s3, settings, captureBucket, driftBucket } = parts;
  const untilMillis = Date.parse(run.requestedAt);
  const fromMillis = untilMillis - settings.data.sinceDays * DAY_MILLIS;
  const { truths, bad } = await readTruths(new Bucket(s3, driftBucket), fromMillis, untilMillis, new SmallestTruths(MOST_TRUTHS));
  const isSound = createSoundness(await readDriftPolicy(s3, parts.driftPolicyUri));
  const stableSince = await stableSinceMillis(parts, control);
  const selection = new Selection(SELECTION_LIMITS);
  const leftOut: LeftOut = {};
  const span = { bucket: captureBucket, endpointName, fromMillis, untilMillis };
  const { contentType } = settings.inference;
  const isNumber = settings.evaluation.metric === 'mae';
  const read = await readCaptures(s3, span, (record, variantName) => {
    const known = truths.get(record.id);
    if (known === undefined) return;
    if (!isSound(record)) {
      leftOut.broken = (leftOut.broken ?? 0) + 1;
      return;
    }
    const byStable = variantName === control.stable?.variantName && record.atMillis >= stableSince;
    const row = labelledRow(record, truthOf(known.value, isNumber), { byStable, contentType });
    if (typeof row === 'string') leftOut[row] = (leftOut[row] ?? 0) + 1;
    else selection.add(row);
  });
  const selected = selection.selected();
  logger.info('Data selected', {
    run: run.id,
    truths: truths.size,
    badTruths: bad,
    ...read,
    joined: selection.seen,
    selected: selected.length,
    leftOut,
  });
  return { rows: selected, leftOut };
}

type LeftOut = Partial<Record<RowProblem, number>>;

/** Why there are so few. */
function leftOutWords(leftOut: LeftOut): string {
  const words = Object.entries(leftOut).map(([problem, count]) => `${count} ${PROBLEMS[problem as RowProblem]}`);
  return words.length === 0 ? '' : `; left out: ${words.join(', ')}`;
}

/** A found release was stable before anything was known of it. */
async function stableSinceMillis({ ledger }: WorkflowParts, control: ControlRecord): Promise<number> {
  const release = await readRelease(ledger, control.stable?.releaseId ?? '');
  const since = release?.liveSince ?? (release === undefined ? control.armsSince : undefined);
  if (since === undefined) throw new Error(`The ledger does not say since when ${control.stable?.releaseId} is stable`);
  return Date.parse(since);
}

/** Truth is kept as text. */
const truthOf = (text: string, isNumber: boolean): string | number =>
  isNumber && text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
