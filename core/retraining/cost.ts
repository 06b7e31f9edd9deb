import { instancePrice, type PriceBook } from '../prices';
import type { RetrainingSettings } from './types';

export type CostEstimate = { known: true; amount: number; currency: string } | { known: false; why: string };

/** A transform job over the evaluation's requests that takes longer is stopped. */
export const EVALUATION_MINUTES = 120;

/** What a run costs at most: every instance for as long as it may run, at the price of hosting on its type. */
export function estimateCost({ training, evaluation }: RetrainingSettings, book: PriceBook, region: string): CostEstimate {
  if (training.kind !== 'job' || training.instanceType === undefined) {
    return { known: false, why: `what a ${training.kind} costs is not known before it ran` };
  }
  const parts = [
    { type: training.instanceType, hours: ((training.instanceCount ?? 1) * training.maxRuntimeMinutes) / 60 },
    { type: evaluation.instanceType, hours: EVALUATION_MINUTES / 60 },
  ];
  let amount = 0;
  for (const { type, hours } of parts) {
    const price = instancePrice(book, region, type);
    if (!price.known) return { known: false, why: price.why };
    amount += price.perHour * hours;
  }
  return { known: true, amount: Math.round(amount * 100) / 100, currency: book.currency };
}
