import type { History, SentKpiEvent } from '../history';
import { REASONS_OF } from '../kpi-garbage';

export interface KpiFate {
  /** Ids of the events whose outcomes the ledger holds. */
  counted: Set<string>;
  /** Why each was rejected. */
  rejected: Map<string, string>;
}

/** Which events the ledger counted, and which it kept as rejected. */
export function kpiFate(history: Pick<History, 'ledger'>): KpiFate {
  const fate: KpiFate = { counted: new Set(), rejected: new Map() };
  for (const [key, item] of history.ledger) {
    const [pk = '', sk = ''] = key.split('|');
    if (pk.startsWith('outcome#')) fate.counted.add(String(item.eventId));
    if (pk.startsWith('rejected#') && item.reason !== undefined) fate.rejected.set(sk.split('#')[0] ?? sk, String(item.reason));
  }
  return fate;
}

/** Events of the same unit, KPI and release: the highest revision of them is what counts. */
const chainOf = ({ releaseId, unit, kpi }: SentKpiEvent): string => JSON.stringify([releaseId, unit, kpi]);

/** Events that gave way to a higher revision: counted until then, or come too late to count. */
export function supersededEvents(sent: SentKpiEvent[], { counted }: Pick<KpiFate, 'counted'>): Set<string> {
  const highest = new Map<string, number>();
  for (const event of sent) if (counted.has(event.eventId)) highest.set(chainOf(event), event.revision);
  const gaveWay = sent.filter(
    (event) => event.garbage === undefined && !counted.has(event.eventId) && event.revision < (highest.get(chainOf(event)) ?? 0),
  );
  return new Set(gaveWay.map(({ eventId }) => eventId));
}

/** Garbage is never counted, and kept with the reason that fits what is wrong with it. */
export function misjudgedGarbage(sent: SentKpiEvent[], { counted, rejected }: KpiFate): string[] {
  return sent.flatMap(({ eventId, garbage }) => {
    if (garbage === undefined) return [];
    if (counted.has(eventId)) return [`event ${eventId} (${garbage}) was counted`];
    const reason = rejected.get(eventId);
    return reason === undefined || (REASONS_OF[garbage] as string[]).includes(reason)
      ? []
      : [`event ${eventId} (${garbage}) was rejected as ${reason}, not as ${REASONS_OF[garbage].join(' or ')}`];
  });
}
