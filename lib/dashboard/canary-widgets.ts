import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { KpiPolicy } from '../observation/kpi-policy';
import type { VerdictClock } from '../verdict/verdict-clock';
import { COLOURS } from './kpi-widgets';

const ERROR_RATE = 'error-rate';
const THRESHOLD_COLOUR = '#d62728';

/** The candidate's share, and the evidence for and against it. */
export function canaryWidgets(verdict: VerdictClock, kpis: KpiPolicy[]): cloudwatch.IWidget[] {
  return [shareWidget(verdict), harmWidget(verdict, kpis), promotionWidget(verdict, kpis)];
}

function shareWidget(verdict: VerdictClock): cloudwatch.IWidget {
  return new cloudwatch.GraphWidget({
    title: 'Share of the candidate',
    width: 6,
    left: [verdict.metricCandidateShare({ label: 'candidate', color: COLOURS['candidate'] })],
    leftYAxis: { min: 0, max: 1, showUnits: false },
  });
}

function harmWidget(verdict: VerdictClock, kpis: KpiPolicy[]): cloudwatch.IWidget {
  return new cloudwatch.GraphWidget({
    title: 'Evidence that the candidate is worse (log10)',
    width: 9,
    left: [
      // The weighted mean over all of them is what is held against the threshold.
      verdict.metricLog10Evidence('combined', { label: 'all KPIs together' }),
      ...[...kpis.map(({ name }) => name), ERROR_RATE].map((kpi) => verdict.metricLog10Evidence(kpi, { label: kpi })),
      verdict.metricLog10Threshold('combined', { label: 'threshold: rolls back', color: THRESHOLD_COLOUR }),
    ],
    leftYAxis: { showUnits: false },
  });
}

function promotionWidget(verdict: VerdictClock, kpis: KpiPolicy[]): cloudwatch.IWidget {
  const [first] = kpis;
  const threshold =
    first === undefined
      ? []
      : [verdict.metricLog10PromotionThreshold(first.name, { label: 'threshold: every KPI must pass it', color: THRESHOLD_COLOUR })];
  return new cloudwatch.GraphWidget({
    title: 'Evidence that the candidate is no worse (log10)',
    width: 9,
    left: [...kpis.map(({ name }) => verdict.metricLog10PromotionEvidence(name, { label: name })), ...threshold],
    leftYAxis: { showUnits: false },
  });
}
