import type { KpiEvidence, StepRecord } from '../../core/contracts';
import type { Verdict } from '../../core/verdict';
import type { MetricValue } from '../shared/telemetry';

interface MetricLine {
  dimensions: Record<string, string>;
  values: MetricValue[];
}

/** Evidence as powers of ten beside what it is held against: by KPI, and for all together. */
export function verdictMetrics(step: StepRecord, verdict: Verdict): MetricLine[] {
  return [
    ...verdict.kpis.map((evidence) => ({ dimensions: { Kpi: evidence.kpi }, values: valuesOf(evidence) })),
    // What is held against the threshold: the weighted mean over all of them.
    {
      dimensions: { Kpi: 'combined' },
      values: [power('Log10Evidence', verdict.combinedRollbackEvidence), power('Log10Threshold', verdict.threshold)],
    },
    { dimensions: {}, values: [['CandidateShare', 'None', step.weight]] },
  ];
}

function valuesOf({ rollbackEvidence, rollbackThreshold, promotionEvidence, promotionThreshold }: KpiEvidence): MetricValue[] {
  return [
    power('Log10Evidence', rollbackEvidence),
    power('Log10Threshold', rollbackThreshold),
    power('Log10PromotionEvidence', promotionEvidence),
    // The error rate gates no promotion: its threshold is 0, which is no power of ten.
    ...(promotionThreshold > 0 ? [power('Log10PromotionThreshold', promotionThreshold)] : []),
  ];
}

function power(name: string, value: number): MetricValue {
  return [name, 'None', Math.log10(value)];
}
