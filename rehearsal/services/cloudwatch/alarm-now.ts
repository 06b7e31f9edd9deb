import type { MetricAlarm } from './alarm';
import type { AlarmState } from './missing-data';

/** What a scaling policy must know of the alarm that rings. */
export interface AlarmNow {
  state: AlarmState;
  /** The newest datapoint that the alarm looks at; undefined: there is none. */
  value?: number;
  threshold: number;
  /** Whether it is about values below the threshold. */
  below: boolean;
}

export function alarmNow({ definition, state }: MetricAlarm, nowMillis: number): AlarmNow {
  const { queries, watched, periodSeconds, evaluationRange, threshold, comparison } = definition;
  const periodMillis = periodSeconds * 1000;
  const endMillis = Math.floor(nowMillis / periodMillis) * periodMillis;
  const grid = Array.from({ length: evaluationRange }, (_, index) => endMillis - (evaluationRange - index) * periodMillis);
  const value = queries.points(watched, grid, periodSeconds).findLast((point) => !Number.isNaN(point));
  return { state: state.value, ...(value === undefined ? {} : { value }), threshold, below: comparison.startsWith('Less') };
}
