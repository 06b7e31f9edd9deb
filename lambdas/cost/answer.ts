import { readEvent } from './event';
import { type CostParts, look, type Looked } from './look';

/** One look, or one for each thing that AWS Budgets said of a budget whose name begins so. */
export async function answer(parts: CostParts, event: unknown, budgetName: string | undefined): Promise<Looked[]> {
  const read = readEvent(event);
  if (read.kind === 'look') return [await look(parts, undefined)];
  const looked: Looked[] = [];
  for (const said of read.said) {
    if ('unread' in said) {
      await tellUnread(parts, said.unread);
      looked.push(await look(parts, undefined));
    } else {
      // Somebody's own budget may tell the same topic: it is not this use case's.
      looked.push(await look(parts, budgetName === undefined || said.budgetName.startsWith(`${budgetName}-`) ? said : undefined));
    }
  }
  return looked;
}

/** Nothing is done on words that nobody understood; somebody must read them. */
async function tellUnread({ notify }: CostParts, message: string): Promise<void> {
  await notify({
    event: 'BudgetMessageUnread',
    severity: 'warning',
    roles: [],
    subject: 'AWS Budgets said something that was not understood: nothing was done',
    runbook: 'budget',
    facts: { message },
  });
}
