import type { AwsError, Members } from '../../../../rehearsal/cloud/types';
import { createDynamoDb, dynamodbResources } from '../../../../rehearsal/services/dynamodb';
import type { DynamoDb, Item } from '../../../../rehearsal/services/dynamodb';
import { create, run, stubCloud } from '../cloud-stub';
import type { StubCloud } from '../cloud-stub';

export const tableName = 'ledger';

export interface Bench {
  cloud: StubCloud;
  db: DynamoDb;
  send(operation: string, input?: Members): Promise<Members>;
  /** The error that the operation throws. */
  refused(operation: string, input?: Members): Promise<AwsError>;
  put(item: Item): Promise<Members>;
  get(pk: string, sk?: string): Promise<Item | undefined>;
}

export const key = (pk: string, sk = 'x'): Item => ({ pk: { S: pk }, sk: { S: sk } });

export async function bench(): Promise<Bench> {
  const cloud = stubCloud();
  const db = createDynamoDb(cloud);
  cloud.add(db);
  await create(cloud, dynamodbResources, 'AWS::DynamoDB::Table', 'Ledger', {
    TableName: tableName,
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    BillingMode: 'PAY_PER_REQUEST',
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
  });
  const send = (operation: string, input: Members = {}): Promise<Members> => {
    // What was just written is to be seen, but where a test asks otherwise.
    const consistent = ['GetItem', 'Query', 'Scan'].includes(operation) && input['IndexName'] === undefined;
    return run(cloud, db, operation, { TableName: tableName, ...(consistent ? { ConsistentRead: true } : {}), ...input });
  };
  return {
    cloud,
    db,
    send,
    refused: (operation, input) =>
      send(operation, input).then(
        (answer) => {
          throw new Error(`not refused: ${JSON.stringify(answer)}`);
        },
        (error: AwsError) => error,
      ),
    put: (item) => send('PutItem', { Item: item }),
    get: async (pk, sk = 'x') => (await send('GetItem', { Key: key(pk, sk) }))['Item'] as Item | undefined,
  };
}
