import { existingControl } from '../shared/control-store';
import { waiveOrders } from '../shared/cost-orders';
import { logger } from '../shared/telemetry';
import { wakeWaitingFor } from '../shared/turns';
import { type Done, refused, type RollbackParts, stateOf, tell } from './parts';

/** An owner takes on what the use case costs: until the month is over the cost guard tells, and does nothing. */
export async function waiveCosts(parts: RollbackParts, by: string, reason: string): Promise<Done> {
  const { ledger, sfn, now } = parts;
  const control = await existingControl(ledger);
  const stood = await waiveOrders(ledger, by, now());
  if (stood.length === 0) return refused(control, 'No order of the cost guard stands: there is nothing to waive');
  const actions = [...new Set(stood.map(({ action }) => action))].join(', ');
  try {
    await wakeWaitingFor(ledger, sfn, 'cost');
  } catch (error) {
    logger.error('Releases that wait for the cost guard could not be woken; they ask again by themselves', { error });
  }
  await tell(
    parts,
    { event: 'CostOrdersWaived', severity: 'warning', subject: `Orders of the cost guard are waived: ${actions}`, runbook: 'budget' },
    control,
    { by, reason, actions },
  );
  return { done: 'waived', changed: true, ...stateOf(control) };
}
