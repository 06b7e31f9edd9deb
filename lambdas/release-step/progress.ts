import { type ControlRecord, ledgerKeys, type StepRecord } from '../../core/contracts';
import { type Change, commitDark, openStep, promote, takeLock, type Transition } from '../../core/release/control';
import { courseOf, type ReleaseCourse } from '../../core/release/course';
import { planRelease, type ReleasePlan } from '../../core/release/plan';
import { changeControl, existingControl, mustChangeControl } from '../shared/control-store';
import { askedByStack, existingRelease, type StoredRelease, updateOpenRelease } from '../shared/releases';
import { closeStep, readStep } from '../shared/waits';
import type { ActionOf } from './action';
import { nowIso, type StepParts } from './parts';

export type Registered = { locked: true; plan: ReleaseCourse } | { locked: false; superseded: boolean };

const WORKFLOW = 'workflow';

/** One release at a time. Who waits while something newer is desired has waited in vain. */
export async function register(parts: StepParts, { releaseId, executionArn }: ActionOf<'register'>): Promise<Registered> {
  const { ledger, surroundings } = parts;
  const record = await goingOn(parts, releaseId);
  const desired = await ledger.get<{ hash: string }>(ledgerKeys.desired());
  if (askedByStack(record) && record.status === 'requested' && desired !== undefined && desired.hash !== record.hash) {
    return { locked: false, superseded: true };
  }
  const result = await changeControl(ledger, (control) => takeLock(control, releaseId, changeOf(parts, `Release ${releaseId} begins`)));
  if (!result.ok) {
    if (result.code === 'locked' || (result.code === 'killed' && record.revival === true)) {
      return { locked: false, superseded: false };
    }
    throw refused(result.reason);
  }
  await updateOpenRelease(ledger, releaseId, { status: 'in-progress', executionArn, stage: 'create' });
  return { locked: true, plan: courseOf(record, result.next, surroundings.prefix) };
}

export async function plan(parts: StepParts, { releaseId, currentConfig }: ActionOf<'plan'>): Promise<ReleasePlan> {
  const record = await goingOn(parts, releaseId);
  return planRelease(record, await existingControl(parts.ledger), currentConfig, parts.surroundings);
}

/** The candidate stands on the endpoint, without traffic. */
export async function dark(parts: StepParts, releaseId: string, reason: string): Promise<{ version: number }> {
  const next = await mustChangeControl(parts.ledger, async (control) => {
    const record = await goingOn(parts, releaseId);
    return commitDark(control, darkOf(parts, record, control), changeOf(parts, reason));
  });
  return { version: next.version };
}

/** The canary ended without a verdict: no traffic while people decide. */
export async function hold(parts: StepParts, { releaseId, reason }: ActionOf<'hold'>): Promise<{ version: number }> {
  const held = await dark(parts, releaseId, reason ?? 'The canary ended without a verdict');
  await closeOpenStep(parts, releaseId);
  await updateOpenRelease(parts.ledger, releaseId, { status: 'held' });
  return held;
}

/** The token is kept before any unit reaches the candidate: from the first request on there is somebody to judge it. */
export async function open(parts: StepParts, { releaseId, index, taskToken }: ActionOf<'open-step'>): Promise<{ stepId: string }> {
  const { ledger } = parts;
  const record = await goingOn(parts, releaseId);
  const step = record.spec.rollout.steps[index];
  if (step === undefined) {
    throw new Error(`Release ${releaseId} has ${record.spec.rollout.steps.length} steps, there is no step ${index}`);
  }
  const stepId = `${releaseId}#${index}`;
  const before = await readStep(ledger);
  const openedAt = before?.stepId === stepId ? before.openedAt : nowIso(parts);
  const canaryStartedAt = record.canaryStartedAt ?? openedAt;
  const item: StepRecord = {
    releaseId,
    stepId,
    index,
    weight: step.weight,
    bakeMinutes: step.bakeMinutes,
    last: index === record.spec.rollout.steps.length - 1,
    taskToken,
    openedAt,
    canaryStartedAt,
  };
  const openedSteps = [...(record.openedSteps ?? []).slice(0, index), { weight: step.weight, openedAt }];
  await updateOpenRelease(ledger, releaseId, { status: 'in-progress', stage: `canary:${step.weight}`, canaryStartedAt, openedSteps });
  await ledger.put(ledgerKeys.step(), item);
  await mustChangeControl(ledger, async (control) => {
    await goingOn(parts, releaseId);
    return openStep(control, releaseId, step.weight, changeOf(parts, `Step ${index + 1}: share ${step.weight}`));
  });
  return { stepId };
}

export async function promoteRelease(parts: StepParts, { releaseId, by, reason }: ActionOf<'promote'>): Promise<{ version: number }> {
  const next = await mustChangeControl(parts.ledger, async (control): Promise<Transition> => {
    const change = { ...changeOf(parts, reason), by };
    if (control.stable?.releaseId !== releaseId) {
      await goingOn(parts, releaseId);
    }
    return promote(control, releaseId, change);
  });
  await closeOpenStep(parts, releaseId);
  const { liveSince } = await existingRelease(parts.ledger, releaseId);
  await updateOpenRelease(parts.ledger, releaseId, { stage: 'promote', liveSince: liveSince ?? nowIso(parts) });
  return { version: next.version };
}

export async function closeOpenStep(parts: StepParts, releaseId: string): Promise<void> {
  const step = await readStep(parts.ledger);
  if (step?.releaseId === releaseId) {
    await closeStep(parts.ledger, step.stepId);
  }
}

export function changeOf(parts: StepParts, reason: string): Change {
  return { at: nowIso(parts), by: WORKFLOW, reason };
}

/** A release that was told to stop goes no further: the workflow catches this and rolls back. */
async function goingOn(parts: StepParts, releaseId: string): Promise<StoredRelease> {
  const record = await existingRelease(parts.ledger, releaseId);
  if (record.stop !== undefined || record.endedAt !== undefined) {
    throw refused(record.stop?.reason ?? `Release ${releaseId} has ended: ${record.reason ?? record.status}`);
  }
  return record;
}

/** The plan's own names again: they follow from the release and from stable, which the lock keeps. */
function darkOf(parts: StepParts, record: StoredRelease, control: ControlRecord): Parameters<typeof commitDark>[1] {
  const { candidate, endpointName, darkConfigName } = namesOf(parts, record, control);
  return { candidate, endpointName, endpointConfigName: darkConfigName, holdout: record.spec.rollout.holdout };
}

function namesOf(parts: StepParts, record: StoredRelease, control: ControlRecord): ReturnType<typeof planRelease> {
  const { stable } = control;
  const asDescribed = stable && {
    EndpointConfigName: stable.endpointConfigName,
    ProductionVariants: [{ VariantName: stable.variantName }],
  };
  return planRelease(record, control, asDescribed, parts.surroundings);
}

function refused(reason: string): Error {
  const error = new Error(reason);
  error.name = 'ReleaseRefused';
  return error;
}
