import type { ControlRecord, DeployedRelease } from '../../../core/contracts';
import type { ControlWrite, History, Invocation } from '../history';
import { unapproved } from './approvals';
import { gateResults, ungated } from './gates';

/** A rollback or kill has committed: no candidate invocation starts later than this. */
const TAKES_HOLD_WITHIN_MILLIS = 2000;
/** Of a blue/green deployment: an alarm's minute, SageMaker's look at it, and what was under way. */
const SAGEMAKER_GOES_BACK_WITHIN_MILLIS = 300_000;

const at = (history: History, atMillis: number): string => `${Math.round((atMillis - history.startMillis) / 1000)} s`;

/** Every release that ever stood in the control record, by the model that SageMaker runs for it. */
function releasesByModel(history: History): Map<string, DeployedRelease> {
  const byModel = new Map<string, DeployedRelease>();
  for (const { record } of history.control) {
    for (const deployed of [record.stable, record.candidate]) if (deployed !== undefined) byModel.set(deployed.modelName, deployed);
  }
  return byModel;
}

/** Invocations on behalf of callers. Gates ask the dark candidate, too: as another role, and nobody uses its answers. */
export function liveInvocations(history: History): Invocation[] {
  const answered = new Set(history.answers.map(({ decisionId }) => decisionId));
  const isAnswer = ({ inferenceId }: Invocation): boolean => inferenceId !== undefined && answered.has(inferenceId);
  const live = new Set(history.invocations.filter(isAnswer).map(({ caller }) => caller));
  return history.invocations.filter(({ caller }) => caller === undefined || live.has(caller));
}

/** Live traffic reaches only releases that passed every gate and have every approval they owe, once the control record gives them traffic. */
export function gatedTraffic(history: History): string[] {
  const byModel = releasesByModel(history);
  const records = new Map(history.releases.map((release) => [release.id, release]));
  const results = gateResults(history);
  const begins = trafficBegins(history);
  const problemOf = ({ modelName, atMillis }: Invocation): string | undefined => {
    const releaseId = byModel.get(modelName)?.releaseId;
    if (releaseId === undefined) return `model ${modelName} was never put under control`;
    if (isAdopted(history, releaseId)) return undefined;
    const release = records.get(releaseId);
    if (release === undefined) return `release ${releaseId} answered without a release record`;
    const early = atMillis < (begins.get(releaseId) ?? Number.POSITIVE_INFINITY);
    return (
      unapproved(history, release, atMillis) ??
      ungated(results(releaseId), release, atMillis) ??
      (early ? `release ${releaseId} answered before the control record gave it traffic` : undefined)
    );
  };
  const live = new Set(liveInvocations(history));
  return history.invocations.flatMap((invocation) => {
    const problem = live.has(invocation)
      ? problemOf(invocation)
      : byModel.has(invocation.modelName)
        ? undefined
        : `model ${invocation.modelName} was never put under control`;
    return problem === undefined ? [] : [`${at(history, invocation.atMillis)}: ${problem}`];
  });
}

/** When each release was given traffic first: a share, or all of it. Where SageMaker moves traffic itself, when it became the candidate. */
function trafficBegins({ control, releases }: History): Map<string, number> {
  const guarded = new Set(releases.filter(({ spec }) => spec.rollout.strategy === 'blue-green').map(({ id }) => id));
  const begins = new Map<string, number>();
  const note = (release: DeployedRelease | undefined, atMillis: number): void => {
    if (release !== undefined && !begins.has(release.releaseId)) begins.set(release.releaseId, atMillis);
  };
  for (const { atMillis, record } of control) {
    const { stable, candidate, candidateWeight } = record;
    note(stable, atMillis);
    if (candidateWeight > 0 || guarded.has(candidate?.releaseId ?? '')) note(candidate, atMillis);
  }
  return begins;
}

const isAdopted = (history: History, releaseId: string): boolean =>
  history.control.some(({ record }) => record.endpointAdopted === true && record.stable?.releaseId === releaseId) &&
  !history.releases.some((release) => release.id === releaseId);

/** A candidate leaves before another one comes. */
export function oneCandidate(history: History): string[] {
  const violations: string[] = [];
  forEachChange(history.control, (before, after, atMillis) => {
    const gone = before?.candidate?.releaseId;
    const come = after.candidate?.releaseId;
    if (gone !== undefined && come !== undefined && gone !== come) {
      violations.push(`${at(history, atMillis)}: candidate ${come} replaced ${gone}, which had not ended`);
    }
    if (come !== undefined && after.lockedBy !== come)
      violations.push(`${at(history, atMillis)}: candidate ${come} does not hold the lock`);
  });
  return violations;
}

function forEachChange(
  writes: ControlWrite[],
  visit: (before: ControlRecord | undefined, after: ControlRecord, atMillis: number) => void,
): void {
  writes.forEach((write, index) => visit(writes[index - 1]?.record, write.record, write.atMillis));
}

/** After a rollback or kill is committed no invocation of what it took away starts later than two seconds; SageMaker is slower where it moves traffic. */
export function rollbackTakesHold(history: History): string[] {
  const violations: string[] = [];
  const live = liveInvocations(history);
  forEachChange(history.control, (before, after, atMillis) => {
    for (const model of modelsTakenAway(before, after)) {
      const until = nextUse(history.control, atMillis, model);
      const withinMillis =
        isMovedBySageMaker(before, model) && after.mode !== 'killed' ? SAGEMAKER_GOES_BACK_WITHIN_MILLIS : TAKES_HOLD_WITHIN_MILLIS;
      const late = live.filter(
        (invocation) => invocation.modelName === model && invocation.atMillis > atMillis + withinMillis && invocation.atMillis < until,
      );
      if (late.length > 0)
        violations.push(
          `${at(history, atMillis)}: ${late.length} invocations of ${model} started more than ${withinMillis / 1000} s after it was taken away`,
        );
    }
  });
  return violations;
}

/** During a blue/green deployment both fleets bear one variant name. */
const isMovedBySageMaker = (before: ControlRecord | undefined, model: string): boolean =>
  before?.candidate?.modelName === model && before.candidate.variantName === before.stable?.variantName;

function modelsTakenAway(before: ControlRecord | undefined, after: ControlRecord): string[] {
  const still = new Set(answering(after));
  // After a promotion the old stable is given time to finish what it has begun; that is no rollback.
  const promoted = before?.candidate !== undefined && after.stable?.releaseId === before.candidate.releaseId;
  return promoted ? [] : answering(before).filter((model) => !still.has(model));
}

/** Models that may answer callers. Killed or switched off, none does. */
function answering(record: ControlRecord | undefined): string[] {
  if (record === undefined || record.mode === 'killed' || record.mode === 'parked') return [];
  return [record.stable, record.candidate].filter((deployed) => deployed !== undefined).map((deployed) => deployed.modelName);
}

const nextUse = (writes: ControlWrite[], afterMillis: number, model: string): number =>
  writes.find((write) => write.atMillis > afterMillis && answering(write.record).includes(model))?.atMillis ?? Number.POSITIVE_INFINITY;
