import { type CostOrder, type CostOrders, ledgerKeys } from '../../core/contracts';
import { orderFor, standing } from '../../core/cost/orders';
import { endOfMonth, isoOf } from '../../core/cost/time';
import type { Ledger } from './ledger';

export function readCostOrders(ledger: Ledger): Promise<CostOrders | undefined> {
  return ledger.get<CostOrders>(ledgerKeys.costOrders());
}

/**
 * Owners take what it costs on themselves until the month is over: nothing but telling is done. Returns the orders that stood. Where none
 * stands that does at least as much as `atLeast`, nothing is waived, and an empty list is returned.
 */
export async function waiveOrders(
  ledger: Ledger,
  by: string,
  nowMillis: number,
  atLeast: CostOrder['action'] = 'block-releases',
): Promise<CostOrder[]> {
  const orders = await readCostOrders(ledger);
  const stood = standing(orders, nowMillis);
  if (orderFor(orders, atLeast, nowMillis) === undefined) return [];
  await ledger.update(ledgerKeys.costOrders(), {
    text: 'SET waivedUntil = :until, waivedBy = :by, waivedAt = :at',
    values: { ':until': isoOf(endOfMonth(nowMillis)), ':by': by, ':at': isoOf(nowMillis) },
  });
  return stood;
}
