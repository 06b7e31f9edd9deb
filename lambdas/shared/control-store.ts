import { setTimeout as sleep } from 'node:timers/promises';
import { type ControlRecord, ledgerKeys } from '../../core/contracts';
import type { Transition } from '../../core/release/control';
import { IF_ABSENT, type Ledger } from './ledger';

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
  return ledger.put(ledgerKeys.control(), control, IF_ABSENT);
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
    if (await ledger.put(ledgerKeys.control(), transition.next, isVersion)) {
      return { ...transition, changed: true };
    }
    await sleep(BACKOFF_MILLIS * attempt * (0.5 + Math.random()));
  }
  throw new Error(`The control record changed ${MAX_ATTEMPTS} times while it was being written: try again`);
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
