import type { DriftPolicy, DriftWindow, FeaturePolicy } from '../../core/contracts';
import { DRIFT_WINDOWS } from '../../core/contracts';
import { createProfiler, createSampler, nothingSkipped } from '../../core/drift/count';
import { fitBaseline } from '../../core/drift/fit';
import { comparisonOf, judgeWindow, type WindowComparison, type WindowProfiles } from '../../core/drift/judge';
import { hourOfMillis } from '../../core/drift/places';
import type { Cell, DriftBaseline, Row } from '../../core/drift/types';

/** The charter's defaults. */
export const policyOf = (features: FeaturePolicy[], rhythm: DriftPolicy['rhythm'] = 'none'): DriftPolicy => ({
  features,
  baseline: { kind: 'training-data', data: { bucket: '', key: '' }, format: 'jsonl' },
  rhythm,
  windowsHours: [...DRIFT_WINDOWS],
  falseAlarmsPerYear: 1,
  minimumRows: 200,
  joint: features.filter(({ kind }) => kind === 'numeric').length >= 2,
  kpiMovement: false,
  brokenShareAbove: 0.01,
  owner: 'quality',
});

export const feature = (name: string, kind: FeaturePolicy['kind']): FeaturePolicy => ({ name, side: 'input', path: name, kind });

export const row = (id: string, cells: Cell[], atMillis?: number): Row => ({ id, atMillis, cells });

export function baselineOf(rows: Iterable<Row>, policy: DriftPolicy): DriftBaseline {
  const sampler = createSampler(policy);
  for (const one of rows) sampler.add(one);
  return fitBaseline(sampler.sample(), policy, { kind: 'table' });
}

export interface Judged {
  window: DriftWindow;
  comparison: WindowComparison;
}

export function judged(rows: Iterable<Row>, baseline: DriftBaseline, policy: DriftPolicy, hours: number): Judged {
  const profilers = new Map<number | undefined, ReturnType<typeof createProfiler>>();
  for (const one of rows) {
    const hour = one.atMillis === undefined || baseline.slots === undefined ? undefined : hourOfMillis(one.atMillis);
    const profiler = profilers.get(hour) ?? createProfiler(baseline.layout, policy);
    profilers.set(hour, profiler);
    profiler.add(one);
  }
  const profiles: WindowProfiles['profiles'] = [...profilers].map(([hour, profiler]) => ({
    ...(hour === undefined ? {} : { hour }),
    profile: profiler.profile(nothingSkipped()),
  }));
  return {
    window: judgeWindow(baseline, { hours, profiles }, policy),
    comparison: comparisonOf(baseline, { hours, profiles }, policy),
  };
}

/** A Markdown table of distances; what fired stands in bold. */
export function distanceTable(heading: string, judgedRows: [string, Judged][]): string {
  const names = judgedRows[0]?.[1].comparison.features.map(({ name }) => name) ?? [];
  const lines = judgedRows.map(([name, { window, comparison }]) => {
    const cells = comparison.features.map(({ distance, fired, compared }) => {
      const text = compared ? distance.toFixed(3) : '–';
      return fired ? `**${text}**` : text;
    });
    return `| ${[name, window.rows, ...cells, window.state].join(' | ')} |`;
  });
  return [`| ${[heading, 'rows', ...names, 'state'].join(' | ')} |`, `|${' --- |'.repeat(names.length + 3)}`, ...lines].join('\n');
}
