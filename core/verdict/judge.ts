import type { StepRecord } from '../contracts';
import { ERROR_RATE_KPI } from '../contracts';
import { logWeightedMean, toEvidence } from './evidence';
import { measureAll } from './measure';
import type { Measurement } from './measure';
import { checkSampleRatio } from './sample-ratio';
import { bakingSentence, harmSentence, percent, promotionSentence, sampleRatioSentence, undecidedSentence } from './sentences';
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
  const combined = toEvidence(
    logWeightedMean(
      measurements.map((one) => one.logRollback),
      measurements.map((one) => one.weight),
    ),
  );
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
      reason: harmSentence(culprit, measurements, combined, threshold, control),
      culprit: culprit.evidence.kpi,
    };
  }
  const traffic = trafficOfStep(input);
  if (checkSampleRatio(traffic.candidate, traffic.control, traffic.share).mismatch) {
    return { decision: 'hold', reason: sampleRatioSentence(traffic.candidate, traffic.control, traffic.share, control) };
  }
  const bakedMinutes = (nowMillis - Date.parse(step.openedAt)) / MINUTE_MILLIS;
  const baked = bakedMinutes >= step.bakeMinutes && traffic.candidate > 0;
  if (baked && step.last && passesPromotion(measurements)) {
    return { decision: 'promote', reason: promotionSentence(measurements, control) };
  }
  if (nowMillis - Date.parse(step.canaryStartedAt) >= spec.rollout.maxDurationMinutes * MINUTE_MILLIS) {
    return { decision: spec.rollout.inconclusive, reason: undecidedSentence(measurements, control, spec.rollout.maxDurationMinutes) };
  }
  if (baked && !step.last) {
    return { decision: 'advance', reason: `${bakingSentence(step, bakedMinutes, combined, threshold)}: on to the next step` };
  }
  return { decision: 'continue', reason: continueReason(step, traffic, bakedMinutes, combined, threshold) };
}

function continueReason(step: StepRecord, traffic: StepTraffic, bakedMinutes: number, combined: number, threshold: number): string {
  if (traffic.candidate === 0) {
    return `no candidate traffic since the step to ${percent(step.weight)} opened: no data is no verdict`;
  }
  const waiting = step.last && bakedMinutes >= step.bakeMinutes ? '; waiting for the promotion evidence' : '';
  return bakingSentence(step, bakedMinutes, combined, threshold) + waiting;
}

function passesPromotion(measurements: Measurement[]): boolean {
  return measurements
    .filter((one) => one.gatesPromotion)
    .every(({ evidence }) => evidence.promotionEvidence >= evidence.promotionThreshold);
}

function weighted(measurement: Measurement): number {
  return Math.log(measurement.weight) + measurement.logRollback;
}

/** Units since the step's weight took hold. The error rate counts every unit once, at its first decision. */
function trafficOfStep({ step, spec, counters, control }: JudgeInput): StepTraffic {
  const sinceMillis = Date.parse(step.openedAt) + CONTROL_CACHE_MILLIS;
  const minutes = (counters[ERROR_RATE_KPI] ?? []).filter((minute) => minute.minuteMillis >= sinceMillis);
  const units = (arm: 'candidate' | 'stable' | 'baseline'): number => minutes.reduce((sum, minute) => sum + (minute.arms[arm]?.n ?? 0), 0);
  const others = 1 - spec.rollout.holdout;
  const candidateShare = Math.min(step.weight, others);
  // Against the baseline its permanent holdout is part of the control.
  const both = control === 'stable' ? others : 1;
  return { candidate: units('candidate'), control: units(control), share: candidateShare / both };
}
