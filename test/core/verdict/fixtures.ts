import type { KpiPolicy, RolloutPolicy, StepRecord } from '../../../core/contracts';
import type { Counters, JudgeInput, MinuteCounts } from '../../../core/verdict';

export const START = Date.parse('2026-03-02T09:00:00Z');
export const minutes = (count: number): number => START + count * 60_000;

export const rollout: RolloutPolicy = {
  strategy: 'canary',
  steps: [
    { weight: 0.25, bakeMinutes: 60 },
    { weight: 0.5, bakeMinutes: 60 },
  ],
  maxDurationMinutes: 600,
  inconclusive: 'hold',
  holdout: 0,
  rollbackAlpha: 0.05,
  promotionAlpha: 0.05,
  stratumMinutes: 5,
};

export const missedSpam: KpiPolicy = {
  name: 'missed-spam',
  type: 'binary',
  better: 'lower',
  role: 'goal',
  unit: 'case',
  margin: 0.2,
  weight: 1,
  windowMinutes: 60,
  delayDependsOnArm: true,
};

export const step: StepRecord = {
  releaseId: 'r2-00000000',
  stepId: 'r2-00000000#1',
  index: 1,
  weight: 0.5,
  bakeMinutes: 60,
  last: true,
  taskToken: 'token',
  openedAt: new Date(START).toISOString(),
  canaryStartedAt: new Date(START).toISOString(),
};

interface Rates {
  candidate: [n: number, x: number];
  control: [n: number, x: number];
}

/** The same counts in every minute from `from` to `until`. */
export function steady(from: number, until: number, { candidate, control }: Rates, arm: 'stable' | 'baseline' = 'stable'): MinuteCounts[] {
  return Array.from({ length: until - from }, (_, index) => ({
    minuteMillis: minutes(from + index),
    arms: { candidate: { n: candidate[0], x: candidate[1] }, [arm]: { n: control[0], x: control[1] } },
  }));
}

export const healthy = (until: number, arm: 'stable' | 'baseline' = 'stable'): MinuteCounts[] =>
  steady(0, until, { candidate: [10, 0], control: [10, 0] }, arm);

export function inputOf(nowMinute: number, counters: Counters, change: Partial<JudgeInput> = {}): JudgeInput {
  return {
    step,
    spec: { rollout, kpis: [missedSpam] },
    counters: { 'error-rate': healthy(nowMinute), ...counters },
    control: 'stable',
    nowMillis: minutes(nowMinute),
    ...change,
  };
}
