import type { DriftPolicy, FeaturePolicy } from '../contracts';
import { createCellReader } from '../drift/read/cell-reader';
import type { CapturedRecord } from '../drift/read/types';

/**
 * Whether a request keeps to what the charter says of its values: what drift calls broken input teaches a model what is wrong, also after it
 * was mended. A value that is missing, or of another type, breaks where completeness is asked for.
 */
export function createSoundness(policy: Pick<DriftPolicy, 'features' | 'csv'>): (record: CapturedRecord) => boolean {
  const checks = policy.features
    .filter(({ side }) => side === 'input')
    .filter(isChecked)
    .map((feature) => ({ feature, valueOf: createCellReader(policy, feature.name) }));
  return (record) => checks.every(({ feature, valueOf }) => keeps(feature, valueOf(record)));
}

const isChecked = ({ atLeast, atMost, oneOf, completenessAtLeast }: FeaturePolicy): boolean =>
  [atLeast, atMost, oneOf, completenessAtLeast].some((limit) => limit !== undefined);

function keeps({ atLeast, atMost, oneOf, completenessAtLeast }: FeaturePolicy, value: number | string | undefined): boolean {
  if (value === undefined) return completenessAtLeast === undefined;
  if (typeof value === 'string') return oneOf === undefined || oneOf.includes(value);
  return value >= (atLeast ?? Number.NEGATIVE_INFINITY) && value <= (atMost ?? Number.POSITIVE_INFINITY);
}
