import type { MetricValue } from '../shared/telemetry';
import type { Counted } from './count';
import type { Rejection } from './message';

export interface Published {
  dimensions: Record<string, string>;
  values: Record<string, number>;
}

/** Name under which events of KPIs that the charter does not have are measured. */
const UNKNOWN_KPI = 'unknown';

/** What one batch adds to the metrics: a line per KPI, and per KPI and arm. */
export function tally(
  useCase: string,
  kpiNames: string[],
  counted: Counted,
  rejections: Rejection[],
  lateCopies: Rejection[],
): Published[] {
  const lines = new Map<string, Published>();
  const add = (dimensions: Record<string, string>, metric: string, value: number): void => {
    const all = { UseCase: useCase, ...dimensions };
    const name = JSON.stringify(all);
    const line: Published = lines.get(name) ?? { dimensions: all, values: {} };
    line.values[metric] = (line.values[metric] ?? 0) + value;
    lines.set(name, line);
  };
  for (const { work, exposure } of counted.works) {
    if (work.kind === 'kpi') {
      const Kpi = work.event.kpi;
      add({ Kpi }, 'KpiCounted', 1);
      add({ Kpi, Arm: exposure?.arm ?? work.of.arm }, 'KpiEvents', 1);
      add({ Kpi, Arm: exposure?.arm ?? work.of.arm }, 'KpiOutcomes', work.happened ? 1 : 0);
    }
  }
  counted.exposed.forEach((Arm) => add({ Arm }, 'UnitsExposed', 1));
  for (const work of counted.duplicates) {
    if (work.kind === 'kpi') {
      add({ Kpi: work.event.kpi }, 'KpiDuplicates', 1);
    }
  }
  const nameOf = ({ kpi }: Rejection): string => (kpi !== undefined && kpiNames.includes(kpi) ? kpi : UNKNOWN_KPI);
  lateCopies.forEach((copy) => add({ Kpi: nameOf(copy) }, 'KpiDuplicates', 1));
  // Before the first release there is nothing to compare: that is no fault of whoever sends the event.
  const faulty = rejections.filter(({ reason }) => reason !== 'no-comparison');
  faulty.forEach((rejection) => add({ Kpi: nameOf(rejection) }, 'KpiRejected', 1));
  return [...lines.values()];
}

export function metricValues(values: Record<string, number>): MetricValue[] {
  return Object.entries(values).map(([name, value]) => [name, 'Count', value]);
}
