import type { DriftFinding, DriftPolicy, QualityMeasure, TruthPolicy } from '../../contracts/drift';
import { twoSidedQuantile } from './joint';
import { qualitySignificanceOf } from './significance';
import { logBinomialAtMost } from './tails';
import type { QualityCounts } from './types';

type Limit = 'accuracyAtLeast' | 'precisionAtLeast' | 'recallAtLeast' | 'calibrationErrorAtMost' | 'maeAtMost';

/**
 * How good the answers are. Empty below `minimumLabels`: so few say nothing. A limit is missed only where chance does not explain it: for
 * shares by the binomial distribution itself, for means by the normal one.
 */
export function qualityOf(counts: QualityCounts, policy: DriftPolicy): QualityMeasure[] {
  const { truth } = policy;
  if (truth === undefined || counts.labels < truth.minimumLabels) return [];
  const logAlpha = Math.log(qualitySignificanceOf(policy));
  return truth.kind === 'regression' ? [meanError(counts, truth, logAlpha)] : classMeasures(counts, truth, logAlpha);
}

/** Measures that missed their limits, as findings. */
export function qualityFindings(measures: QualityMeasure[], windowHours: number): DriftFinding[] {
  return measures
    .filter(({ passed }) => !passed)
    .map(({ measure, value, labels, limit = 0 }) => {
      const bound = isMost(measure) ? 'at most' : 'at least';
      const words = `${measure} is ${rounded(value)} over ${labels} labelled answers, ${bound} ${rounded(limit)} is demanded.`;
      return { check: 'quality', feature: measure, windowHours, value, limit, rows: labels, words, examples: [] };
    });
}

const isMost = (measure: QualityMeasure['measure']): boolean => measure === 'mae' || measure === 'calibration-error';

const rounded = (value: number): string => String(Number(value.toPrecision(3)));

function classMeasures(counts: QualityCounts, truth: TruthPolicy, logAlpha: number): QualityMeasure[] {
  const { labels, correct, truePositives, falsePositives, falseNegatives } = counts;
  const share = (measure: QualityMeasure['measure'], hits: number, of: number, limit: Limit): QualityMeasure[] =>
    of === 0 ? [] : [shareMeasure(measure, hits, of, truth[limit], logAlpha)];
  return [
    ...share('accuracy', correct, labels, 'accuracyAtLeast'),
    ...(truth.positive === undefined
      ? []
      : [
          ...share('precision', truePositives, truePositives + falsePositives, 'precisionAtLeast'),
          ...share('recall', truePositives, truePositives + falseNegatives, 'recallAtLeast'),
        ]),
    ...calibrationError(counts, truth, logAlpha),
  ];
}

/** Missed where so few hits would be chance's in less than alpha of all windows of a model that just keeps the limit. */
function shareMeasure(
  measure: QualityMeasure['measure'],
  hits: number,
  of: number,
  limit: number | undefined,
  logAlpha: number,
): QualityMeasure {
  const passed = limit === undefined || hits >= limit * of || logBinomialAtMost(hits, of, limit) > logAlpha;
  return measured(measure, hits / of, of, limit, passed);
}

const measured = (
  measure: QualityMeasure['measure'],
  value: number,
  labels: number,
  limit: number | undefined,
  passed: boolean,
): QualityMeasure => ({
  measure,
  value,
  labels,
  ...(limit === undefined ? {} : { limit }),
  passed,
});

function meanError({ labels, absoluteError, squaredError }: QualityCounts, { maeAtMost }: TruthPolicy, logAlpha: number): QualityMeasure {
  const mean = absoluteError / labels;
  const variance = labels < 2 ? Infinity : Math.max(0, (squaredError - absoluteError * mean) / (labels - 1));
  const lowest = mean - oneSided(logAlpha) * Math.sqrt(variance / labels);
  return measured('mae', mean, labels, maeAtMost, maeAtMost === undefined || !(lowest > maeAtMost));
}

/**
 * Expected calibration error over tenths of the confidence. Absolute differences are above zero by chance alone: by at most a standard
 * deviation each on average, which the bound leaves out.
 */
function calibrationError(
  { calibration }: QualityCounts,
  { calibrationErrorAtMost: limit }: TruthPolicy,
  logAlpha: number,
): QualityMeasure[] {
  const labels = calibration.reduce((sum, { rows }) => sum + rows, 0);
  if (labels === 0) return [];
  let value = 0;
  let bias = 0;
  let variance = 0;
  for (const { rows, correct, confidence } of calibration.filter((cell) => cell.rows > 0)) {
    value += Math.abs(correct - confidence) / labels;
    // With a right and a wrong answer more: so that few that are all right do not count as certain.
    const rate = (correct + 1) / (rows + 2);
    const spread = rows * rate * (1 - rate);
    bias += Math.sqrt(spread) / labels;
    variance += spread / labels ** 2;
  }
  const lowest = value - bias - oneSided(logAlpha) * Math.sqrt(variance);
  return [measured('calibration-error', value, labels, limit, limit === undefined || lowest <= limit)];
}

const oneSided = (logAlpha: number): number => twoSidedQuantile(2 * Math.exp(logAlpha));
