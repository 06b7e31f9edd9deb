import type { AvailabilityPolicy, ControlRecord, CostOrders, DeployedRelease, Parking, ServingMode } from '../contracts';
import type { CapacityBounds, ScaledResource, ScalingWish, ScheduledBounds, TargetTracking } from '../scaling';
import type { Hours } from './hours';

/** What the charter says of capacity. */
export interface CapacityPolicy {
  /** How many instances run while it is on; without `tracking` schedules alone say it. */
  scaling?: { tracking?: TargetTracking; schedules: ScheduledBounds[] };
  availability: AvailabilityPolicy;
  /** Instances of a stable release that was found and not made: nothing else says how many it needs. */
  bounds: CapacityBounds;
  /** Of the cost guard's order off-hours. */
  offHours: Hours;
}

/** What of the stable release's own record matters here; it stays as it is as long as the release is stable. */
export interface StableFacts {
  releaseId: string;
  mode: ServingMode;
  bounds: CapacityBounds;
  /** ISO 8601, UTC. */
  liveSince?: string;
}

/** Ledger item `capacity`. Times are ISO 8601, UTC. */
export interface CapacityMemory {
  /** Grows with every write; the condition of the next one. */
  version: number;
  /** When the handler looked last, to within half an hour. */
  lookedAt?: string;
  /** The last minute in which stable was asked, or was out of reach of a judgement: a release under way, a wake. */
  activeAt?: string;
  stable?: StableFacts;
  /** What Application Auto Scaling was told; without `signature` it may not have heard. */
  scaled?: { resource: ScaledResource; signature?: string };
  /** A release is about to change the endpoint: what was scaled is deregistered until the endpoint is in service. */
  hold?: { releaseId: string; at: string };
  /** Owners were told, once, of this. */
  told?: string[];
  /** Nothing switches the endpoint off before. */
  awakeUntil?: string;
  /** Time to live counts from here where somebody woke it. */
  wokenAt?: string;
  /** Releases wait for the endpoint. */
  wakeFor?: string;
  /** Somebody wakes it by hand, and keeps it on for so long once it answers. */
  wakeBy?: { by: string; reason: string; minutes: number };
  /** The endpoint of this parking is gone. */
  goneFor?: string;
  /** How often this wake has failed. */
  wakeFailures?: number;
  /** Releases were barred by the cost guard at the last look. */
  barred?: boolean;
}

export interface SeenVariant {
  name: string;
  instances: number;
}

/** The endpoint as it was described; `gone`: SageMaker has none of the name. */
export type SeenCapacity = 'gone' | { status: string; configName?: string; variants: SeenVariant[] };

export interface Situation {
  control: ControlRecord;
  policy: CapacityPolicy;
  orders?: CostOrders;
  memory: CapacityMemory;
  /** Missing: nobody has looked yet. */
  endpoint?: SeenCapacity;
  nowMillis: number;
}

export type Notice = 'idle-soon' | 'idle' | 'not-parkable';

/** What is to be done next; the situation is looked at anew after each. */
export type Act =
  | { do: 'look'; endpointName: string }
  | { do: 'park'; reason: Parking['reason']; why: string; wakesOnTraffic: boolean }
  | { do: 'create-endpoint'; endpointName: string; stable: DeployedRelease }
  | { do: 'delete-endpoint'; endpointName: string; because: 'parked' | 'failed' }
  | { do: 'go-live'; why: string }
  | { do: 'scale'; wish: ScalingWish; signature: string }
  | { do: 'unscale'; resource: ScaledResource }
  | { do: 'shrink'; endpointName: string; variantName: string; instances: number }
  | { do: 'tell'; notice: Notice; id: string; why: string }
  | { do: 'call-waiting'; what: 'parked' | 'cost' };
