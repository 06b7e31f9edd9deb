import type { ControlRecord, KpiPolicy } from '../../core/contracts';
import type { Entry } from './message';

/** Keeps the control record as long as it was read after every decision that is to be attributed by it. */
export class ArmsReader {
  private kept: { control?: ControlRecord; readSentAtMillis: number } | undefined;

  constructor(private readonly read: () => Promise<ControlRecord | undefined>) {}

  /** Undefined where nothing is attributed by variant. */
  async covering(entries: Entry[], kpis: KpiPolicy[], nowMillis: number): Promise<ControlRecord | undefined> {
    const byVariant = new Set(kpis.filter(({ attribution }) => attribution === 'variant').map(({ name }) => name));
    const decidedAtMillis = byVariant.size === 0 ? [] : entries.flatMap((entry) => decidedAt(entry, byVariant));
    if (decidedAtMillis.length === 0) {
      return undefined;
    }
    const newestMillis = decidedAtMillis.reduce((newest, millis) => Math.max(newest, millis));
    // A clock that is ahead cannot ask for more than a record read now.
    if (this.kept === undefined || this.kept.readSentAtMillis < Math.min(newestMillis, nowMillis)) {
      this.kept = { readSentAtMillis: nowMillis, control: await this.read() };
    }
    return this.kept.control;
  }
}

function decidedAt(entry: Entry, byVariant: Set<string>): number[] {
  if (entry.kind !== 'event') {
    return [];
  }
  const { kpi, decidedAt: text } = (entry.event ?? {}) as { kpi?: unknown; decidedAt?: unknown };
  const millis = typeof kpi === 'string' && byVariant.has(kpi) && typeof text === 'string' ? Date.parse(text) : Number.NaN;
  return Number.isNaN(millis) ? [] : [millis];
}
