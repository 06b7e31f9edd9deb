import { hourOf, ledgerKeys, type RejectedEvent } from '../../core/contracts';
import { packRejected } from '../../core/observation';
import type { Ledger } from '../shared/ledger';

const DAY_SECONDS = 86_400;
const AT_A_TIME = 25;

/** Bad rows stand with the other rejected events; the same row lands on the same item. */
export async function keepRows(ledger: Ledger, rows: RejectedEvent[], retentionDays: number): Promise<void> {
  for (let start = 0; start < rows.length; start += AT_A_TIME) {
    await Promise.all(rows.slice(start, start + AT_A_TIME).map((row) => keep(ledger, row, retentionDays)));
  }
}

async function keep(ledger: Ledger, row: RejectedEvent, retentionDays: number): Promise<void> {
  const receivedMillis = Date.parse(row.receivedAt);
  const expiresAt = Math.floor(receivedMillis / 1000) + retentionDays * DAY_SECONDS;
  for (const { sk, item } of packRejected(row)) {
    await ledger.put(ledgerKeys.rejected(hourOf(receivedMillis), sk), { ...item, expiresAt });
  }
}
