import type { DriftFinding, DriftPolicy, FeaturePolicy, TextDerivation } from '../../contracts/drift';
import type { Cell, DriftBaseline, JointLayout, Layout, Profile, Skipped } from '../types';
import type { ExampleFinder, Profiler, Sample, SampleCell, Sampler, TextFacts } from './types';

export { hash32 } from './hash';
export type * from './types';

export const SAMPLE_ROWS = 20_000;
/** Words of a text that are compared with the vocabulary. */
export const WORDS_KEPT = 200;
/** Reconstruction errors are counted in whole steps of this size, at most `JOINT_MOST`. */
export const JOINT_STEP = 0.01;
export const JOINT_MOST = 100;
/** Key of `Profile.groups` for groups that are no category of the layout. */
export const OTHER_GROUPS = '(other)';

/** Keeps the rows with the smallest hashes. Texts become facts. */
export function createSampler(policy: Pick<DriftPolicy, 'features'>, size = SAMPLE_ROWS): Sampler {
  throw new Error(`not yet ${String([policy, size])}`);
}

export function createProfiler(layout: Layout, policy: DriftPolicy): Profiler {
  throw new Error(`not yet ${String([layout, policy])}`);
}

/** Counts are added; all profiles have one layout. Throws where there is none, or layouts differ. */
export function mergeProfiles(profiles: Profile[]): Profile {
  throw new Error(`not yet ${String([profiles])}`);
}

export function mergeSkipped(skipped: Skipped[]): Skipped {
  throw new Error(`not yet ${String([skipped])}`);
}

/** Features of the layout that stand for a feature of the policy: itself, or `<name>.<derivation>` of a text. */
export function derivationsOf(feature: FeaturePolicy): { name: string; kind: 'numeric' | 'categorical'; derivation?: TextDerivation }[] {
  throw new Error(`not yet ${String([feature])}`);
}

/** What is derived from a text; other cells are what they are. `vocabulary` is for unknown words alone. */
export function derivedCell(cell: SampleCell, derivation: TextDerivation | undefined, vocabulary?: ReadonlySet<number>): Cell {
  throw new Error(`not yet ${String([cell, derivation, vocabulary])}`);
}

export function textFactsOf(text: string): TextFacts {
  throw new Error(`not yet ${text}`);
}

/** Cell of a histogram: the number of edges that are not above the value. */
export function cellOf(edges: readonly number[], value: number): number {
  throw new Error(`not yet ${String([edges, value])}`);
}

/** Whole steps of `JOINT_STEP` that a row is away from what its components say of it; values in the order of `joint.features`. */
export function reconstructionSteps(joint: JointLayout, values: (number | undefined)[]): number {
  throw new Error(`not yet ${String([joint, values])}`);
}

/** Ids of rows that show what was found, in a second pass over the window; the same for any order of the rows. */
export function createExamples(
  baseline: DriftBaseline,
  window: Profile,
  policy: DriftPolicy,
  findings: DriftFinding[],
  each = 5,
): ExampleFinder {
  throw new Error(`not yet ${String([baseline, window, policy, findings, each])}`);
}
