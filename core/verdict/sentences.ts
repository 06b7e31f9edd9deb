import type { StepRecord } from '../contracts';
import type { Measurement } from './measure';
import type { ControlArm } from './types';

/** Three figures are enough for tired people: 214, 20, 1.31, 0.046. */
export function figure(value: number): string {
  if (value >= 1e6 || (value > 0 && value < 1e-3)) {
    return value.toExponential(1);
  }
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

export function harmSentence(culprit: Measurement, all: Measurement[], combined: number, threshold: number, control: ControlArm): string {
  const { evidence } = culprit;
  const others = all.filter((one) => one !== culprit).map((one) => `${one.evidence.kpi} ${isHarmed(one) ? 'harmed too' : 'fine'}`);
  return (
    `${evidence.kpi} of the candidate is ${compared(culprit, control)}: evidence ${figure(combined)} against a threshold of ` +
    `${figure(threshold)} after ${evidence.candidateUnits} candidate ${culprit.unit}s; ${others.join(', ')}`
  );
}

export function promotionSentence(all: Measurement[], control: ControlArm): string {
  const parts = all
    .filter((one) => one.gatesPromotion)
    .map(
      ({ evidence }) =>
        `${evidence.kpi} evidence ${figure(evidence.promotionEvidence)} against ${figure(evidence.promotionThreshold)} ` +
        `after ${evidence.candidateUnits} candidate units`,
    );
  return `the candidate is no worse than ${control} within its margins: ${parts.join(', ')}`;
}

export function undecidedSentence(all: Measurement[], control: ControlArm, minutes: number): string {
  const missing = all
    .filter((one) => one.gatesPromotion && one.evidence.promotionEvidence < one.evidence.promotionThreshold)
    .map(({ evidence }) => `${evidence.kpi} ${figure(evidence.promotionEvidence)} of ${figure(evidence.promotionThreshold)}`);
  const what =
    missing.length === 0
      ? 'the last step was not reached'
      : `evidence that it is no worse than ${control} is missing (${missing.join(', ')})`;
  return `no verdict within ${minutes} minutes: ${what}`;
}

export function sampleRatioSentence(candidateUnits: number, controlUnits: number, share: number, control: ControlArm): string {
  const seen = candidateUnits / (candidateUnits + controlUnits);
  return (
    `the split is wrong: the candidate got ${percent(seen)} of the units shared with ${control} instead of ${percent(share)} ` +
    `(${candidateUnits} against ${controlUnits}), so no comparison can be trusted; look for lost observations or retries`
  );
}

export function bakingSentence(step: StepRecord, bakedMinutes: number, combined: number, threshold: number): string {
  return (
    `${percent(step.weight)} of units for ${Math.floor(bakedMinutes)} of ${step.bakeMinutes} minutes, no harm: ` +
    `evidence ${figure(combined)} against a threshold of ${figure(threshold)}`
  );
}

export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}

function isHarmed({ evidence }: Measurement): boolean {
  return evidence.rollbackEvidence >= evidence.rollbackThreshold;
}

function compared({ evidence, rateRatio }: Measurement, control: ControlArm): string {
  const rate = `${evidence.candidateEvents} of ${evidence.candidateUnits}`;
  return rateRatio === undefined
    ? `${rate} where ${control} has ${evidence.controlEvents} of ${evidence.controlUnits}`
    : `${Number(rateRatio.toPrecision(2))} times that of ${control} (${rate})`;
}
