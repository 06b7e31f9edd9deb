import { Stack } from 'aws-cdk-lib';
import { CfnApi, CfnIntegration, CfnRoute, CfnStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { AwsIntegration, MockIntegration, RestApi, StepFunctionsIntegration } from 'aws-cdk-lib/aws-apigateway';
import type { IntegrationOptions } from 'aws-cdk-lib/aws-apigateway';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, Pass, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { loadAssembly } from '../../../../rehearsal/assembly/load';
import type { Members } from '../../../../rehearsal/cloud/types';
import type { ApiGateway } from '../../../../rehearsal/services/apigateway';
import { rehearse, synthesize } from '../../assembly/synthesized';
import type { Rehearsed } from '../../assembly/synthesized';

type Build = (stack: Stack, role: Role, api: RestApi) => void;

async function deploy(build: Build): Promise<Rehearsed> {
  const rehearsed = rehearse(
    synthesize((app) => {
      const stack = new Stack(app, 'Shop');
      const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('apigateway.amazonaws.com') });
      build(stack, role, new RestApi(stack, 'Api'));
    }),
  );
  await rehearsed.deploy();
  return rehearsed;
}

async function ask(rehearsed: Rehearsed, method: string, path: string, body = ''): Promise<{ status: number; body: string }> {
  const url = `${rehearsed.cloud.double<ApiGateway>('apigateway').urlOf(rehearsed.ref('Api'))}${path}`;
  const headers = { 'content-type': 'application/json' };
  const request = { method, url, headers, body: new TextEncoder().encode(body) };
  const answer = await rehearsed.run(() => rehearsed.cloud.requestHttp(request));
  return { status: answer.status, body: new TextDecoder().decode(answer.body) };
}

const options = (credentialsRole: Role, template: string, more: Partial<IntegrationOptions> = {}): IntegrationOptions => ({
  credentialsRole,
  requestTemplates: { 'application/json': template },
  integrationResponses: [
    { statusCode: '200', responseTemplates: { 'application/json': '{"done":true}' } },
    { statusCode: '400', selectionPattern: '4\\d{2}', responseTemplates: { 'application/json': `{"message":$input.json('$.message')}` } },
  ],
  ...more,
});
const answers = { methodResponses: [{ statusCode: '200' }, { statusCode: '400' }] };

it('starts an express machine and gives its output, by the CDK’s own templates', async () => {
  const rehearsed = await deploy((stack, _role, api) => {
    const machine = new StateMachine(stack, 'Machine', {
      stateMachineType: StateMachineType.EXPRESS,
      definitionBody: DefinitionBody.fromChainable(new Pass(stack, 'Echo')),
    });
    const integration = StepFunctionsIntegration.startExecution(machine, {
      headers: true,
      requestContext: { stage: true, httpMethod: true },
    });
    api.root.addResource('orders').addResource('{id}').addMethod('ANY', integration);
  });
  const { status, body } = await ask(rehearsed, 'POST', '/orders/7?who=Ann%20%22A%22', '{"note":"it\'s \\"so\\" / é"}');
  expect(status).toBe(200);
  expect(JSON.parse(body)).toEqual({
    body: { note: 'it\'s "so" / é' },
    header: { 'content-type': 'application/json' },
    path: { id: '7' },
    querystring: { who: 'Ann "A"' },
    requestContext: { stage: 'prod', httpMethod: 'POST' },
  });
  const empty = await ask(rehearsed, 'GET', '/orders/7');
  expect(JSON.parse(empty.body)).toMatchObject({ body: {}, querystring: {}, requestContext: { httpMethod: 'GET' } });
});

it('puts items into a table, and says what the table refuses', async () => {
  const rehearsed = await deploy((stack, role, api) => {
    const table = new Table(stack, 'Table', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
    });
    table.grantWriteData(role);
    const template = `{"TableName":"${table.tableName}","Item":{"id":{"S":"$input.path('$.id')"},"at":{"N":"$context.requestTimeEpoch"}}}`;
    api.root.addMethod('POST', new AwsIntegration({ service: 'dynamodb', action: 'PutItem', options: options(role, template) }), answers);
  });
  expect(await ask(rehearsed, 'POST', '/', '{"id":"a"}')).toEqual({ status: 200, body: '{"done":true}' });
  const { Items: items } = await rehearsed.call('dynamodb', 'Scan', { TableName: rehearsed.ref('Table') });
  expect(items).toEqual([{ id: { S: 'a' }, at: { N: expect.stringMatching(/^\d{13}$/) as string } }]);
  const refused = await ask(rehearsed, 'POST', '/', '{}');
  expect(refused.status).toBe(400);
  expect(refused.body).toMatch(/empty string value/);
});

it('publishes to a topic and sends to a queue in their older protocol', async () => {
  const rehearsed = await deploy((stack, role, api) => {
    const queue = new Queue(stack, 'Queue');
    const topic = new Topic(stack, 'Topic');
    topic.addSubscription(new SqsSubscription(queue, { rawMessageDelivery: true }));
    topic.grantPublish(role);
    queue.grantSendMessages(role);
    const form = { requestParameters: { 'integration.request.header.Content-Type': "'application/x-www-form-urlencoded'" } };
    const publish =
      `Action=Publish&TargetArn=$util.urlEncode('${topic.topicArn}')&Message=$util.urlEncode($input.path('$.message'))` +
      '&MessageAttributes.entry.1.Name=kind&MessageAttributes.entry.1.Value.DataType=String&MessageAttributes.entry.1.Value.StringValue=a';
    const send =
      'Action=SendMessage&MessageBody=$util.urlEncode($input.body)&MessageAttribute.1.Name=who&MessageAttribute.1.Value.DataType=String' +
      "&MessageAttribute.1.Value.StringValue=$util.urlEncode($input.params('who'))";
    api.root
      .addResource('topic')
      .addMethod('POST', new AwsIntegration({ service: 'sns', path: '/', options: options(role, publish, form) }), answers);
    const path = `${stack.account}/${queue.queueName}`;
    api.root
      .addResource('queue')
      .addMethod('POST', new AwsIntegration({ service: 'sqs', path, options: options(role, send, form) }), answers);
  });
  expect((await ask(rehearsed, 'POST', '/topic', '{"message":"a & b"}')).status).toBe(200);
  expect((await ask(rehearsed, 'POST', '/queue?who=ann', '{"n":1}')).status).toBe(200);
  await rehearsed.run(() => rehearsed.cloud.clock.sleep(1000));
  const input = { QueueUrl: rehearsed.ref('Queue'), MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] };
  const { Messages: messages } = await rehearsed.call('sqs', 'ReceiveMessage', input);
  const told = (messages as Members[]).map(({ Body, MessageAttributes: given }) => [Body, Object.keys((given ?? {}) as object)]);
  expect(told).toEqual(
    expect.arrayContaining([
      ['a & b', ['kind']],
      ['{"n":1}', ['who']],
    ]),
  );
});

it('puts events on a bus, acting as a role that may not, and tells', async () => {
  const rehearsed = await deploy((_stack, role, api) => {
    const template = `{"Entries":[{"Source":"shop","DetailType":"Ordered","Detail":"$util.escapeJavaScript($input.body)"}]}`;
    api.root.addMethod('POST', new AwsIntegration({ service: 'events', action: 'PutEvents', options: options(role, template) }), answers);
  });
  expect((await ask(rehearsed, 'POST', '/', '{"a":1}')).status).toBe(400);
  expect(rehearsed.cloud.log.filter(({ source }) => source === 'apigateway')).toMatchObject([
    {
      detail: {
        status: 400,
        reason: expect.stringMatching(/eventbridge answered 400.*not authorized to perform: events:PutEvents/s) as string,
      },
    },
  ]);
});

it('lets routes of HTTP APIs ask services themselves', async () => {
  const rehearsed = rehearse(
    synthesize((app) => {
      const stack = new Stack(app, 'Shop');
      const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('apigateway.amazonaws.com') });
      const definitionBody = DefinitionBody.fromChainable(new Pass(stack, 'Echo'));
      const machine = new StateMachine(stack, 'Machine', { stateMachineType: StateMachineType.EXPRESS, definitionBody });
      machine.grantStartSyncExecution(role);
      const queue = new Queue(stack, 'Queue');
      queue.grantSendMessages(role);
      const api = new CfnApi(stack, 'Api', { name: 'shop', protocolType: 'HTTP' });
      new CfnStage(stack, 'Stage', { apiId: api.ref, stageName: '$default', autoDeploy: true });
      const route = (routeKey: string, integrationSubtype: string, requestParameters: Record<string, string>): void => {
        const integration = new CfnIntegration(stack, `${routeKey} integration`, {
          apiId: api.ref,
          integrationType: 'AWS_PROXY',
          integrationSubtype,
          payloadFormatVersion: '1.0',
          credentialsArn: role.roleArn,
          requestParameters,
        });
        new CfnRoute(stack, routeKey, { apiId: api.ref, routeKey, target: `integrations/${integration.ref}` });
      };
      route('POST /run', 'StepFunctions-StartSyncExecution', { StateMachineArn: machine.stateMachineArn, Input: '$request.body' });
      route('POST /send/{kind}', 'SQS-SendMessage', {
        QueueUrl: queue.queueUrl,
        MessageBody: '${request.path.kind}: ${request.body.note}',
        DelaySeconds: '1',
      });
      route('POST /tell', 'EventBridge-PutEvents', { Detail: '$request.body', DetailType: 'Told', Source: '$request.header.who' });
    }),
  );
  await rehearsed.deploy();
  const run = await ask(rehearsed, 'POST', '/run', '{"a":1}');
  expect(run.status).toBe(200);
  expect(JSON.parse(run.body)).toMatchObject({ status: 'SUCCEEDED', output: '{"a":1}' });
  expect((await ask(rehearsed, 'POST', '/send/note', '{"note":"hello"}')).status).toBe(200);
  await rehearsed.run(() => rehearsed.cloud.clock.sleep(2000));
  const { Messages: messages } = await rehearsed.call('sqs', 'ReceiveMessage', { QueueUrl: rehearsed.ref('Queue') });
  expect((messages as Members[])[0]).toMatchObject({ Body: 'note: hello' });
  expect(await ask(rehearsed, 'POST', '/tell', '{}')).toMatchObject({ status: 400, body: expect.stringContaining('Source') as string });
});

it('serves what stood when the newest deployment was made', async () => {
  const build = (paths: string[]): string =>
    synthesize((app) => {
      const api = new RestApi(new Stack(app, 'Shop'), 'Api');
      const mock = new MockIntegration({
        requestTemplates: { 'application/json': '{"statusCode":200}' },
        integrationResponses: [{ statusCode: '200' }],
      });
      for (const path of paths) api.root.resourceForPath(path).addMethod('GET', mock, { methodResponses: [{ statusCode: '200' }] });
    });
  const rehearsed = rehearse(build(['/a', '/b/c']));
  await rehearsed.deploy();
  const statuses = async (): Promise<number[]> => {
    const found = [];
    for (const path of ['/a', '/b/c', '/d']) found.push((await ask(rehearsed, 'GET', path)).status);
    return found;
  };
  expect(await statuses()).toEqual([200, 200, 403]);
  await rehearsed.run(() => rehearsed.app.deploy(loadAssembly(build(['/a', '/d']))));
  // CloudFormation cleans up last: the deployment still had what was taken away, until the next one.
  expect(await statuses()).toEqual([200, 200, 200]);
  await rehearsed.run(() => rehearsed.app.deploy(loadAssembly(build(['/a', '/d', '/e']))));
  expect(await statuses()).toEqual([200, 403, 200]);
  await rehearsed.run(() => rehearsed.app.destroy());
  expect([...rehearsed.cloud.double<ApiGateway>('apigateway').rest]).toEqual([]);
});
