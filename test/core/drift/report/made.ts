import type { ComparedCell, FeatureComparison, RateComparison, WindowComparison } from '../../../../core/drift/judge/types';
import type { DriftReport } from '../../../../core/drift/report';
import type { DriftFinding, DriftWindow } from '../../../../core/contracts';

const nothing = (rows: number, baselineRows: number): RateComparison => ({
  baseline: { count: 0, rows: baselineRows },
  window: { count: 0, rows },
  distance: 0,
  log10P: 0,
  fired: false,
});

/** Cells of numbers between the edges; counts are given. */
export const numericCells = (edges: number[], baseline: number[], window: number[]): ComparedCell[] =>
  baseline.map((count, index) => ({
    label: '',
    ...(index === 0 ? {} : { from: edges[index - 1]! }),
    ...(index === edges.length ? {} : { to: edges[index]! }),
    baseline: count,
    window: window[index] ?? 0,
  }));

export const categoryCells = (counts: Record<string, [number, number]>): ComparedCell[] =>
  Object.entries(counts).map(([label, [baseline, window]]) => ({ label, baseline, window }));

export function feature(
  name: string,
  cells: ComparedCell[],
  figures: Partial<FeatureComparison> & Pick<FeatureComparison, 'distance'>,
): FeatureComparison {
  const rows = (side: 'baseline' | 'window'): number => cells.reduce((sum, cell) => sum + cell[side], 0);
  const [baselineRows, windowRows] = [rows('baseline'), rows('window')];
  const fired = figures.fired ?? figures.distance >= 0.1;
  return {
    name,
    of: name.split('.')[0]!,
    kind: 'numeric',
    cells,
    baselineRows,
    windowRows,
    compared: true,
    log10P: fired ? -42 : -0.3,
    limit: 0.1,
    fired,
    missing: nothing(windowRows, baselineRows),
    wrongType: nothing(windowRows, baselineRows),
    outOfRange: 0,
    checks: fired ? ['distribution'] : [],
    ...figures,
  };
}

export const comparison = (hours: number, features: FeatureComparison[], more: Partial<WindowComparison> = {}): WindowComparison => ({
  hours,
  rows: features[0]?.windowRows ?? 0,
  baselineRows: features[0]?.baselineRows ?? 0,
  alpha: 1e-6,
  features,
  groups: [],
  ...more,
});

export const finding = (name: string, words: string, more: Partial<DriftFinding> = {}): DriftFinding => ({
  check: 'distribution',
  feature: name,
  windowHours: 24,
  value: 0.3,
  limit: 0.1,
  rows: 1000,
  words,
  examples: [],
  ...more,
});

export const driftWindow = (hours: number, more: Partial<DriftWindow> = {}): DriftWindow => ({
  hours,
  state: 'ok',
  rows: 1000,
  broken: 0,
  findings: [],
  ...more,
});

export const report = (more: Partial<DriftReport> = {}): DriftReport => ({
  title: 'flight-delay',
  look: { state: 'ok', reason: 'Every window is as the baseline.' },
  baseline: {
    source: { kind: 'training-data', uri: 'data/train.csv' },
    profile: {
      schema: 'sluice.drift-profile/v1',
      layoutId: 'l',
      rows: 10_000,
      features: [],
      skipped: { counts: {}, samples: [] },
    },
  },
  windows: [],
  ...more,
});
