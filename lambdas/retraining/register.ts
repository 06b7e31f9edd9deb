import { modelPackage, placesOf, uriOf } from '../../core/retraining';
import { readControl } from '../shared/control-store';
import { readRelease } from '../shared/releases';
import { exists } from './data-files';
import type { WorkflowParts } from './parts';
import { existingRun, updateOpenRun } from './store';

export type Registration = { register: false; reason: string } | { register: true; modelPackage: Record<string, unknown> };

/** What is registered, unless somebody else became stable meanwhile: with that release nothing was compared. */
export async function register(parts: WorkflowParts, runId: string, executionArn: string): Promise<Registration> {
  const { ledger, s3, driftBucket, settings } = parts;
  const run = await existingRun(ledger, runId);
  const control = await readControl(ledger);
  if (control?.mode === 'killed') return { register: false, reason: 'the kill switch went on meanwhile' };
  const stable = control?.stable?.releaseId;
  if (stable !== run.parentReleaseId) {
    return { register: false, reason: `${stable ?? 'nobody'} is stable now, and the new model was compared with ${run.parentReleaseId}` };
  }
  const { baseline, result } = placesOf(runId);
  const parent = await readRelease(ledger, run.parentReleaseId);
  const parentPackageArn = parent?.spec.model.modelPackageArn;
  return {
    register: true,
    modelPackage: modelPackage({
      run,
      policy: settings,
      executionArn,
      resultUri: uriOf(driftBucket, result),
      ...(parentPackageArn === undefined ? {} : { parentPackageArn }),
      ...((await exists(s3, driftBucket, baseline)) ? { driftBaselineUri: uriOf(driftBucket, baseline) } : {}),
    }),
  };
}

/** Before it is approved: whoever is asked to release it finds the run that made it. */
export async function notePackage({ ledger }: WorkflowParts, runId: string, modelPackageArn: string): Promise<object> {
  const run = await updateOpenRun(ledger, runId, { modelPackageArn });
  if (run === undefined) throw new Error(`Retraining ${runId} has ended: its version is not approved`);
  return { noted: true };
}

/** So that whoever ends the run stops it. */
export async function notePipeline({ ledger }: WorkflowParts, runId: string, pipelineExecutionArn: string): Promise<object> {
  await updateOpenRun(ledger, runId, { pipelineExecutionArn });
  return { noted: true };
}
