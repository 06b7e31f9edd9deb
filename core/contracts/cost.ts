/** In the order of what they cost the users: each does what the one before it does, and more. */
export const COST_ACTIONS = ['notify', 'block-releases', 'scale-in', 'off-hours', 'kill'] as const;
export type CostAction = (typeof COST_ACTIONS)[number];

/** What may be spent, and what happens when it is not enough. */
export interface BudgetPolicy {
  monthly: number;
  /** That of the price book. */
  currency: string;
  /** Shares of `monthly` at which AWS Budgets tells the owners. */
  actualThresholds: number[];
  forecastThresholds: number[];
  onForecastExceeded: CostAction;
  onExceeded: CostAction;
  /** A rate, per hour, that is too high for `overrunMinutes`. */
  hourlyAbove?: number;
  overrunMinutes: number;
  onOverrun: CostAction;
}

/** What a decision may cost; a charter's kill criterion by cost. */
export interface CostCriterion {
  costPerDecisionAbove: number;
  forMinutes: number;
}

/** Who or what the instances worked for. `warm`: a release kept for an instant return. */
export const COST_ARMS = ['stable', 'candidate', 'warm'] as const;
export type CostArm = (typeof COST_ARMS)[number];

/** One thing that the cost guard wants, until it is lifted or the month is over. */
export interface CostOrder {
  action: Exclude<CostAction, 'notify'>;
  /** ISO 8601, UTC. */
  since: string;
  /** First instant at which it no longer holds, ISO 8601, UTC. */
  until: string;
  reason: string;
}

/** Ledger item `cost-orders`: written by the cost guard, read by releases (blocked) and by capacity (scale in, off hours). */
export interface CostOrders {
  orders: CostOrder[];
  /** Owners took it on themselves: until then nothing but telling is done. ISO 8601, UTC. */
  waivedUntil?: string;
  waivedBy?: string;
}
