import type { Finding } from './problem';
import type { Charter } from './schema';

/** That of the built-in prices. */
const BUILT_IN_CURRENCY = 'USD';

/** Amounts are compared as they are: two currencies never. With a file of prices, synth knows its currency. */
export function budgetFindings({ budget, platform }: Charter): Finding[] {
  if (budget === undefined || budget.currency === BUILT_IN_CURRENCY || platform.prices !== undefined) return [];
  const allowed = `${BUILT_IN_CURRENCY}, or a file with prices in ${budget.currency} under platform.prices`;
  return [{ path: ['budget', 'currency'], message: `is not the currency of the built-in prices, ${BUILT_IN_CURRENCY}`, allowed }];
}
