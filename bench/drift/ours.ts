import type { DriftPolicy } from '../../core/contracts/drift';
import { createProfiler, createSampler, nothingSkipped } from '../../core/drift/count';
import { fitBaseline } from '../../core/drift/fit';
import { judgeWindow } from '../../core/drift/judge';
import type { Row } from '../../core/drift/types';
import type { Kind } from './cells';
import type { Pair } from './draws';

/** A use case with so many features of one kind; all else as the charter's defaults are. */
export const policyOf = (kind: Kind, features: number): DriftPolicy => ({
  features: Array.from({ length: features }, (_, index) => ({ name: `f${index}`, side: 'input', path: `f${index}`, kind })),
  baseline: { kind: 'first-days', days: 7 },
  rhythm: 'none',
  windowsHours: [1, 6, 24, 168],
  falseAlarmsPerYear: 1,
  minimumRows: 200,
  joint: false,
  kpiMovement: false,
  brokenShareAbove: 0.01,
  owner: 'quality',
});

/** Which of the features have any finding: through the sampler, the fit, the profile and the judge, as in production. */
export function alarmsOfOurs(kind: Kind, pairs: Pair[]): boolean[] {
  const policy = policyOf(kind, pairs.length);
  const sampler = createSampler(policy);
  eachRow(kind, pairs, 'baseline', (row) => sampler.add(row));
  const baseline = fitBaseline(sampler.sample(), policy, { kind: 'first-days' });
  const profiler = createProfiler(baseline.layout, policy);
  eachRow(kind, pairs, 'window', (row) => profiler.add(row));
  const { findings } = judgeWindow(baseline, { hours: 24, profiles: [{ profile: profiler.profile(nothingSkipped()) }] }, policy);
  const found = new Set(findings.map(({ feature }) => feature));
  return policy.features.map(({ name }) => found.has(name));
}

function eachRow(kind: Kind, pairs: Pair[], side: keyof Pair, take: (row: Row) => void): void {
  const rows = pairs[0]?.[side].length ?? 0;
  const row: Row = { id: '', atMillis: undefined, cells: [] };
  for (let at = 0; at < rows; at++) {
    row.id = `${side}${at}`;
    row.cells = pairs.map((pair) => (kind === 'numeric' ? pair[side][at] : `c${pair[side][at]}`));
    take(row);
  }
}
