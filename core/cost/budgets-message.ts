/** What AWS Budgets says, in plain text, when a threshold is passed. */
export interface BudgetsMessage {
  budgetName: string;
  /** What was spent, or what AWS expects to be spent by the end of the month. */
  kind: 'actual' | 'forecast';
  budgeted: number;
  threshold: number;
  amount: number;
}

const field = (text: string, name: string): string | undefined => new RegExp(`^${name}:[ \\t]*(.+?)[ \\t]*$`, 'mi').exec(text)?.[1];

/** `$1,234.50`, `> $80.00`, `USD 12`. */
function money(text: string | undefined): number | undefined {
  const digits = /(\d[\d,]*(?:\.\d+)?)/.exec(text ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits.replaceAll(',', ''));
}

/** Undefined: no such message, or one that is worded in another way. */
export function readBudgetsMessage(text: string): BudgetsMessage | undefined {
  const budgetName = field(text, 'Budget Name');
  const type = field(text, 'Alert Type')?.toUpperCase();
  const kind = type === 'ACTUAL' ? 'actual' : type === 'FORECASTED' ? 'forecast' : undefined;
  if (budgetName === undefined || kind === undefined) return undefined;
  const budgeted = money(field(text, 'Budgeted Amount'));
  const threshold = money(field(text, 'Alert Threshold'));
  const amount = money(field(text, `${type} Amount`));
  return budgeted === undefined || threshold === undefined || amount === undefined
    ? undefined
    : { budgetName, kind, budgeted, threshold, amount };
}
