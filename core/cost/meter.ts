import type { CostArm } from '../contracts/cost';
import { addUsage, amountOf, type Billed, type CostLine, type PriceOf, repriced, unpricedSeconds, type Usage } from './lines';
import { dayOf, HOUR_MILLIS, isoOf, monthOf, startOfHour } from './time';

/** Instances of one kind that one endpoint was seen with. */
export interface FleetLine extends Billed {
  endpointName: string;
  count: number;
}

/** An endpoint as it was found. */
export interface SeenEndpoint {
  endpointName: string;
  /** When it last changed, as SageMaker says. */
  modifiedAtMillis: number;
  lines: FleetLine[];
}

/** One look at all endpoints of a use case. */
export interface Look {
  atMillis: number;
  endpoints: SeenEndpoint[];
  /** What is billed by use and not by presence: since the look before. */
  used?: Usage[];
}

export interface HourAmount {
  /** First instant of the hour, epoch milliseconds. */
  hour: number;
  amount: number;
  /** Seconds whose price is not known, by what they are of. */
  unpriced?: Record<string, number>;
}

/** What is known after a look: attribute `state` of the ledger item `cost`. */
export interface MeterState {
  /** ISO 8601, UTC: up to here everything is counted. */
  at: string;
  /** ISO 8601, UTC: nothing is known of the time before. */
  since: string;
  fleet: FleetLine[];
  month: string;
  monthLines: CostLine[];
  day: string;
  dayLines: CostLine[];
  /** The last day and the hour that runs. */
  hours: HourAmount[];
}

export interface Metered {
  state: MeterState;
  /** What came since the look before: at prices of now. */
  added: CostLine[];
  /** Days that are over since the look before. */
  closedDays: { day: string; lines: CostLine[] }[];
}

interface Stretch extends Billed {
  fromMillis: number;
  untilMillis: number;
  count: number;
}

/** One more than a day, for the hour that runs. */
const KEPT_HOURS = 25;

export function firstState({ atMillis, endpoints }: Look): MeterState {
  const at = isoOf(atMillis);
  return {
    at,
    since: at,
    fleet: endpoints.flatMap(({ lines }) => lines),
    month: monthOf(atMillis),
    monthLines: [],
    day: dayOf(atMillis),
    dayLines: [],
    hours: [],
  };
}

/** Counts what ran between two looks. A look that is not later than the last one counts nothing. */
export function advance(before: MeterState, look: Look, priceOf: PriceOf): Metered {
  const fromMillis = Date.parse(before.at);
  const fleet = look.endpoints.flatMap(({ lines }) => lines);
  if (look.atMillis <= fromMillis) return { state: before, added: [], closedDays: [] };
  const stretches = stretchesOf(before.fleet, look, fromMillis);
  const state: MeterState = {
    ...before,
    at: isoOf(look.atMillis),
    fleet,
    monthLines: repriced(before.monthLines, priceOf),
    dayLines: repriced(before.dayLines, priceOf),
    hours: before.hours.map((hour) => repricedHour(hour, priceOf)),
  };
  let added: CostLine[] = [];
  const closedDays: Metered['closedDays'] = [];
  for (let hour = startOfHour(fromMillis); hour < look.atMillis; hour += HOUR_MILLIS) {
    const isLast = hour + HOUR_MILLIS >= look.atMillis;
    const usage = [...stretches.map((stretch) => within(stretch, hour)), ...(isLast ? (look.used ?? []) : [])];
    turnOver(state, hour, closedDays);
    state.dayLines = addUsage(state.dayLines, usage, priceOf);
    state.monthLines = addUsage(state.monthLines, usage, priceOf);
    addToHour(state, hour, addUsage([], usage, priceOf));
    added = addUsage(added, usage, priceOf);
  }
  // A look at the very end of a day, or of a month, begins the next one.
  turnOver(state, look.atMillis, closedDays);
  state.hours = state.hours.slice(-KEPT_HOURS);
  return { state, added, closedDays };
}

/** Old fleet until the change, new fleet after it. */
function stretchesOf(before: FleetLine[], look: Look, fromMillis: number): Stretch[] {
  const names = new Set([...before.map(({ endpointName }) => endpointName), ...look.endpoints.map(({ endpointName }) => endpointName)]);
  return [...names].flatMap((name) => {
    const old = before.filter(({ endpointName }) => endpointName === name);
    const seen = look.endpoints.find(({ endpointName }) => endpointName === name);
    const lines = seen?.lines ?? [];
    const changedMillis = sameFleet(old, lines) ? fromMillis : changeOf(seen, fromMillis, look.atMillis);
    return [
      ...old.map(({ arm, what, count }) => ({ arm, what, count, fromMillis, untilMillis: changedMillis })),
      ...lines.map(({ arm, what, count }) => ({ arm, what, count, fromMillis: changedMillis, untilMillis: look.atMillis })),
    ].filter(({ fromMillis: from, untilMillis }) => untilMillis > from);
  });
}

const sameFleet = (one: FleetLine[], other: FleetLine[]): boolean => textOf(one) === textOf(other);

const textOf = (fleet: FleetLine[]): string =>
  fleet
    .map(({ arm, what, count }) => `${arm}|${what}|${count}`)
    .sort()
    .join(',');

/** SageMaker says when an endpoint changed its status; instances that come meanwhile come at an unknown time: the middle is right on average. */
function changeOf(seen: SeenEndpoint | undefined, fromMillis: number, atMillis: number): number {
  const said = seen?.modifiedAtMillis ?? 0;
  return said > fromMillis && said <= atMillis ? said : fromMillis + Math.floor((atMillis - fromMillis) / 2);
}

function within({ arm, what, count, fromMillis, untilMillis }: Stretch, hour: number): Usage {
  const millis = Math.min(untilMillis, hour + HOUR_MILLIS) - Math.max(fromMillis, hour);
  return { arm, what, seconds: (Math.max(0, millis) / 1000) * count };
}

function turnOver(state: MeterState, hour: number, closedDays: Metered['closedDays']): void {
  const day = dayOf(hour);
  if (day > state.day) {
    closedDays.push({ day: state.day, lines: state.dayLines });
    state.day = day;
    state.dayLines = [];
  }
  const month = monthOf(hour);
  if (month > state.month) {
    state.month = month;
    state.monthLines = [];
  }
}

function addToHour(state: MeterState, hour: number, lines: CostLine[]): void {
  const isRunning = state.hours.at(-1)?.hour === hour;
  const last: HourAmount = (isRunning ? state.hours.pop() : undefined) ?? { hour, amount: 0 };
  const unpriced = { ...last.unpriced };
  for (const [what, seconds] of Object.entries(unpricedSeconds(lines))) unpriced[what] = (unpriced[what] ?? 0) + seconds;
  state.hours.push(hourOf(hour, last.amount + amountOf(lines), unpriced));
}

const hourOf = (hour: number, amount: number, unpriced: Record<string, number>): HourAmount =>
  Object.keys(unpriced).length === 0 ? { hour, amount } : { hour, amount, unpriced };

function repricedHour({ hour, amount, unpriced = {} }: HourAmount, priceOf: PriceOf): HourAmount {
  const parts = Object.entries(unpriced).map(([what, seconds]) => ({ what, seconds, price: priceOf(what) }));
  const known = parts.reduce((sum, { seconds, price = 0 }) => sum + (seconds / 3600) * price, 0);
  const still = parts.flatMap(({ what, seconds, price }) => (price === undefined ? [[what, seconds] as const] : []));
  return hourOf(hour, amount + known, Object.fromEntries(still));
}

/** What an hour of the fleet costs, by arm; what has no price counts nothing here: see `unpricedTypes`. */
export function ratePerHour(fleet: FleetLine[], priceOf: PriceOf): Partial<Record<CostArm, number>> {
  const byArm: Partial<Record<CostArm, number>> = {};
  for (const { arm, what, count } of fleet) byArm[arm] = (byArm[arm] ?? 0) + count * (priceOf(what) ?? 0);
  return byArm;
}

export const unpricedTypes = (fleet: FleetLine[], priceOf: PriceOf): string[] =>
  [...new Set(fleet.filter(({ count, what }) => count > 0 && priceOf(what) === undefined).map(({ what }) => what))].sort();
