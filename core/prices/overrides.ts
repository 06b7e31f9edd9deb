import * as z from 'zod';
import { calendarDay, currency, listOf, mapOf, matching, section, text } from '../charter/fields';
import { checkedContent, jsonOf } from '../checked-json';
import type { PriceBook, Provenance, RegionPrices } from './price-book';
import { SERVERLESS } from './price-book';

const TYPE = /^ml\.[a-z][a-z0-9-]{0,15}\.[a-z0-9]{2,16}$/;
const TYPES = 'instance types such as ml.g5.xlarge';
const PRICE = 'a price above 0 (leave out what is unknown)';
const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;
const MEMORY = /^(1024|2048|3072|4096|5120|6144)$/;

const price = z.number({ error: PRICE }).gt(0, { error: PRICE }).max(1e9, { error: PRICE });
const byMemory = mapOf(MEMORY, price, 'a mapping from memory in MiB (1024, 2048, … 6144) to a price per second');

const regionPrices = section({
  instances: mapOf(TYPE, price, `a mapping from ${TYPES} to a price per hour`).optional(),
  serverless: section({ perSecond: byMemory, provisionedPerSecond: byMemory.optional() }).optional(),
  notOffered: listOf(matching(TYPE, TYPES), TYPES, 0, 1000).optional(),
});

const fileShape = section({
  currency,
  asOf: calendarDay,
  source: text.optional(),
  regions: mapOf(REGION, regionPrices, 'a mapping from AWS regions such as eu-west-1'),
});

type PriceFile = z.output<typeof fileShape>;

/**
 * The book with a file's prices laid over it, price by price.
 * A file in another currency replaces the book: two currencies are never added up.
 */
export function withPrices(book: PriceBook, content: unknown, file = 'prices'): PriceBook {
  const given = checkedContent(fileShape, content, file);
  const provenance = { asOf: given.asOf, source: given.source ?? file };
  if (given.currency !== book.currency) return { currency: given.currency, ...provenance, regions: laidOver({}, given, provenance) };
  return { ...book, regions: laidOver(book.regions, given, provenance) };
}

/** `withPrices` for a file's text. */
export const withPriceFile = (book: PriceBook, json: string, file: string): PriceBook => withPrices(book, jsonOf(json, file), file);

function laidOver(regions: PriceBook['regions'], given: PriceFile, provenance: Provenance): PriceBook['regions'] {
  const result = { ...regions };
  for (const [name, prices] of Object.entries(given.regions)) {
    result[name] = regionLaidOver(Object.hasOwn(regions, name) ? regions[name] : undefined, prices, provenance);
  }
  return result;
}

function regionLaidOver(base: RegionPrices | undefined, given: PriceFile['regions'][string], provenance: Provenance): RegionPrices {
  const priced = Object.keys(given.instances ?? {});
  const marked = [...priced, ...(given.serverless === undefined ? [] : [SERVERLESS])];
  const missing = new Set(given.notOffered ?? []);
  const kept = Object.entries(base?.instances ?? {}).filter(([type]) => !missing.has(type));
  const notOffered = [...(base?.notOffered ?? []), ...missing].filter((type) => !priced.includes(type));
  const serverless = given.serverless ?? base?.serverless;
  return {
    instances: { ...Object.fromEntries(kept), ...given.instances },
    ...(serverless === undefined ? {} : { serverless }),
    ...(base?.listsEverything === true ? { listsEverything: true } : {}),
    ...(notOffered.length === 0 ? {} : { notOffered: [...new Set(notOffered)] }),
    provenance: { ...base?.provenance, ...Object.fromEntries(marked.map((key) => [key, provenance])) },
  };
}
