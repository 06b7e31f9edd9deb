import { DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { orderPlaced, type Order } from './order';

const dynamodb = new DynamoDBClient({});
const events = new EventBridgeClient({});

/** Announces again what was placed some time ago and taken up by no workflow. */
export async function handler(): Promise<{ sent: number }> {
  const before = new Date(Date.now() - Number(process.env['OLDER_THAN_MINUTES']) * 60_000).toISOString();
  let sent = 0;
  const pages = paginateQuery(
    { client: dynamodb },
    {
      TableName: process.env['ORDERS_TABLE'],
      IndexName: 'byStatus',
      KeyConditionExpression: '#status = :placed AND placedAt < :before',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':placed': { S: 'PLACED' }, ':before': { S: before } },
    },
  );
  for await (const { Items } of pages) {
    for (const item of Items ?? []) {
      await events.send(new PutEventsCommand(orderPlaced(process.env['EVENT_BUS']!, JSON.parse(item['order']!.S!) as Order)));
      sent += 1;
    }
  }
  return { sent };
}
