import type { ControlRecord } from '../../core/contracts';
import { carriedBy } from '../../core/release/desire';
import { type Desired, nextReleaseId, readWanted, sequenceOf, writeDesired } from '../shared/desired';
import type { Ledger } from '../shared/ledger';
import { readRelease, registerRelease, updateOpenRelease } from '../shared/releases';

export interface Revival {
  ledger: Ledger;
  startRelease(stateMachineArn: string, executionName: string, input: { releaseId: string }): Promise<string>;
}

/**
 * Starts what is wanted once more, through all its gates: an unchanged stack would never ask again.
 * Its workflow waits until the kill switch is off. Asked again, the same release is started.
 */
export async function startDesired({ ledger, startRelease }: Revival, control: ControlRecord, by: string, at: string) {
  const desired = await readWanted(ledger);
  if (desired === undefined || (await stands(ledger, control, desired))) {
    return undefined;
  }
  const releaseId = (await begun(ledger, desired)) ?? (await nextReleaseId(ledger, desired.hash)).id;
  await registerRelease(ledger, {
    id: releaseId,
    sequence: sequenceOf(releaseId),
    hash: desired.hash,
    spec: desired.spec,
    status: 'requested',
    requestedBy: by,
    requestedAt: at,
    revival: true,
  });
  await writeDesired(ledger, { ...desired, releaseId, starts: true, wishes: carriedBy(desired.wishes, releaseId) });
  const executionArn = await startRelease(desired.workflowArn, releaseId, { releaseId });
  await updateOpenRelease(ledger, releaseId, { executionArn });
  return releaseId;
}

/** It answers on an adopted endpoint, which the kill left alone. */
async function stands(ledger: Ledger, { endpointAdopted, stable }: ControlRecord, { hash }: Desired): Promise<boolean> {
  return endpointAdopted === true && stable !== undefined && (await readRelease(ledger, stable.releaseId))?.hash === hash;
}

/** The release of a revival that did not come to its end. */
async function begun(ledger: Ledger, { releaseId }: Desired): Promise<string | undefined> {
  const record = releaseId === undefined ? undefined : await readRelease(ledger, releaseId);
  const waits = record?.revival === true && record.status === 'requested' && record.stop === undefined;
  return waits ? record.id : undefined;
}
