import type { Bounds, HoldoutReview, KpiReview } from '../../core/holdout';
import type { MetricValue } from '../shared/telemetry';

interface MetricLine {
  dimensions: Record<string, string>;
  values: MetricValue[];
}

/** Lift and money by KPI, the last whole day's levels by arm, and whether a kill criterion is met. */
export function holdoutMetrics({ kpis, criteria }: HoldoutReview): MetricLine[] {
  const lines = [
    ...kpis.flatMap(kpiLines),
    ...criteria.flatMap(({ kpi, state }): MetricLine[] =>
      // Without data nothing is said: a 0 would read as "fine".
      kpi === undefined || state === 'no-data' || state === 'not-evaluated'
        ? []
        : [{ dimensions: { Kpi: kpi }, values: [['KillCriterionMet', 'Count', state === 'met' ? 1 : 0]] }],
    ),
  ];
  return lines.filter(({ values }) => values.length > 0);
}

function kpiLines({ kpi, lift, money, trend }: KpiReview): MetricLine[] {
  const arms = Object.entries(trend.at(-1)?.arms ?? {});
  return [
    { dimensions: { Kpi: kpi }, values: [...boundValues('KpiLift', lift.ratio), ...boundValues('MoneyPerMonth', money?.amount)] },
    ...arms.map(([Arm, { value }]): MetricLine => ({
      dimensions: { Kpi: kpi, Arm },
      values: value === undefined ? [] : [['KpiDaily', 'None', value]],
    })),
  ];
}

function boundValues(name: string, bounds: Bounds | undefined): MetricValue[] {
  if (bounds === undefined) return [];
  const { low, estimate, high } = bounds;
  return [
    ...(estimate === undefined ? [] : [[name, 'None', estimate] satisfies MetricValue]),
    ...(low === undefined ? [] : [[`${name}Lower`, 'None', low] satisfies MetricValue]),
    ...(high === undefined ? [] : [[`${name}Upper`, 'None', high] satisfies MetricValue]),
  ];
}
