import type { DeployedRelease } from './arms';

/** `baseline`: nothing promoted yet; `live`: a stable release answers; `killed`: the kill switch is on; `parked`: stable's endpoint is switched off. */
export type ControlMode = 'baseline' | 'live' | 'killed' | 'parked';

/** Why nothing but the baseline answers although a release is stable: its config and model stay, its endpoint does not. */
export interface Parking {
  /** ISO 8601, UTC. */
  since: string;
  by: string;
  reason: 'office-hours' | 'idle' | 'time-to-live' | 'cost' | 'operator';
  /** Whether traffic brings it back. */
  wakesOnTraffic: boolean;
  /** Of the release before stable, whose rollback window this ended: it goes with stable's. */
  warmEndpointName?: string;
}

/** The rollback window after a promotion. */
export interface WarmRelease {
  release: DeployedRelease;
  /** ISO 8601, UTC: removed then. */
  until: string;
}

/**
 * The one owner of traffic: a single ledger item, changed by conditional write on `version` only.
 * The gateway believes nothing else.
 */
export interface ControlRecord {
  /** Grows by one with every write; the condition of the next one. */
  version: number;
  mode: ControlMode;
  /** Missing until the first endpoint exists. */
  endpointName?: string;
  /** True when the endpoint was found, not made: it is never deleted by Sluice. */
  endpointAdopted?: boolean;
  /** Endpoint config that the live endpoint must run; another one is silent drift. */
  endpointConfigName?: string;
  stable?: DeployedRelease;
  candidate?: DeployedRelease;
  /** The release before stable, still on the endpoint: returning to it is one write. */
  warm?: WarmRelease;
  /** Id of the release before stable, also when it no longer stands: what a return releases anew. */
  previousReleaseId?: string;
  /** Share of all units that the candidate answers, 0 to 1. */
  candidateWeight: number;
  /** Share of all units that stay with the baseline for good, 0 to 1. */
  holdout: number;
  /** ISO 8601, UTC: since when the same releases answer under the same variants. */
  armsSince?: string;
  /** ISO 8601, UTC: since when the kill switch is on. Names its teardown. */
  killedAt?: string;
  /** Of mode `parked`. */
  parked?: Parking;
  /** Release that holds the lock: at most one candidate at a time. */
  lockedBy?: string;
  /** ISO 8601, UTC. */
  changedAt: string;
  /** Who: `workflow`, `verdict`, `alarm:<name>`, or an IAM principal ARN. */
  changedBy: string;
  /** Why, in a sentence. */
  reason: string;
}
