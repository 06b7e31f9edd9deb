import { type Act, type CapacityMemory, decide, idleMinutes, type Situation, wantedNow, wishOf } from '../../core/capacity';
import { type ControlRecord, type CostOrders, type LedgerKey, ledgerKeys } from '../../core/contracts';
import { writeCapacity } from '../shared/capacity-store';
import { readRelease } from '../shared/releases';
import { logger } from '../shared/telemetry';
import { actOut } from './acts';
import type { CapacityParts } from './parts';
import { stableFactsOf } from './stable-facts';
import { LONGEST_READ_MILLIS } from './traffic';

/** Each step is one call of AWS or one write; none of the ways through needs more. */
const MOST_STEPS = 20;
const MOST_ATTEMPTS = 3;
/** What follows from the metrics again is written once in so long. */
const QUIET_WRITE_MILLIS = 30 * 60_000;

export interface CapacityReport {
  mode: ControlRecord['mode'] | 'none';
  did: string[];
}

/** One look, and everything that follows from it. `stirred`: the endpoint has just changed, so what was told to it may be gone. */
export async function lookAfterCapacity(parts: CapacityParts, stirred: boolean): Promise<CapacityReport> {
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    const report = await attemptLook(parts, stirred || attempt > 1);
    if (report !== undefined) return report;
  }
  throw new Error(`Others wrote what is known of capacity ${MOST_ATTEMPTS} times while it was looked at: the next look tries again`);
}

/** Undefined: somebody else was faster. */
async function attemptLook(parts: CapacityParts, stirred: boolean): Promise<CapacityReport | undefined> {
  const read = await readAll(parts);
  if (read.control === undefined) return { mode: 'none', did: [] };
  const { memory: stored } = read;
  let situation = await prepared(parts, { ...read, control: read.control }, stirred);
  const did: string[] = [];
  let written: CapacityMemory = stored;
  const save = async (memory: CapacityMemory): Promise<boolean> => {
    if (!(await writeCapacity(parts.ledger, { ...memory, version: written.version }))) return false;
    written = { ...memory, version: written.version + 1 };
    return true;
  };
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const { act, memory } = decide(situation);
    const changed = memory !== situation.memory;
    situation = { ...situation, memory };
    if (act === undefined) {
      if (changed) continue;
      break;
    }
    if (act.do === 'look') {
      situation = { ...situation, endpoint: await parts.endpoints.look(act.endpointName) };
      continue;
    }
    // Told and told again is worse than not told: what was done is noted first where doing it twice would be seen.
    if ((act.do === 'tell' || act.do === 'scale') && !(await save(noted(act, memory)))) return undefined;
    logger.info('Capacity', { act });
    did.push(act.do);
    const next = await actOut(parts, situation, act);
    situation = next.situation;
    if (next.stop) break;
  }
  if (isWorthWriting(situation.memory, written, parts.now()) && !(await save(situation.memory))) return undefined;
  measure(parts, situation);
  return { mode: situation.control.mode, did };
}

/** Before Application Auto Scaling hears of it: a handler that dies in between leaves nothing behind that nobody knows of. */
function noted(act: Act, memory: CapacityMemory): CapacityMemory {
  return act.do === 'scale' ? { ...memory, scaled: { resource: act.wish.resource } } : memory;
}

interface Read {
  control?: ControlRecord;
  memory: CapacityMemory;
  orders?: CostOrders;
}

async function readAll({ ledger }: CapacityParts): Promise<Read> {
  const keys = [ledgerKeys.control(), ledgerKeys.capacity(), ledgerKeys.costOrders()];
  const items = await ledger.batchGet<Record<string, unknown>>(keys);
  const item = <T>({ pk, sk }: LedgerKey): T | undefined => {
    const found = items.find((one) => one.pk === pk && one.sk === sk);
    if (found === undefined) return undefined;
    return Object.fromEntries(Object.entries(found).filter(([name]) => name !== 'pk' && name !== 'sk')) as T;
  };
  const [control, orders] = [item<ControlRecord>(ledgerKeys.control()), item<CostOrders>(ledgerKeys.costOrders())];
  return {
    memory: item<CapacityMemory>(ledgerKeys.capacity()) ?? { version: 0 },
    ...(control === undefined ? {} : { control }),
    ...(orders === undefined ? {} : { orders }),
  };
}

/** What is known before anything is decided: the stable release, and when it was asked last. */
async function prepared(parts: CapacityParts, read: Read & { control: ControlRecord }, stirred: boolean): Promise<Situation> {
  const { control, orders } = read;
  const nowMillis = parts.now();
  const stable = await factsOf(parts, control, read.memory);
  const { scaled, ...others } = read.memory;
  const again = scaled === undefined ? {} : { scaled: stirred ? { resource: scaled.resource } : scaled };
  const memory: CapacityMemory = { ...others, ...again, ...(stable === undefined ? {} : { stable }) };
  const situation: Situation = { control, policy: parts.policy, memory, nowMillis, ...(orders === undefined ? {} : { orders }) };
  return { ...situation, memory: { ...memory, ...(await activity(parts, situation)), lookedAt: iso(nowMillis) } };
}

async function factsOf(parts: CapacityParts, { stable, mode }: ControlRecord, memory: CapacityMemory) {
  if (stable === undefined || mode === 'killed') return undefined;
  if (memory.stable?.releaseId === stable.releaseId && memory.stable.liveSince !== undefined) return memory.stable;
  return stableFactsOf(stable, await readRelease(parts.ledger, stable.releaseId), parts.policy);
}

async function activity(parts: CapacityParts, { control, policy, memory, nowMillis }: Situation): Promise<Partial<CapacityMemory>> {
  if (policy.availability.idle === undefined) return {};
  const isBusy = control.mode === 'live' && (control.lockedBy !== undefined || control.candidate !== undefined);
  const wakes = control.mode === 'parked' && control.parked?.wakesOnTraffic === true;
  if (isBusy || (memory.activeAt === undefined && !wakes)) return { activeAt: iso(nowMillis) };
  if (control.mode !== 'live' && !wakes) return {};
  const before = memory.activeAt === undefined ? 0 : Date.parse(memory.activeAt);
  // All that is counted as idle, each time: metrics may come an hour late.
  const fromMillis = Math.max(before, nowMillis - LONGEST_READ_MILLIS);
  const askedMillis = await parts.lastRequest(wakes ? 'baseline' : 'stable', fromMillis, nowMillis);
  return askedMillis === undefined || askedMillis <= before ? {} : { activeAt: iso(askedMillis) };
}

const VOLATILE = new Set<string>(['version', 'lookedAt', 'activeAt']);

function isWorthWriting(memory: CapacityMemory, written: CapacityMemory, nowMillis: number): boolean {
  const lasting = (one: CapacityMemory): string =>
    JSON.stringify(
      Object.entries(one)
        .filter(([name, value]) => !VOLATILE.has(name) && value !== undefined)
        .sort(),
    );
  const isOld = written.lookedAt === undefined || nowMillis - Date.parse(written.lookedAt) >= QUIET_WRITE_MILLIS;
  return isOld || lasting(memory) !== lasting(written);
}

function measure(parts: CapacityParts, situation: Situation): void {
  const { control, memory, policy, nowMillis } = situation;
  const isLive = control.mode === 'live' && memory.stable !== undefined;
  const wish = isLive && memory.stable !== undefined ? wishOf(situation, memory.stable, false) : undefined;
  parts.measure({
    wanted: isLive && memory.stable !== undefined ? wantedNow(wish, memory.stable, nowMillis) : 0,
    parked: control.mode === 'parked',
    ...(policy.availability.idle === undefined || !isLive ? {} : { idleMinutes: idleMinutes(memory, nowMillis) }),
  });
}

export const iso = (millis: number): string => new Date(millis).toISOString();
