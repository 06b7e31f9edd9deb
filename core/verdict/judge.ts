import type { Arm } from '../contracts';
import { ERROR_RATE_KPI } from '../contracts';
import { toEvidence } from './log-mean';
import { combinedLogEvidence, measureAll, passesPromotion } from './measure';
import type { Measurement } from './measure';
import { checkSampleRatio } from './sample-ratio';
import {
  bakingSentence,
  harmSentence,
  percent,
  promotionSentence,
  sampleRatioSentence,
  undecidedSentence,
  waitingSentence,
} from './sentences';
import { MINUTE_MILLIS } from './strata';
import type { JudgeInput, Verdict } from './types';

/** A gateway may believe the previous control record this long. */
const CONTROL_CACHE_MILLIS = 2_000;

type Said = Pick<Verdict, 'decision' | 'reason' | 'culprit'>;

interface StepTraffic {
  candidate: number;
  control: number;
  /** The candidate's part of both, as intended. */
  share: number;
}

/** Reads everything counted so far and says what becomes of the open step. The same input gives the same verdict. */
export function judge(input: JudgeInput): Verdict {
  const measurements = measureAll(input);
  const threshold = 1 / input.spec.rollout.rollbackAlpha;
  const combined = toEvidence(combinedLogEvidence(measurements));
  return {
    ...decide(input, measurements, combined, threshold),
    kpis: measurements.map((one) => one.evidence),
    combinedRollbackEvidence: combined,
    threshold,
  };
}

function decide(input: JudgeInput, measurements: Measurement[], combined: number, threshold: number): Said {
  const { step, spec, control, nowMillis } = input;
  if (combined >= threshold) {
    const culprit = measurements.reduce((worst, one) => (weighted(one) > weighted(worst) ? one : worst));
    return {
      decision: 'roll-back',
      reason: harmSentence(culprit, measurements, combined, threshold),
      culprit: culprit.evidence.kpi,
    };
  }
  const traffic = trafficOfStep(input);
  if (checkSampleRatio(traffic.candidate, traffic.control, traffic.share).mismatch) {
    return { decision: 'hold', reason: sampleRatioSentence(traffic.candidate, traffic.control, traffic.share, control) };
  }
  const bakedMinutes = (nowMillis - Date.parse(step.openedAt)) / MINUTE_MILLIS;
  const baked = bakedMinutes >= step.bakeMinutes && traffic.candidate > 0;
  const mayPromote = step.last || (spec.rollout.promoteEarly === true && measurements.some((one) => one.gatesPromotion));
  if (baked && mayPromote && passesPromotion(measurements)) {
    return { decision: 'promote', reason: promotionSentence(measurements, control) };
  }
  if (nowMillis - Date.parse(step.canaryStartedAt) >= spec.rollout.maxDurationMinutes * MINUTE_MILLIS) {
    return { decision: spec.rollout.inconclusive, reason: undecidedSentence(measurements, control, spec.rollout.maxDurationMinutes) };
  }
  if (baked && !step.last) {
    return { decision: 'advance', reason: `${bakingSentence(step, bakedMinutes, combined, threshold)}: on to the next step` };
  }
  return { decision: 'continue', reason: continueReason(input, traffic, measurements, combined, threshold) };
}

function continueReason(
  { step, nowMillis }: JudgeInput,
  traffic: StepTraffic,
  measurements: Measurement[],
  combined: number,
  threshold: number,
): string {
  if (traffic.candidate === 0) {
    return `no candidate traffic since the step to ${percent(step.weight)} opened: no data is no verdict`;
  }
  const bakedMinutes = (nowMillis - Date.parse(step.openedAt)) / MINUTE_MILLIS;
  const baking = bakingSentence(step, bakedMinutes, combined, threshold);
  return step.last && bakedMinutes >= step.bakeMinutes ? `${baking}; ${waitingSentence(measurements)}` : baking;
}

function weighted(measurement: Measurement): number {
  return Math.log(measurement.weight) + measurement.logRollback;
}

/**
 * Units since the step's weight took hold. The error rate counts every unit once, at its first decision. Callers without the gateway
 * make no decisions: there only their outcomes tell of traffic, and since those may be late on one arm, they say nothing of the split.
 */
function trafficOfStep(input: JudgeInput): StepTraffic {
  const { step, spec, control, counters } = input;
  const decided = { candidate: unitsOfStep(input, ERROR_RATE_KPI, 'candidate'), control: unitsOfStep(input, ERROR_RATE_KPI, control) };
  if ((counters[ERROR_RATE_KPI] ?? []).length === 0) {
    const direct = spec.kpis.filter(({ attribution }) => attribution === 'variant');
    return { candidate: Math.max(0, ...direct.map(({ name }) => unitsOfStep(input, name, 'candidate'))), control: 0, share: 0 };
  }
  const others = 1 - spec.rollout.holdout;
  const candidateShare = Math.min(step.weight, others);
  // Against the baseline its permanent holdout is part of the control.
  const both = control === 'stable' ? others : 1;
  return { ...decided, share: candidateShare / both };
}

function unitsOfStep({ step, counters }: JudgeInput, kpi: string, arm: Arm): number {
  const sinceMillis = Date.parse(step.openedAt) + CONTROL_CACHE_MILLIS;
  let units = 0;
  for (const { minuteMillis, arms } of counters[kpi] ?? []) units += minuteMillis >= sinceMillis ? (arms[arm]?.n ?? 0) : 0;
  return units;
}
