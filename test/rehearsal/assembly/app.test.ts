import { CfnOutput, CfnParameter, Fn, NestedStack, RemovalPolicy, Stack, Stage } from 'aws-cdk-lib';
import { Table, AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { rehearse, synthesize } from './synthesized';

const inline = (source: string) => Code.fromInline(source);

test('stacks deploy in the order of their dependencies, hand values to each other, and go in reverse order', async () => {
  const directory = synthesize((app) => {
    const reader = new Stack(app, 'A-Reader');
    const data = new Stack(app, 'Data');
    const table = new Table(data, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const handler = new LambdaFunction(reader, 'Handler', {
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      environment: { TABLE: table.tableName },
      code: inline(`
        const { DynamoDBClient, PutItemCommand, GetItemCommand } = require('@aws-sdk/client-dynamodb');
        const client = new DynamoDBClient({});
        exports.handler = async (event) => {
          await client.send(new PutItemCommand({ TableName: process.env.TABLE, Item: { pk: { S: event.id }, at: { S: new Date().toISOString() } } }));
          const { Item } = await client.send(new GetItemCommand({ TableName: process.env.TABLE, Key: { pk: { S: event.id } }, ConsistentRead: true }));
          return Item.at.S;
        };`),
    });
    table.grantReadWriteData(handler);
  });
  const rehearsed = rehearse(directory);
  expect(rehearsed.stacks.map(({ name }) => name)).toEqual(['Data', 'A-Reader']);
  await rehearsed.deploy();
  expect(await rehearsed.invoke('Handler', { id: 'x' })).toEqual({
    result: expect.stringMatching(/^2026-03-02T09:0/) as string,
    error: undefined,
  });
  expect(await rehearsed.run(() => rehearsed.app.destroy())).toMatchObject([{ status: 'DELETE_COMPLETE' }, { status: 'DELETE_COMPLETE' }]);
  expect(rehearsed.statuses()).toEqual([
    'Data CREATE_IN_PROGRESS',
    'Data CREATE_COMPLETE',
    'A-Reader CREATE_IN_PROGRESS',
    'A-Reader CREATE_COMPLETE',
    'A-Reader DELETE_IN_PROGRESS',
    'A-Reader DELETE_COMPLETE',
    'Data DELETE_IN_PROGRESS',
    'Data DELETE_COMPLETE',
  ]);
  expect(rehearsed.app.resources()).toEqual([]);
});
