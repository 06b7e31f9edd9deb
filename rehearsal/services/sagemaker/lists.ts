import type { Members, Operation } from '../../cloud/types';
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

const comparisons: Record<string, (left: Listed, right: Listed) => number> = {
  Name: (left, right) => (left.name < right.name ? -1 : 1),
  CreationTime: (left, right) => left.createdAtMillis - right.createdAtMillis,
  LastModifiedTime: (left, right) => (left.modifiedAtMillis ?? 0) - (right.modifiedAtMillis ?? 0),
  Status: (left, right) => (left.status ?? '').localeCompare(right.status ?? ''),
};

function sorted<T extends Listed>(records: T[], input: Members): T[] {
  const compare = comparisons[input.SortBy ?? 'CreationTime'];
  if (compare === undefined)
    throw invalid(`Value '${String(input.SortBy)}' at 'sortBy' must be one of ${Object.keys(comparisons).join(', ')}.`);
  const ascending = [...records].sort(compare);
  return input.SortOrder === 'Ascending' ? ascending : ascending.reverse();
}

/** A page of what matches, and the token of the next one. */
function page<T extends Listed>(operation: string, records: T[], input: Members): { items: T[]; NextToken?: string } {
  refuseMembers(operation, input, NOT_PLAYED);
  checkRange('maxResults', input.MaxResults, 1, 100);
  const matching = records.filter(
    (record) =>
      record.name.toLowerCase().includes(String(input.NameContains ?? '').toLowerCase()) &&
      (input.StatusEquals === undefined || record.status === input.StatusEquals),
  );
  const start = input.NextToken === undefined ? 0 : Number(input.NextToken);
  if (!Number.isInteger(start) || start < 0) throw invalid('Invalid pagination token: NextToken was not given out by this operation.');
  const end = start + Number(input.MaxResults ?? DEFAULT_PAGE);
  const items = sorted(matching, input).slice(start, end);
  return end < matching.length ? { items, NextToken: String(end) } : { items };
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
    const { items, ...token } = page(operation, records(input), input);
    return { [member]: items.map(summary), ...token };
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
