import type { KpiObserved } from '../../core/contracts';
import { hourOfMillis } from '../../core/drift/places';
import { truthKey, truthLine } from '../../core/drift/look/truth';
import { logger } from '../shared/telemetry';
import type { Counted } from './count';
import type { Rejection } from './work';

export interface TruthFiles {
  /** In the place of what stands there. */
  put(key: string, body: string): Promise<void>;
}

/** An event whose id is signed. */
interface Attributed {
  messageId: string;
  event: KpiObserved;
  arrivedAtMillis: number;
}

/**
 * Keeps the truth of events about our answers. A KPI counts a unit once and in its window; a truth belongs to its decision alone, so it is kept
 * of an event that comes late, or is not its unit's first, as well. After the counting, which is exactly once by itself: where truth cannot be
 * kept, its messages come again, are duplicates by then, and their truth is kept like that of others.
 */
export async function keepTruths(files: TruthFiles, counted: Counted, rejections: Rejection[]): Promise<Attributed[]> {
  const unkept: Attributed[] = [];
  for (const events of byHour(attributed(counted, rejections)).values()) {
    const key = truthKey(events[0]?.arrivedAtMillis ?? 0, events.map(idOf));
    const lines = events.map(({ event }) => truthLine(event)).join('\n');
    try {
      await files.put(key, `${lines}\n`);
    } catch (error) {
      logger.warn('Truth could not be kept: its events come again', { error, events: events.length });
      unkept.push(...events);
    }
  }
  return unkept;
}

const idOf = ({ event }: Attributed): string => event.eventId;

function attributed({ effects, duplicates, outranked }: Counted, rejections: Rejection[]): Attributed[] {
  const works = [...effects.map(({ work }) => work), ...duplicates, ...outranked].flatMap((work) => (work.kind === 'kpi' ? [work] : []));
  const refused = rejections.flatMap(({ event, ...rest }) => (event === undefined ? [] : [{ ...rest, event }]));
  return [...works, ...refused].filter(({ event }) => truthLine(event) !== undefined);
}

/** Files lie under the hour in which their events arrived. The order of the lines is that of the ids, whatever the batch's. */
function byHour(events: Attributed[]): Map<number, Attributed[]> {
  const hours = new Map<number, Attributed[]>();
  for (const one of events.toSorted((first, second) => (idOf(first) < idOf(second) ? -1 : 1))) {
    const hour = hourOfMillis(one.arrivedAtMillis);
    const known = hours.get(hour);
    if (known === undefined) hours.set(hour, [one]);
    else known.push(one);
  }
  return hours;
}
