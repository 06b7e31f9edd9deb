import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { COST_ARMS } from '../../core/contracts/cost';
import type { CostMeter } from '../cost/cost-meter';

const HOUR = Duration.hours(1);
const COLOURS: Record<string, string> = { stable: '#1f77b4', candidate: '#ff7f0e', warm: '#9467bd' };

/** A row on money. */
export function costWidgets(cost: CostMeter): cloudwatch.IWidget[] {
  const { currency, monthlyBudget } = cost;
  const leftYAxis = { min: 0, label: currency, showUnits: false };
  return [
    new cloudwatch.GraphWidget({
      title: `Cost per hour by arm (${currency})`,
      width: 8,
      stacked: true,
      left: COST_ARMS.map((arm) => cost.metricCostPerHour(arm, { label: arm, color: COLOURS[arm] })),
      leftYAxis,
    }),
    new cloudwatch.GraphWidget({
      title: `This month: so far and forecast (${currency})`,
      width: 8,
      left: [cost.metricMonthToDate({ period: HOUR, label: 'so far' }), cost.metricMonthForecast({ period: HOUR, label: 'forecast' })],
      leftYAxis,
      leftAnnotations: monthlyBudget === undefined ? [] : [{ value: monthlyBudget, label: 'budget', color: '#d62728' }],
    }),
    new cloudwatch.GraphWidget({
      title: `Cost per decision and per good outcome, last 24 hours (${currency})`,
      width: 8,
      left: [cost.metricCostPerDecision({ period: HOUR, label: 'per decision' })],
      right: [cost.metricCostPerGoodOutcome({ period: HOUR, label: 'per good outcome' })],
      leftYAxis,
      rightYAxis: leftYAxis,
    }),
  ];
}
