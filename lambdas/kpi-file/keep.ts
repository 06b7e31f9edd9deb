import { hourOf, ledgerKeys, type RejectedEvent } from '../../core/contracts';
import { packRejected } from '../../core/observation';
import type { Ledger } from '../shared/ledger';

const DAY_SECONDS = 86_400;
const TOGETHER = 25;

/** Bad rows stand with the other rejected events; the same row lands on the same item. */
export async function keepRows(ledger: Ledger, rows: RejectedEvent[], retentionDays: number): Promise<void> {
  for (let start = 0; start < rows.length; start += TOGETHER) {
    const puts = rows.slice(start, start + TOGETHER).flatMap((row) => putsOf(row, retentionDays));
    // Parts of large bodies come before what refers to them.
    await ledger.batchPut(puts.filter(({ isHead }) => !isHead));
    await ledger.batchPut(puts.filter(({ isHead }) => isHead));
  }
}

function putsOf(row: RejectedEvent, retentionDays: number) {
  const receivedMillis = Date.parse(row.receivedAt);
  const expiresAt = Math.floor(receivedMillis / 1000) + retentionDays * DAY_SECONDS;
  const items = packRejected(row);
  return items.map(({ sk, item }, index) => ({
    key: ledgerKeys.rejected(hourOf(receivedMillis), sk),
    item: { ...item, expiresAt },
    isHead: index === items.length - 1,
  }));
}
