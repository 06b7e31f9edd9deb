import type { KpiObserved, KpiPolicy, RejectionReason } from '../../core/contracts';
import { checkEvent, valueProblem } from '../../core/observation';
import { type AttributionRules, attribute } from './attribution';
import type { EventEntry } from './message';
import { type KpiWork, type Rejection, rejectionOf } from './work';

export interface Rules extends AttributionRules {
  kpis: KpiPolicy[];
}

const MINUTE_MILLIS = 60_000;
/** Clocks of producers may be ahead by this much. */
const MAX_AHEAD_MILLIS = 5 * MINUTE_MILLIS;
const MAX_ID_CHARACTERS = 128;

class Refusal extends Error {
  constructor(
    readonly reason: RejectionReason,
    detail: string,
  ) {
    super(detail);
  }
}

/** A KPI event that can be counted, or why it cannot. */
export function readEvent(entry: EventEntry, rules: Rules): KpiWork | Rejection {
  const { messageId, body, arrivedAtMillis } = entry;
  try {
    const event = wellFormed(entry);
    const policy = policyOf(event, rules);
    const problem = valueProblem(policy, event.value);
    if (problem !== undefined) {
      throw new Refusal('bad-value', problem);
    }
    checkClock('observedAt', event.observedAt, arrivedAtMillis);
    checkClock('decidedAt', event.decidedAt, arrivedAtMillis);
    const of = attribute(event, policy, rules);
    if ('reason' in of) {
      throw new Refusal(of.reason, of.detail);
    }
    const work: KpiWork = { kind: 'kpi', messageId, event, policy, revision: event.revision ?? 0, of, body, arrivedAtMillis };
    return lateness(work, entry.replay) ?? work;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return rejectionOf({ messageId, event: named(entry), body, arrivedAtMillis }, error.reason, error.message);
  }
}

function wellFormed({ event, body }: EventEntry): KpiObserved {
  const check = checkEvent(event, Buffer.byteLength(body));
  if (!check.ok) {
    throw new Refusal(check.reason, check.detail);
  }
  return check.event;
}

function policyOf(event: KpiObserved, { useCase, kpis }: Rules): KpiPolicy {
  if (event.useCase !== useCase) {
    throw new Refusal('wrong-use-case', `Belongs to '${event.useCase}', this is '${useCase}'`);
  }
  const policy = kpis.find(({ name }) => name === event.kpi);
  if (policy === undefined) {
    throw new Refusal('unknown-kpi', `The charter has ${kpis.map(({ name }) => name).join(', ')}`);
  }
  if (policy.type === 'latency') {
    throw new Refusal('unknown-kpi', `${policy.name} is counted from the decisions of the gateway: no event is taken for it`);
  }
  return policy;
}

function checkClock(name: string, time: string | undefined, arrivedAtMillis: number): void {
  if (time !== undefined && Date.parse(time) > arrivedAtMillis + MAX_AHEAD_MILLIS) {
    throw new Refusal('future', `${name} is ${time}, but it arrived at ${new Date(arrivedAtMillis).toISOString()}: the clock is ahead`);
  }
}

function lateness(work: KpiWork, replay: boolean): Rejection | undefined {
  const { of, policy, event, revision, arrivedAtMillis } = work;
  const closesAtMillis = of.exposureMinuteMillis + (1 + policy.windowMinutes) * MINUTE_MILLIS;
  if (Math.max(replay ? 0 : arrivedAtMillis, Date.parse(event.observedAt)) <= closesAtMillis) {
    return undefined;
  }
  const detail = `The window of ${policy.windowMinutes} minutes closed at ${new Date(closesAtMillis).toISOString()}`;
  return { ...rejectionOf(work, 'late', detail), late: { of, revision } };
}

/** What an event that may be no event calls itself. */
function named({ event, fallbackId }: EventEntry): KpiObserved {
  const { eventId, kpi } = (event ?? {}) as { eventId?: unknown; kpi?: unknown };
  return {
    eventId: typeof eventId === 'string' && eventId !== '' ? eventId.slice(0, MAX_ID_CHARACTERS) : fallbackId,
    kpi: typeof kpi === 'string' ? kpi.slice(0, MAX_ID_CHARACTERS) : undefined,
  } as KpiObserved;
}
