import type { DriftPolicy } from '../../core/contracts';
import { hash32 } from '../../core/drift/count/hash';
import { createSampler } from '../../core/drift/count/sampler';
import { fitBaseline } from '../../core/drift/fit/fit';
import { createCaptureReader } from '../../core/drift/read/capture-reader';
import { createCellReader } from '../../core/drift/read/cell-reader';
import type { CapturedRecord } from '../../core/drift/read/types';
import type { DriftBaseline } from '../../core/drift/types';
import {
  answeredBy,
  answersKey,
  answersOf,
  asAnswered,
  captureLine,
  compareModels,
  type DataRow,
  placesOf,
  readDataRows,
  type StoredRetraining,
} from '../../core/retraining';
import { logger } from '../shared/telemetry';
import { readDriftPolicy } from '../shared/drift-policy';
import { readText, writeJson } from './data-files';
import { isoNow, type WorkflowParts } from './parts';
import { existingRun, updateOpenRun } from './store';

export type Evaluated = { passed: false; reason: string } | { passed: true; reason: string; board?: Board };

/** What the workflow needs of the board that looks before the version is registered. */
export interface Board {
  deadlineMinutes: number;
  escalateAfterMinutes?: number;
}

/** Holds the new model's answers against stable's, and fits what drift of the new model is measured against. */
export async function evaluate(parts: WorkflowParts, runId: string, upToHash: number): Promise<Evaluated> {
  const { s3, driftBucket, settings, ledger } = parts;
  const run = await existingRun(ledger, runId);
  const places = placesOf(runId);
  const text = (key: string): Promise<string> => readText(s3, driftBucket, key);
  const policy = await readDriftPolicy(s3, parts.driftPolicyUri);
  const rows = readDataRows(await text(places.evaluation));
  const others = readDataRows(await text(places.baselineRows));
  const answers = answersOf(await text(answersKey(places)), rows.length + others.length);
  const compared = compare(policy, settings, rows, answers);
  await writeJson(s3, driftBucket, places.result, { run: runId, at: isoNow(parts), ...compared });
  if (!compared.ok) return { passed: false, reason: compared.reason };
  const { metric, candidate, stable, passed, behind, behindAtMost, reason } = compared;
  const owesBoard = passed && run.approval !== undefined;
  await updateOpenRun(ledger, runId, {
    evaluation: { metric, candidate, stable, rows: compared.rows, passed, behind, behindAtMost },
    ...(owesBoard ? { status: 'approving' as const } : {}),
  });
  if (!passed) return { passed: false, reason: `the new model is worse: ${reason}` };
  await writeBaseline(parts, run, policy, scored([...rows, ...others], answers, settings.inference.contentType, upToHash));
  return { passed: true, reason, ...(owesBoard ? { board: boardOf(run) } : {}) };
}

function compare(
  { truth, ...policy }: DriftPolicy,
  { evaluation, inference }: WorkflowParts['settings'],
  rows: DataRow[],
  answers: string[],
) {
  if (truth === undefined)
    throw new Error('The drift policy has no truth: retraining cannot tell which part of an answer is the prediction');
  const predictionOf = createCellReader(policy, truth.prediction);
  const { contentType } = inference;
  const pairs = rows.map((row, index) => ({
    truth: row.truth,
    stable: predictionOf(asAnswered(row, contentType)),
    candidate: predictionOf(answeredBy(row, answers[index] ?? '', contentType)),
  }));
  return compareModels(pairs, evaluation, truth.positive);
}

/** What the new model answers, over the whole time: rows up to the hash are the sample. */
const scored = (rows: DataRow[], answers: string[], contentType: string, upToHash: number): CapturedRecord[] =>
  rows.flatMap((row, index) => (hash32(row.id) <= upToHash ? [answeredBy(row, answers[index] ?? '', contentType)] : []));

/** A model without a baseline is still a model: drift is measured against the charter's then. */
async function writeBaseline(parts: WorkflowParts, run: StoredRetraining, policy: DriftPolicy, records: CapturedRecord[]): Promise<void> {
  const { s3, driftBucket } = parts;
  const sampler = createSampler(policy);
  const reader = createCaptureReader(policy, (row) => sampler.add(row));
  reader.begin(run.id);
  for (const record of records) reader.take(Buffer.from(`${captureLine(record)}\n`, 'utf8'));
  reader.finish();
  const source: DriftBaseline['source'] = {
    kind: 'retraining',
    ...(run.data === undefined ? {} : { uri: run.data.trainingUri, sha256: run.data.trainingSha256 }),
  };
  try {
    await writeJson(s3, driftBucket, placesOf(run.id).baseline, fitBaseline(sampler.sample(), policy, source));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'BadInputError') throw error;
    logger.warn('No drift baseline could be fitted to the new model', { run: run.id, why: error.message });
  }
}

function boardOf({ approval }: StoredRetraining): Board {
  const { deadlineMinutes = 0, escalation } = approval ?? {};
  return { deadlineMinutes, ...(escalation === undefined ? {} : { escalateAfterMinutes: escalation.afterMinutes }) };
}
