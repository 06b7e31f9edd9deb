import { COST_ACTIONS, type CostAction, type CostOrders } from '../contracts';

const rank = (action: CostAction): number => COST_ACTIONS.indexOf(action);

/** The strongest order that holds: each does what the ones before it do, and more. Undefined: none, or owners took it on themselves. */
export function orderInForce(
  orders: CostOrders | undefined,
  nowMillis: number,
): { action: CostAction; reason: string; until: string } | undefined {
  if (orders === undefined || (orders.waivedUntil !== undefined && nowMillis < Date.parse(orders.waivedUntil))) {
    return undefined;
  }
  const holding = orders.orders.filter(({ since, until }) => Date.parse(since) <= nowMillis && nowMillis < Date.parse(until));
  return holding.toSorted((one, other) => rank(other.action) - rank(one.action))[0];
}

/** True where the order in force does what this action does. */
export function demands(orders: CostOrders | undefined, action: Exclude<CostAction, 'notify'>, nowMillis: number): boolean {
  const order = orderInForce(orders, nowMillis);
  return order !== undefined && rank(order.action) >= rank(action);
}
