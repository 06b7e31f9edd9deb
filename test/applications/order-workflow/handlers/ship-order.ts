import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';

const dynamodb = new DynamoDBClient({});

interface SqsEvent {
  Records: { messageId: string; body: string }[];
}

/** Marks each confirmed order as shipped, once; what fails comes again, the others of its batch do not. */
export async function handler(event: SqsEvent): Promise<{ batchItemFailures: { itemIdentifier: string }[] }> {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const { messageId, body } of event.Records) {
    try {
      await ship((JSON.parse(body) as { detail: { orderId: string } }).detail.orderId);
    } catch (error) {
      console.error(JSON.stringify({ message: 'order not shipped', messageId, error: (error as Error).message }));
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
}

async function ship(orderId: string): Promise<void> {
  try {
    await dynamodb.send(
      new UpdateItemCommand({
        TableName: process.env['ORDERS_TABLE'],
        Key: { orderId: { S: orderId } },
        UpdateExpression: 'SET #status = :shipped ADD parcels :one',
        ConditionExpression: '#status = :confirmed',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':shipped': { S: 'SHIPPED' }, ':confirmed': { S: 'CONFIRMED' }, ':one': { N: '1' } },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
  } catch (error) {
    const known = error as Error & { Item?: Record<string, { S?: string }> };
    // A second delivery finds the parcel already on its way.
    if (known.name === 'ConditionalCheckFailedException' && known.Item?.['status']?.S === 'SHIPPED') return;
    throw error;
  }
}
