import type { ControlRecord, IncidentRecord } from '../../core/contracts';
import type { SeenEndpoint } from '../../core/incident/endpoint-look';
import type { IncidentParts } from '../shared/incidents';
import type { Teardowns } from '../shared/teardowns';

export interface WatchParts extends IncidentParts {
  /** Undefined where there is none of that name. */
  describeEndpoint(name: string): Promise<(SeenEndpoint & { createdAt?: string }) | undefined>;
  teardowns: Teardowns;
  /** Starting it again under the same name is no error. */
  startRelease(stateMachineArn: string, executionName: string, input: object): Promise<string>;
  /** Executions of the release workflow, the newest first: the last hundred. */
  releaseRuns(stateMachineArn: string): Promise<ReleaseRun[]>;
  /** Hands a lost execution to the rollback handler, as the event of its end would. */
  reportLost(stateMachineArn: string, executionName: string): Promise<void>;
  /** Alarms that roll back, and are in ALARM now. */
  raisedAlarms(): Promise<{ alarmName: string; reason: string }[]>;
  /** Hands an alarm to the rollback handler, as its own action would. */
  reportAlarm(alarmName: string, reason: string): Promise<void>;
}

export interface ReleaseRun {
  name: string;
  status: string;
  /** ISO 8601, UTC. */
  stoppedAt?: string;
}

/** What one look sees. */
export interface Scene {
  parts: WatchParts;
  control: ControlRecord;
  ongoing: IncidentRecord[];
  found: string[];
}
