import { hourOfMillis } from '../../core/drift/places';
import { truthKey, truthLine } from '../../core/drift/look/truth';
import { logger } from '../shared/telemetry';
import type { Counted } from './count';
import type { KpiWork } from './work';

export interface TruthFiles {
  /** In the place of what stands there. */
  put(key: string, body: string): Promise<void>;
}

/**
 * Keeps the truth of events that count. After they were counted: only then it is known which do. Where it cannot be kept, their messages come
 * again; by then they are duplicates, whose truth is kept like that of others, so nothing is counted twice and no truth is lost.
 */
export async function keepTruths(files: TruthFiles, { effects, duplicates }: Pick<Counted, 'effects' | 'duplicates'>): Promise<KpiWork[]> {
  const accepted = [...effects.map(({ work }) => work), ...duplicates].filter((work): work is KpiWork => work.kind === 'kpi');
  const unkept: KpiWork[] = [];
  for (const works of byHour(accepted.filter(({ event }) => truthLine(event) !== undefined)).values()) {
    const [first] = works;
    const key = truthKey(
      first?.arrivedAtMillis ?? 0,
      works.map(({ event }) => event.eventId),
    );
    const lines = works.map(({ event }) => truthLine(event)).join('\n');
    try {
      await files.put(key, `${lines}\n`);
    } catch (error) {
      logger.warn('Truth could not be kept: its events come again', { error, events: works.length });
      unkept.push(...works);
    }
  }
  return unkept;
}

/** Files lie under the hour in which their events arrived. The order of the lines is that of the ids, whatever the batch's. */
function byHour(works: KpiWork[]): Map<number, KpiWork[]> {
  const hours = new Map<number, KpiWork[]>();
  for (const work of works.toSorted(({ event: one }, { event: other }) => (one.eventId < other.eventId ? -1 : 1))) {
    const hour = hourOfMillis(work.arrivedAtMillis);
    const known = hours.get(hour);
    if (known === undefined) hours.set(hour, [work]);
    else known.push(work);
  }
  return hours;
}
