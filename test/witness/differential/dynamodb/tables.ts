import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { dynamodbResources } from '../../../../rehearsal/services/dynamodb';
import type { KeyAttribute, KeyType } from '../../../../rehearsal/services/dynamodb/keys';
import { outcomeOf } from '../engine/outcome';
import { run } from '../engine/run';
import type { OurSide, Side } from '../engine/sides';
import { create } from '../../../rehearsal/services/cloud-stub';

interface Index {
  name: string;
  partition: KeyAttribute;
  sort: KeyAttribute;
  projected: 'ALL' | 'KEYS_ONLY' | readonly string[];
}

export interface TablePlan {
  name: string;
  sort?: KeyType;
  indexes?: readonly Index[];
}

const indexes: readonly Index[] = [
  { name: 'by-group', partition: { name: 'g', type: 'S' }, sort: { name: 'r', type: 'N' }, projected: 'ALL' },
  { name: 'by-group-brief', partition: { name: 'g', type: 'S' }, sort: { name: 'r', type: 'N' }, projected: ['a'] },
  { name: 'by-group-keys', partition: { name: 'g', type: 'S' }, sort: { name: 'r', type: 'N' }, projected: 'KEYS_ONLY' },
];

const nameOf = (name: string): string => `${name}-${run}`;

export const items: TablePlan = { name: nameOf('items') };
export const bySort: Record<KeyType, TablePlan> = {
  S: { name: nameOf('by-text'), sort: 'S', indexes },
  N: { name: nameOf('by-number'), sort: 'N' },
  B: { name: nameOf('by-bytes'), sort: 'B' },
};
export const scanned: TablePlan = { name: nameOf('scanned'), sort: 'S', indexes };

const tables = [items, ...Object.values(bySort), scanned];

function request({ name, sort, indexes: secondary = [] }: TablePlan): CreateTableCommandInput {
  const keys = (partition: string, range: string | undefined) => [
    { AttributeName: partition, KeyType: 'HASH' as const },
    ...(range === undefined ? [] : [{ AttributeName: range, KeyType: 'RANGE' as const }]),
  ];
  const own: KeyAttribute[] = [{ name: 'pk', type: 'S' }, ...(sort === undefined ? [] : [{ name: 'sk', type: sort }])];
  const defined = new Map([...own, ...secondary.flatMap((index) => [index.partition, index.sort])].map((key) => [key.name, key.type]));
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [...defined].map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType })),
    KeySchema: keys('pk', sort === undefined ? undefined : 'sk'),
    ...(secondary.length === 0
      ? {}
      : {
          GlobalSecondaryIndexes: secondary.map((index) => ({
            IndexName: index.name,
            KeySchema: keys(index.partition.name, index.sort.name),
            Projection:
              typeof index.projected === 'string'
                ? { ProjectionType: index.projected }
                : { ProjectionType: 'INCLUDE' as const, NonKeyAttributes: [...index.projected] },
          })),
        }),
  };
}

/** The same tables on both sides: ours as CloudFormation makes them, whose properties are those of the call. */
export async function createTables(ours: OurSide, witness: Side): Promise<void> {
  for (const plan of tables) {
    const properties = request(plan);
    await create(ours.cloud, dynamodbResources, 'AWS::DynamoDB::Table', plan.name, properties);
    const made = await outcomeOf(witness.send('dynamodb', new CreateTableCommand(properties)));
    // Another test of this run may have made it.
    if ('error' in made && made.error !== 'ResourceInUseException') throw new Error(`${plan.name}: ${made.error}: ${made.message}`);
  }
}
