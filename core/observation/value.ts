import type { CounterField, KpiPolicy } from '../contracts';
import { countValue, valueScaleOf } from '../verdict/value-scale';

/** What one observation adds to the counters. */
export type Counts = Partial<Record<CounterField, number>>;

const TILT_FIELDS: CounterField[] = ['e0', 'e1', 'e2', 'e3', 'e4'];

/** Why the value cannot be one of the KPI's; undefined: it can. */
export function valueProblem({ type }: Pick<KpiPolicy, 'type'>, value: number | boolean): string | undefined {
  if (type === 'binary') {
    return Number(value) === 0 || Number(value) === 1 ? undefined : `value is ${value}: a binary KPI takes 0, 1, false or true`;
  }
  if (typeof value === 'boolean') {
    return `value is ${value}: a KPI of type ${type} takes a number from 0`;
  }
  return type === 'count' && !Number.isSafeInteger(value)
    ? `value is ${value}: a KPI of type count takes a whole number from 0`
    : undefined;
}

/** `value` is one of the KPI's. */
export function countsOf(policy: KpiPolicy, value: number | boolean): Counts {
  if (policy.type === 'binary') {
    return Number(value) === 1 ? { x: 1 } : {};
  }
  const { sum, squares, tilts } = countValue(valueScaleOf(policy), Number(value));
  return { x: 1, s: sum, q: squares, ...Object.fromEntries(tilts.map((tilt, index) => [TILT_FIELDS[index], tilt])) };
}
