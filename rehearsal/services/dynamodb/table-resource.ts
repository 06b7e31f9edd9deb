import { UnsupportedError } from '../../cloud/types';
import type { CreatedResource, Members, ResourceContext, ResourceType } from '../../cloud/types';
import type { DynamoDb } from './dynamodb';
import { indexes, keyAttribute, refuseIndexes } from './index-properties';
import { TableStream } from './streams';
import type { StreamViewType } from './streams';
import type { Table, TableDescription } from './table';

const table = 'AWS::DynamoDB::Table';
const globalTable = 'AWS::DynamoDB::GlobalTable';

/** Kept by the service, without effect on what a handler sees. */
const withoutEffect = [
  'BillingMode',
  'ContributorInsightsSpecification',
  'DeletionProtectionEnabled',
  'OnDemandThroughput',
  'PointInTimeRecoverySpecification',
  'ProvisionedThroughput',
  'ReadOnDemandThroughputSettings',
  'ReadProvisionedThroughputSettings',
  'SSESpecification',
  'TableClass',
  'Tags',
  'WarmThroughput',
  'WriteOnDemandThroughputSettings',
  'WriteProvisionedThroughputSettings',
];
const understood = [
  'TableName',
  'AttributeDefinitions',
  'KeySchema',
  'TimeToLiveSpecification',
  'GlobalSecondaryIndexes',
  'LocalSecondaryIndexes',
  'StreamSpecification',
];
/** Of a replica, what says where it is, and what indexes and throughput it has there. */
const understoodOfReplica = ['Region', 'GlobalSecondaryIndexes'];

function others(properties: Members, known: readonly string[]): string[] {
  return Object.entries(properties)
    .filter(([name, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0) && !known.includes(name))
    .map(([name]) => name);
}

function refuseTable(type: string, properties: Members, region: string): string[] {
  const known = [...understood, ...withoutEffect, ...(type === globalTable ? ['Replicas'] : [])];
  const replicas = (properties['Replicas'] ?? []) as Members[];
  return [
    ...others(properties, known).map((name) => `the property ${name} of ${type}`),
    ...refuseIndexes(properties, withoutEffect),
    ...replicas
      .filter((replica) => replica['Region'] !== region)
      .map((replica) => `a replica of a global table in ${String(replica['Region'])}`),
    ...replicas.flatMap((replica) =>
      others(replica, [...understoodOfReplica, ...withoutEffect]).map((name) => `the property ${name} of a replica of ${type}`),
    ),
  ];
}

function ttlAttribute(properties: Members): string | undefined {
  const ttl = properties['TimeToLiveSpecification'] as Members | undefined;
  return ttl === undefined || String(ttl['Enabled']) === 'false' ? undefined : (ttl['AttributeName'] as string);
}

const viewTypeOf = (properties: Members): StreamViewType | undefined =>
  (properties['StreamSpecification'] as Members | undefined)?.['StreamViewType'] as StreamViewType | undefined;

/** On demand where it says so; a global table's throughput is a range, of which the low end counts. */
function provisioned(type: string, properties: Members): TableDescription['provisioned'] {
  if (properties['BillingMode'] === 'PAY_PER_REQUEST') return undefined;
  if (type === globalTable) return { readUnits: 1, writeUnits: 1 };
  const { ReadCapacityUnits: read, WriteCapacityUnits: write } = (properties['ProvisionedThroughput'] ?? {}) as Members;
  return read === undefined ? undefined : { readUnits: Number(read), writeUnits: Number(write) };
}

/** An on-demand table begins with four partitions, for 4 000 writes a second; one of few provisioned units with one. */
const onDemandShards = 4;

function putStream(standing: Table, properties: Members, { cloud }: ResourceContext): void {
  const viewType = viewTypeOf(properties);
  if (standing.stream?.viewType === viewType) return;
  if (viewType === undefined) {
    standing.stream = undefined;
    return;
  }
  const { arn: tableArn, provisioned: units } = standing.description;
  const settings = { tableArn, region: cloud.region, viewType, shards: units === undefined ? onDemandShards : 1 };
  standing.stream = new TableStream(settings, cloud.clock);
}

function answer({ description: { name, arn, id }, stream }: Table): CreatedResource {
  return { ref: name, attributes: { Arn: arn, TableId: id, ...(stream === undefined ? {} : { StreamArn: stream.arn }) } };
}

function create(type: string, properties: Members, context: ResourceContext): CreatedResource {
  refuse(type, properties, context);
  const { cloud } = context;
  const name = (properties['TableName'] as string | undefined) ?? context.physicalName(255);
  const partition = keyAttribute(properties, 'HASH');
  if (partition === undefined) {
    throw new UnsupportedError(`${type} ${context.logicalId}: KeySchema names no HASH key. Give it one.`);
  }
  const sort = keyAttribute(properties, 'RANGE');
  const arn = cloud.arn('dynamodb', `table/${name}`);
  const units = provisioned(type, properties);
  const made = cloud.double<DynamoDb>('dynamodb').createTable({
    name,
    arn,
    id: cloud.random.fork(`dynamodb ${name}`).uuid(),
    schema: sort === undefined ? { partition } : { partition, sort },
    createdAtMillis: cloud.clock.now(),
    indexes: indexes(properties),
    ...(units === undefined ? {} : { provisioned: units }),
  });
  putStream(made, properties, context);
  made.enableTtl(ttlAttribute(properties));
  return answer(made);
}

function refuse(type: string, properties: Members, { cloud, logicalId }: ResourceContext): void {
  const [first] = refuseTable(type, properties, cloud.region);
  if (first !== undefined) throw new UnsupportedError(`${type} ${logicalId}: ${first} is not supported.`);
}

const replacing = ['TableName', 'KeySchema', 'LocalSecondaryIndexes'];

/** Keys and name cannot change: CloudFormation would replace the table, and with it its items. */
function update(type: string, properties: Members, previous: Members, created: CreatedResource, context: ResourceContext): CreatedResource {
  refuse(type, properties, context);
  for (const name of [...replacing, 'GlobalSecondaryIndexes']) {
    if (JSON.stringify(properties[name]) === JSON.stringify(previous[name])) continue;
    throw new UnsupportedError(
      `${type} ${context.logicalId}: a change of ${name} ${replacing.includes(name) ? 'replaces the table' : 'builds indexes anew'}, which is not supported.`,
    );
  }
  const standing = context.cloud.double<DynamoDb>('dynamodb').tables().get(created.ref);
  if (standing === undefined) return created;
  putStream(standing, properties, context);
  if (standing.description.ttlAttribute !== ttlAttribute(properties)) standing.enableTtl(ttlAttribute(properties));
  return answer(standing);
}

const tableType = (type: string): ResourceType => ({
  type,
  refuse: (properties, { cloud }) => refuseTable(type, properties, cloud.region),
  create: (properties, context) => create(type, properties, context),
  update: (properties, previous, created, context) => update(type, properties, previous, created, context),
  remove: (created, _properties, { cloud }) => cloud.double<DynamoDb>('dynamodb').deleteTable(created.ref),
});

export const tableResources: ResourceType[] = [tableType(globalTable), tableType(table)];
