import type { TruthPolicy } from '../../contracts/drift';
import type { Labelled, QualityCounts } from './types';

const CALIBRATION_CELLS = 10;

/** Counts of answers whose truth is known; they add up over hours. */
export function countLabels(labelled: Labelled[], truth: TruthPolicy): QualityCounts {
  const counts = noLabels();
  for (const one of labelled) {
    if (truth.kind === 'regression') countNumber(counts, one);
    else countClass(counts, one, truth);
  }
  return counts;
}

export function mergeQualityCounts(all: QualityCounts[]): QualityCounts {
  const sum = noLabels();
  for (const counts of all) {
    for (const key of SUMS) sum[key] += counts[key];
    sum.calibration.forEach((cell, index) => {
      const other = counts.calibration[index];
      cell.rows += other?.rows ?? 0;
      cell.correct += other?.correct ?? 0;
      cell.confidence += other?.confidence ?? 0;
    });
  }
  return sum;
}

const SUMS = [
  'labels',
  'correct',
  'truePositives',
  'falsePositives',
  'falseNegatives',
  'absoluteError',
  'squaredError',
  'unusable',
] as const;

function noLabels(): QualityCounts {
  const calibration = Array.from({ length: CALIBRATION_CELLS }, () => ({ rows: 0, correct: 0, confidence: 0 }));
  const errors = { absoluteError: 0, squaredError: 0, unusable: 0 };
  return { labels: 0, correct: 0, truePositives: 0, falsePositives: 0, falseNegatives: 0, calibration, ...errors };
}

function countNumber(counts: QualityCounts, { truth, prediction }: Labelled): void {
  const error = Math.abs(numberOf(truth) - numberOf(prediction));
  if (!Number.isFinite(error)) {
    counts.unusable += 1;
    return;
  }
  counts.labels += 1;
  counts.absoluteError += error;
  counts.squaredError += error * error;
}

const numberOf = (value: string | number): number => (typeof value === 'string' && value.trim() === '' ? NaN : Number(value));

function countClass(counts: QualityCounts, { truth, prediction, confidence }: Labelled, { positive }: TruthPolicy): void {
  const [actual, told] = [String(truth), String(prediction)];
  const isRight = actual === told;
  counts.labels += 1;
  if (isRight) counts.correct += 1;
  if (positive !== undefined) {
    if (told === positive && isRight) counts.truePositives += 1;
    if (told === positive && !isRight) counts.falsePositives += 1;
    if (actual === positive && !isRight) counts.falseNegatives += 1;
  }
  if (confidence === undefined) return;
  if (!(confidence >= 0 && confidence <= 1)) {
    counts.unusable += 1;
    return;
  }
  const cell = counts.calibration[Math.min(CALIBRATION_CELLS - 1, Math.floor(confidence * CALIBRATION_CELLS))]!;
  cell.rows += 1;
  cell.correct += isRight ? 1 : 0;
  cell.confidence += confidence;
}
