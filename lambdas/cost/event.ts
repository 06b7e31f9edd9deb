import * as z from 'zod';
import { type BudgetsMessage, readBudgetsMessage } from '../../core/cost/budgets-message';

/** `look`: the clock, or an endpoint that changed. */
export type CostEvent = { kind: 'look' } | { kind: 'budgets'; said: (BudgetsMessage | { unread: string })[] };

const snsSchema = z.object({
  Records: z.array(z.object({ Sns: z.object({ Message: z.string(), Subject: z.string().nullish() }) })).min(1),
});

const MOST_CHARACTERS = 300;

/** Who may publish to the topic is settled by its policy: AWS Budgets of this account alone. */
export function readEvent(event: unknown): CostEvent {
  const parsed = snsSchema.safeParse(event);
  if (!parsed.success) return { kind: 'look' };
  const said = parsed.data.Records.map(({ Sns }) => readBudgetsMessage(Sns.Message) ?? { unread: unreadOf(Sns) });
  return { kind: 'budgets', said };
}

const unreadOf = ({ Message, Subject }: { Message: string; Subject?: string | null }): string =>
  (Subject ?? Message).replaceAll(/\s+/g, ' ').slice(0, MOST_CHARACTERS);
