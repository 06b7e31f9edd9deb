import type { SFNClient } from '@aws-sdk/client-sfn';
import type { ControlRecord, ReleaseSpec } from '../../core/contracts';
import { carriedBy, type ReleaseParts } from '../../core/release/desire';
import { existingControl } from '../shared/control-store';
import { nextReleaseId, readWanted, sequenceOf, tryWriteDesired, type Wanted } from '../shared/desired';
import type { Ledger } from '../shared/ledger';
import { readRelease, registerRelease, type StoredRelease, updateOpenRelease } from '../shared/releases';
import { wakeAll } from '../shared/turns';
import { mustBeApproved, type Registry } from './packages';
import { answeredBefore, keepAnswer } from './requests';
import { takeItsPlace, withdrawUnwanted } from './unwanted';
import { type Wish, wishAfter } from './wish';

export interface DesireParts {
  ledger: Ledger;
  sfn: SFNClient;
  registry: Registry;
  workflowArn: string;
  startRelease(releaseId: string): Promise<string>;
}

interface Asking {
  /** Asking again under the same id is the same request. */
  requestId: string;
  /** `deploy`, `registry`, or the ARN of who asked. */
  by: string;
  at: string;
  /** Why, by whoever signed. */
  reason?: string;
  /** A release in progress is withdrawn for it, instead of being waited for. */
  supersede?: boolean;
}

/** What is asked for: a deploy hands over the whole charter; all others change parts of what is wanted. */
export type Asked = Asking & ({ charter: ReleaseSpec } | { change: (wanted: ReleaseParts) => Partial<ReleaseParts> });

export interface Desire {
  releaseId?: string;
  started: boolean;
  reason: string;
}

const MAX_ATTEMPTS = 5;

/**
 * The one way to a release, whoever asks: notes what is wanted, and starts its release unless it is stable or on its way.
 * The same content has one release; what was wanted before and still waits is superseded.
 */
export async function desire(parts: DesireParts, asked: Asked): Promise<Desire> {
  const known = await answeredBefore(parts.ledger, asked.requestId);
  if (known !== undefined) {
    return { started: false, releaseId: known, reason: `Release ${known} was started for this request already` };
  }
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const done = await tryDesire(parts, asked);
    if (done !== undefined) return done;
  }
  throw new Error(`Other releases were asked for ${MAX_ATTEMPTS} times while this one was noted: ask again`);
}

/** Undefined when another request came in between. */
async function tryDesire(parts: DesireParts, asked: Asked): Promise<Desire | undefined> {
  const { ledger } = parts;
  const before = await readWanted(ledger);
  const wish = wishAfter(before, asked);
  const control = await existingControl(ledger);
  const interrupted = control.mode === 'killed' ? undefined : await neverStarted(ledger, before, wish.hash);
  if (interrupted !== undefined) {
    return start(parts, asked, wish, interrupted);
  }
  const idle = await reasonToStayIdle(parts, wish, control, before);
  if (idle !== undefined) {
    const noted = await note(parts, asked, wish, before, { starts: false, releaseId: idle.releaseId });
    if (!noted) return undefined;
    if (idle.releaseId !== undefined) await keepAnswer(ledger, asked, idle.releaseId);
    await clearTheWay(parts, asked, control, idle.releaseId);
    return idle;
  }
  const { modelPackageArn } = wish.spec.model;
  if (modelPackageArn !== undefined) await mustBeApproved(parts.registry, modelPackageArn);
  const { id: releaseId } = await nextReleaseId(ledger, wish.hash);
  if (!(await note(parts, asked, wish, before, { starts: true, releaseId }))) return undefined;
  const started = await start(parts, asked, wish, releaseId);
  await clearTheWay(parts, asked, control, releaseId);
  return started;
}

function note(
  { ledger, workflowArn }: DesireParts,
  { requestId }: Asked,
  { wishes, spec, hash }: Wish,
  before: Wanted | undefined,
  { starts, releaseId }: { starts: boolean; releaseId: string | undefined },
): Promise<boolean> {
  return tryWriteDesired(ledger, {
    hash,
    spec,
    workflowArn,
    requestId,
    starts,
    wishes: releaseId === undefined ? wishes : carriedBy(wishes, releaseId),
    ...(releaseId === undefined ? {} : { releaseId }),
    ...(before?.revision === undefined ? {} : { revision: before.revision }),
  });
}

/** The release of a request that was noted, and then came to nothing before it began. */
async function neverStarted(ledger: Ledger, before: Wanted | undefined, hash: string): Promise<string | undefined> {
  if (before?.starts !== true || before.releaseId === undefined || before.hash !== hash) {
    return undefined;
  }
  const record = await readRelease(ledger, before.releaseId);
  const begun = record?.executionArn !== undefined || record?.endedAt !== undefined || record?.stop !== undefined;
  return begun ? undefined : before.releaseId;
}

async function reasonToStayIdle(
  { ledger }: DesireParts,
  { hash, unchanged }: Wish,
  control: ControlRecord,
  before: Wanted | undefined,
): Promise<Desire | undefined> {
  if (control.mode === 'killed') {
    return { started: false, reason: 'The kill switch is on: reviving the use case starts this release' };
  }
  const stable = await releaseOf(ledger, control.stable?.releaseId);
  if (stable?.hash === hash) {
    return { started: false, releaseId: stable.id, reason: `Release ${stable.id} is stable already` };
  }
  const wantedBefore = await releaseOf(ledger, before?.releaseId);
  for (const release of [await releaseOf(ledger, control.lockedBy), wantedBefore]) {
    if (release?.hash === hash && isOpen(release)) {
      return { started: false, releaseId: release.id, reason: `Release ${release.id} is in progress already` };
    }
  }
  return unchanged
    ? { started: false, ...(wantedBefore === undefined ? {} : { releaseId: wantedBefore.id }), reason: unchangedReason(wantedBefore) }
    : undefined;
}

/** Same content, same release: a release that did not go through is tried again by whoever says so, not by the next deploy. */
function unchangedReason(release: StoredRelease | undefined): string {
  return release === undefined
    ? 'The charter asks for the same release as before: nothing starts'
    : `The charter asks for the same release as before, and ${release.id} was ${release.status}: ` +
        `to try once more, sluice release --again ${release.id} --reason "…"`;
}

/** What is on its way and no longer wanted: withdrawn where the stack goes back to stable, or where whoever asks says so. */
async function clearTheWay(parts: DesireParts, asked: Asked, control: ControlRecord, releaseId: string | undefined): Promise<void> {
  // Who waits and is not wanted any more ends now, not when it would have been its turn.
  await wakeAll(parts.ledger, parts.sfn);
  const inProgress = await releaseOf(parts.ledger, control.lockedBy);
  // What is promoted stays: only its endpoint is being settled.
  const isDone = inProgress?.endedAt !== undefined || inProgress?.id === control.stable?.releaseId;
  if (inProgress === undefined || isDone || inProgress.id === releaseId || control.mode === 'killed') {
    return;
  }
  if (asked.supersede === true) {
    await takeItsPlace(parts, inProgress, asked, releaseId);
  } else if ('charter' in asked && control.stable !== undefined && control.stable.releaseId === releaseId) {
    await withdrawUnwanted(parts, inProgress, asked.at);
  }
}

async function start({ ledger, startRelease }: DesireParts, asked: Asked, { spec, hash }: Wish, id: string): Promise<Desire> {
  const { by, at, reason } = asked;
  await registerRelease(ledger, {
    id,
    sequence: sequenceOf(id),
    hash,
    spec,
    status: 'requested',
    requestedBy: by,
    requestedAt: at,
    ...(reason === undefined ? {} : { requestReason: reason }),
  });
  const executionArn = await startRelease(id);
  await updateOpenRelease(ledger, id, { executionArn });
  await keepAnswer(ledger, asked, id);
  return { releaseId: id, started: true, reason: `Release ${id} started` };
}

async function releaseOf(ledger: Ledger, releaseId: string | undefined): Promise<StoredRelease | undefined> {
  return releaseId === undefined ? undefined : readRelease(ledger, releaseId);
}

const isOpen = ({ endedAt, stop }: StoredRelease): boolean => endedAt === undefined && stop === undefined;
