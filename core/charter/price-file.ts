import { BadInputError } from '../errors';
import { BUILT_IN_PRICES, withPriceFile } from '../prices';
import type { Finding } from './problem';
import type { Charter } from './schema';

/** Whether the file of prices can be read, and is in the budget's currency. */
export function priceFileFindings({ budget, platform }: Charter, text: string): Finding[] {
  try {
    const { currency } = withPriceFile(BUILT_IN_PRICES, text, platform.prices ?? 'prices');
    if (budget === undefined || budget.currency === currency) return [];
    const allowed = `${currency}, or a file with prices in ${budget.currency} under platform.prices`;
    return [{ path: ['budget', 'currency'], message: `is not the currency of the prices in ${platform.prices}, ${currency}`, allowed }];
  } catch (error) {
    if (!(error instanceof BadInputError)) throw error;
    return [{ path: ['platform', 'prices'], message: `cannot be used: ${error.message}`, allowed: 'a JSON file with prices' }];
  }
}
