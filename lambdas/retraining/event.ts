import * as z from 'zod';
import type { DriftTold } from '../../core/retraining';
import { type HttpEvent, isHttpEvent } from '../shared/http';

const runId = z.string().regex(/^t\d+$/);
const uri = z.string().regex(/^s3:\/\//);

const actions = z.discriminatedUnion('action', [
  z.object({ action: z.literal('select'), runId }),
  z.object({ action: z.literal('note-pipeline'), runId, pipelineExecutionArn: z.string() }),
  z.object({ action: z.literal('prepare'), runId, name: z.string(), modelDataUrl: uri.nullish() }),
  z.object({ action: z.literal('evaluate'), runId, upToHash: z.number() }),
  z.object({ action: z.literal('register'), runId, executionArn: z.string() }),
  z.object({ action: z.literal('note-package'), runId, packageArn: z.string() }),
  z.object({ action: z.literal('finish'), runId, status: z.enum(['registered', 'refused', 'rejected', 'failed']), reason: z.string() }),
]);

export type WorkflowAction = z.output<typeof actions>;

const driftSchema = z.object({
  source: z.literal('sluice'),
  'detail-type': z.literal('DriftDetected'),
  detail: z.looseObject({
    useCase: z.string(),
    releaseId: z.string().nullish(),
    hour: z.string(),
    state: z.string().nullish(),
    findings: z.array(z.looseObject({ check: z.string(), feature: z.string(), words: z.string().nullish() })),
  }),
});

const scheduleSchema = z.object({ source: z.literal('schedule'), time: z.string() });

const lostSchema = z.object({
  'detail-type': z.literal('Step Functions Execution Status Change'),
  detail: z.object({
    name: z.string(),
    status: z.enum(['ABORTED', 'FAILED', 'TIMED_OUT']),
    error: z.string().nullish(),
    cause: z.string().nullish(),
  }),
});

export interface LostRun {
  runId: string;
  reason: string;
}

export type RetrainingEvent =
  | { kind: 'http'; event: HttpEvent }
  | { kind: 'drift'; useCase: string; told: DriftTold }
  | { kind: 'schedule'; time: string }
  | { kind: 'lost'; lost: LostRun }
  | { kind: 'workflow'; action: WorkflowAction };

const WORDS = { ABORTED: 'was aborted', FAILED: 'failed', TIMED_OUT: 'timed out' };
const LONGEST_REASON = 500;

/** Drift that was found, the schedule, an owner at the function URL, an execution that ended otherwise than it should, or the workflow itself. */
export function readEvent(event: unknown): RetrainingEvent {
  if (isHttpEvent(event)) return { kind: 'http', event };
  const drift = driftSchema.safeParse(event);
  if (drift.success) {
    const { useCase, hour, ...detail } = drift.data.detail;
    const [releaseId, state] = [detail.releaseId ?? undefined, detail.state ?? undefined];
    const findings = detail.findings.map(({ check, feature, words }) => ({ check, feature, words: words ?? undefined }));
    return { kind: 'drift', useCase, told: { hour, findings, releaseId, state } };
  }
  const schedule = scheduleSchema.safeParse(event);
  if (schedule.success) return { kind: 'schedule', time: schedule.data.time };
  const lost = lostSchema.safeParse(event);
  if (lost.success) {
    const { name, status, error, cause } = lost.data.detail;
    const detail = [error, cause].filter((text) => (text ?? '') !== '').join(': ');
    const reason = `its workflow ${WORDS[status]}${detail === '' ? '' : `: ${detail}`}`.slice(0, LONGEST_REASON);
    return { kind: 'lost', lost: { runId: name, reason } };
  }
  const action = actions.safeParse(event);
  if (action.success) return { kind: 'workflow', action: action.data };
  throw new Error(
    "Unknown event. Allowed: the event DriftDetected, {source: 'schedule', time}, a failed execution, an action of the retraining workflow, or a call of RetrainingUrl",
  );
}
