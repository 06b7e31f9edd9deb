import * as z from 'zod';
import { type HttpEvent, isHttpEvent } from '../shared/http';
import type { LostExecution } from './lost-execution';

export type RollbackEvent =
  | { kind: 'workflow'; action: 'rollback' | 'kill'; releaseId: string; reason: string; culprit?: string }
  | { kind: 'guard'; action: 'rollback' | 'kill'; by: string; releaseId?: string; reason: string }
  | { kind: 'alarm'; alarmName: string; inAlarm: boolean; reason: string }
  | { kind: 'lost'; lost: LostExecution }
  | { kind: 'http'; event: HttpEvent };

const workflowSchema = z.object({
  source: z.literal('workflow'),
  kill: z.boolean().optional(),
  releaseId: z.string(),
  reason: z.string(),
  culprit: z.string().nullish(),
});

/** A guard, such as that of cost: allowed to invoke the handler, it rolls back whichever release is in progress, or kills. */
const guardSchema = z.object({
  source: z.string().regex(/^[a-z][a-z0-9-]{1,40}-guard$/),
  kill: z.boolean().optional(),
  releaseId: z.string().nullish(),
  reason: z.string().min(1).max(500),
});

const state = z.object({ value: z.string(), reason: z.string().optional() });
const ruleSchema = z.object({
  'detail-type': z.literal('CloudWatch Alarm State Change'),
  detail: z.object({ alarmName: z.string(), state }),
});
const actionSchema = z.object({ source: z.literal('aws.cloudwatch'), alarmData: z.object({ alarmName: z.string(), state }) });

const lostSchema = z.object({
  'detail-type': z.literal('Step Functions Execution Status Change'),
  detail: z.object({
    name: z.string(),
    stateMachineArn: z.string(),
    status: z.enum(['ABORTED', 'FAILED', 'TIMED_OUT']),
    error: z.string().nullish(),
    cause: z.string().nullish(),
  }),
});

/** The workflow, an alarm (through EventBridge or as its own action), an execution that failed, or a person at the function URL. */
export function readEvent(event: unknown): RollbackEvent {
  if (isHttpEvent(event)) {
    return { kind: 'http', event };
  }
  const workflow = workflowSchema.safeParse(event);
  if (workflow.success) {
    const { kill, releaseId, reason, culprit } = workflow.data;
    return { kind: 'workflow', action: kill === true ? 'kill' : 'rollback', releaseId, reason, culprit: culprit ?? undefined };
  }
  const guard = guardSchema.safeParse(event);
  if (guard.success) {
    const { source, releaseId, reason, kill } = guard.data;
    const action = kill === true ? 'kill' : 'rollback';
    return { kind: 'guard', action, by: source, reason, ...(releaseId === undefined || releaseId === null ? {} : { releaseId }) };
  }
  const lost = lostSchema.safeParse(event);
  if (lost.success) {
    const { error, cause, ...rest } = lost.data.detail;
    return { kind: 'lost', lost: { ...rest, error: error ?? undefined, cause: cause ?? undefined } };
  }
  const rule = ruleSchema.safeParse(event);
  const action = actionSchema.safeParse(event);
  const alarm = rule.success ? rule.data.detail : action.success ? action.data.alarmData : undefined;
  if (alarm === undefined) {
    throw new Error(
      'Unknown event. Allowed: {"source":"workflow","releaseId","reason"}, {"source":"cost-guard","reason","kill"?}, a CloudWatch alarm state change, a failed execution, or POST /rollback, /kill, /revive, /acknowledge, /resolve',
    );
  }
  return {
    kind: 'alarm',
    alarmName: alarm.alarmName,
    inAlarm: alarm.state.value === 'ALARM',
    reason: alarm.state.reason ?? 'no reason given',
  };
}
