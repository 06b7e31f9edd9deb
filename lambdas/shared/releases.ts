import { type EvidenceStep, ledgerKeys, type ReleaseOutcome, type ReleaseRecord, type VerdictRecord } from '../../core/contracts';
import type { WarmWindow } from '../../core/release/clean-up';
import type { Obsolete } from '../../core/release/plan';
import { IF_ABSENT, type Ledger, setExpression } from './ledger';

/** Why a release must not go on, noted before traffic is taken away from it. */
export interface StopOrder {
  outcome: Extract<ReleaseOutcome, 'withdrawn' | 'rolled-back' | 'superseded' | 'killed'>;
  by: string;
  reason: string;
  at: string;
}

/** A release record with what the handlers keep beside it. */
export interface StoredRelease extends ReleaseRecord {
  stop?: StopOrder;
  /** Asked for by whoever switched the kill switch off: waits for that instead of failing. */
  revival?: boolean;
  /** The owners were told how it ended. */
  announced?: boolean;
  /** When the first step opened. */
  canaryStartedAt?: string;
  /** When it became stable: from then on it answers whoever is not held out. */
  liveSince?: string;
  /** Answered when its turn has come, while it waits for one. */
  turnToken?: string;
  /** The release before stays on the endpoint after the promotion. */
  window?: WarmWindow;
  /** What the promotion left on another endpoint: deleted by the workflow, or by whoever cleans up after it. */
  leftBehind?: Obsolete;
  /** When the endpoint was settled after that, or somebody else saw to it. */
  tidiedAt?: string;
  /** Steps as they were opened. */
  openedSteps?: Pick<EvidenceStep, 'weight' | 'openedAt'>[];
}

/** Ledger item `verdict#<release>`, `latest`. */
export interface StoredVerdict {
  at: string;
  decision: string;
  reason: string;
  culprit?: string;
}

/** Ledger item `verdict#<release>`, `look#<at>`. */
export interface StoredLook {
  decision: string;
  /** JSON of a `VerdictRecord`: e-values grow beyond DynamoDB's numbers. */
  verdict: string;
  expiresAt: number;
}

export async function readLook(ledger: Ledger, releaseId: string, at: string): Promise<VerdictRecord | undefined> {
  const look = await ledger.get<StoredLook>(ledgerKeys.look(releaseId, at));
  return look === undefined ? undefined : (JSON.parse(look.verdict) as VerdictRecord);
}

/** What a person asked for stays; what the stack asked for goes with its wish. */
export function askedByStack({ requestedBy, revival }: StoredRelease): boolean {
  return requestedBy === 'deploy' || revival === true;
}

export function readRelease(ledger: Ledger, releaseId: string): Promise<StoredRelease | undefined> {
  return ledger.get<StoredRelease>(ledgerKeys.release(releaseId));
}

export async function existingRelease(ledger: Ledger, releaseId: string): Promise<StoredRelease> {
  const record = await readRelease(ledger, releaseId);
  if (record === undefined) {
    throw new Error(`The ledger has no release '${releaseId}': releases are registered by deploying the stack`);
  }
  return record;
}

export function registerRelease(ledger: Ledger, record: StoredRelease): Promise<boolean> {
  return ledger.put(ledgerKeys.release(record.id), record, IF_ABSENT);
}

/** Sets members of a release that has not ended, and removes others; false when it has. */
export async function updateOpenRelease(
  ledger: Ledger,
  releaseId: string,
  members: Partial<StoredRelease>,
  removed: (keyof StoredRelease)[] = [],
): Promise<boolean> {
  const open = { text: 'attribute_exists(pk) AND attribute_not_exists(endedAt)' };
  const set = setExpression(members);
  const update =
    removed.length === 0
      ? set
      : {
          ...set,
          text: `${set.text} REMOVE ${removed.map((name) => `#${name}`).join(', ')}`,
          names: { ...set.names, ...Object.fromEntries(removed.map((name) => [`#${name}`, name])) },
        };
  return (await ledger.update(ledgerKeys.release(releaseId), update, open)) !== undefined;
}

/** The first order to stop stands. */
export async function noteStop(ledger: Ledger, releaseId: string, stop: StopOrder, culprit: string | undefined): Promise<void> {
  const first = {
    text: 'attribute_exists(pk) AND attribute_not_exists(endedAt) AND attribute_not_exists(#stop)',
    names: { '#stop': 'stop' },
  };
  await ledger.update(ledgerKeys.release(releaseId), setExpression({ stop, culprit }), first);
}
