import { setTimeout as sleep } from 'node:timers/promises';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { type ControlRecord, ledgerKeys, type TrafficChange } from '../../core/contracts';
import type { Transition } from '../../core/release/control';
import { type Expression, IF_ABSENT, type Ledger } from './ledger';

const MAX_ATTEMPTS = 10;
const BACKOFF_MILLIS = 25;

export function readControl(ledger: Ledger): Promise<ControlRecord | undefined> {
  return ledger.get<ControlRecord>(ledgerKeys.control());
}

export async function existingControl(ledger: Ledger): Promise<ControlRecord> {
  const control = await readControl(ledger);
  if (control === undefined) {
    throw new Error('The ledger has no control record: the custom resource of the stack writes the first one; deploy the stack');
  }
  return control;
}

/** Writes the first control record; false when there is one already. */
export function createControl(ledger: Ledger, control: ControlRecord): Promise<boolean> {
  return writeControl(ledger, control, IF_ABSENT);
}

/**
 * Reads, decides, writes on condition of the version read, and starts over when somebody else was faster.
 * The decision may read more of the ledger: what it read is as good as the version it was read under.
 */
export async function changeControl(
  ledger: Ledger,
  decide: (control: ControlRecord) => Transition | Promise<Transition>,
): Promise<Transition & { changed: boolean }> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const control = await existingControl(ledger);
    const transition = await decide(control);
    if (!transition.ok || transition.next === control) {
      return { ...transition, changed: false };
    }
    const isVersion = { text: '#version = :previous', names: { '#version': 'version' }, values: { ':previous': control.version } };
    if (await writeControl(ledger, transition.next, isVersion)) {
      return { ...transition, changed: true };
    }
    await sleep(BACKOFF_MILLIS * attempt * (0.5 + Math.random()));
  }
  throw new Error(
    `The control record could not be written in ${MAX_ATTEMPTS} attempts: others were writing it, or DynamoDB was throttled; try again`,
  );
}

/** As `changeControl`; a refusal is thrown under its code's name, for workflows to catch. */
export async function mustChangeControl(
  ledger: Ledger,
  decide: (control: ControlRecord) => Transition | Promise<Transition>,
): Promise<ControlRecord> {
  const result = await changeControl(ledger, decide);
  if (!result.ok) {
    const error = new Error(result.reason);
    error.name = 'ReleaseRefused';
    throw error;
  }
  return result.next;
}

/** Another writer was faster, or DynamoDB was too busy, which the SDK does not try again for a transaction. */
const PASSING = new Set(['ConditionalCheckFailed', 'TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

/** The record and its history are one transaction: no weight ever moves without a trace. False when it is to be tried again. */
async function writeControl(ledger: Ledger, control: ControlRecord, condition: Expression): Promise<boolean> {
  try {
    await ledger.transact([
      ledger.transactPut(ledgerKeys.control(), control, condition),
      ledger.transactPut(ledgerKeys.controlChange(control.version), trafficOf(control)),
    ]);
    return true;
  } catch (error) {
    if (error instanceof TransactionCanceledException && error.CancellationReasons?.some(({ Code }) => PASSING.has(Code ?? '')) === true) {
      return false;
    }
    throw error;
  }
}

function trafficOf(control: ControlRecord): TrafficChange {
  const { changedAt, changedBy, reason, version, mode, candidateWeight, stable, candidate, warm, lockedBy } = control;
  return {
    at: changedAt,
    by: changedBy,
    reason,
    version,
    mode,
    candidateWeight,
    ...(stable === undefined ? {} : { stable: stable.releaseId }),
    ...(candidate === undefined ? {} : { candidate: candidate.releaseId }),
    ...(warm === undefined ? {} : { warm: warm.release.releaseId }),
    ...(lockedBy === undefined ? {} : { lockedBy }),
  };
}
