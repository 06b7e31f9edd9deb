import { type LedgerKey, ledgerKeys, type Notifier } from '../../core/contracts';
import type { CriterionReview, HoldoutReview } from '../../core/holdout';
import type { Ledger } from '../shared/ledger';

export interface KillCriterionMet {
  useCase: string;
  criterion: string;
  kpi?: string;
  stable: string;
  evidence?: number;
  threshold?: number;
  dueAt?: string;
  reason: string;
}

export interface TellParts {
  ledger: Ledger;
  notify: Notifier;
}

const KEEP_SECONDS = 400 * 86_400;
/** As long as the handler may run: whoever died telling is past it. */
const CLAIM_MILLIS = 900_000;

/** Tells the owners of a criterion that is met: once in a horizon, and again only where telling failed half-way. Returns whether it told. */
export async function tellOnce(parts: TellParts, review: HoldoutReview, criterion: CriterionReview): Promise<boolean> {
  const { ledger, notify } = parts;
  const { useCase, at, stable } = review;
  const key = ledgerKeys.holdoutCriterion(criterion.criterion, criterion.horizon);
  if (!(await claim(ledger, key, at, criterion.words))) return false;
  const { kpi, evidence, threshold, dueAt, words } = criterion;
  const facts: KillCriterionMet = { useCase, criterion: criterion.criterion, kpi, stable, evidence, threshold, dueAt, reason: words };
  try {
    await notify({
      event: 'KillCriterionMet',
      severity: 'warning',
      roles: ['process'],
      subject: `kill criterion met for ${kpi ?? criterion.criterion}`,
      runbook: 'kill-criterion',
      facts: { ...facts },
    });
  } catch (error) {
    await ledger.update(key, { text: 'REMOVE claimedUntil' });
    throw error;
  }
  await ledger.update(key, { text: 'SET toldAt = :at REMOVE claimedUntil', values: { ':at': at } });
  return true;
}

/** Of several that look at the same time one tells. */
async function claim(ledger: Ledger, key: LedgerKey, at: string, words: string): Promise<boolean> {
  const atMillis = Date.parse(at);
  const values = {
    ':at': at,
    ':until': new Date(atMillis + CLAIM_MILLIS).toISOString(),
    ':words': words,
    ':expiresAt': Math.ceil(atMillis / 1000) + KEEP_SECONDS,
  };
  const claimed = await ledger.update(
    key,
    { text: 'SET metAt = if_not_exists(metAt, :at), words = :words, expiresAt = :expiresAt, claimedUntil = :until', values },
    { text: 'attribute_not_exists(toldAt) AND (attribute_not_exists(claimedUntil) OR claimedUntil < :at)' },
  );
  return claimed !== undefined;
}
