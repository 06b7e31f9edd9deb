import type { KpiEvidence, KpiPolicy } from '../contracts';
import { ERROR_RATE_KPI } from '../contracts';
import { logPromotionEvidence, logRollbackEvidence, toEvidence } from './evidence';
import { checkCounts, groupStrata, matureMinutes } from './strata';
import { logErrorsAboveTolerance } from './tolerance';
import type { ControlArm, JudgeInput, MinuteCounts, Stratum } from './types';

/** Outcomes sent at the end of their window still pass the queue: wait for it. */
const QUEUE_MINUTES = 2;
const ERROR_RATE_WEIGHT = 1;

export interface Measurement {
  evidence: KpiEvidence;
  unit: string;
  /** Relative weight in the mean of e-values. */
  weight: number;
  logRollback: number;
  /** Candidate's rate over the control's, adjusted for when units were exposed; missing while the control has no outcome. */
  rateRatio?: number;
  /** False for the error rate. */
  gatesPromotion: boolean;
}

/** Every KPI of the charter, then the error rate. */
export function measureAll(input: JudgeInput): Measurement[] {
  return [...input.spec.kpis.map((kpi) => measureKpi(kpi, input)), measureErrors(input)];
}

function measureKpi(kpi: KpiPolicy, { spec, counters, control, nowMillis }: JudgeInput): Measurement {
  const minutes = counters[kpi.name] ?? [];
  checkCounts(kpi.name, minutes);
  const { stratumMinutes, rollbackAlpha, promotionAlpha } = spec.rollout;
  const mature = groupStrata(matureMinutes(minutes, stratumMinutes, kpi.windowMinutes + QUEUE_MINUTES, nowMillis), stratumMinutes, control);
  // A baseline may be people: their delay is never the model's. So young minutes only count between two models.
  const youngCount = control === 'stable' && !kpi.delayDependsOnArm;
  const strata = youngCount ? groupStrata(minutes, stratumMinutes, control) : mature;
  const logRollback = logRollbackEvidence(strata, kpi.better);
  return {
    evidence: {
      ...countsOf(kpi.name, control, strata),
      rollbackEvidence: toEvidence(logRollback),
      rollbackThreshold: 1 / rollbackAlpha,
      promotionEvidence: toEvidence(logPromotionEvidence(mature, kpi.better, kpi.margin)),
      promotionThreshold: 1 / promotionAlpha,
    },
    unit: kpi.unit,
    weight: kpi.weight,
    logRollback,
    rateRatio: rateRatio(strata),
    gatesPromotion: true,
  };
}

/** Errors are known at once: no window. */
function measureErrors({ spec, counters, control }: JudgeInput): Measurement {
  const minutes: MinuteCounts[] = counters[ERROR_RATE_KPI] ?? [];
  checkCounts(ERROR_RATE_KPI, minutes);
  const strata = groupStrata(minutes, spec.rollout.stratumMinutes, control);
  const counts = countsOf(ERROR_RATE_KPI, control, strata);
  const logRollback =
    control === 'stable' ? logRollbackEvidence(strata, 'lower') : logErrorsAboveTolerance(counts.candidateUnits, counts.candidateEvents);
  return {
    evidence: {
      ...counts,
      rollbackEvidence: toEvidence(logRollback),
      rollbackThreshold: 1 / spec.rollout.rollbackAlpha,
      promotionEvidence: 1,
      promotionThreshold: 0,
    },
    unit: 'request',
    weight: ERROR_RATE_WEIGHT,
    logRollback,
    rateRatio: rateRatio(strata),
    gatesPromotion: false,
  };
}

function countsOf(kpi: string, control: ControlArm, strata: Stratum[]) {
  const sum = (pick: (stratum: Stratum) => number): number => strata.reduce((total, stratum) => total + pick(stratum), 0);
  return {
    kpi,
    control,
    candidateUnits: sum((stratum) => stratum.nC),
    candidateEvents: sum((stratum) => stratum.xC),
    controlUnits: sum((stratum) => stratum.nB),
    controlEvents: sum((stratum) => stratum.xB),
  };
}

/** Mantel-Haenszel's risk ratio: pooled rates would mix the ramp with the hour of the day. */
function rateRatio(strata: Stratum[]): number | undefined {
  let candidate = 0;
  let control = 0;
  for (const { nC, nB, xC, xB } of strata) {
    if (nC + nB > 0) {
      candidate += (xC * nB) / (nC + nB);
      control += (xB * nC) / (nC + nB);
    }
  }
  return control > 0 ? candidate / control : undefined;
}
