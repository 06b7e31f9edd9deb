import type { History, SentKpiEvent } from '../history';
import { REASONS_OF } from '../kpi-garbage';

export interface KpiFate {
  /** Ids of the events whose outcomes the ledger counts. */
  counted: Set<string>;
  /** Of those that gave way to a higher revision: of which outcome, and their own revision. */
  superseded: Map<string, { outcome: string; revision: number }>;
  /** Why each was rejected. */
  rejected: Map<string, string>;
  /** Revision of each outcome that counts, by its key. */
  standing: Map<string, number>;
}

/** What the ledger did with each event. */
export function kpiFate(history: Pick<History, 'ledger'>): KpiFate {
  const fate: KpiFate = { counted: new Set(), superseded: new Map(), rejected: new Map(), standing: new Map() };
  for (const [key, item] of history.ledger) {
    const [pk = '', sk = ''] = key.split('|');
    if (pk.startsWith('rejected#') && item.reason !== undefined) fate.rejected.set(sk.split('#')[0] ?? sk, String(item.reason));
    if (!pk.startsWith('outcome#')) continue;
    const [kpi = '', revision] = sk.split('#');
    const eventId = String(item.eventId);
    if (revision !== undefined) {
      fate.superseded.set(eventId, { outcome: `${pk}|${kpi}`, revision: Number(revision) });
    } else {
      fate.counted.add(eventId);
      fate.standing.set(key, Number(item.revision ?? 0));
    }
  }
  return fate;
}

/** What gave way must have given way to something higher. */
export const wronglySuperseded = ({ superseded, standing }: KpiFate): string[] =>
  [...superseded].flatMap(([eventId, { outcome, revision }]) =>
    revision < (standing.get(outcome) ?? -1) ? [] : [`event ${eventId} (revision ${revision}) gave way to nothing higher`],
  );

/** Garbage is never counted, and kept with the reason that fits what is wrong with it. */
export function misjudgedGarbage(sent: SentKpiEvent[], { counted, superseded, rejected }: KpiFate): string[] {
  return sent.flatMap(({ eventId, garbage }) => {
    if (garbage === undefined) return [];
    if (counted.has(eventId) || superseded.has(eventId)) return [`event ${eventId} (${garbage}) was counted`];
    const reason = rejected.get(eventId);
    return reason === undefined || (REASONS_OF[garbage] as string[]).includes(reason)
      ? []
      : [`event ${eventId} (${garbage}) was rejected as ${reason}, not as ${REASONS_OF[garbage].join(' or ')}`];
  });
}
