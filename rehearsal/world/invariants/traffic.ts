import type { ControlRecord, DeployedRelease } from '../../../core/contracts';
import type { ControlWrite, History, Invocation } from '../history';

/** A rollback or kill has committed: no candidate invocation starts later than this. */
const TAKES_HOLD_WITHIN_MILLIS = 2000;

const at = (history: History, atMillis: number): string => `${Math.round((atMillis - history.startMillis) / 1000)} s`;

/** Every release that ever stood in the control record, by the model that SageMaker runs for it. */
function releasesByModel(history: History): Map<string, DeployedRelease> {
  const byModel = new Map<string, DeployedRelease>();
  for (const { record } of history.control) {
    for (const deployed of [record.stable, record.candidate]) if (deployed !== undefined) byModel.set(deployed.modelName, deployed);
  }
  return byModel;
}

/** Live traffic reaches only releases that have every approval they owe, and only while the control record gives them traffic. */
export function gatedTraffic(history: History): string[] {
  const byModel = releasesByModel(history);
  const records = new Map(history.releases.map((release) => [release.id, release]));
  const violations: string[] = [];
  for (const invocation of history.invocations) {
    const releaseId = byModel.get(invocation.modelName)?.releaseId;
    const problem =
      releaseId === undefined
        ? `model ${invocation.modelName} was never put under control`
        : ungated(history, records, releaseId, invocation);
    if (problem !== undefined) violations.push(`${at(history, invocation.atMillis)}: ${problem}`);
  }
  return violations;
}

function ungated(
  history: History,
  records: Map<string, { spec: { approvals: { requiredRoles: string[] } } }>,
  releaseId: string,
  invocation: Invocation,
): string | undefined {
  if (isAdopted(history, releaseId)) return undefined;
  const release = records.get(releaseId);
  if (release === undefined) return `release ${releaseId} answered without a release record`;
  if (release.spec.approvals.requiredRoles.length === 0) return undefined;
  const approvedAt = history.approvedAtMillis.get(releaseId);
  return approvedAt === undefined || approvedAt > invocation.atMillis ? `release ${releaseId} answered before it was approved` : undefined;
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

/** After a rollback or kill is committed no invocation of what it took away starts later than two seconds. */
export function rollbackTakesHold(history: History): string[] {
  const violations: string[] = [];
  forEachChange(history.control, (before, after, atMillis) => {
    for (const model of modelsTakenAway(before, after)) {
      const until = nextUse(history.control, atMillis, model);
      const late = history.invocations.filter(
        (invocation) =>
          invocation.modelName === model && invocation.atMillis > atMillis + TAKES_HOLD_WITHIN_MILLIS && invocation.atMillis < until,
      );
      if (late.length > 0)
        violations.push(`${at(history, atMillis)}: ${late.length} invocations of ${model} started more than 2 s after it was taken away`);
    }
  });
  return violations;
}

function modelsTakenAway(before: ControlRecord | undefined, after: ControlRecord): string[] {
  const answering = (record: ControlRecord | undefined): string[] => {
    if (record === undefined || record.mode === 'killed') return [];
    return [record.stable, record.candidate].filter((deployed) => deployed !== undefined).map((deployed) => deployed.modelName);
  };
  const still = new Set(answering(after));
  // After a promotion the old stable is given time to finish what it has begun; that is no rollback.
  const promoted = before?.candidate !== undefined && after.stable?.releaseId === before.candidate.releaseId;
  return promoted ? [] : answering(before).filter((model) => !still.has(model));
}

const nextUse = (writes: ControlWrite[], afterMillis: number, model: string): number =>
  writes.find(
    (write) =>
      write.atMillis > afterMillis && [write.record.stable, write.record.candidate].some((deployed) => deployed?.modelName === model),
  )?.atMillis ?? Number.POSITIVE_INFINITY;
