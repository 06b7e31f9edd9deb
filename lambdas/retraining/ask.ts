import {
  admit,
  type Admission,
  begunSubject,
  estimateCost,
  refusedSubject,
  type StableNow,
  type RetrainingAsked,
  type StoredRetraining,
} from '../../core/retraining';
import type { ControlRecord } from '../../core/contracts';
import { readControl } from '../shared/control-store';
import { startOnce } from '../shared/executions';
import { recordRefusal } from '../shared/refusals';
import { logger } from '../shared/telemetry';
import { releaseLostLock } from './lost';
import type { AskParts } from './parts';
import { readRun, readState, runOfRequest, tryBegin, updateOpenRun } from './store';

export type Begun = { started: boolean; runId: string; reason: string } | { started: false; refused: Extract<Admission, { ok: false }> };

const MAX_ATTEMPTS = 5;

/** The one way to a run, whoever asks: the same request is one run, and at most one run is under way. */
export async function ask(parts: AskParts, asked: RetrainingAsked): Promise<Begun> {
  const known = await runOfRequest(parts.ledger, asked.requestId);
  if (known !== undefined) return startAgain(parts, known);
  await releaseLostLock(parts);
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const begun = await tryAsk(parts, asked);
    if (begun !== undefined) return begun;
    const meanwhile = await runOfRequest(parts.ledger, asked.requestId);
    if (meanwhile !== undefined) return startAgain(parts, meanwhile);
  }
  throw new Error(`Other retraining runs were asked for ${MAX_ATTEMPTS} times while this one was noted: ask again`);
}

/** Undefined where somebody else was faster. */
async function tryAsk(parts: AskParts, asked: RetrainingAsked): Promise<Begun | undefined> {
  const { ledger, settings } = parts;
  const [state, control] = [await readState(ledger, asked.at), await readControl(ledger)];
  const admission = admit(settings, state, asked, stableNow(control), estimateCost(settings, parts.prices, parts.region));
  if (!admission.ok) {
    await tellRefusal(parts, asked, admission);
    return { started: false, refused: admission };
  }
  const run: StoredRetraining = {
    id: admission.id,
    trigger: asked.trigger,
    reason: asked.reason,
    requestedBy: asked.requestedBy,
    requestedAt: asked.at,
    status: 'selecting',
    parentReleaseId: admission.parentReleaseId,
    ...(admission.estimate === undefined ? {} : { costEstimate: admission.estimate }),
    ...(settings.approval === undefined || settings.approval.requiredRoles.length === 0 ? {} : { approval: settings.approval }),
  };
  if (!(await tryBegin(ledger, state, admission.next, run, asked.requestId))) return undefined;
  await start(parts, run);
  await tellBegun(parts, run);
  parts.measure({ RetrainingRuns: 1 });
  return { started: true, runId: run.id, reason: `Retraining ${run.id} began` };
}

function stableNow(control: ControlRecord | undefined): StableNow {
  const { mode = 'baseline', stable, candidate, lockedBy } = control ?? {};
  const successorId = candidate?.releaseId ?? (lockedBy === stable?.releaseId ? undefined : lockedBy);
  return { mode, ...(stable && { releaseId: stable.releaseId }), ...(successorId === undefined ? {} : { successorId }) };
}

/** Whoever noted it may have died before it began: its execution's name is given once. */
async function startAgain(parts: AskParts, runId: string): Promise<Begun> {
  const run = await readRun(parts.ledger, runId);
  if (run !== undefined && run.endedAt === undefined && run.executionArn === undefined) await start(parts, run);
  return { started: false, runId, reason: `Retraining ${runId} stands for this request already` };
}

async function start({ ledger, sfn, machineArn }: AskParts, { id }: StoredRetraining): Promise<void> {
  const executionArn = await startOnce(sfn, machineArn, id, { runId: id });
  await updateOpenRun(ledger, id, { executionArn });
}

/** Begun it is, told or not. */
async function tellBegun({ notify, settings }: AskParts, run: StoredRetraining): Promise<void> {
  const { id, trigger, reason, parentReleaseId, costEstimate } = run;
  try {
    await notify({
      event: 'RetrainingBegun',
      severity: 'info',
      roles: [],
      subject: begunSubject(run),
      runbook: 'retraining',
      facts: { run: id, trigger, reason, parentReleaseId, costEstimate, approvalBy: settings.approval?.requiredRoles },
    });
  } catch (error) {
    logger.error('The owners could not be told that a retraining run began', { error, run: id });
  }
}

/** An operator is told by the answer; of all others the owners are. Either way it is kept. */
async function tellRefusal(
  { ledger, notify, measure }: AskParts,
  { at, trigger, requestedBy, reason }: RetrainingAsked,
  refused: Extract<Admission, { ok: false }>,
): Promise<void> {
  await recordRefusal(ledger, { at, what: 'retraining', by: requestedBy, reason: refused.reason });
  measure({ RetrainingRefused: 1 });
  logger.info('Retraining refused', { trigger, code: refused.code, reason: refused.reason });
  if (trigger === 'operator') return;
  await notify({
    event: 'RetrainingRefused',
    severity: refused.code === 'budget' || refused.code === 'runs' ? 'warning' : 'info',
    roles: [],
    subject: refusedSubject(trigger),
    runbook: 'retraining',
    facts: { trigger, why: refused.reason, next: refused.next, reason },
  });
}
