import { DeleteModelCommand, type SageMakerClient, StopPipelineExecutionCommand } from '@aws-sdk/client-sagemaker';
import type { Notifier, RetrainingStatus } from '../../core/contracts';
import { sha256Hex } from '../../core/hash';
import { endedSubject, isTrouble, released, type StoredRetraining } from '../../core/retraining';
import type { Ledger } from '../shared/ledger';
import { logger } from '../shared/telemetry';
import type { Measure } from './parts';
import { existingRun, noteAnnounced, readState, tryWriteState, updateOpenRun } from './store';

export interface EndParts {
  ledger: Ledger;
  sagemaker: SageMakerClient;
  notify: Notifier;
  measure: Measure;
  now(): number;
}

export interface Ending {
  status: Extract<RetrainingStatus, 'registered' | 'refused' | 'rejected' | 'failed'>;
  reason: string;
}

/** The run's record ends, its model goes, the lock is released, the owners are told. Called again, it does what is owed; the first ending stands. */
export async function end(parts: EndParts, runId: string, { status, reason }: Ending): Promise<StoredRetraining> {
  const { ledger } = parts;
  const endedAt = new Date(parts.now()).toISOString();
  const ended = await updateOpenRun(ledger, runId, { status, outcome: reason, endedAt });
  const run = ended ?? (await existingRun(ledger, runId));
  await stopPipeline(parts, run);
  await deleteModel(parts, run);
  await releaseLock(parts, run);
  if (run.announced !== true) {
    await announce(parts, run);
    await noteAnnounced(ledger, runId);
  }
  return run;
}

/** It costs until it is done; where it has ended by itself there is nothing to stop. */
async function stopPipeline({ sagemaker }: EndParts, { pipelineExecutionArn, modelDataUrl, id }: StoredRetraining): Promise<void> {
  if (pipelineExecutionArn === undefined || modelDataUrl !== undefined) return;
  const ClientRequestToken = sha256Hex(pipelineExecutionArn);
  try {
    await sagemaker.send(new StopPipelineExecutionCommand({ PipelineExecutionArn: pipelineExecutionArn, ClientRequestToken }));
  } catch (error) {
    logger.warn('The pipeline of a retraining run was not stopped', { error, pipelineExecutionArn, run: id });
  }
}

/** By its name: gone already, or never made, is as well. */
async function deleteModel({ sagemaker }: EndParts, { modelName, id }: StoredRetraining): Promise<void> {
  if (modelName === undefined) return;
  try {
    await sagemaker.send(new DeleteModelCommand({ ModelName: modelName }));
  } catch (error) {
    if (error instanceof Error && error.name === 'ValidationException') return;
    // It costs nothing while nobody runs it: the lock matters more.
    logger.error('The model of a retraining run could not be deleted', { error, modelName, run: id });
  }
}

const MAX_ATTEMPTS = 5;

/** A run that never had data trained nothing: it counts neither for the month nor for the cool-down. */
async function releaseLock({ ledger, now }: EndParts, { id, data }: StoredRetraining): Promise<void> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const state = await readState(ledger, new Date(now()).toISOString());
    const next = released(state, id, data !== undefined);
    if (next === undefined || (await tryWriteState(ledger, state, next))) return;
  }
  throw new Error(`The lock of retraining ${id} could not be released in ${MAX_ATTEMPTS} attempts: others were writing it; try again`);
}

async function announce({ measure, notify }: EndParts, run: StoredRetraining): Promise<void> {
  const { id, status, trigger, outcome, parentReleaseId, evaluation, modelPackageArn, costEstimate, data } = run;
  const failed = isTrouble(status);
  measure({ RetrainingFailed: failed ? 1 : 0, RetrainingRegistered: status === 'registered' ? 1 : 0 });
  await notify({
    event: 'RetrainingEnded',
    severity: failed || status === 'rejected' ? 'warning' : 'info',
    roles: [],
    subject: endedSubject(run),
    runbook: 'retraining',
    facts: {
      run: id,
      status,
      trigger,
      why: outcome,
      parentReleaseId,
      evaluation,
      modelPackageArn,
      costEstimate,
      trainingRows: data?.trainingRows,
      evaluationRows: data?.evaluationRows,
    },
  });
}
