import type { TruthPolicy } from '../../contracts';
import { hash32 } from '../count';
import type { Labelled } from '../judge';
import type { Truth } from './truth';

/** Labelled answers of an hour that are joined; of more the same are drawn each time. */
export const MOST_LABELS = 50_000;
/** Truth that was observed at the end of its window has passed the queue by then. */
const SETTLE_HOURS = 1;

const HOUR_MINUTES = 60;

/** Hours after its own until the truth of an hour's answers has arrived. */
export const truthHours = ({ windowMinutes }: TruthPolicy): number => Math.ceil(windowMinutes / HOUR_MINUTES) + SETTLE_HOURS;

/** The last hour whose truth is known, where `hour` is the last one that is over. */
export const matureHour = (hour: number, policy: TruthPolicy): number => hour - truthHours(policy);

/** The same ones for any order. */
export function drawn(truths: Map<string, Truth>, most = MOST_LABELS): Map<string, Truth> {
  if (truths.size <= most) return truths;
  const byHash = [...truths].map((entry) => ({ entry, hash: hash32(entry[0]) }));
  byHash.sort((one, other) => one.hash - other.hash || (one.entry[0] < other.entry[0] ? -1 : 1));
  return new Map(byHash.slice(0, most).map(({ entry }) => entry));
}

/** Undefined: the record has no answer to compare. */
export function labelled(
  { kind }: Pick<TruthPolicy, 'kind'>,
  truth: Pick<Truth, 'value'>,
  prediction: string | number | undefined,
  confidence: string | number | undefined,
): Labelled | undefined {
  if (prediction === undefined) return undefined;
  const value = kind === 'regression' ? Number(truth.value) : truth.value;
  // What is no number where one is wanted is counted as unusable by whoever counts.
  const known = typeof value === 'number' && Number.isNaN(value) ? truth.value : value;
  return { truth: known, prediction, ...(typeof confidence === 'number' ? { confidence } : {}) };
}
