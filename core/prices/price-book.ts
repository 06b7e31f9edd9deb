/** Where a price is from, and of when. */
export interface Provenance {
  /** The day of which it is, ISO 8601. */
  asOf: string;
  source: string;
}

/** What SageMaker asks for serverless inference: a second of one request's compute, by memory. */
export interface ServerlessPrices {
  /** MiB of memory → price per second of compute. */
  perSecond: Record<string, number>;
  /** MiB of memory → price per second and unit of provisioned concurrency, whether it is used or not. */
  provisionedPerSecond?: Record<string, number>;
}

export interface RegionPrices {
  /** Instance type → price per instance and hour of a real-time (or asynchronous) endpoint. */
  instances: Record<string, number>;
  serverless?: ServerlessPrices;
  /** Instance types that SageMaker does not host in this region. */
  notOffered?: string[];
  /** The source names all that is hosted in the region: what it prices elsewhere and not here, is not offered here. */
  listsEverything?: boolean;
  /** Of instance types whose price is not from the book's own source. */
  provenance?: Record<string, Provenance>;
}

/** Prices of a day. What is not in it is unknown, never free. */
export interface PriceBook extends Provenance {
  currency: string;
  regions: Record<string, RegionPrices>;
}

interface Unknown {
  known: false;
  /** A sentence: what is missing, and where to give it. */
  why: string;
}

interface Known extends Provenance {
  known: true;
  currency: string;
}

export type InstancePrice = (Known & { perHour: number }) | Unknown;
export type ServerlessPrice = (Known & { perSecond: number; provisionedPerSecond?: number }) | Unknown;

const own = <Value>(record: Record<string, Value> | undefined, key: string): Value | undefined =>
  record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;

const unknown = (what: string): Unknown => ({
  known: false,
  why: `the price book has no price of ${what}: give one in a file of prices (platform.prices, or --prices)`,
});

export function instancePrice(book: PriceBook, region: string, type: string): InstancePrice {
  const prices = own(book.regions, region);
  const perHour = own(prices?.instances, type);
  if (perHour === undefined) return unknown(`${type} in ${region}`);
  const { asOf, source } = own(prices?.provenance, type) ?? book;
  return { known: true, perHour, currency: book.currency, asOf, source };
}

/** Key of a region's `provenance` that stands for its serverless prices. */
export const SERVERLESS = 'serverless';

export function serverlessPrice(book: PriceBook, region: string, memoryMib: number): ServerlessPrice {
  const prices = own(book.regions, region);
  const perSecond = own(prices?.serverless?.perSecond, String(memoryMib));
  if (perSecond === undefined) return unknown(`serverless inference with ${memoryMib} MiB in ${region}`);
  const provisionedPerSecond = own(prices?.serverless?.provisionedPerSecond, String(memoryMib));
  const { asOf, source } = own(prices?.provenance, SERVERLESS) ?? book;
  const known = { known: true, perSecond, currency: book.currency, asOf, source } as const;
  return provisionedPerSecond === undefined ? known : { ...known, provisionedPerSecond };
}

/** Whether SageMaker hosts the type in the region; undefined where the book cannot tell. */
export function offeredIn(book: PriceBook, region: string, type: string): boolean | undefined {
  const prices = own(book.regions, region);
  if (own(prices?.instances, type) !== undefined) return true;
  if (prices?.notOffered?.includes(type) === true) return false;
  return prices?.listsEverything === true && isPriced(book, type) ? false : undefined;
}

/** A type that no region prices is newer than the book. */
const isPriced = (book: PriceBook, type: string): boolean =>
  Object.values(book.regions).some(({ instances, listsEverything }) => listsEverything === true && Object.hasOwn(instances, type));

/** Regions in which the book prices the type, in the order of the book. */
export const regionsWith = (book: PriceBook, type: string): string[] =>
  Object.keys(book.regions).filter((region) => offeredIn(book, region, type) === true);

/** The part of a book that a region needs of these types: small enough for a handler's environment. */
export function priceExtract(book: PriceBook, region: string, types: string[]): PriceBook {
  const prices = own(book.regions, region);
  if (prices === undefined) return { ...book, regions: {} };
  const pick = <Value>(record: Record<string, Value>, keys: string[]): Record<string, Value> =>
    Object.fromEntries(keys.flatMap((key) => (Object.hasOwn(record, key) ? [[key, record[key]!]] : [])));
  const picked: RegionPrices = { ...prices, instances: pick(prices.instances, types) };
  delete picked.notOffered;
  delete picked.listsEverything;
  if (prices.provenance !== undefined) picked.provenance = pick(prices.provenance, [...types, SERVERLESS]);
  return { ...book, regions: { [region]: picked } };
}
