import type { Cloud, Members, Permission } from '../../cloud/types';
import { withoutLegacy } from './legacy';
import { queriedKey } from './query';
import { tableName } from './request';
import type { Table } from './table';
import { transactionItems } from './transactions';
import type { AttributeValue, Item } from './values';

type Tables = ReadonlyMap<string, Table>;

/** `dynamodb:LeadingKeys` holds partition keys as text. */
const leadingKey = (value: AttributeValue | undefined): string[] => {
  const key = value?.S ?? value?.N ?? (value?.B === undefined ? undefined : Buffer.from(value.B).toString('base64'));
  return key === undefined ? [] : [key];
};

/** Gathers what a request must be allowed to do: one permission per action and table, with all its leading keys. */
export class PermissionList {
  private readonly byAction = new Map<string, { action: string; resource: string; leadingKeys: Set<string> }>();

  constructor(
    private readonly tables: Tables,
    private readonly cloud: Cloud,
  ) {}

  add(action: string, nameOrArn: string, keys: readonly Item[], indexName?: string): void {
    const name = tableName(nameOrArn);
    const table = this.tables.get(name);
    const tableArn = table?.description.arn ?? this.cloud.arn('dynamodb', `table/${name}`);
    const resource = indexName === undefined ? tableArn : `${tableArn}/index/${indexName}`;
    const schema = indexName === undefined ? table?.schema : table?.indexes.find((index) => index.name === indexName)?.schema;
    const id = `${action} ${resource}`;
    let entry = this.byAction.get(id);
    if (entry === undefined) {
      entry = { action: `dynamodb:${action}`, resource, leadingKeys: new Set() };
      this.byAction.set(id, entry);
    }
    if (schema === undefined) return;
    for (const key of keys) for (const text of leadingKey(key[schema.partition.name])) entry.leadingKeys.add(text);
  }

  get list(): Permission[] {
    return [...this.byAction.values()].map(({ action, resource, leadingKeys }) => ({
      action,
      resource,
      ...(leadingKeys.size === 0 ? {} : { context: { 'dynamodb:LeadingKeys': [...leadingKeys] } }),
    }));
  }
}

export function queryPermissions(tables: Tables, given: Members, cloud: Cloud): Permission[] {
  // A request that mixes both is refused when it runs.
  const input = given['KeyConditionExpression'] === undefined ? withoutLegacy(given) : given;
  const permissions = new PermissionList(tables, cloud);
  const table = tables.get(tableName(input['TableName'] as string));
  const queried = input['KeyConditionExpression'] !== undefined && table !== undefined ? queriedKey(table, input) : undefined;
  const indexName = input['IndexName'] as string | undefined;
  const schema = indexName === undefined ? table?.schema : table?.index(indexName).schema;
  const keys = queried === undefined || schema === undefined ? [] : [{ [schema.partition.name]: queried.condition.partition }];
  permissions.add('Query', input['TableName'] as string, keys, indexName);
  return permissions.list;
}

export function batchWritePermissions(tables: Tables, input: Members, cloud: Cloud): Permission[] {
  const permissions = new PermissionList(tables, cloud);
  for (const [name, requests] of Object.entries(input['RequestItems'] as Record<string, Members[]>)) {
    const keys = requests.map((request) => (request['PutRequest']?.Item ?? request['DeleteRequest']?.Key ?? {}) as Item);
    permissions.add('BatchWriteItem', name, keys);
  }
  return permissions.list;
}

export function batchGetPermissions(tables: Tables, input: Members, cloud: Cloud): Permission[] {
  const permissions = new PermissionList(tables, cloud);
  for (const [name, request] of Object.entries(input['RequestItems'] as Record<string, Members>)) {
    permissions.add('BatchGetItem', name, request['Keys'] as Item[]);
  }
  return permissions.list;
}

const transactionActions = { Put: 'PutItem', Update: 'UpdateItem', Delete: 'DeleteItem', ConditionCheck: 'ConditionCheckItem' };

/** A transaction has no action of its own: each item asks for what it does. */
export function transactWritePermissions(tables: Tables, input: Members, cloud: Cloud): Permission[] {
  const permissions = new PermissionList(tables, cloud);
  for (const { kind, request } of transactionItems(input)) {
    permissions.add(transactionActions[kind], request['TableName'] as string, [(request['Item'] ?? request['Key']) as Item]);
  }
  return permissions.list;
}

export function transactGetPermissions(tables: Tables, input: Members, cloud: Cloud): Permission[] {
  const permissions = new PermissionList(tables, cloud);
  for (const { Get: get } of input['TransactItems'] as Members[]) {
    permissions.add('GetItem', get['TableName'] as string, [get['Key'] as Item]);
  }
  return permissions.list;
}
