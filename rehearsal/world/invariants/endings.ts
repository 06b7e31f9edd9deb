import type { ReleaseRecord } from '../../../core/contracts';
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

/** Every rollback of what had traffic and every kill opened an incident. */
export function incidentOpened(history: History): string[] {
  const { incidents, releases, control } = history;
  const known = (releaseId: string): boolean => incidents.some((incident) => incident.releaseId === releaseId);
  const hadTraffic = new Set(control.filter(({ record }) => record.candidateWeight > 0).map(({ record }) => record.candidate?.releaseId));
  const rolledBack = ({ id, status }: ReleaseRecord): boolean => status === 'rolled-back' && hadTraffic.has(id);
  const kills = control.filter(({ record }, index) => record.mode === 'killed' && control[index - 1]?.record.mode !== 'killed').length;
  const told = incidents.filter(({ kind }) => kind === 'kill').length;
  return [
    ...releases
      .filter((release) => rolledBack(release) && !known(release.id))
      .map(({ id }) => `release ${id} was rolled back without an incident`),
    ...(told < kills ? [`the kill switch was turned on ${kills} times, and ${told} incidents say so`] : []),
  ];
}
