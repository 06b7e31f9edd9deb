import {
  CfnCondition,
  CfnOutput,
  CfnParameter,
  CfnRule,
  CustomResource,
  Fn,
  NestedStack,
  RemovalPolicy,
  SecretValue,
  Stack,
  Stage,
  Tags,
} from 'aws-cdk-lib';
import { Table, AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { CfnQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { CfnInstance } from 'aws-cdk-lib/aws-ec2';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { UnsupportedError } from '../../../rehearsal/cloud/types';
import { constructsOf } from '../../../rehearsal/assembly/constructs';
import { environmentOf } from '../../../rehearsal/assembly/environment';
import { rehearse, synthesize, type Rehearsed } from './synthesized';

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

const valueOf = async (rehearsed: Rehearsed, name: string): Promise<unknown> =>
  ((await rehearsed.call('ssm', 'GetParameter', { Name: name }))['Parameter'] as { Value: unknown }).Value;

const deletions = async (rehearsed: Rehearsed): Promise<string[]> =>
  (await rehearsed.run(() => rehearsed.app.destroy())).map(({ stackName, status, reason }) => `${stackName} ${reason ?? status}`);

test('exports hold the stack that exports them', async () => {
  const directory = synthesize((app) => {
    const maker = new Stack(app, 'Maker');
    const user = new Stack(app, 'User');
    const queue = new Queue(maker, 'Queue');
    new StringParameter(user, 'Name', { parameterName: 'name', stringValue: maker.exportValue(queue.queueName) });
    user.addStackDependency(maker);
  });
  const rehearsed = rehearse(directory);
  await rehearsed.deploy();
  expect(await valueOf(rehearsed, 'name')).toBe(rehearsed.attribute('Maker/Queue', 'QueueName'));
  const [maker] = rehearsed.stacks;
  const without = { ...maker!, template: { ...maker!.template, Outputs: {} } };
  await expect(rehearsed.run(() => rehearsed.app.deploy([without]))).rejects.toThrow(
    /Export Maker:.* cannot be deleted as it is in use by User/,
  );
  expect(rehearsed.statuses().slice(-2)).toEqual(['Maker UPDATE_ROLLBACK_IN_PROGRESS', 'Maker UPDATE_ROLLBACK_COMPLETE']);
  expect(await deletions(rehearsed)).toEqual(['User DELETE_COMPLETE', 'Maker DELETE_COMPLETE']);
});

test('weak references are outputs of other stacks', async () => {
  const output = { 'Fn::GetStackOutput': { StackName: 'Maker', OutputName: 'QueueName', Region: { Ref: 'AWS::Region' } } };
  const directory = synthesize((app) => {
    const maker = new Stack(app, 'Maker');
    new CfnOutput(maker, 'QueueName', { value: new Queue(maker, 'Queue').queueName });
    const user = new Stack(app, 'User');
    new StringParameter(user, 'Name', { parameterName: 'name', stringValue: 'x' });
    user.addStackDependency(maker);
  });
  const rehearsed = rehearse(directory);
  for (const resource of Object.values(rehearsed.stacks[1]!.template.Resources)) resource.Properties!['Value'] = output;
  await rehearsed.deploy();
  expect(await valueOf(rehearsed, 'name')).toBe(rehearsed.attribute('Maker/Queue', 'QueueName'));
});

test('nested stacks get parameters and give outputs; a failure in one rolls back the whole', async () => {
  const build = (broken: boolean) =>
    synthesize((app) => {
      const parent = new Stack(app, 'Parent');
      const nested = new NestedStack(parent, 'Nested');
      const topic = new Topic(parent, 'Topic', { displayName: 'told' });
      const queue = new Queue(nested, 'Queue');
      new StringParameter(nested, 'Inner', { parameterName: 'inner', stringValue: topic.topicName });
      new StringParameter(parent, 'Outer', { parameterName: 'outer', stringValue: queue.queueName });
      if (broken) {
        const name = new StringParameter(nested, 'Twice', { parameterName: 'inner', stringValue: 'again' });
        name.node.addDependency(queue);
      }
    });
  const rehearsed = rehearse(build(false));
  expect(constructsOf(rehearsed.stacks).map(({ constructPath }) => constructPath)).toEqual(
    expect.arrayContaining(['Parent/Nested/Queue', 'Parent/Outer']),
  );
  await rehearsed.deploy();
  expect(await valueOf(rehearsed, 'inner')).toBe(rehearsed.attribute('Parent/Topic', 'TopicName'));
  expect(await valueOf(rehearsed, 'outer')).toBe(rehearsed.attribute('Parent/Nested/Queue', 'QueueName'));
  expect(await deletions(rehearsed)).toEqual(['Parent DELETE_COMPLETE']);
  expect(rehearsed.app.resources()).toEqual([]);

  const failing = rehearse(build(true));
  await expect(failing.deploy()).rejects.toThrow(/already exists/);
  expect(failing.statuses().map((status) => status.replace(/-[0-9a-f]{12}/, ''))).toContain('Parent ROLLBACK_IN_PROGRESS');
  expect(failing.app.resources()).toEqual([]);
});

test('an update of a nested stack deploys its new template, and its old one where the update fails', async () => {
  const build = (value: string, more: string[] = []) =>
    synthesize((app) => {
      const parent = new Stack(app, 'Parent');
      const nested = new NestedStack(parent, 'Nested');
      const inner = new StringParameter(nested, 'Inner', { parameterName: 'inner', stringValue: value });
      for (const name of more)
        new StringParameter(parent, `More${name}`, { parameterName: name, stringValue: 'x' }).node.addDependency(inner);
    });
  const rehearsed = rehearse(build('one'));
  await rehearsed.deploy();
  await rehearsed.run(() => rehearsed.app.deploy(rehearse(build('two')).stacks));
  expect(await valueOf(rehearsed, 'inner')).toBe('two');
  await expect(rehearsed.run(() => rehearsed.app.deploy(rehearse(build('three', ['inner'])).stacks))).rejects.toThrow(/already exists/);
  expect(await valueOf(rehearsed, 'inner')).toBe('two');
});

test('stages are assemblies within the assembly', async () => {
  const directory = synthesize((app) => {
    const stage = new Stage(app, 'Prod', { env: { account: '111122223333', region: 'eu-central-1' } });
    const data = new Stack(stage, 'Data');
    const code = new Stack(stage, 'Code');
    const queue = new Queue(data, 'Queue');
    new LambdaFunction(code, 'Handler', {
      runtime: Runtime.NODEJS_20_X,
      handler: 'index.handler',
      code: inline('exports.handler = async () => process.env.QUEUE + " " + process.env.AWS_REGION;'),
      environment: { QUEUE: queue.queueArn },
    });
  });
  const rehearsed = rehearse(directory);
  expect(rehearsed.stacks.map(({ name }) => name)).toEqual(['Prod-Data', 'Prod-Code']);
  await rehearsed.deploy();
  const { result } = await rehearsed.invoke('Prod/Code/Handler');
  expect(result).toMatch(/^arn:aws:sqs:eu-central-1:111122223333:Prod-Data-Queue.* eu-central-1$/);
});

test('stacks of several regions are refused', () => {
  const directory = synthesize((app) => {
    for (const region of ['eu-west-1', 'us-east-1']) new Stack(app, `In-${region}`, { env: { account: '111122223333', region } });
  });
  expect(() => rehearse(directory)).toThrow(/more than one region: eu-west-1 \(stack In-eu-west-1\), us-east-1 \(stack In-us-east-1\)/);
  expect(environmentOf([])).toEqual({});
});

describe('parameters', () => {
  const build = () =>
    synthesize((app) => {
      const early = new Stack(app, 'Early');
      new StringParameter(early, 'Stored', { parameterName: '/shop/colour', stringValue: 'blue' });
      const stack = new Stack(app, 'Late');
      stack.addStackDependency(early);
      const email = new CfnParameter(stack, 'Email');
      const list = new CfnParameter(stack, 'List', { type: 'CommaDelimitedList', default: 'a, b,c' });
      const colour = StringParameter.valueForStringParameter(stack, '/shop/colour');
      const ami = new CfnParameter(stack, 'Ami', { type: 'AWS::SSM::Parameter::Value<String>', default: '/aws/service/ami' });
      const big = new CfnParameter(stack, 'Size', { default: 'small', allowedValues: ['small', 'big'] });
      const isBig = new CfnCondition(stack, 'IsBig', { expression: Fn.conditionEquals(big, 'big') });
      const queue = new CfnQueue(stack, 'OnlyBig');
      queue.cfnOptions.condition = isBig;
      new CfnOutput(stack, 'BigQueue', { value: queue.ref, condition: isBig });
      const parts = [email.valueAsString, Fn.select(1, list.valueAsList), colour, ami.valueAsString];
      new StringParameter(stack, 'Told', { parameterName: 'told', stringValue: Fn.join(' ', parts) });
      Tags.of(stack).add('team', 'shop');
    });

  test('come from the scenario, from defaults and from stored parameters', async () => {
    const rehearsed = rehearse(build(), { parameters: { Email: 'ops@example.com', 'Late/Ami': 'ami-1', Size: 'big' } });
    await rehearsed.deploy();
    expect(await valueOf(rehearsed, 'told')).toBe('ops@example.com b blue ami-1');
    expect(rehearsed.app.outputs('Late')).toMatchObject({ BigQueue: rehearsed.ref('Late/OnlyBig') });
  });

  test('without a value are named, as are stored ones that no stack holds', () => {
    const rehearsed = rehearse(build());
    expect(() => rehearsed.app.refuseUnsupported(rehearsed.stacks)).toThrow(
      /the SSM parameter \/aws\/service\/ami, which no stack holds .*: Late\/Ami\n {2}parameter Email has no default value, and the scenario gives none: Late\/Told/,
    );
  });

  test('and conditions leave out what they say', async () => {
    const rehearsed = rehearse(build(), { parameters: { Email: 'x', Ami: 'ami-1' } });
    await rehearsed.deploy();
    expect(rehearsed.app.outputs('Late')).toEqual({});
    expect(rehearsed.app.resources().map(({ logicalId }) => logicalId)).not.toContain('OnlyBig');
  });
});

test('dynamic references read what the services hold', async () => {
  const rehearsed = rehearse(
    synthesize((app) => {
      const stack = new Stack(app, 'Dynamic');
      const secret = new Secret(stack, 'Secret', {
        secretObjectValue: { user: SecretValue.unsafePlainText('ada'), age: SecretValue.unsafePlainText('36') },
      });
      const stored = new StringParameter(stack, 'Stored', { parameterName: 'stored', stringValue: 'plain' });
      const told = new StringParameter(stack, 'Told', {
        parameterName: 'told',
        stringValue: Fn.join(' ', [secret.secretValueFromJson('user').unsafeUnwrap(), '{{resolve:ssm:stored:1}}']),
      });
      told.node.addDependency(stored);
    }),
  );
  await rehearsed.deploy();
  expect(await valueOf(rehearsed, 'told')).toBe('ada plain');
});

test('all that is lacking is named at once, over all stacks, nested ones included', () => {
  const rehearsed = rehearse(
    synthesize((app) => {
      const first = new Stack(app, 'First');
      new CfnInstance(first, 'Server', {});
      first.templateOptions.transforms = ['AWS::Serverless-2016-10-31'];
      new CfnRule(first, 'OnlyHere', { assertions: [] });
      const second = new Stack(app, 'Second');
      const nested = new NestedStack(second, 'Nested');
      new CfnInstance(nested, 'Server', {});
      for (const [id, runtime] of [
        ['One', Runtime.PYTHON_3_13],
        ['Two', Runtime.PYTHON_3_13],
      ] as const)
        new LambdaFunction(second, id, { runtime, handler: 'index.handler', code: inline('pass') });
    }),
  );
  const refuse = () => rehearsed.app.refuseUnsupported(rehearsed.stacks);
  expect(refuse).toThrow(UnsupportedError);
  expect(refuse).toThrow(
    [
      'The laptop cloud does not have all that this assembly needs:',
      '  the template transform "AWS::Serverless-2016-10-31": stack First',
      '  the template rule OnlyHere: stack First',
      '  the resource type AWS::EC2::Instance: First/Server, Second/Nested/Server',
      '  the runtime python3.13: Second/One, Second/Two',
      'A scenario may stand in for functions that cannot run: functions: { Second/One: module.mjs, Second/Two: module.mjs }',
    ].join('\n'),
  );
});

test('a stack that cannot be deleted says why, keeps what it needs, and does not hold up the others', async () => {
  const rehearsed = rehearse(
    synthesize((app) => {
      const stack = new Stack(app, 'Stuck');
      const stored = new StringParameter(stack, 'Stored', { parameterName: 'stored', stringValue: 'x' });
      const handler = new LambdaFunction(stack, 'Handler', {
        runtime: Runtime.NODEJS_22_X,
        handler: 'index.handler',
        code: inline(`
          const https = require('https');
          exports.handler = async (event) => {
            const { StackId, RequestId, LogicalResourceId } = event;
            const Status = event.RequestType === 'Delete' ? 'FAILED' : 'SUCCESS';
            const body = JSON.stringify({ Status, Reason: 'not today', PhysicalResourceId: 'x', StackId, RequestId, LogicalResourceId });
            const { hostname, pathname, search } = new URL(event.ResponseURL);
            await new Promise((resolve) => https.request({ hostname, path: pathname + search, method: 'PUT' }, resolve).end(body));
          };`),
      });
      new CustomResource(stack, 'Sticky', { serviceToken: handler.functionArn }).node.addDependency(stored);
      new Queue(stack, 'Free');
      new Stack(app, 'Other').addStackDependency(stack);
    }),
  );
  await rehearsed.deploy();
  expect(await deletions(rehearsed)).toEqual(['Other DELETE_COMPLETE', 'Stuck Sticky: not today']);
  const left = rehearsed.app.resources().map(({ constructPath }) => constructPath);
  expect(left).toEqual(expect.arrayContaining(['Stuck/Stored', 'Stuck/Sticky', 'Stuck/Handler']));
  expect(left).not.toContain('Stuck/Free');
});
