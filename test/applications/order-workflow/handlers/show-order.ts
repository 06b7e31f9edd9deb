import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';

const dynamodb = new DynamoDBClient({});

export async function handler(event: { pathParameters?: Record<string, string> }) {
  const orderId = event.pathParameters?.['orderId'] ?? '';
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName: process.env['ORDERS_TABLE'], Key: { orderId: { S: orderId } }, ConsistentRead: true }),
  );
  if (Item === undefined) return { statusCode: 404, body: JSON.stringify({ orderId, status: 'UNKNOWN' }) };
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ orderId, status: Item['status']?.S, reason: Item['reason']?.S }),
  };
}
