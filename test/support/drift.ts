import { Random } from '../../bench/verdict/random';
import type { DriftPolicy, FeaturePolicy } from '../../core/contracts/drift';
import { createProfiler, createSampler, nothingSkipped, type Sample } from '../../core/drift/count';
import { fitBaseline, policyWithBaseline } from '../../core/drift/fit';
import { judgeWindow } from '../../core/drift/judge';
import type { Cell, DriftBaseline, Profile, Row, Skipped } from '../../core/drift/types';
import type { DriftWindow } from '../../core/contracts/drift';

export const numeric = (name: string, more: Partial<FeaturePolicy> = {}): FeaturePolicy => ({
  name,
  side: 'input',
  path: name,
  kind: 'numeric',
  ...more,
});

export const categorical = (name: string, more: Partial<FeaturePolicy> = {}): FeaturePolicy => ({
  ...numeric(name, more),
  kind: 'categorical',
});

export const driftPolicy = (features: FeaturePolicy[], more: Partial<DriftPolicy> = {}): DriftPolicy => ({
  features,
  baseline: { kind: 'first-days', days: 7 },
  rhythm: 'none',
  windowsHours: [1, 6, 24, 168],
  falseAlarmsPerYear: 1,
  minimumRows: 200,
  joint: false,
  kpiMovement: false,
  brokenShareAbove: 0.01,
  owner: 'quality',
  ...more,
});

// Read once: under jest every look at a global is slow.
const { sqrt, log, cos, floor, PI } = Math;

/** Draws that tests make rows of. */
export class Draws extends Random {
  constructor(label: string, repetition = 0) {
    super(label, repetition);
  }

  normal(): number {
    return sqrt(-2 * log(this.uniform())) * cos(2 * PI * this.uniform());
  }

  below(limit: number): number {
    return floor(limit * this.uniform());
  }
}

export type CellsOf = (index: number) => Cell[];

export const rowsOf = (count: number, cells: CellsOf, atMillis: (index: number) => number | undefined = () => undefined): Row[] =>
  Array.from({ length: count }, (_, index) => ({ id: `row-${index}`, atMillis: atMillis(index), cells: cells(index) }));

export function sampleOf(rows: Row[], policy: DriftPolicy): Sample {
  const sampler = createSampler(policy);
  for (const row of rows) sampler.add(row);
  return sampler.sample();
}

export const fitted = (rows: Row[], policy: DriftPolicy): DriftBaseline =>
  fitBaseline(sampleOf(rows, policy), policy, { kind: 'training-data' });

export function profileOf(rows: Row[], baseline: DriftBaseline, policy: DriftPolicy, skipped: Skipped = nothingSkipped()): Profile {
  const profiler = createProfiler(baseline.layout, policyWithBaseline(policy, baseline));
  for (const row of rows) profiler.add(row);
  return profiler.profile(skipped);
}

/** Rows judged as one window of 24 hours. */
export const judged = (rows: Row[], baseline: DriftBaseline, policy: DriftPolicy, skipped?: Skipped): DriftWindow =>
  judgeWindow(baseline, { hours: 24, profiles: [{ profile: profileOf(rows, baseline, policy, skipped) }] }, policy);

export const fired = ({ findings }: DriftWindow): string[] => findings.map(({ check, feature }) => `${check} ${feature}`).sort();
