import type { IncidentAct, IncidentKind, IncidentRecord, Runbook } from '../contracts';
import { incidentStatusOf } from '../contracts';

/** Something that took, or could have taken, traffic away from what people approved. */
export interface Trouble {
  kind: IncidentKind;
  /** What it is about, unless that is the release: the same trouble opens one incident. */
  about?: string;
  releaseId?: string;
  /** A sentence for people. */
  reason: string;
  /** ISO 8601, UTC: when it began, as far as is known. */
  beganAt?: string;
  /** ISO 8601, UTC: where traffic is safe already. */
  recoveredAt?: string;
  /** Who found it: `watch`, `workflow`, `verdict`, `alarm:<name>`, or an IAM principal ARN. */
  by: string;
}

export type ActResult = { ok: true; act: IncidentAct } | { ok: false; reason: string };

const RUNBOOK_OF: Record<IncidentKind, Runbook> = {
  rollback: 'rolled-back',
  kill: 'kill-switch',
  'failed-update': 'rolled-back',
  'silent-drift': 'silent-drift',
  'failed-rollback': 'rollback-failed',
  overdue: 'silent-drift',
  budget: 'budget',
};

export function runbookOf(kind: IncidentKind): Runbook {
  return RUNBOOK_OF[kind];
}

export function incidentIdOf(kind: IncidentKind, about: string): string {
  return `i-${kind}-${about}`;
}

/** The record as it is opened. */
export function incidentOf(trouble: Trouble, at: string): IncidentRecord {
  const { kind, about, releaseId, reason, beganAt, recoveredAt, by } = trouble;
  const subject = about ?? releaseId;
  if (subject === undefined) {
    throw new Error(
      `An incident of kind '${kind}' needs a release or something else that it is about: the same trouble opens one incident`,
    );
  }
  return {
    id: incidentIdOf(kind, subject),
    kind,
    reason,
    openedAt: at,
    openedBy: by,
    ...(releaseId === undefined ? {} : { releaseId }),
    ...(beganAt === undefined ? {} : { beganAt }),
    ...(recoveredAt === undefined ? {} : { recoveredAt }),
  };
}

/** From when it began to when it was found; undefined where nobody knows when it began. */
export function detectSeconds({ beganAt, openedAt }: IncidentRecord): number | undefined {
  return beganAt === undefined ? undefined : secondsBetween(beganAt, openedAt);
}

/** From when it began, or was found, to when traffic was safe again. */
export function recoverSeconds({ beganAt, openedAt, recoveredAt }: IncidentRecord): number | undefined {
  return recoveredAt === undefined ? undefined : secondsBetween(beganAt ?? openedAt, recoveredAt);
}

export function isOngoing({ recoveredAt, resolved }: IncidentRecord): boolean {
  return recoveredAt === undefined && resolved === undefined;
}

/** Somebody has seen it. */
export function acknowledgement(incident: IncidentRecord, act: IncidentAct): ActResult {
  const { acknowledged, resolved } = incident;
  const earlier = resolved ?? acknowledged;
  return earlier === undefined
    ? { ok: true, act }
    : { ok: false, reason: `Incident ${incident.id} is ${incidentStatusOf(incident)} since ${earlier.at} by ${earlier.by}` };
}

/** Somebody says that it is over, and why. */
export function resolution(incident: IncidentRecord, act: IncidentAct): ActResult {
  if (incident.resolved !== undefined) {
    return { ok: false, reason: `Incident ${incident.id} is resolved since ${incident.resolved.at} by ${incident.resolved.by}` };
  }
  return act.comment === undefined
    ? { ok: false, reason: `Incident ${incident.id} cannot be resolved without a comment that says what was found` }
    : { ok: true, act };
}

/** Newest first. */
export function newestFirst(incidents: IncidentRecord[]): IncidentRecord[] {
  return incidents.toSorted((left, right) => right.openedAt.localeCompare(left.openedAt) || left.id.localeCompare(right.id));
}

function secondsBetween(from: string, to: string): number {
  return Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
}
