import type { DriftLook } from '../../core/contracts';
import type { Telling } from '../../core/drift/look/telling';
import type { MetricValue } from '../shared/telemetry';
import type { Seen } from './see';

interface MetricLine {
  dimensions: Record<string, string>;
  values: MetricValue[];
}

/** Distances are those of a day, or of the longest window below. */
const USUAL_HOURS = 24;

/** What is muted counts as nothing that drifts, and is measured all the same. */
export function driftMetrics(
  look: DriftLook,
  { judged, lastHour }: Pick<Seen, 'judged' | 'lastHour'>,
  loud: Telling['loud'],
): MetricLine[] {
  const shown = judged.filter(({ window }) => window.hours <= USUAL_HOURS).at(-1) ?? judged[0];
  return [
    {
      dimensions: {},
      values: [
        ['DriftChecks', 'Count', 1],
        ['DriftRows', 'Count', lastHour.rows],
        ['DriftBrokenRecords', 'Count', lastHour.broken],
        ['DriftingFeatures', 'Count', loud.DriftDetected.length],
        ['DriftBrokenInput', 'Count', loud.DriftBrokenInput.length],
        ['DriftNoData', 'Count', loud.DriftNoData.length],
      ],
    },
    ...(shown?.comparison?.features ?? [])
      .filter(({ compared }) => compared)
      .map(({ name, distance }): MetricLine => ({ dimensions: { Feature: name }, values: [['DriftDistance', 'None', distance]] })),
    ...look.quality.map(({ measure, value }): MetricLine => ({
      dimensions: { Measure: measure },
      values: [['ModelQuality', 'None', value]],
    })),
  ];
}
