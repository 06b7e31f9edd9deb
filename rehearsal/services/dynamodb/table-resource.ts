import { UnsupportedError } from '../../cloud/types';
import type { CreatedResource, Members, ResourceContext, ResourceType } from '../../cloud/types';
import type { DynamoDb } from './dynamodb';
import type { KeyAttribute, KeyType } from './keys';
import type { IndexDescription } from './secondary-index';

const type = 'AWS::DynamoDB::Table';

/** Kept by the service, without effect on what a handler sees. */
const withoutEffect = new Set([
  'BillingMode',
  'ContributorInsightsSpecification',
  'DeletionProtectionEnabled',
  'OnDemandThroughput',
  'PointInTimeRecoverySpecification',
  'ProvisionedThroughput',
  'SSESpecification',
  'TableClass',
  'Tags',
  'WarmThroughput',
]);
const understood = new Set(['TableName', 'AttributeDefinitions', 'KeySchema', 'TimeToLiveSpecification', 'GlobalSecondaryIndexes']);
const understoodOfIndex = new Set(['IndexName', 'KeySchema', 'Projection']);

function refuseOthers(properties: Members, { logicalId }: ResourceContext): void {
  for (const [name, value] of Object.entries(properties)) {
    const empty = value === undefined || (Array.isArray(value) && value.length === 0);
    if (empty || understood.has(name) || withoutEffect.has(name)) continue;
    throw new UnsupportedError(`${type} ${logicalId}: property ${name} is not supported. Model the access by the table's own key.`);
  }
}

function keyAttribute(
  properties: Members,
  keyType: 'HASH' | 'RANGE',
  keySchema = properties['KeySchema'] as Members[],
): KeyAttribute | undefined {
  const key = keySchema.find((entry) => entry['KeyType'] === keyType);
  if (key === undefined) return undefined;
  const definition = (properties['AttributeDefinitions'] as Members[]).find((entry) => entry['AttributeName'] === key['AttributeName']);
  return { name: key['AttributeName'] as string, type: (definition?.['AttributeType'] ?? 'S') as KeyType };
}

function indexes(properties: Members, { logicalId }: ResourceContext): IndexDescription[] {
  return ((properties['GlobalSecondaryIndexes'] ?? []) as Members[]).map((index) => {
    const name = index['IndexName'] as string;
    const refused = (what: string): Error => new UnsupportedError(`${type} ${logicalId}: index ${name}: ${what}`);
    for (const property of Object.keys(index)) {
      if (understoodOfIndex.has(property) || withoutEffect.has(property)) continue;
      throw refused(`property ${property} is not supported. Allowed are ${[...understoodOfIndex].join(', ')}.`);
    }
    const keys = (index['KeySchema'] ?? []) as Members[];
    const partition = keyAttribute(properties, 'HASH', keys);
    const sort = keyAttribute(properties, 'RANGE', keys);
    if (partition === undefined || keys.length !== (sort === undefined ? 1 : 2)) {
      throw refused('KeySchema must have one HASH key and at most one RANGE key; keys of several attributes are not supported.');
    }
    const { ProjectionType: projection = 'KEYS_ONLY', NonKeyAttributes: attributes = [] } = (index['Projection'] ?? {}) as {
      ProjectionType?: 'ALL' | 'KEYS_ONLY' | 'INCLUDE';
      NonKeyAttributes?: string[];
    };
    return {
      name,
      schema: sort === undefined ? { partition } : { partition, sort },
      projected: projection === 'INCLUDE' ? attributes : projection,
    };
  });
}

function ttlAttribute(properties: Members): string | undefined {
  const ttl = properties['TimeToLiveSpecification'] as Members | undefined;
  return ttl === undefined || String(ttl['Enabled']) === 'false' ? undefined : (ttl['AttributeName'] as string);
}

function create(properties: Members, context: ResourceContext): CreatedResource {
  refuseOthers(properties, context);
  const { cloud } = context;
  const name = (properties['TableName'] as string | undefined) ?? context.physicalName(255);
  const partition = keyAttribute(properties, 'HASH');
  if (partition === undefined) {
    throw new UnsupportedError(`${type} ${context.logicalId}: KeySchema names no HASH key. Give it one.`);
  }
  const sort = keyAttribute(properties, 'RANGE');
  const arn = cloud.arn('dynamodb', `table/${name}`);
  const table = cloud.double<DynamoDb>('dynamodb').createTable({
    name,
    arn,
    id: cloud.random.fork(`dynamodb ${name}`).uuid(),
    schema: sort === undefined ? { partition } : { partition, sort },
    createdAtMillis: cloud.clock.now(),
    indexes: indexes(properties, context),
  });
  table.enableTtl(ttlAttribute(properties));
  return { ref: name, attributes: { Arn: arn, TableId: table.description.id } };
}

/** Keys and name cannot change: CloudFormation would replace the table, and with it its items. */
function update(properties: Members, previous: Members, created: CreatedResource, context: ResourceContext): CreatedResource {
  refuseOthers(properties, context);
  for (const name of ['TableName', 'KeySchema', 'GlobalSecondaryIndexes']) {
    if (JSON.stringify(properties[name]) === JSON.stringify(previous[name])) continue;
    throw new UnsupportedError(
      `${type} ${context.logicalId}: a change of ${name} ${name === 'GlobalSecondaryIndexes' ? 'builds indexes anew' : 'replaces the table'}, which is not supported.`,
    );
  }
  const table = context.cloud.double<DynamoDb>('dynamodb').tables().get(created.ref);
  if (table?.description.ttlAttribute !== ttlAttribute(properties)) table?.enableTtl(ttlAttribute(properties));
  return created;
}

/** `StreamArn` is no attribute here: a template that asks for it is refused where it does. */
export const tableResource: ResourceType = {
  type,
  create,
  update,
  remove: (created, _properties, { cloud }) => cloud.double<DynamoDb>('dynamodb').deleteTable(created.ref),
};
