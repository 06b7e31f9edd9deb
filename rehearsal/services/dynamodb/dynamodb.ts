import { AwsError } from '../../cloud/types';
import type { Cloud, Members, Operation, ServiceDouble } from '../../cloud/types';
import {
  batchGetPermissions,
  batchWritePermissions,
  PermissionList,
  queryPermissions,
  transactGetPermissions,
  transactWritePermissions,
} from './permissions';
import type { KeyAttribute, KeySchema } from './keys';
import { query, scan } from './query';
import { batchGetItem, getItem, transactGetItems } from './read';
import { CapacityByTable, findTable, tableName } from './request';
import type { SecondaryIndex } from './secondary-index';
import type { TableStream } from './streams';
import { Table } from './table';
import type { TableDescription, WriteListener } from './table';
import { Transactions } from './transactions';
import type { Item } from './values';
import { batchWrite, writeItem } from './write';

const tablesPerPage = 100;

/** DynamoDB in memory. Requests run one after another, each in full: what a transaction isolates on AWS is isolated here. */
export class DynamoDb implements ServiceDouble {
  readonly service = 'dynamodb';
  readonly operations: Record<string, Operation>;
  private readonly byName = new Map<string, Table>();
  private readonly transactions: Transactions;

  constructor(private readonly cloud: Cloud) {
    this.transactions = new Transactions(this.byName, cloud.clock);
    this.operations = { ...this.itemOperations(), ...this.manyItemOperations(), ...this.tableOperations() };
  }

  /** The tables by name: to read what is in them. */
  tables(): ReadonlyMap<string, Table> {
    return this.byName;
  }

  createTable(description: TableDescription): Table {
    if (this.byName.has(description.name)) {
      throw new AwsError('ResourceInUseException', `Table already exists: ${description.name}`);
    }
    const table = new Table(description, this.cloud.clock, this.cloud.random.fork(`dynamodb replicas ${description.name}`));
    this.byName.set(description.name, table);
    return table;
  }

  /** The stream with this ARN, whose table still writes to it. */
  stream(streamArn: string): TableStream | undefined {
    return this.byName.get(/:table\/([^/]+)\/stream\//.exec(streamArn)?.[1] ?? '')?.streamWith(streamArn);
  }

  deleteTable(name: string): void {
    this.byName.delete(name);
  }

  /** Hears every change of an item, in the order in which they are made; TTL deletions too. */
  onWrite(name: string, listener: WriteListener): void {
    findTable(this.byName, name).onWrite(listener);
  }

  private one(action: string, keyOfInput: (input: Members) => Item[]): Operation['permissions'] {
    return (input, cloud) => {
      const permissions = new PermissionList(this.byName, cloud);
      permissions.add(action, input['TableName'] as string, keyOfInput(input), input['IndexName'] as string | undefined);
      return permissions.list;
    };
  }

  private itemOperations(): Record<string, Operation> {
    const byKey = (input: Members): Item[] => [input['Key'] as Item];
    return {
      GetItem: { permissions: this.one('GetItem', byKey), run: (input) => getItem(this.byName, input) },
      PutItem: {
        permissions: this.one('PutItem', (input) => [input['Item'] as Item]),
        run: (input) => writeItem(this.byName, 'Put', input),
      },
      UpdateItem: { permissions: this.one('UpdateItem', byKey), run: (input) => writeItem(this.byName, 'Update', input) },
      DeleteItem: { permissions: this.one('DeleteItem', byKey), run: (input) => writeItem(this.byName, 'Delete', input) },
    };
  }

  private manyItemOperations(): Record<string, Operation> {
    return {
      Query: {
        permissions: (input, cloud) => queryPermissions(this.byName, input, cloud),
        run: (input) => query(this.byName, input),
      },
      Scan: { permissions: this.one('Scan', () => []), run: (input) => scan(this.byName, input) },
      BatchGetItem: {
        permissions: (input, cloud) => batchGetPermissions(this.byName, input, cloud),
        run: (input) => batchGetItem(this.byName, input),
      },
      BatchWriteItem: {
        permissions: (input, cloud) => batchWritePermissions(this.byName, input, cloud),
        run: (input) => this.batchWriteItem(input),
      },
      TransactGetItems: {
        permissions: (input, cloud) => transactGetPermissions(this.byName, input, cloud),
        run: (input) => transactGetItems(this.byName, input),
        latencyMillis: () => 10,
      },
      TransactWriteItems: {
        permissions: (input, cloud) => transactWritePermissions(this.byName, input, cloud),
        run: (input) => this.transactions.write(input),
        latencyMillis: () => 10,
      },
    };
  }

  private batchWriteItem(input: Members): Members {
    const consumed = new CapacityByTable();
    for (const { table, place, next } of batchWrite(this.byName, input)) {
      const before = table.items.get(place);
      consumed.add(table, table.write(place, next(before), before));
    }
    return { UnprocessedItems: {}, ...consumed.answer(input) };
  }

  private tableOperations(): Record<string, Operation> {
    return {
      DescribeTable: { permissions: this.one('DescribeTable', () => []), run: (input) => ({ Table: this.describe(input) }) },
      ListTables: {
        permissions: () => [{ action: 'dynamodb:ListTables', resource: '*' }],
        run: (input) => this.list(input),
      },
      DescribeTimeToLive: {
        permissions: this.one('DescribeTimeToLive', () => []),
        run: (input) => {
          const { ttlAttribute } = findTable(this.byName, input['TableName'] as string).description;
          return {
            TimeToLiveDescription:
              ttlAttribute === undefined ? { TimeToLiveStatus: 'DISABLED' } : { TimeToLiveStatus: 'ENABLED', AttributeName: ttlAttribute },
          };
        },
      },
      UpdateTimeToLive: { permissions: this.one('UpdateTimeToLive', () => []), run: (input) => this.updateTimeToLive(input) },
    };
  }

  private list(input: Members): Members {
    const after = input['ExclusiveStartTableName'] as string | undefined;
    const names = [...this.byName.keys()].sort().filter((name) => after === undefined || name > after);
    const page = names.slice(0, (input['Limit'] ?? tablesPerPage) as number);
    return { TableNames: page, ...(page.length < names.length ? { LastEvaluatedTableName: page.at(-1) } : {}) };
  }

  private describe(input: Members): Members {
    const name = tableName(input['TableName'] as string);
    const table = this.byName.get(name);
    if (table === undefined) {
      throw new AwsError('ResourceNotFoundException', `Requested resource not found: Table: ${name} not found`);
    }
    const { schema, arn, id, createdAtMillis } = table.description;
    const attributes = keyAttributes(schema);
    const defined = new Map(
      [schema, ...table.indexes.map((index) => index.schema)].flatMap(keyAttributes).map(({ name: key, type }) => [key, type]),
    );
    return {
      TableName: name,
      TableArn: arn,
      TableId: id,
      TableStatus: 'ACTIVE',
      CreationDateTime: new Date(createdAtMillis),
      AttributeDefinitions: [...defined].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
      KeySchema: describeKeys(attributes),
      ...describeIndexes(table),
      ...describeBilling(table),
      ...describeStream(table),
      ItemCount: table.items.size,
    };
  }

  private updateTimeToLive(input: Members): Members {
    const table = findTable(this.byName, input['TableName'] as string);
    const { Enabled: enabled, AttributeName: attribute } = input['TimeToLiveSpecification'] as { Enabled: boolean; AttributeName: string };
    if (enabled === (table.description.ttlAttribute !== undefined)) {
      throw new AwsError('ValidationException', `TimeToLive is already ${enabled ? 'enabled' : 'disabled'}`);
    }
    table.enableTtl(enabled ? attribute : undefined);
    return { TimeToLiveSpecification: input['TimeToLiveSpecification'] };
  }
}

const keyAttributes = ({ partition, sort }: KeySchema): KeyAttribute[] => (sort === undefined ? [partition] : [partition, sort]);

const describeKeys = (attributes: readonly KeyAttribute[]): Members[] =>
  attributes.map(({ name }, index) => ({ AttributeName: name, KeyType: index === 0 ? 'HASH' : 'RANGE' }));

function describeIndexes({ indexes, description: { arn } }: Table): Members {
  const local = indexes.filter(({ isLocal }) => isLocal).map((index) => describeIndex(index, arn));
  const global = indexes.filter(({ isLocal }) => !isLocal).map((index) => ({ ...describeIndex(index, arn), IndexStatus: 'ACTIVE' }));
  return {
    ...(global.length === 0 ? {} : { GlobalSecondaryIndexes: global }),
    ...(local.length === 0 ? {} : { LocalSecondaryIndexes: local }),
  };
}

function describeBilling({ description: { provisioned } }: Table): Members {
  const units = { ReadCapacityUnits: provisioned?.readUnits ?? 0, WriteCapacityUnits: provisioned?.writeUnits ?? 0 };
  return {
    BillingModeSummary: { BillingMode: provisioned === undefined ? 'PAY_PER_REQUEST' : 'PROVISIONED' },
    ProvisionedThroughput: { NumberOfDecreasesToday: 0, ...units },
  };
}

function describeStream({ stream }: Table): Members {
  if (stream === undefined) return {};
  return {
    StreamSpecification: { StreamEnabled: true, StreamViewType: stream.viewType },
    LatestStreamArn: stream.arn,
    LatestStreamLabel: stream.label,
  };
}

function describeIndex({ description: { name, schema, projected } }: SecondaryIndex, tableArn: string): Members {
  const plain = typeof projected === 'string';
  return {
    IndexName: name,
    IndexArn: `${tableArn}/index/${name}`,
    KeySchema: describeKeys(keyAttributes(schema)),
    Projection: plain ? { ProjectionType: projected } : { ProjectionType: 'INCLUDE', NonKeyAttributes: [...projected] },
  };
}

export const createDynamoDb = (cloud: Cloud): DynamoDb => new DynamoDb(cloud);
