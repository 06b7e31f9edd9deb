import type {
  ApprovalRecord,
  Arm,
  ControlRecord,
  IncidentRecord,
  RefusalRecord,
  ReleaseRecord,
  RetrainingRecord,
} from '../../core/contracts';
import type { StoredObject } from '../../core/evidence';
import type { IamReport } from '../cloud/types';
import type { MeteredInstances, MeteredServerless } from '../services/sagemaker';
import type { ExecutionTold } from './executions';
import type { Attributed } from './kpi-event';
import type { GarbageKind } from './kpi-events-schema';

export interface ControlWrite {
  atMillis: number;
  record: ControlRecord;
}

/** One invocation of a model container, as SageMaker saw it start. */
export interface Invocation {
  atMillis: number;
  endpointName: string;
  variantName: string;
  modelName: string;
  inferenceId?: string;
  /** Role or principal that asked. */
  caller?: string;
}

/** One request as its caller saw it. */
export interface Answer {
  atMillis: number;
  status: number;
  /** The unit on whose behalf the caller asked. */
  unit: string;
  decisionId?: string;
  arm?: Arm;
  /** Of a streamed answer: how long its first and last byte took. */
  firstByteMillis?: number;
  lastByteMillis?: number;
}

/** An event as its producer made it, with the decision that it is about. */
export interface SentKpiEvent extends Attributed {
  eventId: string;
  kpi: string;
  value: number;
  revision: number;
  /** When the outcome happened; `observedAtMillis`: what the event says. */
  atMillis: number;
  observedAtMillis: number;
  /** For the first time. */
  sentAtMillis: number;
  /** How often it was sent. */
  copies: number;
  /** Sent by a poisoned source: must be rejected. */
  garbage?: GarbageKind;
  /** `lost`: never sent. `refused`: the way there did not take it, and told the producer. `elsewhere`: it goes to another use case. */
  fate?: 'lost' | 'refused' | 'elsewhere';
}

/** What the verdict wrote into the ledger at one look. */
export interface Look {
  releaseId: string;
  /** The moment for which it judged, ISO 8601. */
  at: string;
  item: Record<string, unknown>;
}

/** A moment at which the endpoint ran a config other than the control record's, beyond any update under way. */
export interface ConfigSighting {
  atMillis: number;
  endpointName: string;
  status: string;
  liveConfigName: string;
  controlConfigName: string | undefined;
  /** A release holds the lock, or a teardown is at work, and an execution runs that may be about to correct it. */
  workflowRunning: boolean;
}

/** Every fact about a rehearsal that the invariants are checked against: what happened, from several witnesses. */
export interface History {
  startMillis: number;
  endMillis: number;
  control: ControlWrite[];
  invocations: Invocation[];
  answers: Answer[];
  kpiSent: SentKpiEvent[];
  /** Keys `pk|sk` of all ledger items at the end, with their items. */
  ledger: Map<string, Record<string, unknown>>;
  releases: ReleaseRecord[];
  approvals: ApprovalRecord[];
  /** When each approval before traffic was completed, or expired. */
  approvedAtMillis: Map<string, number>;
  incidents: IncidentRecord[];
  refusals: RefusalRecord[];
  retrainings: RetrainingRecord[];
  /** Everything in the evidence bucket. */
  evidence: StoredObject[];
  /** Of the keys that signed heads name, as KMS gives them. */
  publicKeys: Record<string, string>;
  sightings: ConfigSighting[];
  /** What AWS would bill for endpoints, as the laptop cloud metered it. */
  metered?: MeteredInstances[];
  meteredServerless?: MeteredServerless[];
  /** Endpoints, endpoint configs and models of ours that stand at the end. */
  standingResources: string[];
  /** Names of the executions that had not ended at the end. */
  openExecutions: string[];
  /** What every execution took. */
  executions: ExecutionTold[];
  /** Virtual time at which the deletion of the stack began: queues and roles go with it. */
  destroyedSinceMillis?: number;
  /** The stack was deleted, and not deployed again. */
  isDestroyed: boolean;
  iam: IamReport;
}

/** What had time to pass the queue before the stack was deleted. */
const QUEUE_MILLIS = 60_000;

/** True for what the stack, as long as it stood, must answer for. */
export const stood = (history: Pick<History, 'destroyedSinceMillis'>, atMillis: number): boolean =>
  history.destroyedSinceMillis === undefined || atMillis < history.destroyedSinceMillis - QUEUE_MILLIS;
