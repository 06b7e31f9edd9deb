import type { SFNClient } from '@aws-sdk/client-sfn';
import type { ControlMode, ControlRecord, Notification, Notifier } from '../../core/contracts';
import type { Change } from '../../core/release/control';
import type { Ledger } from '../shared/ledger';
import type { Teardowns } from '../shared/teardowns';
import { logger } from '../shared/telemetry';
import type { AlarmReader } from './carried-alarm';
import type { CleanUpInput } from './lost-execution';

export interface RollbackParts {
  useCase: string;
  ledger: Ledger;
  sfn: SFNClient;
  now(): number;
  notify: Notifier;
  teardowns: Teardowns;
  alarms: AlarmReader;
  /** Starting it again under the same name is no error. */
  startRelease(stateMachineArn: string, executionName: string, input: CleanUpInput | { releaseId: string }): Promise<string>;
  /** Somebody looks after capacity: what is switched off is switched on again. */
  hasCapacity: boolean;
  /** Tells SageMaker's own alarm that its blue/green deployment is to go back. */
  askSageMakerBack(): void;
}

export interface Done {
  done: 'rolled-back' | 'returned' | 'releasing-anew' | 'killed' | 'revived' | 'waived' | 'parked' | 'waking' | 'kept-on' | 'nothing';
  /** True when the release is the stable one: there is no way back for it. */
  promoted?: boolean;
  changed: boolean;
  releaseId?: string;
  /** Release that answers again, or is released anew. */
  to?: string;
  mode: ControlMode;
  version: number;
  refusal?: string;
}

export const WORKFLOW = 'workflow';

export function changeAt({ now }: Pick<RollbackParts, 'now'>, by: string, reason: string): Change {
  return { at: new Date(now()).toISOString(), by, reason };
}

export function stateOf({ mode, version }: ControlRecord): Pick<Done, 'mode' | 'version'> {
  return { mode, version };
}

export function refused(control: ControlRecord, refusal: string, releaseId?: string): Done {
  return { done: 'nothing', changed: false, ...(releaseId === undefined ? {} : { releaseId }), ...stateOf(control), refusal };
}

/** What was done stands even when nobody can be told. */
export async function tell(
  { notify }: Pick<RollbackParts, 'notify'>,
  what: Omit<Notification, 'roles' | 'facts'>,
  control: ControlRecord,
  facts: object,
): Promise<void> {
  try {
    await notify({ ...what, roles: [], facts: { ...facts, mode: control.mode, version: control.version } });
  } catch (error) {
    logger.error('The owners could not be notified', { error, subject: what.subject });
  }
}
