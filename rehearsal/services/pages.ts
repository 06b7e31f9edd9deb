import type { AwsError } from '../cloud/types';

export interface PageRequest<T> {
  /** What the operation lists, in order of `keyOf`. */
  items: readonly T[];
  keyOf: (item: T) => string;
  limit: number;
  token: string | undefined;
  /** What the token belongs to (operation and filters): a token of another listing is refused. */
  listing: string;
  invalidToken: (token: string) => AwsError;
}

export interface Page<T> {
  items: T[];
  /** Opaque; undefined: this was the last page. */
  nextToken?: string;
}

/** One page of a listing. The token names the last item shown, so that what comes and goes meanwhile shifts nothing. */
export function pageOf<T>({ items, keyOf, limit, token, listing, invalidToken }: PageRequest<T>): Page<T> {
  const after = token === undefined ? undefined : lastShown(token, listing);
  if (token !== undefined && after === undefined) throw invalidToken(token);
  const sorted = [...items].sort((left, right) => compare(keyOf(left), keyOf(right)));
  const rest = after === undefined ? sorted : sorted.filter((item) => compare(keyOf(item), after) > 0);
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return rest.length > page.length && last !== undefined ? { items: page, nextToken: written(listing, keyOf(last)) } : { items: page };
}

const written = (listing: string, key: string): string => Buffer.from(JSON.stringify([listing, key])).toString('base64url');

function lastShown(token: string, listing: string): string | undefined {
  let read: unknown;
  try {
    read = JSON.parse(Buffer.from(token, 'base64url').toString());
  } catch {
    return undefined;
  }
  return Array.isArray(read) && read[0] === listing && typeof read[1] === 'string' && written(listing, read[1]) === token
    ? read[1]
    : undefined;
}

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);
