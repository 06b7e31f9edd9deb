import type { KpiPolicy } from '../../core/contracts';
import { normalQuantile } from './normal';

export type KpiName = 'conversion-10' | 'conversion-2' | 'errors' | 'latency' | 'cost' | 'counts';

/** Limit that a static alarm is set to: 20 % worse than usual, and for errors the customary 1 %. */
interface Common {
  name: KpiName;
  title: string;
  better: 'lower' | 'higher';
  alarmAt: number;
  /** What it is when nothing is wrong. */
  level: number;
}

export interface BinaryKpi extends Common {
  type: 'binary';
}

export interface ValueKpi extends Common {
  type: 'value';
  /** Quantile function of one unit's value at a level and for a candidate that is `factor` times as large. */
  quantile: (probability: number, level: number, factor: number) => number;
  /** Quantile that winsorising happens at. */
  capQuantile: number;
}

export type Kpi = BinaryKpi | ValueKpi;

const WORSE = 1.2;
const LOG_DEVIATION = 1;
const COUNT_MEAN = 2;

export const KPIS: Record<KpiName, Kpi> = {
  'conversion-10': { name: 'conversion-10', title: 'conversion 10 %', type: 'binary', better: 'higher', level: 0.1, alarmAt: 0.08 },
  'conversion-2': { name: 'conversion-2', title: 'conversion 2 %', type: 'binary', better: 'higher', level: 0.02, alarmAt: 0.016 },
  errors: { name: 'errors', title: 'errors 0.1 %', type: 'binary', better: 'lower', level: 0.001, alarmAt: 0.01 },
  latency: { name: 'latency', title: 'latency above p95', type: 'binary', better: 'lower', level: 0.05, alarmAt: 0.05 * WORSE },
  cost: {
    name: 'cost',
    title: 'lognormal cost',
    type: 'value',
    better: 'lower',
    // Mean 1.
    level: 1,
    alarmAt: WORSE,
    capQuantile: 0.995,
    quantile: (probability, level, factor) =>
      level * factor * Math.exp(LOG_DEVIATION * normalQuantile(probability) - LOG_DEVIATION ** 2 / 2),
  },
  counts: {
    name: 'counts',
    title: 'counts',
    type: 'value',
    better: 'higher',
    level: COUNT_MEAN,
    alarmAt: COUNT_MEAN * (2 - WORSE),
    capQuantile: 0.995,
    quantile: (probability, level, factor) => poissonQuantile(probability, COUNT_MEAN * level * factor),
  },
};

export const MARGIN = 0.2;

/** The policy as the charter would say it. */
export function policyOf(kpi: Kpi, values?: Pick<KpiPolicy, 'cap' | 'typical'>): KpiPolicy {
  return {
    name: kpi.name,
    type: kpi.type === 'binary' ? 'binary' : kpi.name === 'counts' ? 'count' : 'mean',
    better: kpi.better,
    role: 'guard',
    unit: 'request',
    margin: MARGIN,
    weight: 1,
    windowMinutes: 0,
    delayDependsOnArm: false,
    ...values,
  };
}

function poissonQuantile(probability: number, mean: number): number {
  let term = Math.exp(-mean);
  let sum = term;
  let count = 0;
  while (sum < probability && count < 1000) {
    count += 1;
    term *= mean / count;
    sum += term;
  }
  return count;
}
