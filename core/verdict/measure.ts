import type { KpiEvidence, KpiPolicy } from '../contracts';
import { ERROR_RATE_KPI } from '../contracts';
import { checkCounts, checkValueCounts } from './check-counts';
import { logWeightedMean, toEvidence } from './log-mean';
import type { Reading } from './reading';
import { readRates, readRatesBesideTolerance } from './reading-rates';
import { readValues } from './reading-values';
import { lastMatureStart, matureMinutes } from './strata';
import { TOLERATED_ERROR_RATE, TOLERATED_SLOW_RATE } from './tolerance';
import type { ControlArm, JudgeInput, MinuteCounts } from './types';

/** Outcomes sent at the end of their window still pass the queue: wait for it. */
export const QUEUE_MINUTES = 2;
const ERROR_RATE_WEIGHT = 1;

export type MeasureInput = Pick<JudgeInput, 'spec' | 'counters' | 'control' | 'nowMillis'>;

export interface Measurement {
  evidence: KpiEvidence;
  unit: KpiPolicy['unit'];
  /** Relative weight in the mean of e-values. */
  weight: number;
  logRollback: number;
  /** False for the error rate. */
  gatesPromotion: boolean;
}

/** Every KPI of the charter, then the error rate. */
export function measureAll(input: MeasureInput): Measurement[] {
  return [...input.spec.kpis.map((kpi) => measureKpi(kpi, input)), measureErrors(input)];
}

export function measureKpi(kpi: KpiPolicy, { spec, counters, control, nowMillis }: MeasureInput): Measurement {
  const minutes = counters[kpi.name] ?? [];
  const { stratumMinutes, rollbackAlpha, promotionAlpha } = spec.rollout;
  const reading = readKpi(kpi, minutes, { stratumMinutes, control, nowMillis });
  return {
    evidence: evidenceOf(kpi, control, reading, rollbackAlpha, promotionAlpha),
    unit: kpi.unit,
    weight: kpi.weight,
    logRollback: reading.logRollback,
    gatesPromotion: true,
  };
}

type Look = Pick<JudgeInput, 'control' | 'nowMillis'> & { stratumMinutes: number };

function readKpi(kpi: KpiPolicy, minutes: MinuteCounts[], { stratumMinutes, control, nowMillis }: Look): Reading {
  const counted = { minutes, stratumMinutes, control };
  if (kpi.type === 'latency') {
    checkCounts(kpi.name, minutes);
    // Known with the answer: there is no window to wait for.
    const known = { ...counted, lastMatureStart: Number.POSITIVE_INFINITY };
    return control === 'stable' ? readRates(kpi, known) : readRatesBesideTolerance(kpi, known, TOLERATED_SLOW_RATE);
  }
  const waitMinutes = kpi.windowMinutes + QUEUE_MINUTES;
  // A baseline may be people: their delay is never the model's. So young minutes only count between two models.
  const youngCount = control === 'stable' && !kpi.delayDependsOnArm;
  const waited = {
    ...counted,
    minutes: youngCount ? minutes : matureMinutes(minutes, stratumMinutes, waitMinutes, nowMillis),
    lastMatureStart: lastMatureStart(stratumMinutes, waitMinutes, nowMillis),
  };
  if (kpi.type === 'binary') {
    checkCounts(kpi.name, minutes);
    return readRates(kpi, waited);
  }
  checkValueCounts(kpi, minutes);
  return readValues(kpi, waited);
}

/** Errors are known at once: no window. They never gate promotion. */
function measureErrors({ spec, counters, control }: MeasureInput): Measurement {
  const minutes = counters[ERROR_RATE_KPI] ?? [];
  checkCounts(ERROR_RATE_KPI, minutes);
  const { stratumMinutes, rollbackAlpha } = spec.rollout;
  const policy = { better: 'lower', margin: 0 } as const;
  const counted = { minutes, stratumMinutes, control, lastMatureStart: Number.NEGATIVE_INFINITY };
  const reading = control === 'stable' ? readRates(policy, counted) : readRatesBesideTolerance(policy, counted, TOLERATED_ERROR_RATE);
  const evidence = evidenceOf({ name: ERROR_RATE_KPI, type: 'binary', better: 'lower', unit: 'request' }, control, reading, rollbackAlpha);
  return {
    evidence: { ...evidence, promotionEvidence: 1, promotionThreshold: 0 },
    unit: 'request',
    weight: ERROR_RATE_WEIGHT,
    logRollback: reading.logRollback,
    gatesPromotion: false,
  };
}

type Named = Pick<KpiPolicy, 'name' | 'type' | 'better' | 'unit'>;

function evidenceOf(kpi: Named, control: ControlArm, reading: Reading, rollbackAlpha: number, promotionAlpha = 1): KpiEvidence {
  const { logRollback, logPromotion, logImprovement, ...seen } = reading;
  const improvement =
    logImprovement === undefined ? {} : { improvementEvidence: toEvidence(logImprovement), improvementThreshold: 1 / promotionAlpha };
  return {
    kpi: kpi.name,
    type: kpi.type,
    better: kpi.better,
    unit: kpi.unit,
    control,
    ...seen,
    rollbackEvidence: toEvidence(logRollback),
    rollbackThreshold: 1 / rollbackAlpha,
    promotionEvidence: toEvidence(logPromotion),
    promotionThreshold: 1 / promotionAlpha,
    ...improvement,
  };
}

/** ln of what is held against 1/α: the mean of the e-values by weight, valid under any dependence between KPIs. */
export function combinedLogEvidence(measurements: Measurement[]): number {
  return logWeightedMean(
    measurements.map((one) => one.logRollback),
    measurements.map((one) => one.weight),
  );
}

/** Every gate: no worse within the margin and, where asked, better. */
export function passesPromotion(measurements: Measurement[]): boolean {
  return measurements.every(({ evidence }) => missingProof(evidence) === undefined);
}

/** What a KPI still lacks for promotion. */
export function missingProof(evidence: KpiEvidence): 'no-worse' | 'better' | undefined {
  const { promotionEvidence, promotionThreshold, improvementEvidence = 0, improvementThreshold = 0 } = evidence;
  if (promotionEvidence < promotionThreshold) return 'no-worse';
  return improvementEvidence < improvementThreshold ? 'better' : undefined;
}
