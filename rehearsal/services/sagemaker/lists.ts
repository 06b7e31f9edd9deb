import type { Members, Operation } from '../../cloud/types';
import { type Page, pageOf } from '../pages';
import { invalid } from './errors';
import { checkRange } from './names';
import { toList } from './permissions';
import type { EndpointRecord } from './state';
import type { Store } from './store';
import { refuseMembers } from './unsupported';

interface Listed {
  name: string;
  createdAtMillis: number;
  modifiedAtMillis?: number;
  status?: string;
}

const DEFAULT_PAGE = 10;
const NOT_PLAYED = ['CreationTimeBefore', 'CreationTimeAfter', 'LastModifiedTimeBefore', 'LastModifiedTimeAfter'];

const timeOf = (epochMillis: number | undefined): string => new Date(epochMillis ?? 0).toISOString();

/** What a list is sorted by; the name settles ties. */
const sortKeys: Record<string, (record: Listed) => string> = {
  Name: ({ name }) => name,
  CreationTime: ({ createdAtMillis, name }) => `${timeOf(createdAtMillis)} ${name}`,
  LastModifiedTime: ({ modifiedAtMillis, name }) => `${timeOf(modifiedAtMillis)} ${name}`,
  Status: ({ status, name }) => `${status ?? ''} ${name}`,
};

/** A page of what matches, and the token of the next one. */
function page<T extends Listed>(operation: string, records: T[], input: Members): Page<T> {
  refuseMembers(operation, input, NOT_PLAYED);
  checkRange('maxResults', input.MaxResults, 1, 100);
  const sortBy = String(input.SortBy ?? 'CreationTime');
  const keyOf = sortKeys[sortBy];
  if (keyOf === undefined) throw invalid(`Value '${sortBy}' at 'sortBy' must be one of ${Object.keys(sortKeys).join(', ')}.`);
  const { NextToken, MaxResults, ...filters } = input;
  return pageOf({
    items: records.filter(
      (record) =>
        record.name.toLowerCase().includes(String(input.NameContains ?? '').toLowerCase()) &&
        (input.StatusEquals === undefined || record.status === input.StatusEquals),
    ),
    keyOf,
    descending: input.SortOrder !== 'Ascending',
    limit: Number(MaxResults ?? DEFAULT_PAGE),
    token: NextToken as string | undefined,
    listing: `${operation} ${JSON.stringify(filters)}`,
    invalidToken: () => invalid('Invalid pagination token: NextToken was not given out by this operation.'),
  });
}

/** A paged list operation. `records` may filter by what the operation alone knows. */
export const listPages = <T extends Listed>(
  operation: string,
  member: string,
  records: (input: Members) => T[],
  summary: (record: T) => Members,
): Operation => ({
  permissions: () => toList(operation),
  run: (input) => {
    const { items, nextToken } = page(operation, records(input), input);
    return { [member]: items.map(summary), NextToken: nextToken };
  },
});

export const listOperations = (store: Store): Record<string, Operation> => ({
  ListModels: listPages(
    'ListModels',
    'Models',
    () => store.models.all(),
    ({ name, arn, createdAtMillis }) => ({ ModelName: name, ModelArn: arn, CreationTime: new Date(createdAtMillis) }),
  ),
  ListEndpointConfigs: listPages(
    'ListEndpointConfigs',
    'EndpointConfigs',
    () => store.configs.all(),
    ({ name, arn, createdAtMillis }) => ({ EndpointConfigName: name, EndpointConfigArn: arn, CreationTime: new Date(createdAtMillis) }),
  ),
  ListEndpoints: listPages<EndpointRecord>(
    'ListEndpoints',
    'Endpoints',
    () => store.endpoints.all(),
    ({ name, arn, status, createdAtMillis, modifiedAtMillis }) => ({
      EndpointName: name,
      EndpointArn: arn,
      CreationTime: new Date(createdAtMillis),
      LastModifiedTime: new Date(modifiedAtMillis),
      EndpointStatus: status,
    }),
  ),
});
