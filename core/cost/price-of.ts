import { instancePrice, type PriceBook, type RegionPrices, serverlessPrice } from '../prices/price-book';
import type { PriceOf } from './lines';

const SERVERLESS = /^serverless-(provisioned-)?(\d+)$/;

/** Compute of serverless requests: seconds, by the endpoint's memory. */
export const serverlessUse = (memoryMib: number): string => `serverless-${memoryMib}`;
/** Provisioned concurrency: seconds × units, by the endpoint's memory, used or not. */
export const serverlessProvisioned = (memoryMib: number): string => `serverless-provisioned-${memoryMib}`;

/** Prices of an hour in a region. */
export function pricesIn(book: PriceBook, region: string): PriceOf {
  return (what) => {
    const [serverless, provisioned, memory] = SERVERLESS.exec(what) ?? [];
    if (serverless === undefined) {
      const price = instancePrice(book, region, what);
      return price.known ? price.perHour : undefined;
    }
    const price = serverlessPrice(book, region, Number(memory));
    if (!price.known) return undefined;
    const perSecond = provisioned === undefined ? price.perSecond : price.provisionedPerSecond;
    return perSecond === undefined ? undefined : perSecond * 3600;
  };
}

/** Prices of one's own as a handler's environment holds them: checked when the stack was synthesized. */
export interface GivenPrices {
  currency: string;
  asOf: string;
  source?: string;
  regions: Record<string, Partial<RegionPrices>>;
}

/** The book with them laid over it, price by price; in another currency they take its place. */
export function laidOver(book: PriceBook, { currency, asOf, source = 'PRICES', regions }: GivenPrices): PriceBook {
  const base: PriceBook = currency === book.currency ? book : { currency, asOf, source, regions: {} };
  const given = Object.entries(regions).map(([region, prices]): [string, RegionPrices] => {
    const before = Object.hasOwn(base.regions, region) ? base.regions[region] : undefined;
    return [region, { ...before, ...prices, instances: { ...before?.instances, ...prices.instances } }];
  });
  return { ...base, regions: { ...base.regions, ...Object.fromEntries(given) } };
}
