import { ledgerKeys, type ReleaseSpec } from '../../core/contracts';
import { releaseHash } from '../../core/hash';
import {
  afterRequest,
  carriedBy,
  carriersOf,
  partsOf,
  wantedParts,
  type Wishes,
  wishesOf,
  withoutFailed,
  withParts,
} from '../../core/release/desire';
import { releaseIdOf } from '../../core/release/names';
import type { Ledger } from './ledger';
import { readRelease, type StoredRelease } from './releases';

/** Ledger item `desired`: what is wanted released now, and by which workflow. */
export interface Desired {
  hash: string;
  /** The charter's policy over the content that is wanted. */
  spec: ReleaseSpec;
  workflowArn: string;
  /** The request that asked for it: asking again is the same request. */
  requestId: string;
  /** The release that stands for it. */
  releaseId?: string;
  /** False where no new release was needed. */
  starts: boolean;
  /** What the charter says of each part, and what was asked for beside it. Missing where only deploys have asked: the charter's is wanted. */
  wishes?: Wishes;
  /** Grows with every write. */
  revision?: number;
}

/** A desired item that is complete. */
export type Wanted = Desired & { wishes: Wishes };

export function readDesired(ledger: Ledger): Promise<Desired | undefined> {
  return ledger.get<Desired>(ledgerKeys.desired());
}

/** What is wanted now: what the registry or a person asked for counts no more when all its releases ended otherwise than promoted. */
export async function readWanted(ledger: Ledger): Promise<Wanted | undefined> {
  const desired = await readDesired(ledger);
  if (desired === undefined) {
    return undefined;
  }
  const before = desired.wishes ?? wishesOf(partsOf(desired.spec));
  const wishes = withoutFailed(before, await failedOf(ledger, carriersOf(before)));
  const spec = withParts(desired.spec, wantedParts(wishes));
  const hash = releaseHash(spec);
  if (hash === desired.hash) {
    return { ...desired, wishes };
  }
  const wanted: Wanted = { ...desired, wishes, spec, hash, starts: false };
  delete wanted.releaseId;
  return wanted;
}

async function failedOf(ledger: Ledger, releaseIds: string[]): Promise<Set<string>> {
  const records = await Promise.all(releaseIds.map((id) => readRelease(ledger, id)));
  return new Set(records.filter((record) => record !== undefined && hasFailed(record)).map((record) => (record as StoredRelease).id));
}

const hasFailed = ({ endedAt, status, stop }: StoredRelease): boolean =>
  endedAt === undefined ? stop !== undefined : status !== 'promoted';

/** Written unless somebody else wrote meanwhile: then what was decided no longer fits, and this fails. */
export async function writeDesired(ledger: Ledger, desired: Desired): Promise<void> {
  if (!(await tryWriteDesired(ledger, desired))) {
    throw new Error('Another release was asked for at the same moment: ask again');
  }
}

export function tryWriteDesired(ledger: Ledger, desired: Desired): Promise<boolean> {
  const { revision } = desired;
  const unchanged =
    revision === undefined
      ? { text: 'attribute_not_exists(revision)' }
      : { text: 'revision = :revision', values: { ':revision': revision } };
  return ledger.put(ledgerKeys.desired(), { ...desired, revision: (revision ?? 0) + 1 }, unchanged);
}

const MAX_ATTEMPTS = 5;

/** An operator went back to an earlier release: its content is what is wanted from now on, until somebody asks for other parts. */
export async function noteReturn(ledger: Ledger, content: ReleaseSpec, releaseId: string): Promise<void> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const wanted = await readWanted(ledger);
    if (wanted === undefined) return;
    const wishes = carriedBy(afterRequest(wanted.wishes, partsOf(content)), releaseId);
    const spec = withParts(wanted.spec, wantedParts(wishes));
    if (await tryWriteDesired(ledger, { ...wanted, wishes, spec, hash: releaseHash(spec), releaseId, starts: true })) return;
  }
  throw new Error(`Other releases were asked for ${MAX_ATTEMPTS} times while the return to ${releaseId} was noted: ask again`);
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
