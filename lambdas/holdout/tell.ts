import { ledgerKeys } from '../../core/contracts';
import type { CriterionReview, HoldoutReview } from '../../core/holdout';
import { IF_ABSENT, type Ledger } from '../shared/ledger';
import type { Notifier } from '../shared/notify';

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
  /** Puts the event `KillCriterionMet` on the use case's bus. */
  announce(event: KillCriterionMet): Promise<void>;
}

const KEEP_SECONDS = 400 * 86_400;

/** Tells the owners of a criterion that is met: once in a horizon, and again only where telling failed half-way. Returns whether it told. */
export async function tellOnce(parts: TellParts, review: HoldoutReview, criterion: CriterionReview): Promise<boolean> {
  const { ledger, notify, announce } = parts;
  const { useCase, at, stable } = review;
  const key = ledgerKeys.holdoutCriterion(criterion.criterion, criterion.horizon);
  const expiresAt = Math.ceil(Date.parse(at) / 1000) + KEEP_SECONDS;
  await ledger.put(key, { metAt: at, words: criterion.words, expiresAt }, IF_ABSENT);
  const item = await ledger.get<{ toldAt?: string }>(key);
  if (item?.toldAt !== undefined) return false;
  const { kpi, evidence, threshold, dueAt, words } = criterion;
  const facts: KillCriterionMet = { useCase, criterion: criterion.criterion, kpi, stable, evidence, threshold, dueAt, reason: words };
  await notify(`${useCase}: kill criterion met for ${kpi ?? criterion.criterion}`, facts);
  await announce(facts);
  await ledger.update(key, { text: 'SET toldAt = :at', values: { ':at': at } }, { text: 'attribute_not_exists(toldAt)' });
  return true;
}
