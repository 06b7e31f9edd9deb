/** `page`: somebody must act now. */
export type Severity = 'info' | 'warning' | 'page';

/** Names of the runbooks in `constructs-docs/runbooks`. */
export const RUNBOOKS = [
  'approval-requested',
  'release-ended',
  'rolled-back',
  'kill-switch',
  'rollback-failed',
  'silent-drift',
  'evidence-missing',
  'kill-criterion',
  'budget',
  'alarm',
  'parked',
  'drift',
  'retraining',
] as const;

export type Runbook = (typeof RUNBOOKS)[number];

/** What the owners are told: no secrets, no personal data, no bodies of requests. */
export interface Notification {
  /** Detail-type of the event on the bus, source `sluice`: `ApprovalRequested`, `ReleaseEnded`, `ReleaseRolledBack`, `IncidentOpened`, … */
  event: string;
  severity: Severity;
  /** Roles of the charter that it concerns; empty: all. */
  roles: string[];
  /** A line for people, without the use case's name. */
  subject: string;
  runbook: Runbook;
  releaseId?: string;
  facts: Record<string, unknown>;
}

export interface Notifier {
  (notification: Notification): Promise<void>;
}
