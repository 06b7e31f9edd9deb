import { AwsError } from '../../cloud/types';
import { sortValues, type Bucket } from './bucket';

type Simple = 'Sum' | 'Average' | 'Minimum' | 'Maximum' | 'SampleCount';
type Ranged = 'TM' | 'TC' | 'TS' | 'WM' | 'PR';

export type Statistic =
  { kind: Simple } | { kind: 'percentile'; fraction: number } | { kind: Ranged; low: number; high: number; inPercent: boolean };

const SIMPLE = new Set(['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount']);
const NUMBER = String.raw`\d+(?:\.\d{1,10})?`;
const PERCENTILE = /^p(\d{1,2}(?:\.\d{1,10})?|100(?:\.0+)?)$/;
const SHORT = new RegExp(`^(tm|tc|ts|wm)(${NUMBER})$`);
const RANGE = new RegExp(`^(TM|TC|TS|WM|PR)\\((?:(${NUMBER})(%)?)?:(?:(${NUMBER})(%)?)?\\)$`);

const parsed = new Map<string, Statistic>();

/** Reads a statistic as CloudWatch writes it: Sum, p99, tm90, TM(10%:90%), TC(0.005:0.030), PR(:300), IQM. */
export function parseStatistic(text: string): Statistic {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const statistic = read(text);
  if (statistic === undefined)
    throw new AwsError(
      'ValidationError',
      `The statistic '${text}' is not valid: Sum, Average, Minimum, Maximum, SampleCount, a percentile such as p99, ` +
        'tm, tc, ts or wm with a percentage such as tm90, TM, TC, TS, WM or PR with a range such as TM(10%:90%) or PR(:300), or IQM.',
    );
  parsed.set(text, statistic);
  return statistic;
}

function read(text: string): Statistic | undefined {
  if (SIMPLE.has(text)) return { kind: text as Simple };
  if (text === 'IQM') return { kind: 'TM', low: 0.25, high: 0.75, inPercent: true };
  const percent = PERCENTILE.exec(text)?.[1];
  if (percent !== undefined) return { kind: 'percentile', fraction: Number(percent) / 100 };
  const short = SHORT.exec(text);
  if (short !== null)
    return Number(short[2]) > 100 ? undefined : ranged(short[1]!.toUpperCase() as Ranged, 0, Number(short[2]) / 100, true);
  const range = RANGE.exec(text);
  if (range === null) return undefined;
  const [, kind, low, lowPercent, high, highPercent] = range;
  const inPercent = lowPercent !== undefined || highPercent !== undefined;
  const mixed = inPercent && ((low !== undefined && lowPercent === undefined) || (high !== undefined && highPercent === undefined));
  if (mixed || (low === undefined && high === undefined) || (kind === 'PR' && inPercent)) return undefined;
  const scale = inPercent ? 100 : 1;
  const top = high === undefined ? (inPercent ? 1 : Number.POSITIVE_INFINITY) : Number(high) / scale;
  return ranged(kind as Ranged, low === undefined ? (inPercent ? 0 : Number.NEGATIVE_INFINITY) : Number(low) / scale, top, inPercent);
}

function ranged(kind: Ranged, low: number, high: number, inPercent: boolean): Statistic | undefined {
  if (low >= high || (inPercent && high > 1)) return undefined;
  return { kind, low, high, inPercent };
}

/** The value of a period; undefined where the statistic has none. */
export function statisticOf(bucket: Bucket, statistic: Statistic): number | undefined {
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
    default:
      // CloudWatch needs the single values, and none may be negative.
      if (bucket.summarised || bucket.min < 0 || bucket.count === 0) return undefined;
      sortValues(bucket);
      if (statistic.kind === 'percentile') return valueAtRank(bucket, Math.max(1, upperRank(bucket, statistic.fraction)));
      return overRange(bucket, statistic);
  }
}

/** Ranks that lie on a whole number but for rounding count as that number. */
const ROUNDING = 1e-9;
const upperRank = (bucket: Bucket, fraction: number): number => Math.ceil(fraction * bucket.count - ROUNDING);
const dropped = (bucket: Bucket, fraction: number): number => Math.floor(fraction * bucket.count + ROUNDING);

/** Nearest rank, from 1. */
function valueAtRank({ values, counts, max }: Bucket, rank: number): number {
  if (counts === undefined) return values[Math.min(rank, values.length) - 1] ?? max;
  let seen = 0;
  for (let index = 0; index < values.length; index += 1) {
    seen += counts[index]!;
    if (seen >= rank - ROUNDING) return values[index]!;
  }
  return max;
}

function overRange(bucket: Bucket, { kind, low, high, inPercent }: Extract<Statistic, { kind: Ranged }>): number | undefined {
  const { values, counts } = bucket;
  const first = inPercent ? dropped(bucket, low) : 0;
  const last = inPercent ? upperRank(bucket, high) : 0;
  if (kind === 'WM') return winsorized(bucket, inPercent ? [valueAtRank(bucket, first + 1), valueAtRank(bucket, last)] : [low, high]);
  let sum = 0;
  let kept = 0;
  let seen = 0;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index]!;
    const count = counts?.[index] ?? 1;
    // Of fixed values the higher boundary belongs to the range, the lower does not.
    const share = inPercent ? Math.max(0, Math.min(seen + count, last) - Math.max(seen, first)) : value > low && value <= high ? count : 0;
    sum += value * share;
    kept += share;
    seen += count;
  }
  if (kind === 'TC') return kept;
  if (kind === 'TS') return sum;
  if (kind === 'PR') return (kept / bucket.count) * 100;
  return kept === 0 ? undefined : sum / kept;
}

function winsorized({ values, counts, count }: Bucket, [low, high]: [number, number]): number {
  const sum = values.reduce((total, value, index) => total + Math.min(Math.max(value, low), high) * (counts?.[index] ?? 1), 0);
  return sum / count;
}

/** Below this many samples a percentile says little, by the user guide. */
export function fewestSamples(fraction: number): number {
  if (fraction <= 0 || fraction >= 1) return 0;
  // Without the rounding, 1 - 0.9 would ask for a hair more than 100.
  return Math.round((10 / (fraction >= 0.5 ? 1 - fraction : fraction)) * 1e6) / 1e6;
}
