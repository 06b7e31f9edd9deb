import type { KpiEvidence, StepRecord } from '../contracts';
import type { Measurement } from './measure';
import { missingProof } from './measure';
import type { ControlArm } from './types';

/** Three figures are enough for tired people: 214, 20, 1.31, 0.046. */
export function figure(value: number): string {
  if (value >= 1e6 || (value > 0 && value < 1e-3)) {
    return value.toExponential(1);
  }
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))} %`;
}

export function harmSentence(culprit: Measurement, all: Measurement[], combined: number, threshold: number): string {
  const { evidence, unit } = culprit;
  const others = all.filter((one) => one !== culprit).map((one) => one.evidence);
  const harmed = others.filter(isHarmed).map(({ kpi }) => kpi);
  const fine = others.filter((one) => !isHarmed(one)).map(({ kpi }) => kpi);
  return [
    `${evidence.kpi} of the candidate is ${compared(evidence)}, evidence ${figure(combined)} against a threshold of ` +
      `${figure(threshold)}, ${evidence.candidateUnits} candidate ${unit}s`,
    ...(harmed.length > 0 ? [`${listed(harmed)} harmed too`] : []),
    ...(fine.length > 0 ? [`${listed(fine)} fine`] : []),
  ].join('; ');
}

/** One KPI in a line: "missed-spam 12.4 % (22 of 178) against 4 % (40 of 1002) of stable, 3.1 times; evidence 214 of 20". */
export function describeKpi(evidence: KpiEvidence): string {
  const { kpi, control, ratio, tolerated, rollbackEvidence, rollbackThreshold } = evidence;
  const { candidate, other } = levels(evidence);
  const times = ratio === undefined || tolerated !== undefined ? '' : `, ${factor(ratio)} times`;
  const against = tolerated === undefined ? `${other} of ${control}${times}` : `${percent(tolerated)} tolerated`;
  return `${kpi} ${candidate} against ${against}; evidence ${figure(rollbackEvidence)} of ${figure(rollbackThreshold)}`;
}

export function promotionSentence(all: Measurement[], control: ControlArm): string {
  const gates = all.filter((one) => one.gatesPromotion).map(({ evidence }) => evidence);
  const parts = gates.map(
    ({ kpi, promotionEvidence, promotionThreshold, candidateUnits }) =>
      `${kpi} evidence ${figure(promotionEvidence)} against ${figure(promotionThreshold)} after ${candidateUnits} candidate units`,
  );
  const improved = gates
    .filter(({ improvementEvidence }) => improvementEvidence !== undefined)
    .map(
      ({ kpi, improvementEvidence = 0, improvementThreshold = 0 }) =>
        `${kpi} is better: evidence ${figure(improvementEvidence)} against ${figure(improvementThreshold)}`,
    );
  return [`the candidate is no worse than ${control} within its margins: ${parts.join(', ')}`, ...improved].join('; ');
}

export function undecidedSentence(all: Measurement[], control: ControlArm, minutes: number): string {
  const gates = all.filter((one) => one.gatesPromotion).map(({ evidence }) => evidence);
  const unproven = gates.filter((one) => missingProof(one) === 'no-worse').map(describeMissing);
  const notBetter = gates
    .filter((one) => missingProof(one) === 'better')
    .map(
      ({ kpi, improvementEvidence = 0, improvementThreshold = 0 }) =>
        `${kpi} ${figure(improvementEvidence)} of ${figure(improvementThreshold)}`,
    );
  const what = [
    ...(unproven.length > 0 ? [`evidence that it is no worse than ${control} is missing (${unproven.join(', ')})`] : []),
    ...(notBetter.length > 0 ? [`evidence that it is better than ${control} is missing (${notBetter.join(', ')})`] : []),
  ];
  return `no verdict within ${minutes} minutes: ${what.length > 0 ? what.join('; ') : 'the last step was not reached'}`;
}

/** What the step still waits for after its bake. */
export function waitingSentence(all: Measurement[]): string {
  const missing = all.filter((one) => one.gatesPromotion && missingProof(one.evidence) !== undefined).map(({ evidence }) => evidence);
  const parts = missing.map((one) => (missingProof(one) === 'better' ? `${one.kpi} to be better` : describeMissing(one)));
  return `waiting for the promotion evidence (${parts.join(', ')})`;
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

function describeMissing({ kpi, promotionEvidence, promotionThreshold, burnIn }: KpiEvidence): string {
  return burnIn === undefined
    ? `${kpi} ${figure(promotionEvidence)} of ${figure(promotionThreshold)}`
    : `${kpi} ${burnIn.observed} of the ${burnIn.needed} candidate values that a mean needs`;
}

function isHarmed({ rollbackEvidence, rollbackThreshold }: KpiEvidence): boolean {
  return rollbackEvidence >= rollbackThreshold;
}

function compared(evidence: KpiEvidence): string {
  const { control, ratio, tolerated } = evidence;
  const { candidate, other } = levels(evidence);
  if (tolerated !== undefined) return `${candidate} where ${percent(tolerated)} is tolerated`;
  if (ratio === undefined) return `${candidate} where ${control} has ${other}`;
  const [short, shortOther] = isOfValues(evidence) ? [candidate, other] : [rateOf(evidence, 'candidate'), rateOf(evidence, 'control')];
  return `${factor(ratio)} times that of ${control} (${short} against ${shortOther})`;
}

const isOfValues = ({ type }: KpiEvidence): boolean => type === 'mean' || type === 'count';

/** Means, or rates with their counts. */
function levels(evidence: KpiEvidence): { candidate: string; other: string } {
  const { candidateMean, controlMean, candidateEvents, candidateUnits, controlEvents, controlUnits } = evidence;
  if (isOfValues(evidence)) return { candidate: meanText(candidateMean), other: meanText(controlMean) };
  return {
    candidate: `${rateOf(evidence, 'candidate')} (${candidateEvents} of ${candidateUnits})`,
    other: `${rateOf(evidence, 'control')} (${controlEvents} of ${controlUnits})`,
  };
}

function rateOf({ candidateEvents, candidateUnits, controlEvents, controlUnits }: KpiEvidence, arm: 'candidate' | 'control'): string {
  const [events, units] = arm === 'candidate' ? [candidateEvents, candidateUnits] : [controlEvents, controlUnits];
  return units === 0 ? 'no rate' : percent(events / units);
}

const meanText = (mean: number | undefined): string => (mean === undefined ? 'no mean' : figure(mean));
const factor = (ratio: number): string => String(Number(ratio.toPrecision(2)));

/** "a, b and c". */
function listed(names: string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}
