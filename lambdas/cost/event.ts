import { type BudgetsMessage, readBudgetsMessage } from '../../core/cost/budgets-message';

/** `look`: the clock, or an endpoint that changed. */
export type CostEvent = { kind: 'look' } | { kind: 'budgets'; said: (BudgetsMessage | { unread: string })[] };

interface SnsMessage {
  Message: string;
  Subject?: string | null;
}

const MOST_CHARACTERS = 300;

/** Who may publish to the topic is settled by its policy: AWS Budgets of this account alone. */
export function readEvent(event: unknown): CostEvent {
  const { Records } = (event ?? {}) as { Records?: { Sns?: Partial<SnsMessage> }[] };
  if (!Array.isArray(Records)) return { kind: 'look' };
  const said = Records.map(({ Sns }) => {
    const message = { Message: String(Sns?.Message ?? ''), Subject: Sns?.Subject };
    return readBudgetsMessage(message.Message) ?? { unread: unreadOf(message) };
  });
  return { kind: 'budgets', said };
}

const unreadOf = ({ Message, Subject }: SnsMessage): string => (Subject ?? Message).replaceAll(/\s+/g, ' ').slice(0, MOST_CHARACTERS);
