import {
  amountByArm,
  amountOf,
  type CostLine,
  type CostState,
  ratePerHour,
  type PriceOf,
  forecastOf,
  unpricedSeconds,
} from '../../core/cost';
import { COST_ARMS } from '../../core/contracts';
import type { MetricValue } from '../shared/telemetry';

export interface MetricLine {
  dimensions: Record<string, string>;
  values: MetricValue[];
}

/** Amounts are in the price book's currency: CloudWatch has no unit for it. */
const AMOUNT = 'None';

/** What a look adds. An arm without instances is left out, but for stable: a parked endpoint is seen to cost nothing. */
export function metricLines(state: CostState, added: CostLine[], priceOf: PriceOf): MetricLine[] {
  const { meter } = state;
  const amounts = amountByArm(added);
  const rates = ratePerHour(meter.fleet, priceOf);
  const arms = COST_ARMS.filter((arm) => arm === 'stable' || rates[arm] !== undefined || amounts[arm] > 0);
  const forecast = forecastOf(meter);
  const unpricedHours = Object.values(unpricedSeconds(added)).reduce((sum, seconds) => sum + seconds, 0) / 3600;
  return [
    ...arms.map((Arm): MetricLine => ({
      dimensions: { Arm },
      values: [
        ['CostPerHour', AMOUNT, rates[Arm] ?? 0],
        ['Cost', AMOUNT, amounts[Arm]],
      ],
    })),
    {
      dimensions: {},
      values: [
        ['MonthToDate', AMOUNT, amountOf(meter.monthLines)],
        ...(forecast === undefined ? [] : [['MonthForecast', AMOUNT, forecast] satisfies MetricValue]),
        ['UnpricedInstanceHours', AMOUNT, unpricedHours],
      ],
    },
  ];
}

/** Once an hour, of the last whole hours. */
export function unitLine({ unit }: CostState): MetricLine {
  const { perDecision, perGoodOutcome } = unit ?? {};
  return {
    dimensions: {},
    values: [
      ...(perDecision === undefined ? [] : [['CostPerDecision', AMOUNT, perDecision] satisfies MetricValue]),
      ...(perGoodOutcome === undefined ? [] : [['CostPerGoodOutcome', AMOUNT, perGoodOutcome] satisfies MetricValue]),
    ],
  };
}
