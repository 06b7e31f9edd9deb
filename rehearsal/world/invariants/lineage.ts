import type { DecisionObserved } from '../../../core/contracts';
import type { History } from '../history';

/** What is kept of a decision. */
export type Lineage = Pick<DecisionObserved, 'decisionId' | 'arm' | 'failed' | 'latencyMillis' | 'firstByteMillis'>;

/** Every decision that the ledger knows: the first of a unit stands in its exposure. */
export function decisionsOf({ ledger }: Pick<History, 'ledger'>): Lineage[] {
  const decisions: Lineage[] = [];
  for (const [key, item] of ledger) {
    if (key.startsWith('decision#')) decisions.push(item as unknown as Lineage);
    if (key.startsWith('exposure#') && item.decision !== undefined) decisions.push(item.decision as Lineage);
  }
  return decisions;
}
