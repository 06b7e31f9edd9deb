import { hourOf, ledgerKeys, type RejectedEvent } from '../../core/contracts';
import { sha256Hex } from '../../core/hash';
import type { Ledger } from '../shared/ledger';
import type { KpiWork, Rejection } from './message';

/** An item of the ledger holds 400 KB. */
const MAX_BODY_CHARACTERS = 120_000;

/** Nothing that was sent is lost: it is kept with the reason. The same message lands on the same item. */
export async function keepRejected(ledger: Ledger, rejection: Rejection, expiresAt: number): Promise<void> {
  const { reason, detail, body, eventId, arrivedAtMillis } = rejection;
  const key = ledgerKeys.rejected(hourOf(arrivedAtMillis), `${eventId}#${sha256Hex(body).slice(0, 16)}`);
  const cut = body.length > MAX_BODY_CHARACTERS;
  const item: RejectedEvent = {
    reason,
    detail: cut ? `${detail} (the body had ${body.length} characters)` : detail,
    body: cut ? body.slice(0, MAX_BODY_CHARACTERS) : body,
    receivedAt: new Date(arrivedAtMillis).toISOString(),
  };
  await ledger.put(key, { ...item, expiresAt });
}

export function asRejection(work: KpiWork): Rejection {
  return {
    kind: 'rejected',
    messageId: work.messageId,
    reason: 'already-observed',
    detail: 'The unit has an outcome for this KPI in this release',
    eventId: work.event.eventId,
    kpi: work.event.kpi,
    body: work.body,
    arrivedAtMillis: work.arrivedAtMillis,
  };
}

/** Copies that come late of events that were counted in time are duplicates, not late events. */
export async function withoutCountedBefore(
  ledger: Ledger,
  rejections: Rejection[],
): Promise<{ kept: Rejection[]; duplicates: Rejection[] }> {
  const late = rejections.filter(({ reason }) => reason === 'late');
  const keys = [...new Set(late.map(({ eventId }) => eventId))].map((eventId) => ledgerKeys.event(eventId));
  const known = new Set((keys.length === 0 ? [] : await ledger.batchGet<object>(keys)).map(({ pk }) => pk));
  const isKnown = (one: Rejection): boolean => one.reason === 'late' && known.has(ledgerKeys.event(one.eventId).pk);
  return { kept: rejections.filter((one) => !isKnown(one)), duplicates: rejections.filter(isKnown) };
}
