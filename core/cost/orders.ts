import { COST_ACTIONS, type CostAction, type CostOrder, type CostOrders } from '../contracts/cost';

const rankOf = (action: CostAction): number => COST_ACTIONS.indexOf(action);

/** Whether an action does what the other one does. */
export const covers = (action: CostAction, other: CostAction): boolean => rankOf(action) >= rankOf(other);

/** The gentler of two. */
export const gentler = (one: CostAction, other: CostAction): CostAction => (covers(one, other) ? other : one);

export const isWaived = (orders: CostOrders | undefined, nowMillis: number): boolean =>
  orders?.waivedUntil !== undefined && nowMillis < Date.parse(orders.waivedUntil);

/** Orders that hold now: none while the owners took it on themselves. */
export const standing = (orders: CostOrders | undefined, nowMillis: number): CostOrder[] =>
  isWaived(orders, nowMillis) ? [] : (orders?.orders ?? []).filter(({ until }) => nowMillis < Date.parse(until));

/** The order for which the action is due now: each action does what those before it do. Undefined: nothing asks for it. */
export const orderFor = (orders: CostOrders | undefined, action: CostOrder['action'], nowMillis: number): CostOrder | undefined =>
  standing(orders, nowMillis).find((order) => covers(order.action, action));
