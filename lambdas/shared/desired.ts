import { ledgerKeys, type ReleaseSpec } from '../../core/contracts';
import { releaseIdOf } from '../../core/release/names';
import type { Ledger } from './ledger';

/** Ledger item `desired`: what the stack wants released, and by which workflow. */
export interface Desired {
  hash: string;
  spec: ReleaseSpec;
  workflowArn: string;
  /** The CloudFormation request that asked for it: asking again is the same request. */
  requestId: string;
  /** The release that stands for it. */
  releaseId?: string;
  /** False where no new release was needed. */
  starts: boolean;
}

export function readDesired(ledger: Ledger): Promise<Desired | undefined> {
  return ledger.get<Desired>(ledgerKeys.desired());
}

export async function writeDesired(ledger: Ledger, desired: Desired): Promise<void> {
  await ledger.put(ledgerKeys.desired(), desired);
}

/** A new sequence number each time. */
export async function nextReleaseId(ledger: Ledger, hash: string): Promise<{ id: string; sequence: number }> {
  const counted = await ledger.update<{ value: number }>(ledgerKeys.sequence(), {
    text: 'ADD #value :one',
    names: { '#value': 'value' },
    values: { ':one': 1 },
  });
  const sequence = counted?.value ?? 0;
  return { id: releaseIdOf(sequence, hash), sequence };
}

export function sequenceOf(releaseId: string): number {
  return Number(/^r(\d+)-/.exec(releaseId)?.[1]);
}
