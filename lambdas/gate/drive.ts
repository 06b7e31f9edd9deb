import { setTimeout as sleep } from 'node:timers/promises';
import { addLatency } from '../../core/gates/histogram';
import type { DataLine } from '../../core/gates/line';
import { noLoadTally, type LoadTally } from '../../core/gates/load-tally';
import type { DriveRequest } from './event';
import { errorName, type Target } from './models';
import { gateOf, type GateParts, keepPart, mustReadOpening } from './parts';

/** More under way at a time say nothing new: the fleet is behind. */
const MOST_UNDER_WAY = 400;
/** For the last answers, and to keep what was measured. */
const RESERVED_MILLIS = 90_000;

/**
 * Sends requests at a fixed rate, whether the ones before are answered or not. A latency counts from when its request was due:
 * a fleet that falls behind is not flattered by requests that waited for it.
 */
export async function drive(parts: GateParts, request: DriveRequest): Promise<{ sent: number }> {
  const { gate } = await gateOf(parts, request);
  if (gate.kind !== 'load') throw new Error(`Gate ${gate.name} is of kind ${gate.kind}: it drives no load`);
  const opening = await mustReadOpening(parts, request, gate.name);
  const { driver } = request;
  const place = driver.arm === 'candidate' ? opening.candidate : opening.stable;
  if (opening.data === undefined || place === undefined) {
    throw new Error(`Gate ${gate.name} has nobody to send load to`);
  }
  const lines = await parts.data.examples(gate.data, opening.data.etag);
  const id = `gate-${request.releaseId}-${request.index}-${driver.level}-${driver.driver}`;
  const tally = await sendAll(parts, request, lines, { ...place, inferenceId: id });
  await keepPart(parts, request, gate.name, `${driver.arm}#${driver.level}#${driver.driver}`, tally);
  return { sent: tally.sent };
}

async function sendAll(parts: GateParts, { driver }: DriveRequest, lines: DataLine[], target: Target): Promise<LoadTally> {
  const tally = noLoadTally();
  const underWay = new Set<Promise<void>>();
  const start = parts.now() + driver.delayMillis;
  for (let sent = 0; sent < driver.requests; sent += 1) {
    const due = start + (sent / driver.perSecond) * 1000;
    const early = due - parts.now();
    if (early > 0) await sleep(early);
    if (underWay.size >= MOST_UNDER_WAY) await Promise.race(underWay);
    if (parts.remaining() < RESERVED_MILLIS) break;
    const line = lines[(sent + driver.driver) % lines.length] as DataLine;
    const one = sendOne(parts, { ...target, inferenceId: `${target.inferenceId}-${sent}` }, line, due, tally).finally(() =>
      underWay.delete(one),
    );
    underWay.add(one);
  }
  await Promise.all(underWay);
  return tally;
}

async function sendOne(parts: GateParts, target: Target, line: DataLine, dueMillis: number, tally: LoadTally): Promise<void> {
  tally.sent += 1;
  try {
    await parts.models.load(target, line);
    addLatency(tally.latencies, parts.now() - dueMillis);
  } catch (error) {
    const name = errorName(error);
    tally.failures[name] = (tally.failures[name] ?? 0) + 1;
  }
}
