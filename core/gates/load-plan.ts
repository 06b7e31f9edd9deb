import type { LoadGate } from '../contracts';
import { fewestFor } from './histogram';

/** What one driver sends. */
export interface Driver {
  /** Place in `multiples`. */
  level: number;
  /** Place among the drivers of the level. */
  driver: number;
  arm: 'candidate' | 'stable';
  requests: number;
  perSecond: number;
  /** Begins so long after the level, so that drivers take turns. */
  delayMillis: number;
}

export interface LevelPlan {
  multiple: number;
  /** How long its requests take to send. */
  seconds: number;
  drivers: Driver[];
}

const PER_DRIVER_PER_SECOND = 100;
/** An inline Map runs forty at a time; one place is for whoever asks stable. */
const MOST_DRIVERS = 39;
/** A driver is a function that ends after fifteen minutes. */
const MOST_SECONDS = 720;

/** `share` of the expected load is sent, as that share of the fleet stands. */
export function loadPlan(gate: LoadGate, share: number, hasStable: boolean): LevelPlan[] {
  const compared = levelNearestOne(gate.multiples);
  return gate.multiples.map((multiple, level) => {
    const perSecond = (gate.requestsPerMinute / 60) * multiple * share;
    const seconds = Math.min(MOST_SECONDS, Math.max(gate.secondsPerLevel, fewestRequests(gate) / perSecond));
    const drivers = levelDrivers(level, perSecond, seconds);
    const asksStable = gate.notSlower !== undefined && hasStable && level === compared;
    return { multiple, seconds, drivers: asksStable ? [...drivers, stableDriver(gate, level, drivers.length)] : drivers };
  });
}

/** Load that is scaled down goes on for longer, until its percentile can be told. */
const fewestRequests = ({ latency, notSlower }: LoadGate): number =>
  Math.max(...[latency, notSlower].map((demand) => (demand === undefined ? 1 : fewestFor(demand.percentile))));

/** The level whose latency is compared with stable's, which answers the load that it gets. */
export function levelNearestOne(multiples: number[]): number {
  return multiples.reduce((best, multiple, level) => (Math.abs(multiple - 1) < Math.abs((multiples[best] ?? 0) - 1) ? level : best), 0);
}

function levelDrivers(level: number, perSecond: number, seconds: number): Driver[] {
  const requests = Math.max(1, Math.round(perSecond * seconds));
  const count = Math.min(MOST_DRIVERS, Math.max(1, Math.ceil(perSecond / PER_DRIVER_PER_SECOND)));
  return Array.from({ length: count }, (_, driver) => ({
    level,
    driver,
    arm: 'candidate' as const,
    requests: Math.floor((requests + driver) / count),
    perSecond: perSecond / count,
    delayMillis: Math.round((driver / Math.max(perSecond, 1e-9)) * 1000),
  }));
}

/** A tenth of the expected load on top of what stable answers anyway, but enough to know the percentile. */
function stableDriver({ requestsPerMinute, secondsPerLevel, notSlower }: LoadGate, level: number, driver: number): Driver {
  const tenth = Math.ceil(((requestsPerMinute / 60) * secondsPerLevel) / 10);
  const requests = Math.max(tenth, 2 * fewestFor(notSlower?.percentile ?? 95));
  return { level, driver, arm: 'stable', requests, perSecond: requests / secondsPerLevel, delayMillis: 0 };
}
