import type { FeatureCounts, JointCounts, Profile } from '../types';
import { mergeSkipped } from './skipped';

/** Counts are added, so profiles of any split of the rows, merged in any order, are the profile of all rows. */
export function mergeProfiles(profiles: Profile[]): Profile {
  const [first] = profiles;
  if (first === undefined) throw new Error('no profiles to merge: give at least one');
  const other = profiles.find(({ layoutId }) => layoutId !== first.layoutId);
  if (other !== undefined) {
    throw new Error(
      `profiles of the layouts ${first.layoutId} and ${other.layoutId} do not merge: profile the rows again with the layout of one baseline`,
    );
  }
  const firstAt = least(profiles.map((profile) => profile.firstAt));
  const lastAt = least(profiles.map((profile) => (profile.lastAt === undefined ? undefined : -profile.lastAt)));
  const joint = mergedJoint(profiles);
  const groups = mergedGroups(profiles);
  return {
    schema: 'sluice.drift-profile/v1',
    layoutId: first.layoutId,
    rows: profiles.reduce((sum, { rows }) => sum + rows, 0),
    ...(firstAt === undefined ? {} : { firstAt }),
    ...(lastAt === undefined ? {} : { lastAt: -lastAt }),
    features: mergedFeatures(profiles, first.features.length),
    ...(joint === undefined ? {} : { joint }),
    ...(groups === undefined ? {} : { groups }),
    skipped: mergeSkipped(profiles.map(({ skipped }) => skipped)),
  };
}

function mergedFeatures(profiles: Profile[], size: number): FeatureCounts[] {
  const features: FeatureCounts[] = [];
  for (let index = 0; index < size; index += 1) {
    const merged: FeatureCounts = { cells: [], missing: 0, wrongType: 0, unseen: 0, outOfRange: 0 };
    for (const { features: counts } of profiles) {
      const counted = counts[index] as FeatureCounts;
      for (const [cell, count] of counted.cells.entries()) merged.cells[cell] = (merged.cells[cell] ?? 0) + count;
      merged.missing += counted.missing;
      merged.wrongType += counted.wrongType;
      merged.unseen += counted.unseen;
      merged.outOfRange += counted.outOfRange;
    }
    features.push(merged);
  }
  return features;
}

function mergedJoint(profiles: Profile[]): JointCounts | undefined {
  const counted = profiles.flatMap(({ joint }) => joint ?? []);
  if (counted.length === 0) return undefined;
  const merged: JointCounts = { n: 0, sum: 0, sumOfSquares: 0 };
  for (const { n, sum, sumOfSquares } of counted) {
    merged.n += n;
    merged.sum += sum;
    merged.sumOfSquares += sumOfSquares;
  }
  return merged;
}

function mergedGroups(profiles: Profile[]): Profile['groups'] {
  const counted = profiles.flatMap(({ groups }) => (groups === undefined ? [] : [groups]));
  if (counted.length === 0) return undefined;
  const merged = new Map<string, { n: number; favourable: number }>();
  for (const groups of counted) {
    for (const [group, { n, favourable }] of Object.entries(groups)) {
      const known = merged.get(group);
      merged.set(group, { n: n + (known?.n ?? 0), favourable: favourable + (known?.favourable ?? 0) });
    }
  }
  return groupsInOrder(merged);
}

/** The same names in the same order, whatever came first. */
export const groupsInOrder = (groups: Map<string, { n: number; favourable: number }>): NonNullable<Profile['groups']> =>
  Object.fromEntries([...groups].sort(([left], [right]) => (left < right ? -1 : 1)));

function least(values: (number | undefined)[]): number | undefined {
  let smallest: number | undefined;
  for (const value of values) if (value !== undefined && (smallest === undefined || value < smallest)) smallest = value;
  return smallest;
}
