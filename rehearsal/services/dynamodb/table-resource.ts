import { UnsupportedError } from '../../cloud/types';
import type { CreatedResource, Members, ResourceContext, ResourceType } from '../../cloud/types';
import type { DynamoDb } from './dynamodb';
import type { KeyAttribute, KeyType } from './keys';

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
const understood = new Set(['TableName', 'AttributeDefinitions', 'KeySchema', 'TimeToLiveSpecification']);

function refuseOthers(properties: Members, { logicalId }: ResourceContext): void {
  for (const [name, value] of Object.entries(properties)) {
    const empty = value === undefined || (Array.isArray(value) && value.length === 0);
    if (empty || understood.has(name) || withoutEffect.has(name)) continue;
    throw new UnsupportedError(`${type} ${logicalId}: property ${name} is not supported. Model the access by the table's own key.`);
  }
}

function keyAttribute(properties: Members, keyType: 'HASH' | 'RANGE'): KeyAttribute | undefined {
  const key = (properties['KeySchema'] as Members[]).find((entry) => entry['KeyType'] === keyType);
  if (key === undefined) return undefined;
  const definition = (properties['AttributeDefinitions'] as Members[]).find((entry) => entry['AttributeName'] === key['AttributeName']);
  return { name: key['AttributeName'] as string, type: (definition?.['AttributeType'] ?? 'S') as KeyType };
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
  });
  table.enableTtl(ttlAttribute(properties));
  return { ref: name, attributes: { Arn: arn, TableId: table.description.id } };
}

/** Keys and name cannot change: CloudFormation would replace the table, and with it its items. */
function update(properties: Members, previous: Members, created: CreatedResource, context: ResourceContext): CreatedResource {
  refuseOthers(properties, context);
  for (const name of ['TableName', 'KeySchema']) {
    if (JSON.stringify(properties[name]) === JSON.stringify(previous[name])) continue;
    throw new UnsupportedError(`${type} ${context.logicalId}: a change of ${name} replaces the table, which is not supported.`);
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
