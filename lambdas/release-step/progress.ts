import { type ControlRecord, type DeployedRelease, ledgerKeys, type StepRecord } from '../../core/contracts';
import { commitDark, openStep, promote, type Transition } from '../../core/release/control';
import { keepWarmMinutesOf } from '../../core/release/keep-warm';
import { checkField } from '../../core/shadow';
import { obsoleteAfter, type Obsolete, planRelease, type ReleasePlan } from '../../core/release/plan';
import { existingControl, mustChangeControl } from '../shared/control-store';
import { existingRelease, type StoredRelease, updateOpenRelease } from '../shared/releases';
import { closeStep, readStep } from '../shared/waits';
import type { ActionOf } from './action';
import { goingOn } from './going-on';
import { changeOf, nowIso, type StepParts } from './parts';

export async function plan(parts: StepParts, { releaseId, currentConfig }: ActionOf<'plan'>): Promise<ReleasePlan> {
  const record = await goingOn(parts, releaseId);
  // A shadow phase that could compare nothing is refused before anything is built.
  checkField(record.spec.rollout.shadow?.agreementField);
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

/** Stable answers and the shadow gets copies: a step without a share. Its place is before all others. */
const SHADOW_INDEX = -1;

export function openAnyStep(parts: StepParts, action: ActionOf<'open-step'>): Promise<{ stepId: string }> {
  return action.kind === 'shadow' ? openShadow(parts, action) : open(parts, action);
}

async function openShadow(parts: StepParts, { releaseId, taskToken }: ActionOf<'open-step'>): Promise<{ stepId: string }> {
  const { ledger } = parts;
  const { shadow } = (await goingOn(parts, releaseId)).spec.rollout;
  if (shadow === undefined) {
    throw new Error(`Release ${releaseId} has no shadow phase (rollout.shadow)`);
  }
  const stepId = `${releaseId}#shadow`;
  const before = await readStep(ledger);
  const openedAt = before?.stepId === stepId ? before.openedAt : nowIso(parts);
  await updateOpenRelease(ledger, releaseId, { status: 'in-progress', stage: 'shadow' });
  const item: StepRecord = {
    kind: 'shadow',
    releaseId,
    stepId,
    index: SHADOW_INDEX,
    weight: 0,
    bakeMinutes: shadow.bakeMinutes,
    last: false,
    taskToken,
    openedAt,
    canaryStartedAt: openedAt,
  };
  await ledger.put(ledgerKeys.step(), item);
  // Told to stop in between, it would wait for a verdict that nobody gives.
  await goingOn(parts, releaseId);
  return { stepId };
}

/** The token is kept before any unit reaches the candidate: from the first request on there is somebody to judge it. */
async function open(parts: StepParts, { releaseId, index, taskToken }: ActionOf<'open-step'>): Promise<{ stepId: string }> {
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

/** The step that was just answered stays open for the verdict until the next one: the candidate still answers its share. */
export async function noteGrowth(parts: StepParts, { releaseId }: ActionOf<'note-growth'>): Promise<{ noted: boolean }> {
  await goingOn(parts, releaseId);
  const grown = { text: 'SET growingSince = if_not_exists(growingSince, :at)', values: { ':at': nowIso(parts) } };
  const same = { text: 'releaseId = :id', values: { ':id': releaseId } };
  return { noted: (await parts.ledger.update(ledgerKeys.step(), grown, same)) !== undefined };
}

export async function promoteRelease(parts: StepParts, { releaseId, by, reason }: ActionOf<'promote'>): Promise<{ version: number }> {
  const { spec, liveSince } = await existingRelease(parts.ledger, releaseId);
  let leftBehind: Obsolete | undefined;
  const next = await mustChangeControl(parts.ledger, async (control): Promise<Transition> => {
    const change = { ...changeOf(parts, reason), by };
    if (control.stable?.releaseId !== releaseId) {
      await goingOn(parts, releaseId);
      leftBehind = obsoleteAfter({ id: releaseId, spec }, control, parts.surroundings.prefix);
      // Before the write: whoever cleans up after this workflow knows what the promotion leaves behind.
      if (leftBehind.obsoleteEndpoints.length > 0) await updateOpenRelease(parts.ledger, releaseId, { leftBehind });
    }
    return promote(control, releaseId, change, keepWarmMinutesOf(spec.rollout, control.stable));
  });
  await closeOpenStep(parts, releaseId);
  const { warm } = next;
  const standing = (before: DeployedRelease): Obsolete =>
    leftBehind ?? obsoleteAfter({ id: releaseId, spec }, { ...next, stable: before }, parts.surroundings.prefix);
  await updateOpenRelease(parts.ledger, releaseId, {
    stage: 'promote',
    liveSince: liveSince ?? nowIso(parts),
    ...(warm === undefined ? {} : { window: { until: warm.until, ...standing(warm.release) } }),
  });
  return { version: next.version };
}

export async function closeOpenStep(parts: StepParts, releaseId: string): Promise<void> {
  const step = await readStep(parts.ledger);
  if (step?.releaseId === releaseId) {
    await closeStep(parts.ledger, step.stepId);
  }
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
