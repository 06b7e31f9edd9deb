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
  /** Until the answer was complete. */
  latencyMillis: number;
  /** Of a use case that streams: until the first byte of the answer was handed on. */
  firstByteMillis?: number;
  controlVersion: number;
  /** SHA-256 of request and response bodies, hex. */
  requestHash: string;
  responseHash: string;
}

/** One outcome, as any source hands it over: the detail of an EventBridge event with detail-type `KpiObserved`, a line of a file, a message. */
export interface KpiObserved {
  schema: 'sluice.kpi/v1';
  useCase: string;
  /** Chosen by the producer: the same id is counted once. */
  eventId: string;
  kpi: string;
  /** Header `x-sluice-decision-id` of the answer it belongs to. */
  decisionId?: string;
  /** The same id, as SageMaker's data capture calls it. */
  inferenceId?: string;
  /** For callers without the gateway, where the KPI's attribution is `variant`: the production variant that answered … */
  variant?: string;
  /** … when it did, ISO 8601 … */
  decidedAt?: string;
  /** … and for which unit; default: the event is a unit of its own. Hashed before it is kept. */
  unit?: string;
  /** `binary`: 0, 1, false or true. `mean`: an amount from 0. `count`: a whole number from 0. */
  value: number | boolean;
  /** What the model should have answered, where it is known now: a label or an amount, at most 256 characters. Kept for quality and retraining. */
  truth?: string | number | boolean;
  /** When it was observed, ISO 8601. */
  observedAt: string;
  /** A higher revision supersedes what was observed of the same unit and KPI. Default: 0. */
  revision?: number;
}

/** In pk `rejected#<hour>` of the ledger, laid out by `core/observation/rejected`: nothing sent is lost. */
export interface RejectedEvent {
  reason: RejectionReason;
  detail: string;
  /** The producer's; where it names none, the message's. */
  eventId: string;
  kpi?: string;
  /** Whole, whatever its size. */
  body: string;
  receivedAt: string;
}

export type RejectionReason =
  | 'malformed'
  | 'too-large'
  | 'unknown-kpi'
  | 'wrong-use-case'
  | 'bad-decision-id'
  | 'bad-variant'
  | 'bad-value'
  | 'future'
  | 'late'
  | 'already-observed'
  | 'no-comparison';

/** Name of the technical KPI that the ingest handler counts from decisions themselves. */
export const ERROR_RATE_KPI = 'error-rate';
