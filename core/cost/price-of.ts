import { instancePrice, type PriceBook, serverlessPrice } from '../prices';
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
