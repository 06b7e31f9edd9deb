import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { BudgetPolicy, CostCriterion, KpiPolicy } from '../../core/contracts';
import {
  advance,
  amountOf,
  type BudgetsMessage,
  type CostState,
  decide,
  decidingGoal,
  type Deed,
  deedsOf,
  firstState,
  forecastOf,
  freshGuard,
  type GuardLook,
  isoOf,
  isWaived,
  lookAtCriteria,
  type Metered,
  type PriceOf,
  pricesOf,
  ratePerHour,
  startOfHour,
  tellCriterion,
  unitCost,
  unpricedSeconds,
  unpricedTypes,
  wholeHours,
} from '../../core/cost';
import type { Ledger } from '../shared/ledger';
import { type DeedParts, performOwed } from './deeds';
import { findEndpoints, type Found } from './endpoints';
import { metricLines, type MetricLine, unitLine } from './metrics';
import { type Known, readKnown, stateOf, writeDay, writeState } from './store';
import { answeredIn, serverlessUsage } from './usage';

export interface CostParts extends DeedParts {
  useCase: string;
  prefix: string;
  ledger: Ledger;
  sagemaker: SageMakerClient;
  cloudwatch: CloudWatchClient;
  policy?: BudgetPolicy;
  criteria: CostCriterion[];
  kpis: KpiPolicy[];
  prices: PriceOf;
  currency: string;
  publish(lines: MetricLine[]): void;
}

export interface Looked {
  looked: boolean;
  at?: string;
  monthToDate?: number;
  perHour?: number;
  unpriced?: string[];
  done: string[];
}

const MAX_ATTEMPTS = 6;
/** SageMaker's metrics are there within minutes. */
const METRICS_LAG_MILLIS = 5 * 60_000;
const MINUTE_MILLIS = 60_000;

type Control = NonNullable<Known['control']>;

/** Finds what runs, counts what it cost since the look before, and does what the budget asks for. */
export async function look(parts: CostParts, said: BudgetsMessage | undefined): Promise<Looked> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const known = await readKnown(parts.ledger);
    const { control, cost } = known;
    if (control === undefined) return { looked: false, done: [] };
    const before = stateOf(cost);
    const drafted = await draft(parts, known, control, before, said);
    // Before the state, which knows no more of them.
    for (const { day, lines } of drafted.metered.closedDays) await writeDay(parts.ledger, day, lines, parts.currency);
    // Two looks at once: the slower one starts over from what the faster one counted.
    if (await writeState(parts.ledger, drafted.state, cost)) return conclude(parts, before, drafted);
  }
  throw new Error(
    `What the use case costs could not be written in ${MAX_ATTEMPTS} attempts: others were writing it; the next look counts it`,
  );
}

interface Draft {
  state: CostState;
  metered: Metered;
  guard: GuardLook;
}

async function draft(
  parts: CostParts,
  known: Known,
  control: Control,
  before: CostState | undefined,
  said: BudgetsMessage | undefined,
): Promise<Draft> {
  const { prices, currency, policy } = parts;
  // Anything that comes while the endpoints are asked belongs to the next look.
  const nowMillis = parts.now();
  const found = await findEndpoints(parts.sagemaker, {
    control,
    prefix: parts.prefix,
    known: before?.configs ?? {},
    before: before?.endpoints ?? [],
    list: mayHideSome(control, before, nowMillis),
  });
  const usedUntil = usedUntilOf(found, before, nowMillis);
  const span = { fromMillis: Date.parse(before?.usedUntil ?? usedUntil ?? ''), untilMillis: Date.parse(usedUntil ?? '') };
  const used = usedUntil === undefined ? [] : await serverlessUsage(parts.cloudwatch, found.serverless, span);
  const seen = { atMillis: nowMillis, endpoints: found.endpoints, used };
  const metered: Metered =
    before === undefined ? { state: firstState(seen), added: [], closedDays: [] } : advance(before.meter, seen, prices);
  const { state: meter } = metered;
  const guard = guardLook(known, meter, parts, said, nowMillis);
  const decision = decide(policy, before?.guard ?? freshGuard(nowMillis), guard);
  const state: CostState = {
    meter,
    guard: decision.state,
    criteria: before?.criteria ?? [],
    ...(before?.unit === undefined ? {} : { unit: before.unit }),
    owed: before?.owed ?? [],
    configs: found.configs,
    endpoints: found.endpoints.map(({ endpointName }) => endpointName),
    unpriced: unpricedTypes(meter.fleet, prices),
    perHour: ratePerHour(meter.fleet, prices),
    prices: pricesOf([...meter.monthLines, ...meter.fleet], prices),
    ...(policy === undefined ? {} : { monthly: policy.monthly }),
    currency,
    ...(usedUntil === undefined ? {} : { usedUntil }),
    ...(found.listed ? { listedAt: isoOf(nowMillis) } : before?.listedAt === undefined ? {} : { listedAt: before.listedAt }),
  };
  const criteria = await lookAtUnit(parts, state, before, control, nowMillis);
  owe(state, [...deedsOf(policy, decision, guard, known.orders?.orders ?? []), ...criteria], nowMillis);
  return { state, metered, guard };
}

/** An endpoint that the control record does not name: on its way in or out, or left behind. */
function mayHideSome(control: Control, before: CostState | undefined, nowMillis: number): boolean {
  const unsettled = control.mode !== 'live' || control.lockedBy !== undefined;
  return unsettled || before?.listedAt === undefined || startOfHour(Date.parse(before.listedAt)) < startOfHour(nowMillis);
}

function usedUntilOf({ serverless }: Found, before: CostState | undefined, nowMillis: number): string | undefined {
  if (serverless.length === 0) return before?.usedUntil;
  return isoOf(Math.floor((nowMillis - METRICS_LAG_MILLIS) / MINUTE_MILLIS) * MINUTE_MILLIS);
}

function guardLook(
  { orders }: Known,
  meter: Metered['state'],
  { prices }: CostParts,
  said: BudgetsMessage | undefined,
  nowMillis: number,
): GuardLook {
  const forecast = forecastOf(meter);
  const perHour = Object.values(ratePerHour(meter.fleet, prices)).reduce((sum, rate) => sum + rate, 0);
  const incomplete = unpricedTypes(meter.fleet, prices).length > 0 || Object.keys(unpricedSeconds(meter.monthLines)).length > 0;
  return {
    nowMillis,
    monthToDate: amountOf(meter.monthLines),
    perHour,
    incomplete,
    ...(forecast === undefined ? {} : { forecast }),
    ...(isWaived(orders, nowMillis) ? { waivedBy: orders?.waivedBy ?? 'an owner' } : {}),
    ...(said === undefined ? {} : { said }),
  };
}

/** Once an hour, when its metrics are there: what a decision costs. */
async function lookAtUnit(
  parts: CostParts,
  state: CostState,
  before: CostState | undefined,
  control: Control,
  nowMillis: number,
): Promise<Deed[]> {
  const hours = wholeHours(state.meter);
  const isDue =
    nowMillis - startOfHour(nowMillis) >= METRICS_LAG_MILLIS &&
    startOfHour(Date.parse(before?.unit?.at ?? isoOf(0))) < startOfHour(nowMillis);
  if (hours === undefined || !isDue) return [];
  const goal = decidingGoal(parts.kpis);
  const answered = await answeredIn(parts.cloudwatch, parts.useCase, hours, goal);
  state.unit = { ...unitCost(state.meter, hours, answered, goal), at: isoOf(nowMillis) };
  const { states, met } = lookAtCriteria(parts.criteria, state.criteria, state.unit, nowMillis);
  state.criteria = states;
  return met.map((criterion) => tellCriterion(parts.useCase, control.stable?.releaseId, criterion));
}

/** Longer than the deeds of a look take. */
const CLAIM_MILLIS = 2 * 60_000;

/** New deeds, and those that somebody claimed and did not do. */
function owe(state: CostState, deeds: Deed[], nowMillis: number): void {
  const claimedUntil = isoOf(nowMillis + CLAIM_MILLIS);
  const kills = Object.values(state.guard.causes).some(({ action, waived }) => action === 'kill' && waived !== true);
  // Lifted or waived while the rollback handler failed: nobody is killed late.
  const wanted = state.owed.filter(({ deed }) => deed.kind !== 'kill' || kills);
  const kept = wanted.map((owed) => (Date.parse(owed.claimedUntil) <= nowMillis ? { ...owed, claimedUntil } : owed));
  const fresh = deeds.map((deed, index) => ({ id: `${isoOf(nowMillis)}#${index}`, deed, claimedUntil }));
  state.owed = [...kept, ...fresh];
}

async function conclude(parts: CostParts, before: CostState | undefined, { state, metered, guard }: Draft): Promise<Looked> {
  const lines = metricLines(state, metered.added, parts.prices);
  const isFresh = state.unit !== undefined && state.unit.at !== before?.unit?.at;
  parts.publish(isFresh ? [...lines, unitLine(state)] : lines);
  const claimedBefore = new Map((before?.owed ?? []).map(({ id, claimedUntil }) => [id, claimedUntil]));
  const mine = state.owed.filter(({ id, claimedUntil }) => claimedBefore.get(id) !== claimedUntil);
  const done = await performOwed(parts, mine);
  const { monthToDate, perHour } = guard;
  return { looked: true, at: state.meter.at, monthToDate, perHour, unpriced: state.unpriced, done };
}
