import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { KpiAttribution, type KpiPolicy, KpiType, UnobservedOutcome } from '../observation/kpi-policy';
import type { ObservationIntake } from '../observation/observation-intake';
import { sluiceMetric } from '../shared/metrics';

export const COLOURS: Record<string, string> = { baseline: '#7f7f7f', stable: '#1f77b4', candidate: '#ff7f0e' };
export const ARMS = Object.keys(COLOURS);

const PERIOD = Duration.hours(1);

/** Three beside each other, of the same size. */
export const widthOf = (kpis: KpiPolicy[]): number => Math.floor(24 / Math.min(Math.max(kpis.length, 2), 3));

export const isValueKpi = ({ type }: KpiPolicy): boolean => type === KpiType.MEAN || type === KpiType.COUNT;

/** A KPI's rate or mean by arm, hour by hour, against its target. */
export function kpiWidget(useCaseName: string, intake: ObservationIntake, kpi: KpiPolicy, width: number): cloudwatch.IWidget {
  const levels = ARMS.map(
    (arm, index) =>
      new cloudwatch.MathExpression({
        expression: `x${index} / n${index}`,
        usingMetrics: { [`x${index}`]: numerator(useCaseName, intake, kpi, arm), [`n${index}`]: denominator(intake, kpi, arm) },
        label: arm,
        color: COLOURS[arm],
        period: PERIOD,
      }),
  );
  return new cloudwatch.GraphWidget({
    title: `${kpi.name} (${kpi.better} is better)`,
    width,
    left: levels,
    leftYAxis: { min: 0, label: isValueKpi(kpi) ? 'mean' : 'rate', showUnits: false },
    leftAnnotations: kpi.target === undefined ? [] : [{ value: kpi.target.value, label: `target by ${kpi.target.by}`, color: '#2ca02c' }],
  });
}

function numerator(useCaseName: string, intake: ObservationIntake, kpi: KpiPolicy, arm: string): cloudwatch.IMetric {
  return isValueKpi(kpi)
    ? sluiceMetric('KpiValue', { UseCase: useCaseName, Kpi: kpi.name, Arm: arm }, 'Sum', { period: PERIOD })
    : intake.metricKpiOutcomes(kpi.name, arm, { period: PERIOD });
}

/** As the verdict counts: units exposed, or where only what was observed counts, the observations. */
function denominator(intake: ObservationIntake, kpi: KpiPolicy, arm: string): cloudwatch.IMetric {
  return countsEvents(kpi) ? intake.metricKpiEvents(kpi.name, arm, { period: PERIOD }) : intake.metricUnitsExposed(arm, { period: PERIOD });
}

function countsEvents({ type, attribution, unobserved }: KpiPolicy): boolean {
  const leftOut = unobserved === undefined ? type === KpiType.MEAN : unobserved === UnobservedOutcome.LEFT_OUT;
  return type === KpiType.LATENCY || attribution === KpiAttribution.VARIANT || (type !== KpiType.BINARY && leftOut);
}
