import type { Arm } from './arms';

/** What the gateway sends to the observation queue for every answered request: lineage, exposure and technical outcome. */
export interface DecisionObserved {
  kind: 'decision';
  decisionId: string;
  useCase: string;
  /** The release whose comparison this decision belongs to: the candidate's, else stable's; `none` before the first. */
  releaseId: string;
  /** The arm that was assigned (intention to treat). */
  arm: Arm;
  /** The release that was to answer: stable's or the candidate's id, or `baseline`. */
  servedRelease: string;
  /** True when the baseline answered although another arm was assigned. */
  fallback: boolean;
  /** True when the assigned model failed (error, timeout, open circuit). */
  failed: boolean;
  /** HMAC of the unit: never the unit itself. */
  unitKey: string;
  decidedAt: string;
  latencyMillis: number;
  controlVersion: number;
  /** SHA-256 of request and response bodies, hex. */
  requestHash: string;
  responseHash: string;
}

/** The detail of an EventBridge event with detail-type `KpiObserved`. */
export interface KpiObserved {
  schema: 'sluice.kpi/v1';
  useCase: string;
  /** Chosen by the producer: the same id is counted once. */
  eventId: string;
  kpi: string;
  decisionId: string;
  /** Binary KPIs: did it happen (1, true) or not (0, false). */
  value: number | boolean;
  /** When it was observed, ISO 8601. */
  observedAt: string;
}

/** Ledger item, pk `rejected#<hour>`, sk = `<eventId>#<digest>`: nothing sent is lost. */
export interface RejectedEvent {
  reason: RejectionReason;
  detail: string;
  body: string;
  receivedAt: string;
}

export type RejectionReason =
  'malformed' | 'unknown-kpi' | 'wrong-use-case' | 'bad-decision-id' | 'late' | 'already-observed' | 'no-comparison';

/** Name of the technical KPI that the ingest handler counts from decisions themselves. */
export const ERROR_RATE_KPI = 'error-rate';
