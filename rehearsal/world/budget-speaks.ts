import { BadInputError } from '../../core/errors';
import { shareOf, type Budgets } from '../services/budgets';
import type { Laptop } from './laptop';
import type { ScenarioAction } from './scenario-schema';

/** AWS Budgets finds a threshold exceeded, hours after the money was spent, and tells whoever subscribed. */
export async function letBudgetsSpeak(laptop: Laptop, action: ScenarioAction, where: string): Promise<void> {
  const budgets = laptop.cloud.double<Budgets>('budgets');
  const kind = action.kind === 'forecast' ? 'FORECASTED' : 'ACTUAL';
  const share = action.threshold ?? 1;
  const fitting = budgets.fitting(kind, share);
  if (fitting.length === 0) {
    const known = budgets
      .all()
      .flatMap((budget) => budget.notifications.map((one) => `${one.kind === 'ACTUAL' ? 'actual' : 'forecast'} ${shareOf(one, budget)}`));
    throw new BadInputError(
      `${where}: no budget of the stack has such a notification\n  given:   kind: ${action.kind ?? 'actual'}, threshold: ${share}\n  allowed: ${known.length === 0 ? 'none: the charter has no budget that AWS Budgets keeps' : known.join(', ')}`,
    );
  }
  for (const { budget, notification } of fitting) await budgets.notify(budget, notification);
}
