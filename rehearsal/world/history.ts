import type { ApprovalRecord, Arm, ControlRecord, EvidenceBundle, ReleaseRecord } from '../../core/contracts';
import type { IamReport } from '../cloud/types';

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
}

/** One request as its caller saw it. */
export interface Answer {
  atMillis: number;
  status: number;
  decisionId?: string;
  arm?: Arm;
}

export interface SentKpiEvent {
  eventId: string;
  kpi: string;
  /** Whether the event says that it happened. */
  happened: boolean;
  atMillis: number;
  /** How often it was put on the bus. */
  copies: number;
}

/** A moment at which the endpoint ran a config other than the control record's, beyond any update under way. */
export interface ConfigSighting {
  atMillis: number;
  endpointName: string;
  status: string;
  liveConfigName: string;
  controlConfigName: string | undefined;
  /** A release or teardown workflow is running and may be about to correct it. */
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
  /** When each approval was completed. */
  approvedAtMillis: Map<string, number>;
  evidence: EvidenceBundle[];
  sightings: ConfigSighting[];
  /** Endpoints, endpoint configs and models of ours that stand at the end. */
  standingResources: string[];
  /** Virtual time of the last completed kill or destroy after which nothing was deployed or released again. */
  goneSinceMillis?: number;
  /** Virtual time at which the deletion of the stack began: queues and roles go with it. */
  destroyedSinceMillis?: number;
  iam: IamReport;
}

/** What had time to pass the queue before the stack was deleted. */
const QUEUE_MILLIS = 60_000;

/** True for what the stack, as long as it stood, must answer for. */
export const stood = (history: Pick<History, 'destroyedSinceMillis'>, atMillis: number): boolean =>
  history.destroyedSinceMillis === undefined || atMillis < history.destroyedSinceMillis - QUEUE_MILLIS;
