import { park } from '../../core/release/parking';
import { noteForCapacity } from '../shared/capacity-store';
import { changeControl, existingControl } from '../shared/control-store';
import { changeAt, type Done, refused, type RollbackParts, stateOf, tell } from './parts';

/** So long nothing switches off again what somebody woke. */
export const DEFAULT_AWAKE_MINUTES = 480;
const NOBODY_LOOKS_AFTER =
  "Nobody looks after this use case's capacity, so that nothing could be switched on again: the charter names none of serving.scaling, officeHours, idle and timeToLive";

/** The baseline answers from now on; whoever looks after capacity deletes the endpoint. */
export async function parkByHand(parts: RollbackParts, by: string, reason: string): Promise<Done> {
  const { ledger } = parts;
  const before = await existingControl(ledger);
  if (!parts.hasCapacity) return refused(before, NOBODY_LOOKS_AFTER);
  const change = changeAt(parts, by, reason);
  const result = await changeControl(ledger, (control) => park(control, { reason: 'operator', wakesOnTraffic: false }, change));
  if (!result.ok) return refused(before, result.reason);
  const releaseId = result.next.stable?.releaseId;
  const named = releaseId === undefined ? {} : { releaseId };
  // Also where it is off already: somebody may have woken it.
  await noteForCapacity(ledger, { awakeUntil: change.at }, ['wakeBy']);
  if (result.changed) {
    const subject = `endpoint switched off, the baseline answers: ${reason}`;
    const facts = { reason: 'operator', by, why: reason, wakesOnTraffic: false };
    await tell(parts, { event: 'EndpointParked', severity: 'info', subject, runbook: 'parked', ...named }, result.next, facts);
  }
  return { done: 'parked', changed: result.changed, ...named, ...stateOf(result.next) };
}

/** Noted, and told to whoever looks after capacity: the endpoint takes minutes to come. One that is on stays on. */
export async function wakeByHand(parts: RollbackParts, by: string, reason: string, minutes = DEFAULT_AWAKE_MINUTES): Promise<Done> {
  const { ledger, now } = parts;
  const control = await existingControl(ledger);
  if (!parts.hasCapacity) return refused(control, NOBODY_LOOKS_AFTER);
  const { mode, stable } = control;
  if ((mode !== 'parked' && mode !== 'live') || stable === undefined) {
    return refused(control, `Nothing is switched off that could be woken: the mode is '${mode}'`);
  }
  const awakeUntil = new Date(now() + minutes * 60_000).toISOString();
  // What is off takes its time to start: the minutes count from when it answers.
  const noted = await noteForCapacity(ledger, mode === 'parked' ? { wakeBy: { by, reason, minutes } } : { awakeUntil });
  if (noted === undefined) return refused(control, 'Nobody has looked after capacity yet: ask again in five minutes');
  const { releaseId } = stable;
  const subject = mode === 'parked' ? `the endpoint is woken: ${reason}` : `the endpoint stays on until ${awakeUntil}: ${reason}`;
  await tell(parts, { event: 'EndpointWakeAsked', severity: 'info', subject, runbook: 'parked', releaseId }, control, {
    by,
    reason,
    ...(mode === 'parked' ? { awakeMinutes: minutes } : { awakeUntil }),
  });
  return { done: mode === 'parked' ? 'waking' : 'kept-on', changed: true, releaseId, ...stateOf(control) };
}
