import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { TechnicalAlarms } from '../alarms/technical-alarms';
import type { CostMeter } from './cost-meter';

const PERIOD = { period: Duration.minutes(5) };
const LONGER = Duration.minutes(15);

/** Owners are told where costs are not known; without a budget, instances without a price hurt nobody. */
export function tellOfCosts(alarms: TechnicalAlarms, meter: CostMeter, isJudged: boolean): void {
  const errors =
    'What the use case costs was not measured, or what its budget asks for was not done: the next look, within five minutes, tries again.';
  alarms.tellOf('cost-errors', errors, meter.metricErrors(PERIOD));
  if (!isJudged) return;
  const unpriced = 'Instances run whose price is not known: the budget is compared with less than what is spent.';
  alarms.tellOf(
    'instances-unpriced',
    unpriced,
    new cloudwatch.MathExpression({
      label: 'instances without a price',
      expression: 'IF(hours > 0, 1, 0)',
      usingMetrics: { hours: meter.metricUnpricedInstanceHours({ period: LONGER }) },
      period: LONGER,
    }),
  );
}
