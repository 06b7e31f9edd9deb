import type { AcceleratorKind, InstanceFacts, ModelSize } from '../instances';
import { fits, instanceFacts, modelMemoryGib } from '../instances';
import type { PriceBook } from '../prices/price-book';
import { instancePrice } from '../prices/price-book';

const MOST = 8;
/** A model above so many parameters is taken to want an accelerator, where the charter names no type. */
const ACCELERATED_FROM_BILLION = 1;

interface Wanted {
  region: string;
  asked: string[];
  model?: ModelSize;
}

/** Types worth a look beside those that were named: of each family the cheapest that the model fits on, at most eight. */
export function sensibleTypes({ region, asked, model }: Wanted, book: PriceBook): string[] {
  const like = asked.map((type) => instanceFacts(type)).find((facts) => facts !== undefined);
  const kind = like?.accelerator ?? kindFor(model);
  if (kind === undefined) return [];
  const leastGib = model === undefined && like !== undefined ? modelMemoryGib(like) : 0;
  const cheapest = new Map<string, { type: string; perHour: number }>();
  for (const type of Object.keys(book.regions[region]?.instances ?? {})) {
    const facts = instanceFacts(type);
    const price = instancePrice(book, region, type);
    if (facts === undefined || !price.known || !isMeant(facts, kind, leastGib, model)) continue;
    const best = cheapest.get(facts.family);
    if (best === undefined || price.perHour < best.perHour) cheapest.set(facts.family, { type, perHour: price.perHour });
  }
  const byPrice = [...cheapest.values()].sort((one, other) => one.perHour - other.perHour || (one.type < other.type ? -1 : 1));
  return byPrice.slice(0, MOST).map(({ type }) => type);
}

const isMeant = (facts: InstanceFacts, kind: AcceleratorKind, leastGib: number, model: ModelSize | undefined): boolean =>
  facts.accelerator === kind && modelMemoryGib(facts) >= leastGib && (model === undefined || fits(model, facts));

const kindFor = (model: ModelSize | undefined): AcceleratorKind | undefined => {
  if (model === undefined) return undefined;
  return model.parametersBillion >= ACCELERATED_FROM_BILLION ? 'gpu' : 'none';
};
