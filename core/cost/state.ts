import type { Notification } from '../contracts/notification';
import type { CostArm, CostOrder } from '../contracts/cost';
import type { CriterionState } from './criterion';
import type { GuardState } from './guard';
import type { MeterState } from './meter';
import type { UnitCost } from './unit-cost';

/** Something that a look decided and that is yet to be done. */
export type Deed =
  | { kind: 'orders'; orders: CostOrder[] }
  | { kind: 'tell'; notification: Notification }
  | { kind: 'kill'; reason: string }
  /** Releases that wait for the end of an order ask again. */
  | { kind: 'wake' }
  | { kind: 'incident'; about: string; reason: string; beganAt: string }
  | { kind: 'recover'; about: string };

/** Whoever claims it does it; past the claim somebody else may. */
export interface Owed {
  id: string;
  deed: Deed;
  /** ISO 8601, UTC. */
  claimedUntil: string;
}

/** What a variant of an endpoint config runs on: configs never change. */
export interface ConfigVariant {
  instanceType?: string;
  serverlessMib?: number;
}

/** Attribute `state` of the ledger item `cost`, JSON. */
export interface CostState {
  meter: MeterState;
  guard: GuardState;
  criteria: CriterionState[];
  /** Of the last whole hours, and when it was computed. */
  unit?: UnitCost & { at: string };
  owed: Owed[];
  /** Endpoint config → variant → what it runs on: of the configs in use. */
  configs: Record<string, Record<string, ConfigVariant>>;
  /** Names of what the last look found. */
  endpoints?: string[];
  /** ISO 8601, UTC: when endpoints were last found by the beginning of their names. */
  listedAt?: string;
  /** ISO 8601, UTC: up to here what serverless requests took is counted. */
  usedUntil?: string;
  /** What the last look found without a price. */
  unpriced: string[];
  /** What an hour of the fleet that was last seen costs: of what has a price. */
  perHour: Partial<Record<CostArm, number>>;
  /** What an hour of each costs that this month has seen, and whose price is known. */
  prices: Record<string, number>;
  /** Of the budget. */
  monthly?: number;
  currency: string;
}
