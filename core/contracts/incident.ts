export type IncidentKind = 'rollback' | 'kill' | 'failed-update' | 'silent-drift' | 'failed-rollback' | 'overdue' | 'budget';

/** Ledger item, pk `incidents`, sk = id. */
export interface IncidentRecord {
  /** `i-<kind>-<what it is about>`, such as `i-rollback-r7-3f2a9c1b`: the same trouble opens one incident. */
  id: string;
  kind: IncidentKind;
  releaseId?: string;
  /** A sentence for people. */
  reason: string;
  /** When the trouble began, as far as is known: the step's opening, the last good look. */
  beganAt?: string;
  openedAt: string;
  openedBy: string;
  /** When traffic was safe again. */
  recoveredAt?: string;
  acknowledged?: IncidentAct;
  resolved?: IncidentAct;
}

export interface IncidentAct {
  /** IAM principal ARN, taken from the request's signature. */
  by: string;
  at: string;
  comment?: string;
}

export type IncidentStatus = 'open' | 'acknowledged' | 'resolved';

export const incidentStatusOf = ({ acknowledged, resolved }: IncidentRecord): IncidentStatus =>
  resolved !== undefined ? 'resolved' : acknowledged !== undefined ? 'acknowledged' : 'open';
