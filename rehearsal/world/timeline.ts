import type { ControlRecord } from '../../core/contracts';
import type { CloudEvent } from '../cloud/types';
import { TRACKING_ALARM } from '../services/application-autoscaling';

export interface TimelineEntry {
  /** Virtual seconds since the scenario's start. */
  t: number;
  source: string;
  event: string;
  detail: Record<string, unknown>;
}

/** What a reader of the timeline wants to see; everything else stays in the log. */
const TOLD: Record<string, RegExp> = {
  control: /./,
  people: /./,
  gate: /./,
  incident: /./,
  drift: /./,
  retraining: /./,
  chat: /./,
  fault: /./,
  cloudformation: /COMPLETE|FAILED|ROLLBACK|DELETE/,
  alarm: /./,
  states: /^(running|succeeded|failed|aborted|timed-out)$/,
  sagemaker: /./,
  'application-autoscaling': /./,
  release: /./,
  iam: /./,
  budgets: /./,
};

/** An alarm that was never in ALARM has nothing to tell; what those of target tracking lead to is told when it is done. */
const isQuiet = ({ source, detail }: CloudEvent): boolean =>
  source === 'alarm' && ((detail.state !== 'ALARM' && detail.previous !== 'ALARM') || String(detail.alarmName).startsWith(TRACKING_ALARM));

/** Children of a Map Run that end well: there are as many as there are batches. */
const isChild = ({ source, event, detail }: CloudEvent): boolean =>
  source === 'states' && (event === 'running' || event === 'succeeded') && String(detail.stateMachine).includes('/');

export const isTold = (event: CloudEvent): boolean =>
  (TOLD[event.source]?.test(event.event) ?? false) && !isQuiet(event) && !isChild(event);

/** What a change of the control record means, in a word. */
export function controlEvent(record: ControlRecord, before: ControlRecord | undefined): string {
  if (record.mode === 'killed' && before?.mode !== 'killed') return 'killed';
  if (before?.mode === 'killed' && record.mode !== 'killed') return 'revived';
  if (record.mode === 'parked' && before?.mode !== 'parked') return 'parked';
  if (before?.mode === 'parked' && record.mode !== 'parked') return 'woken';
  const candidate = record.candidate?.releaseId;
  const previous = before?.candidate?.releaseId;
  if (previous !== undefined && candidate === undefined) return record.stable?.releaseId === previous ? 'promoted' : 'candidate-removed';
  if (candidate !== undefined && previous === undefined) return 'dark';
  if (before?.warm !== undefined && record.stable?.releaseId === before.warm.release.releaseId) return 'returned';
  if (candidate !== undefined && record.candidateWeight !== before?.candidateWeight) return 'weight';
  if (record.lockedBy !== before?.lockedBy) return record.lockedBy === undefined ? 'unlocked' : 'locked';
  return 'changed';
}

export function controlDetail(record: ControlRecord): Record<string, unknown> {
  const { mode, stable, candidate, candidateWeight, changedBy, reason, version, parked } = record;
  return {
    version,
    mode,
    ...(parked === undefined ? {} : { parkedFor: parked.reason }),
    ...(stable === undefined ? {} : { stable: stable.releaseId }),
    ...(candidate === undefined ? {} : { candidate: candidate.releaseId, weight: candidateWeight }),
    by: changedBy,
    reason,
  };
}

export function timelineOf(log: readonly CloudEvent[], startMillis: number): TimelineEntry[] {
  // What came before the start is how the world was made ready.
  return log
    .filter((event) => isTold(event) && (event.atMillis >= startMillis || event.source === 'iam'))
    .map(({ atMillis, source, event, detail }) => ({ t: Math.round((atMillis - startMillis) / 1000), source, event, detail }));
}
