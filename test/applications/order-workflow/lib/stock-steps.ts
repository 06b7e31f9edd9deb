import { Duration } from 'aws-cdk-lib';
import { Fail, JsonPath, Succeed, type IChainable } from 'aws-cdk-lib/aws-stepfunctions';
import { CallAwsService } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import type { DataStack } from './data-stack';

const SKU = JsonPath.stringAt('$.line.sku');
const QUANTITY = JsonPath.format('{}', JsonPath.stringAt('$.line.quantity'));
/** One reservation an order and article: an item of its own beside the order. */
const RESERVATION = JsonPath.format('{}#{}', JsonPath.stringAt('$.orderId'), SKU);
const CANCELLED = 'DynamoDb.TransactionCanceledException';
/** A transaction that meets another is cancelled as well: tried again a few times before it counts as refused. */
const CONFLICTS = { errors: [CANCELLED], maxAttempts: 2, interval: Duration.seconds(1), backoffRate: 2 };
const PASSING = { errors: ['States.ALL'], maxAttempts: 5, interval: Duration.seconds(2), backoffRate: 2 };

const stockChange = (data: DataStack, sign: '+' | '-', condition: string | undefined): Record<string, unknown> => ({
  Update: {
    TableName: data.stock.tableName,
    Key: { sku: { S: SKU } },
    UpdateExpression: `SET available = available ${sign} :quantity`,
    ...(condition === undefined ? {} : { ConditionExpression: condition }),
    ExpressionAttributeValues: { ':quantity': { N: QUANTITY } },
  },
});

const transaction = (scope: Construct, id: string, data: DataStack, items: Record<string, unknown>[], token: string): CallAwsService =>
  new CallAwsService(scope, id, {
    service: 'dynamodb',
    action: 'transactWriteItems',
    iamResources: [data.orders.tableArn],
    iamAction: 'dynamodb:PutItem',
    parameters: { TransactItems: items, ClientRequestToken: token },
    resultPath: JsonPath.DISCARD,
  });

/** Takes the line out of the stock, and notes that this order has it: both or neither. */
export function reserve(scope: Construct, data: DataStack): IChainable {
  const reservation = {
    Put: {
      TableName: data.orders.tableName,
      Item: { orderId: { S: RESERVATION }, quantity: { N: QUANTITY } },
      ConditionExpression: 'attribute_not_exists(orderId)',
    },
  };
  const token = JsonPath.hash(JsonPath.format('{}+{}', JsonPath.stringAt('$.orderId'), SKU), 'MD5');
  const task = transaction(scope, 'ReserveLine', data, [reservation, stockChange(data, '-', 'available >= :quantity')], token);
  const none = new Fail(scope, 'LineOutOfStock', { error: 'OutOfStock', causePath: JsonPath.format('{} is out of stock', SKU) });
  task.addRetry(CONFLICTS);
  task.addCatch(none, { errors: [CANCELLED], resultPath: '$.error' });
  return task.addRetry(PASSING);
}

/** Puts the line back where this order has it. */
export function release(scope: Construct, id: string, data: DataStack): IChainable {
  const reservation = {
    Delete: {
      TableName: data.orders.tableName,
      Key: { orderId: { S: RESERVATION } },
      ConditionExpression: 'attribute_exists(orderId)',
    },
  };
  const token = JsonPath.hash(JsonPath.format('{}-{}', JsonPath.stringAt('$.orderId'), SKU), 'MD5');
  const task = transaction(scope, `${id}Line`, data, [reservation, stockChange(data, '+', undefined)], token);
  task.addRetry(CONFLICTS);
  task.addCatch(new Succeed(scope, `${id}NothingHeld`), { errors: [CANCELLED], resultPath: '$.error' });
  return task.addRetry(PASSING);
}
