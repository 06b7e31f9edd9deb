import type { ControlRecord, IncidentKind } from '../../../core/contracts';
import type { History } from '../history';

/** An execution carries its release, or cleans up after it. */
const carries = (execution: string, releaseId: string): boolean => execution === releaseId || execution.startsWith(`${releaseId}-`);

/** A release that has not ended has an execution that carries it on; nobody else holds the lock. */
export function noReleaseStuck(history: History): string[] {
  if (history.destroyedSinceMillis !== undefined) return [];
  const carried = (releaseId: string): boolean => history.openExecutions.some((execution) => carries(execution, releaseId));
  const stuck = history.releases.filter(({ id, endedAt }) => endedAt === undefined && !carried(id));
  const lockedBy = history.control.at(-1)?.record.lockedBy;
  return [
    ...stuck.map(({ id, status }) => `release ${id} is ${status}, and nothing carries it on`),
    ...(lockedBy === undefined || carried(lockedBy) ? [] : [`release ${lockedBy} holds the lock, and nothing carries it on`]),
  ];
}

/** A rollback that fails turns the kill switch on. */
const KILLS = new Set<IncidentKind>(['kill', 'failed-rollback']);

/** Every rollback that took traffic away and every kill opened an incident. */
export function incidentOpened(history: History): string[] {
  const { incidents, control } = history;
  const rolledBack = new Set(history.releases.filter(({ status }) => status === 'rolled-back').map(({ id }) => id));
  const violations: string[] = [];
  let kills = 0;
  control.forEach(({ record }, index) => {
    const before = control[index - 1]?.record;
    // A stack that is deleted is no trouble: its owners asked for it.
    if (record.mode === 'killed' && before?.mode !== 'killed' && record.changedBy !== 'cloudformation') kills += 1;
    const lost = lostTraffic(before, record);
    if (lost !== undefined && rolledBack.has(lost) && !incidents.some(({ releaseId }) => releaseId === lost))
      violations.push(`release ${lost} was rolled back without an incident`);
  });
  const told = incidents.filter(({ kind }) => KILLS.has(kind)).length;
  return told < kills ? [...violations, `the kill switch was turned on ${kills} times, and ${told} incidents say so`] : violations;
}

/** The release that answered before and does no more: the candidate, or stable where the warm release takes its place. */
function lostTraffic(before: ControlRecord | undefined, after: ControlRecord): string | undefined {
  const candidate = before?.candidate?.releaseId;
  const isGone = candidate !== undefined && after.candidate?.releaseId !== candidate && after.stable?.releaseId !== candidate;
  if (isGone && (before?.candidateWeight ?? 0) > 0) return candidate;
  const isReturn = before?.warm !== undefined && after.stable?.releaseId === before.warm.release.releaseId;
  return isReturn ? before.stable?.releaseId : undefined;
}
