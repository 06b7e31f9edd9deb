import { parkedTrouble } from '../../core/incident/parked-look';
import { readCapacity } from '../shared/capacity-store';
import { openIncident, recovered } from '../shared/incidents';
import type { Scene } from './scene';

const PARKED = 'i-overdue-parked-';

export const isAboutParking = (id: string): boolean => id.startsWith(PARKED);

/** The endpoint is off: it must not be billed, and somebody must be there who switches it on again. */
export async function lookAtParked({ parts, control, ongoing, found }: Scene): Promise<void> {
  const { mode, parked, endpointName, stable } = control;
  if (mode !== 'parked' || parked === undefined || endpointName === undefined) {
    for (const { id } of ongoing) if (isAboutParking(id)) await recovered(parts, id);
    return;
  }
  const about = `parked-${parked.since.slice(0, 16)}`;
  const capacity = await readCapacity(parts.ledger);
  const reason = parkedTrouble(control, capacity?.lookedAt, await parts.describeEndpoint(endpointName), parts.now());
  if (reason === undefined) {
    for (const { id } of ongoing) if (isAboutParking(id)) await recovered(parts, id);
    return;
  }
  found.push('parked');
  const releaseId = stable === undefined ? {} : { releaseId: stable.releaseId };
  await openIncident(parts, { kind: 'overdue', about, reason, beganAt: parked.since, by: 'watch', ...releaseId });
}
