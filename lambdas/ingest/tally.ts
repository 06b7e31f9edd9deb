import type { Arm, KpiPolicy } from '../../core/contracts';
import { waitedFor } from '../../core/observation';
import type { MetricValue } from '../shared/telemetry';
import type { Counted } from './count';
import type { Effect } from './draft';
import type { Rejection } from './work';

export interface Published {
  dimensions: Record<string, string>;
  values: Record<string, number>;
}

/** Name under which events of KPIs that the charter does not have are measured. */
const UNKNOWN_KPI = 'unknown';

/** Adds up what one batch adds to the metrics: a line per set of dimensions. */
class Lines {
  private readonly lines = new Map<string, Published>();

  constructor(private readonly useCase: string) {}

  add(dimensions: Record<string, string>, values: Record<string, number>): void {
    const all = { UseCase: this.useCase, ...dimensions };
    const name = JSON.stringify(all);
    const line: Published = this.lines.get(name) ?? { dimensions: all, values: {} };
    for (const [metric, value] of Object.entries(values)) {
      line.values[metric] = (line.values[metric] ?? 0) + value;
    }
    this.lines.set(name, line);
  }

  all(): Published[] {
    return [...this.lines.values()];
  }
}

export interface Tallied {
  useCase: string;
  kpis: KpiPolicy[];
  counted: Counted;
  /** Kept with the reason. */
  rejections: Rejection[];
  lateCopies: Rejection[];
}

export function tally({ useCase, kpis, counted, rejections, lateCopies }: Tallied): Published[] {
  const lines = new Lines(useCase);
  for (const effect of counted.effects) {
    if (effect.exposed && effect.exposure !== undefined) lines.add({ Arm: effect.exposure.arm }, { UnitsExposed: 1 });
    if (effect.work.kind === 'kpi') tallyEvent(lines, effect, effect.work.policy, Number(effect.work.event.value));
    else tallyLatency(lines, kpis, effect.exposure?.arm ?? effect.work.of.arm, waitedFor(effect.work.decision));
  }
  counted.duplicates.forEach((work) => work.kind === 'kpi' && lines.add({ Kpi: work.policy.name }, { KpiDuplicates: 1 }));
  counted.outranked.forEach(({ policy }) => lines.add({ Kpi: policy.name }, { KpiSuperseded: 1 }));
  const names = new Set(kpis.map(({ name }) => name));
  const nameOf = ({ kpi }: Rejection): string => (kpi !== undefined && names.has(kpi) ? kpi : UNKNOWN_KPI);
  lateCopies.forEach((copy) => lines.add({ Kpi: nameOf(copy) }, { KpiDuplicates: 1 }));
  for (const rejection of rejections) {
    lines.add({ Reason: rejection.reason }, { KpiRejected: 1 });
    // Where there is nothing to compare, that is no fault of whoever sends the event.
    if (rejection.reason !== 'no-comparison') lines.add({ Kpi: nameOf(rejection) }, { KpiRejected: 1 });
  }
  return lines.all();
}

/** A correction is no further observation: it changes what happened, by what it adds. */
function tallyEvent(lines: Lines, { outcome, superseded }: Effect, policy: KpiPolicy, value: number): void {
  if (outcome === undefined) return;
  const Kpi = policy.name;
  lines.add({ Kpi }, superseded === undefined ? { KpiCounted: 1 } : { KpiCounted: 1, KpiSuperseded: 1 });
  lines.add({ Kpi, Arm: outcome.arm }, superseded === undefined ? { KpiEvents: 1 } : {});
  if (policy.type === 'binary') {
    lines.add({ Kpi, Arm: outcome.arm }, { KpiOutcomes: (outcome.added.x ?? 0) - (superseded?.added.x ?? 0) });
  } else {
    const before = Number(superseded?.value ?? 0);
    lines.add({ Kpi, Arm: outcome.arm }, { KpiValue: capped(policy, value) - capped(policy, before) });
  }
}

const capped = ({ cap = Number.POSITIVE_INFINITY }: KpiPolicy, value: number): number => Math.min(value, cap);

function tallyLatency(lines: Lines, kpis: KpiPolicy[], Arm: Arm, waitedMillis: number): void {
  for (const { name: Kpi, aboveMillis = Number.POSITIVE_INFINITY } of kpis.filter(({ type }) => type === 'latency')) {
    lines.add({ Kpi, Arm }, { KpiEvents: 1, KpiOutcomes: waitedMillis > aboveMillis ? 1 : 0 });
  }
}

export function metricValues(values: Record<string, number>): MetricValue[] {
  return Object.entries(values).map(([name, value]) => [name, 'Count', value]);
}
