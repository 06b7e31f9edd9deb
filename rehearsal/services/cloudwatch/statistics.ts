import { AwsError, UnsupportedError } from '../../cloud/types';
import type { Bucket } from './series';

export type Statistic = { kind: 'Sum' | 'Average' | 'Minimum' | 'Maximum' | 'SampleCount' } | { kind: 'percentile'; fraction: number };

const SIMPLE = new Set(['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount']);
const OTHER = /^(TM|TC|TS|WM|PR|IQM|tm|tc|ts|wm)/;

export function parseStatistic(text: string): Statistic {
  if (SIMPLE.has(text)) return { kind: text as 'Sum' };
  const percent = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/.exec(text)?.[1];
  if (percent !== undefined) return { kind: 'percentile', fraction: Number(percent) / 100 };
  if (OTHER.test(text))
    throw new UnsupportedError(
      `CloudWatch statistic ${text} is not supported by the laptop cloud: use Sum, Average, Minimum, Maximum, SampleCount or a percentile`,
    );
  throw new AwsError(
    'ValidationError',
    `The statistic '${text}' is not valid: Sum, Average, Minimum, Maximum, SampleCount or a percentile such as p99.`,
  );
}

export function statisticOf(bucket: Bucket, statistic: Statistic): number {
  switch (statistic.kind) {
    case 'Sum':
      return bucket.sum;
    case 'Average':
      return bucket.sum / bucket.count;
    case 'Minimum':
      return bucket.min;
    case 'Maximum':
      return bucket.max;
    case 'SampleCount':
      return bucket.count;
    case 'percentile':
      return percentile(bucket, statistic.fraction);
  }
}

/** Nearest rank. */
function percentile(bucket: Bucket, fraction: number): number {
  if (bucket.summarised) {
    if (bucket.min === bucket.max) return bucket.min;
    throw new UnsupportedError('A percentile of statistic sets (PutMetricData with StatisticValues) is not supported by the laptop cloud');
  }
  const order = bucket.values.map((_value, index) => index).sort((left, right) => bucket.values[left]! - bucket.values[right]!);
  const rank = Math.max(1, Math.ceil(fraction * bucket.count));
  let seen = 0;
  for (const index of order) {
    seen += bucket.counts[index]!;
    if (seen >= rank) return bucket.values[index]!;
  }
  return bucket.max;
}

/** Below this many samples a percentile says little, by the user guide. */
export function fewestSamples(fraction: number): number {
  const tail = fraction >= 0.5 ? 1 - fraction : fraction;
  return tail <= 0 ? Number.POSITIVE_INFINITY : 10 / tail;
}
