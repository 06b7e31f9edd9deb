import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';

const dynamodb = new DynamoDBClient({});

class CardDeclined extends Error {
  override readonly name = 'CardDeclined';
}

/** Charges a card once, however often it is asked to. */
export async function handler(input: { orderId: string; card: string; totalCents: number }): Promise<{ receipt: string; charged: number }> {
  if (input.card.startsWith('declined')) throw new CardDeclined(`the bank declined ${input.totalCents} cents for order ${input.orderId}`);
  const receipt = `r-${input.orderId}`;
  try {
    await dynamodb.send(
      new PutItemCommand({
        TableName: process.env['PAYMENTS_TABLE'],
        Item: { orderId: { S: input.orderId }, receipt: { S: receipt }, cents: { N: String(input.totalCents) }, state: { S: 'CHARGED' } },
        ConditionExpression: 'attribute_not_exists(orderId)',
      }),
    );
    return { receipt, charged: input.totalCents };
  } catch (error) {
    if ((error as Error).name !== 'ConditionalCheckFailedException') throw error;
    const { Item } = await dynamodb.send(
      new GetItemCommand({ TableName: process.env['PAYMENTS_TABLE'], Key: { orderId: { S: input.orderId } }, ConsistentRead: true }),
    );
    return { receipt: Item?.['receipt']?.S ?? receipt, charged: Number(Item?.['cents']?.N ?? input.totalCents) };
  }
}
