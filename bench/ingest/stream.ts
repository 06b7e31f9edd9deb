import type { Arm, DecisionObserved, KpiPolicy } from '../../core/contracts';
import { type Keyring, makeDecisionId, unitKeyOf } from '../../core/decision-id';
import { createRandom } from '../../rehearsal/kernel/random';

export const USE_CASE = 'support-triage';
export const RELEASE = 'r7-3f2a9c1b';
export const START = Date.parse('2026-11-20T09:00:00Z');
export const MINUTE = 60_000;
const WINDOW_MINUTES = 60;

export const keyring = { current: 'k1', k1: 'a-secret-of-enough-characters' } as Keyring;

const common = { role: 'guard', unit: 'case', margin: 0.2, weight: 1, windowMinutes: WINDOW_MINUTES, delayDependsOnArm: true } as const;

/** A charter with a KPI of each type. */
export const KPIS: KpiPolicy[] = [
  { ...common, name: 'missed-spam', type: 'binary', better: 'lower' },
  { ...common, name: 'wrongly-blocked', type: 'binary', better: 'lower' },
  { ...common, name: 'slow-answers', type: 'latency', better: 'lower', aboveMillis: 800 },
  { ...common, name: 'handling-minutes', type: 'mean', better: 'lower', cap: 120, typical: { mean: 20, standardDeviation: 15 } },
  { ...common, name: 'contacts', type: 'count', better: 'lower', cap: 10, typical: { mean: 1, standardDeviation: 1 } },
];

export interface Sent {
  body: string;
  atMillis: number;
}

export interface Stream {
  decisions: Sent[];
  /** In the order in which they arrive. */
  events: Sent[];
}

const hex = '0123456789abcdef';

/** One event of one KPI per unit, up to 55 minutes after its decision. */
export function streamOf({ units, perMinute, kpis, seed }: { units: number; perMinute: number; kpis: KpiPolicy[]; seed: number }): Stream {
  const random = createRandom(seed);
  const hash = (): string => Array.from({ length: 64 }, () => hex[Math.floor(random.next() * 16)]).join('');
  const all = Array.from({ length: units }, (_, index) => {
    const atMillis = START + Math.floor((index / perMinute) * MINUTE);
    const arm: Arm = random.next() < 0.25 ? 'candidate' : random.next() < 0.02 ? 'baseline' : 'stable';
    const unitKey = unitKeyOf(keyring, USE_CASE, `ticket-${index}`);
    const decisionId = makeDecisionId({ keyring, arm, releaseId: RELEASE, exposureMillis: atMillis, unitKey, nonce: String(index) });
    const decision: DecisionObserved = {
      kind: 'decision',
      decisionId,
      useCase: USE_CASE,
      releaseId: RELEASE,
      arm,
      servedRelease: arm === 'candidate' ? RELEASE : 'r6-90ab12cd',
      fallback: false,
      failed: random.next() < 0.01,
      unitKey,
      decidedAt: new Date(atMillis).toISOString(),
      latencyMillis: Math.round(200 + 700 * random.next()),
      controlVersion: 12,
      requestHash: hash(),
      responseHash: hash(),
    };
    const policy = kpis[index % kpis.length] as KpiPolicy;
    const observedMillis = atMillis + Math.floor(random.next() * 55 * MINUTE);
    const value = policy.type === 'binary' ? Number(random.next() < 0.1) : Math.floor(random.next() * 40);
    const event = {
      schema: 'sluice.kpi/v1',
      useCase: USE_CASE,
      eventId: `crm-${hash().slice(0, 32)}`,
      kpi: policy.name,
      decisionId,
      value,
      observedAt: new Date(observedMillis).toISOString(),
    };
    return {
      decision: { body: JSON.stringify(decision), atMillis },
      event: { body: JSON.stringify({ 'detail-type': 'KpiObserved', detail: event }), atMillis: observedMillis },
    };
  });
  return {
    decisions: all.map(({ decision }) => decision),
    events: all.map(({ event }) => event).sort((one, other) => one.atMillis - other.atMillis),
  };
}
