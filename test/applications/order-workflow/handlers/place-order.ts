import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { orderPlaced, problemsOf, type Order } from './order';

const dynamodb = new DynamoDBClient({});
const events = new EventBridgeClient({});

const answer = (statusCode: number, body: unknown) => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

const read = (event: { body?: string; isBase64Encoded?: boolean }): unknown => {
  try {
    return JSON.parse(event.isBase64Encoded ? Buffer.from(event.body ?? '', 'base64').toString('utf8') : (event.body ?? ''));
  } catch {
    return undefined;
  }
};

/** Keeps the order, then announces it. The same order sent again is answered as the first, and announced by nobody. */
export async function handler(event: { body?: string; isBase64Encoded?: boolean }) {
  const sent = read(event);
  const problems = problemsOf(sent);
  if (problems.length > 0) return answer(400, { problems });
  const order = sent as Order;
  try {
    await dynamodb.send(
      new PutItemCommand({
        TableName: process.env['ORDERS_TABLE'],
        Item: {
          orderId: { S: order.orderId },
          customer: { S: order.customer },
          status: { S: 'PLACED' },
          placedAt: { S: new Date().toISOString() },
          order: { S: JSON.stringify(order) },
        },
        ConditionExpression: 'attribute_not_exists(orderId)',
      }),
    );
  } catch (error) {
    if ((error as Error).name !== 'ConditionalCheckFailedException') throw error;
    return answer(200, { orderId: order.orderId, known: true });
  }
  // An announcement that is lost is made good by the next look of resend-orders.
  await events.send(new PutEventsCommand(orderPlaced(process.env['EVENT_BUS']!, order))).catch(() => undefined);
  return answer(201, { orderId: order.orderId });
}
