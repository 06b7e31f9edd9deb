import { ledgerKeys, type RefusalRecord } from '../../core/contracts';
import { sha256Hex } from '../../core/hash';
import type { Ledger } from './ledger';

export type Refusal = Omit<RefusalRecord, 'expiresAt'>;

const KEPT_DAYS = 365;
const DAY_SECONDS = 86_400;
const LONGEST_REASON = 1_000;

/** Keeps what was asked for and refused: who, what, why. The same refusal of the same moment is one record. */
export async function recordRefusal(ledger: Ledger, { at, what, by, releaseId, reason }: Refusal): Promise<void> {
  const record: RefusalRecord = {
    at,
    what,
    by,
    ...(releaseId === undefined ? {} : { releaseId }),
    reason: reason.slice(0, LONGEST_REASON),
    expiresAt: Math.floor(Date.parse(at) / 1000) + KEPT_DAYS * DAY_SECONDS,
  };
  const id = sha256Hex([what, by, releaseId ?? '', record.reason].join('\n')).slice(0, 12);
  await ledger.put(ledgerKeys.refusal(at, id), record);
}
