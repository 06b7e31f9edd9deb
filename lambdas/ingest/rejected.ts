import { hourOf, type LedgerKey, ledgerKeys } from '../../core/contracts';
import { packRejected } from '../../core/observation';
import type { Ledger } from '../shared/ledger';
import { logger } from '../shared/telemetry';
import type { Outcome } from './known';
import type { Rejection } from './work';

/** What is written at once: when it fails, only these come again. */
const TOGETHER = 25;

/** Nothing that was sent is lost: it is kept with the reason, whole. Those that could not be kept come back. */
export async function keepRejected(ledger: Ledger, rejections: Rejection[], expiresAt: number): Promise<Rejection[]> {
  const lost: Rejection[] = [];
  for (let from = 0; from < rejections.length; from += TOGETHER) {
    const some = rejections.slice(from, from + TOGETHER);
    try {
      const puts = some.flatMap((rejection) => putsOf(rejection, expiresAt));
      // Parts of large bodies come before what refers to them.
      await ledger.batchPut(puts.filter(({ isHead }) => !isHead));
      await ledger.batchPut(puts.filter(({ isHead }) => isHead));
    } catch (error) {
      logger.warn('Rejected events could not be kept', { error: error as Error, events: some.length });
      lost.push(...some);
    }
  }
  return lost;
}

function putsOf({ reason, detail, eventId, kpi, body, arrivedAtMillis }: Rejection, expiresAt: number) {
  const receivedAt = new Date(arrivedAtMillis).toISOString();
  const items = packRejected({ reason, detail, eventId, kpi, body, receivedAt });
  return items.map(({ sk, item }, index) => ({
    key: ledgerKeys.rejected(hourOf(arrivedAtMillis), sk),
    item: { ...item, expiresAt },
    isHead: index === items.length - 1,
  }));
}

/** Copies that come late of events that were counted in time are duplicates, not late events. */
export async function withoutCountedBefore(
  ledger: Ledger,
  rejections: Rejection[],
): Promise<{ kept: Rejection[]; duplicates: Rejection[] }> {
  const keys = new Map(rejections.flatMap(keysOfCopies).map((key) => [`${key.pk}|${key.sk}`, key]));
  const items = keys.size === 0 ? [] : await ledger.batchGet<Pick<Outcome, 'eventId' | 'revision'>>([...keys.values()]);
  const counted = new Set(items.map(({ pk, eventId, revision }) => `${pk}|${revision}|${eventId}`));
  const isCopy = ({ late, eventId, kpi = '' }: Rejection): boolean =>
    late !== undefined && counted.has(`${ledgerKeys.outcome(late.of.releaseId, kpi, late.of.unitKey).pk}|${late.revision}|${eventId}`);
  return { kept: rejections.filter((one) => !isCopy(one)), duplicates: rejections.filter(isCopy) };
}

function keysOfCopies({ late, eventId, kpi = '' }: Rejection): LedgerKey[] {
  if (late === undefined) return [];
  const { of, revision } = late;
  return [ledgerKeys.outcome(of.releaseId, kpi, of.unitKey), ledgerKeys.superseded(of.releaseId, kpi, of.unitKey, revision, eventId)];
}
