import { createHash } from 'node:crypto';
import type { AwsError } from '../cloud/types';

/** Where an item stands in its listing: a name, or the number of its place. */
export type PageKey = string | number;

interface Listing {
  token: string | undefined;
  /** What the token belongs to (operation and filters): a token of another listing is refused. */
  listing: string;
  invalidToken: (token: string) => AwsError;
}

export interface PageRequest<T> extends Listing {
  /** What the operation lists, in order of `keyOf`. */
  items: readonly T[];
  keyOf: (item: T) => PageKey;
  /** The highest key comes first. */
  descending?: boolean;
  limit: number;
}

export interface Page<T> {
  items: T[];
  /** Opaque; undefined: this was the last page. */
  nextToken?: string;
}

/** One page of a listing. The token names the last item shown, so that what comes and goes meanwhile shifts nothing. */
export function pageOf<T>({ items, keyOf, descending = false, limit, ...request }: PageRequest<T>): Page<T> {
  const after = keyShown(request);
  const direction = descending ? -1 : 1;
  const left = after === undefined ? items : items.filter((item) => direction * compare(keyOf(item), after) > 0);
  const rest = [...left].sort((one, other) => direction * compare(keyOf(one), keyOf(other)));
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return rest.length > page.length && last !== undefined
    ? { items: page, nextToken: tokenOf(request.listing, keyOf(last)) }
    : { items: page };
}

/** The key of the last item that the caller has seen; undefined: this is the first page. */
export function keyShown({ token, listing, invalidToken }: Listing): PageKey | undefined {
  if (token === undefined) return undefined;
  const key = keyIn(token, listing);
  if (key === undefined) throw invalidToken(token);
  return key;
}

/** The token of the page that follows the item with this key. */
export const tokenOf = (listing: string, key: PageKey): string =>
  Buffer.from(JSON.stringify([createHash('sha256').update(listing).digest('base64url').slice(0, 16), key])).toString('base64url');

function keyIn(token: string, listing: string): PageKey | undefined {
  let read: unknown;
  try {
    read = JSON.parse(Buffer.from(token, 'base64url').toString());
  } catch {
    return undefined;
  }
  const key: unknown = Array.isArray(read) ? read[1] : undefined;
  const known = typeof key === 'string' || typeof key === 'number';
  return known && tokenOf(listing, key) === token ? key : undefined;
}

const compare = (left: PageKey, right: PageKey): number => (left < right ? -1 : left > right ? 1 : 0);
