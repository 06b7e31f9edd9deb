import { AwsError, type Members } from '../../cloud/types';
import { keyShown, pageOf, tokenOf, type PageKey } from '../pages';

/** What may change from page to page. */
const PAGING = ['NextToken', 'MaxRecords', 'MaxDatapoints'];

const invalidToken = (token: string): AwsError => new AwsError('InvalidNextToken', `The token ${token} is not valid.`);

function listingOf(operation: string, input: Members): string {
  const filters = Object.entries(input).filter(([member, value]) => value !== undefined && !PAGING.includes(member));
  return `${operation} ${JSON.stringify(filters.sort(([left], [right]) => (left < right ? -1 : 1)))}`;
}

interface List<T> {
  items: readonly T[];
  keyOf: (item: T) => PageKey;
  descending?: boolean;
  /** Where the caller asks for no size. */
  size: number;
}

/** One page, and the token of the next. */
export function paged<T>(operation: string, input: Members, { size, ...list }: List<T>): { page: T[]; next: { NextToken?: string } } {
  const { items, nextToken } = pageOf({
    ...list,
    limit: Number(input.MaxRecords ?? size),
    token: input.NextToken as string | undefined,
    listing: listingOf(operation, input),
    invalidToken,
  });
  return { page: items, next: nextToken === undefined ? {} : { NextToken: nextToken } };
}

/** How many were shown on the pages before this one. */
export function shownBefore(operation: string, input: Members): number {
  return Number(keyShown({ token: input.NextToken as string | undefined, listing: listingOf(operation, input), invalidToken }) ?? 0);
}

export const tokenAfter = (operation: string, input: Members, shown: number): string => tokenOf(listingOf(operation, input), shown);
