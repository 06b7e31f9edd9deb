import { ERROR_RATE_KPI, type Arm, type KpiPolicy, type ReleaseSpec, type VerdictRecord } from '../../../core/contracts';
import {
  combinedLogEvidence,
  countValue,
  measureAll,
  toEvidence,
  valueScaleOf,
  type ArmCounts,
  type Counters,
} from '../../../core/verdict';
import type { SentKpiEvent } from '../../../rehearsal/world/history';
import type { Recording } from '../support/recording';

const MINUTE_MILLIS = 60_000;

export interface CleanCase {
  unit: string;
  arm: Arm;
  /** Minute of the decision. */
  minuteMillis: number;
  /** The outcome of each KPI, told once and in time. */
  outcomes: Map<string, SentKpiEvent>;
}

/** Evidence of one look, by name. */
export type Evidence = Record<string, number>;

/** What happened in a release, from its callers and producers alone: each case once, each outcome once. */
export function cleanCases({ answers, kpiSent }: Recording, releaseId: string, kpis: KpiPolicy[]): Map<string, CleanCase> {
  const cases = new Map<string, CleanCase>();
  for (const { unit, arm, decisionId = '' } of answers) {
    const [, release = '', minute = ''] = decisionId.split('.');
    if (arm === undefined || release.slice(1) !== releaseId) continue;
    if (cases.has(unit)) throw new Error(`${unit} came back: this tally is for cases`);
    cases.set(unit, { unit, arm, minuteMillis: Number.parseInt(minute, 36) * MINUTE_MILLIS, outcomes: new Map() });
  }
  for (const event of kpiSent) {
    const found = event.releaseId === releaseId ? cases.get(event.unit) : undefined;
    const windowMinutes = kpis.find(({ name }) => name === event.kpi)?.windowMinutes ?? 0;
    const inTime = found !== undefined && event.sentAtMillis <= found.minuteMillis + (1 + windowMinutes) * MINUTE_MILLIS;
    if (found !== undefined && inTime && event.fate === undefined) found.outcomes.set(event.kpi, event);
  }
  return cases;
}

/** Per KPI and minute. Neither errors nor slow answers: the containers of these rehearsals have none. */
export function cleanCounters(cases: Iterable<CleanCase>, kpis: KpiPolicy[]): Counters {
  const byName = new Map<string, Map<number, Partial<Record<Arm, ArmCounts>>>>();
  const of = (name: string, { minuteMillis, arm }: CleanCase): ArmCounts => {
    const minutes = byName.get(name) ?? new Map<number, Partial<Record<Arm, ArmCounts>>>();
    byName.set(name, minutes);
    const arms = minutes.get(minuteMillis) ?? {};
    minutes.set(minuteMillis, arms);
    return (arms[arm] ??= { n: 0, x: 0 });
  };
  for (const one of cases) {
    of(ERROR_RATE_KPI, one).n += 1;
    for (const policy of kpis) {
      const counts = of(policy.name, one);
      counts.n += 1;
      const event = one.outcomes.get(policy.name);
      if (event !== undefined) count(policy, counts, event.value);
    }
  }
  return Object.fromEntries(
    [...byName].map(([name, minutes]) => [
      name,
      [...minutes].map(([minuteMillis, arms]) => ({ minuteMillis, arms })).sort((one, other) => one.minuteMillis - other.minuteMillis),
    ]),
  );
}

function count(policy: KpiPolicy, counts: ArmCounts, value: number): void {
  if (policy.type === 'binary' || policy.type === 'latency') {
    counts.x += value;
    return;
  }
  const added = countValue(valueScaleOf(policy), value);
  counts.x += 1;
  counts.sum = (counts.sum ?? 0) + added.sum;
  counts.squares = (counts.squares ?? 0) + added.squares;
  counts.tilts = added.tilts.map((tilt, index) => tilt + (counts.tilts?.[index] ?? 0));
}

/** What `core/verdict` says of these counters at a moment. */
export function cleanEvidence(counters: Counters, spec: ReleaseSpec, nowMillis: number): Evidence {
  const measurements = measureAll({ spec, counters, control: 'stable', nowMillis });
  return evidenceOf({
    kpis: measurements.map(({ evidence }) => evidence),
    combinedRollbackEvidence: toEvidence(combinedLogEvidence(measurements)),
  });
}

export function evidenceOf({ kpis, combinedRollbackEvidence }: Pick<VerdictRecord, 'kpis' | 'combinedRollbackEvidence'>): Evidence {
  return {
    combined: combinedRollbackEvidence,
    ...Object.fromEntries(
      kpis.flatMap(({ kpi, rollbackEvidence, promotionEvidence, improvementEvidence }) => [
        [`${kpi} rollback`, rollbackEvidence],
        [`${kpi} promotion`, promotionEvidence],
        ...(improvementEvidence === undefined ? [] : [[`${kpi} improvement`, improvementEvidence] as const]),
      ]),
    ),
  };
}

/** Largest relative difference; infinite where one has what the other has not. */
export function largestDifference(one: Evidence, other: Evidence): number {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Math.max(
    ...[...names].map((name) => {
      const [left, right] = [one[name], other[name]];
      if (left === undefined || right === undefined) return Number.POSITIVE_INFINITY;
      return Math.abs(left - right) / Math.max(Math.abs(left), Math.abs(right));
    }),
  );
}
