import type { SFNClient } from '@aws-sdk/client-sfn';
import type { ControlRecord, ReleaseSpec } from '../../core/contracts';
import { releaseHash } from '../../core/hash';
import { type Change, withdraw } from '../../core/release/control';
import { existingControl } from '../shared/control-store';
import { type Desired, nextReleaseId, readDesired, sequenceOf, writeDesired } from '../shared/desired';
import type { Ledger } from '../shared/ledger';
import { askedByStack, readRelease, registerRelease, type StoredRelease, updateOpenRelease } from '../shared/releases';
import { stopRelease } from '../shared/stopping';

export interface DesireParts {
  ledger: Ledger;
  sfn: SFNClient;
  workflowArn: string;
  startRelease(releaseId: string): Promise<string>;
}

export interface Desire {
  releaseId?: string;
  started: boolean;
  reason: string;
}

const DEPLOY = 'deploy';

/** Makes the given behaviour the desired one, and starts its release unless it is stable or on its way. */
export async function desire(parts: DesireParts, spec: ReleaseSpec, requestId: string, at: string): Promise<Desire> {
  const { ledger } = parts;
  const hash = releaseHash(spec);
  const before = await readDesired(ledger);
  const wanted = { hash, spec, workflowArn: parts.workflowArn, requestId };
  if (before?.requestId === requestId && before.hash === hash && before.starts && before.releaseId !== undefined) {
    return start(parts, before.releaseId, spec, hash, at);
  }
  const control = await existingControl(ledger);
  const idle = await reasonToStayIdle(parts, control, hash, before, at);
  if (idle !== undefined) {
    await writeDesired(ledger, { ...wanted, ...(idle.releaseId === undefined ? {} : { releaseId: idle.releaseId }), starts: false });
    return idle;
  }
  const { id: releaseId } = await nextReleaseId(ledger, hash);
  await writeDesired(ledger, { ...wanted, releaseId, starts: true });
  return start(parts, releaseId, spec, hash, at);
}

async function reasonToStayIdle(
  parts: DesireParts,
  control: ControlRecord,
  hash: string,
  before: Desired | undefined,
  at: string,
): Promise<Desire | undefined> {
  const { ledger } = parts;
  if (control.mode === 'killed') {
    return { started: false, reason: 'The kill switch is on: reviving the use case starts this release' };
  }
  const stable = await releaseOf(ledger, control.stable?.releaseId);
  const inProgress = await releaseOf(ledger, control.lockedBy);
  if (stable?.hash === hash) {
    await withdrawUnwanted(parts, inProgress, at);
    return { started: false, releaseId: stable.id, reason: `Release ${stable.id} is stable already` };
  }
  for (const release of [inProgress, await releaseOf(ledger, before?.releaseId)]) {
    if (release?.hash === hash && release.endedAt === undefined && release.stop === undefined) {
      return { started: false, releaseId: release.id, reason: `Release ${release.id} is in progress already` };
    }
  }
  return undefined;
}

/** The stack went back to what is stable: what a deploy had asked for meanwhile is not wanted any more. */
async function withdrawUnwanted(parts: DesireParts, inProgress: StoredRelease | undefined, at: string): Promise<void> {
  if (inProgress === undefined || !askedByStack(inProgress) || inProgress.endedAt !== undefined) {
    return;
  }
  const change: Change = { at, by: 'cloudformation', reason: 'The stack asks for the stable release again' };
  await stopRelease(parts.ledger, parts.sfn, inProgress.id, { ...change, outcome: 'withdrawn' }, (control) =>
    // Promoted in the meantime: it is stable now, and this very request found it so no more.
    control.stable?.releaseId === inProgress.id ? { ok: true, next: control } : withdraw(control, inProgress.id, change),
  );
}

async function start({ ledger, startRelease }: DesireParts, id: string, spec: ReleaseSpec, hash: string, at: string): Promise<Desire> {
  const sequence = sequenceOf(id);
  await registerRelease(ledger, { id, sequence, hash, spec, status: 'requested', requestedBy: DEPLOY, requestedAt: at });
  const executionArn = await startRelease(id);
  await updateOpenRelease(ledger, id, { executionArn });
  return { releaseId: id, started: true, reason: `Release ${id} started` };
}

async function releaseOf(ledger: Ledger, releaseId: string | undefined): Promise<StoredRelease | undefined> {
  return releaseId === undefined ? undefined : readRelease(ledger, releaseId);
}
