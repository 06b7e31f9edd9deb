import type { DriftPolicy, FeaturePolicy } from '../../contracts/drift';
import type { DriftBaseline } from '../types';

/** The charter with what the baseline demands beside it: count and judge rows with this policy. What the charter says itself stands. */
export function policyWithBaseline(policy: DriftPolicy, { constraints }: Pick<DriftBaseline, 'constraints'>): DriftPolicy {
  if (constraints === undefined) return policy;
  return { ...policy, features: policy.features.map((feature) => ({ ...demandOf(constraints, feature), ...given(feature) })) };
}

/** Features may be called as what every object has. */
const demandOf = (constraints: NonNullable<DriftBaseline['constraints']>, { name }: FeaturePolicy): object =>
  Object.hasOwn(constraints, name) ? (constraints[name] ?? {}) : {};

/** Without members that are undefined. */
const given = (feature: FeaturePolicy): FeaturePolicy =>
  Object.fromEntries(Object.entries(feature).filter(([, value]) => value !== undefined)) as unknown as FeaturePolicy;
