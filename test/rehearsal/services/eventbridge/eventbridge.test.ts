import { AwsError, UnsupportedError, type Caller, type Members } from '../../../../rehearsal/cloud/types';
import { createEventBridge, eventBridgeResources } from '../../../../rehearsal/services/eventbridge';
import { FakeCloud, world } from '../../support/fake-cloud';
import { resourceContext } from '../../support/resource-context';

const ARN = 'arn:aws';
const HERE = 'us-east-1:111111111111';
const FUNCTION = `${ARN}:lambda:${HERE}:function:f`;
const QUEUE = `${ARN}:sqs:${HERE}:q`;
const TOPIC = `${ARN}:sns:${HERE}:t`;
const MACHINE = `${ARN}:states:${HERE}:stateMachine:m`;
const ROLE = `${ARN}:iam::111111111111:role/events`;

interface Delivered {
  operation: string;
  input: Members;
  caller: Caller;
}

function bench() {
  const cloud = new FakeCloud();
  const delivered: Delivered[] = [];
  const failing: { error: AwsError | undefined } = { error: undefined };
  const take =
    (operation: string) =>
    (input: Members, caller: Caller): Members => {
      delivered.push({ operation, input, caller });
      if (failing.error !== undefined && operation !== 'SendMessage') throw failing.error;
      return {};
    };
  cloud.stub('lambda', { Invoke: take('Invoke') });
  cloud.stub('sns', { Publish: take('Publish') });
  cloud.stub('sfn', { StartExecution: take('StartExecution') });
  cloud.stub('sqs', {
    SendMessage: take('SendMessage'),
    GetQueueUrl: ({ QueueName }) => ({ QueueUrl: `https://sqs/${String(QueueName)}` }),
  });
  const bridge = cloud.add(createEventBridge(cloud));
  const call = async (operation: string, input: Members): Promise<Members> => {
    const answer = cloud.call('eventbridge', operation, input, world);
    answer.catch(() => undefined);
    await cloud.clock.run(cloud.clock.now() + 5);
    return answer;
  };
  const rule = (targets: Members[], more: Members = {}) =>
    bridge.putRule(undefined, { name: 'r', eventPattern: { source: ['app'] }, enabled: true, targets: targets as never, ...more });
  const put = (entry: Members = {}) =>
    call('PutEvents', { Entries: [{ Source: 'app', DetailType: 'Happened', Detail: '{"a":{"b":"x\\"y"},"n":7}', ...entry }] });
  return { cloud, bridge, delivered, failing, call, rule, put };
}

const payloads = (delivered: Delivered[]) =>
  delivered.map(({ input }) => JSON.parse(Buffer.from(input.Payload as Uint8Array).toString()) as Members);

it('gives a matching event to every target, as the service with the rule as source, or with the target role', async () => {
  const { cloud, delivered, rule, put } = bench();
  const { arn } = rule([
    { Id: '1', Arn: FUNCTION },
    { Id: '2', Arn: QUEUE, SqsParameters: { MessageGroupId: 'g' } },
    { Id: '3', Arn: TOPIC },
    { Id: '4', Arn: MACHINE, RoleArn: ROLE },
  ]);
  const { FailedEntryCount, Entries } = await put();
  expect(FailedEntryCount).toBe(0);
  await cloud.clock.run();
  expect(delivered.map(({ operation }) => operation).sort()).toEqual(['Invoke', 'Publish', 'SendMessage', 'StartExecution']);
  const by = (operation: string) => delivered.find((one) => one.operation === operation);
  expect(by('Invoke')?.caller).toEqual({ kind: 'service', principal: 'events.amazonaws.com', sourceArn: arn });
  expect(by('StartExecution')?.caller).toEqual({ kind: 'role', roleArn: ROLE });
  expect(by('SendMessage')?.input).toMatchObject({ QueueUrl: 'https://sqs/q', MessageGroupId: 'g' });
  expect(payloads(delivered.filter(({ operation }) => operation === 'Invoke'))).toEqual([
    {
      version: '0',
      id: (Entries as Members[])[0]?.EventId as string,
      'detail-type': 'Happened',
      source: 'app',
      account: '111111111111',
      time: '2026-03-02T09:00:00Z',
      region: 'us-east-1',
      resources: [],
      detail: { a: { b: 'x"y' }, n: 7 },
    },
  ]);
  expect(cloud.underWay.size).toBe(0);
});

it('shapes what a target receives', async () => {
  const { cloud, delivered, rule, put } = bench();
  rule([
    { Id: '1', Arn: FUNCTION, Input: '{"fixed":true}' },
    { Id: '2', Arn: FUNCTION, InputPath: '$.detail.a' },
    {
      Id: '3',
      Arn: FUNCTION,
      InputTransformer: {
        InputPathsMap: { b: '$.detail.a.b', n: '$.detail.n', type: "$['detail-type']", none: '$.detail.none' },
        InputTemplate:
          '{"text":"<b> and <n> and <none>","n":<n>,"b":<b>,"type":<type>,"rule":"<aws.events.rule-name>","all":<aws.events.event.json>}',
      },
    },
  ]);
  await put();
  await cloud.clock.run();
  const [fixed, path, transformed] = payloads(delivered);
  expect(fixed).toEqual({ fixed: true });
  expect(path).toEqual({ b: 'x"y' });
  expect(transformed).toMatchObject({ text: 'x"y and 7 and ', n: 7, b: 'x"y', type: 'Happened', rule: 'r', all: { source: 'app' } });
});

it('leaves alone what does not match, is disabled, or is on another bus', async () => {
  const { cloud, bridge, delivered, rule, put, call } = bench();
  bridge.addBus('other');
  rule([{ Id: '1', Arn: FUNCTION }]);
  await put({ Source: 'else' });
  await put({ EventBusName: 'other' });
  await call('DisableRule', { Name: 'r' });
  await put();
  await cloud.clock.run();
  expect(delivered).toEqual([]);
  await call('EnableRule', { Name: 'r' });
  await put({ EventBusName: `${ARN}:events:${HERE}:event-bus/default` });
  await cloud.clock.run();
  expect(delivered).toHaveLength(1);
});

it('carries what services say of themselves', async () => {
  const { cloud, bridge, delivered, rule } = bench();
  rule([{ Id: '1', Arn: FUNCTION }], { eventPattern: { source: ['aws.states'], detail: { status: [{ 'anything-but': 'RUNNING' }] } } });
  for (const status of ['RUNNING', 'FAILED'])
    bridge.emitServiceEvent({ source: 'aws.states', detailType: 'Change', detail: { status, at: new Date(0) }, resources: ['r'] });
  await cloud.clock.run();
  expect(payloads(delivered).map((event) => event.detail as unknown)).toEqual([{ status: 'FAILED', at: '1970-01-01T00:00:00.000Z' }]);
});

it('retries trouble, gives up on what is forbidden, and keeps a dead letter', async () => {
  const { cloud, delivered, failing, rule, put } = bench();
  const { arn } = rule([{ Id: '1', Arn: FUNCTION, RetryPolicy: { MaximumRetryAttempts: 3 }, DeadLetterConfig: { Arn: QUEUE } }]);
  failing.error = new AwsError('ServiceException', 'down', 500);
  await put();
  await cloud.clock.run();
  expect(delivered.map(({ operation }) => operation)).toEqual(['Invoke', 'Invoke', 'Invoke', 'Invoke', 'SendMessage']);
  expect(delivered.at(-1)?.input.MessageAttributes).toMatchObject({
    RULE_ARN: { StringValue: arn },
    ERROR_CODE: { StringValue: 'ServiceException' },
    EXHAUSTED_RETRY_CONDITION: { StringValue: 'MaximumRetryAttempts' },
  });
  failing.error = new AwsError('AccessDeniedException', 'no', 403);
  await put();
  await cloud.clock.run();
  expect(delivered.slice(5).map(({ operation }) => operation)).toEqual(['Invoke', 'SendMessage']);
  expect(cloud.log.filter((entry) => entry.event === 'delivery-failed')).toHaveLength(2);
});

it('stops retrying when the event is too old', async () => {
  const { cloud, delivered, failing, rule, put } = bench();
  rule([{ Id: '1', Arn: FUNCTION, RetryPolicy: { MaximumEventAgeInSeconds: 60 } }]);
  failing.error = new AwsError('ServiceException', 'down', 503);
  const startMillis = cloud.clock.now();
  await put();
  await cloud.clock.run();
  expect(delivered.length).toBeGreaterThan(3);
  expect(cloud.clock.now() - startMillis).toBeLessThan(62_000);
});

it('fires rules with a schedule, first one period after they were made', async () => {
  const { cloud, bridge, delivered } = bench();
  bridge.putRule(undefined, { name: 'hourly', scheduleExpression: 'rate(1 hour)', enabled: true, targets: [{ Id: '1', Arn: FUNCTION }] });
  await cloud.clock.run(cloud.clock.now() + 2.5 * 3_600_000);
  expect(payloads(delivered).map(({ source, time }) => `${String(source)} ${String(time)}`)).toEqual([
    'aws.events 2026-03-02T10:00:00Z',
    'aws.events 2026-03-02T11:00:00Z',
  ]);
  bridge.removeRule(undefined, 'hourly');
  expect(cloud.clock.pending).toBe(0);
});

describe('PutEvents', () => {
  it.each<[Members, string]>([
    [{ Detail: 'no json' }, 'MalformedDetail'],
    [{ Detail: '[1]' }, 'MalformedDetail'],
    [{ Source: undefined }, 'InvalidArgument'],
    [{ Source: 'aws.sagemaker' }, 'NotAuthorizedForSource'],
    [{ EventBusName: 'none' }, 'ResourceNotFoundException'],
  ])('reports the entry %j', async (entry, code) => {
    expect(await bench().put(entry)).toMatchObject({ FailedEntryCount: 1, Entries: [{ ErrorCode: code }] });
  });

  it('takes one to ten entries, and asks IAM for every bus', async () => {
    const { cloud, call } = bench();
    const asked: string[] = [];
    cloud.authorise = (_caller, action, resource) => asked.push(`${action} ${resource}`);
    await call('PutEvents', { Entries: [{ Source: 's', DetailType: 'd', Detail: '{}' }] });
    expect(asked).toEqual([`events:PutEvents ${ARN}:events:${HERE}:event-bus/default`]);
    await expect(call('PutEvents', { Entries: Array.from({ length: 11 }, () => ({})) })).rejects.toMatchObject({
      code: 'ValidationException',
    });
  });
});

it('tests a pattern on request', async () => {
  const { call } = bench();
  expect(await call('TestEventPattern', { EventPattern: '{"source":["a"]}', Event: '{"source":"a"}' })).toEqual({ Result: true });
  await expect(call('TestEventPattern', { EventPattern: '{"source":"a"}', Event: '{}' })).rejects.toMatchObject({
    code: 'InvalidEventPatternException',
  });
});

describe('CloudFormation resources', () => {
  const [ruleType, busType, policyType] = eventBridgeResources;
  if (ruleType === undefined || busType === undefined || policyType === undefined) throw new Error('three resource types');

  it('make a bus with its policy, a rule on it, and take them away', async () => {
    const { cloud, bridge, delivered, put } = bench();
    const context = resourceContext(cloud, 'Rule');
    const bus = await busType.create({ Name: 'kpi' }, resourceContext(cloud, 'Bus'));
    expect(bus).toEqual({ ref: 'kpi', attributes: { Arn: `${ARN}:events:${HERE}:event-bus/kpi`, Name: 'kpi' } });
    const statement = {
      Effect: 'Allow' as const,
      Principal: '*' as const,
      Action: 'events:PutEvents',
      Resource: bus.attributes.Arn as string,
    };
    const grant = { EventBusName: 'kpi', StatementId: 'all', Statement: statement };
    const policy = await policyType.create(grant, resourceContext(cloud, 'Policy'));
    expect(bridge.resourcePolicy(bus.attributes.Arn as string)?.Statement).toEqual([{ ...statement, Sid: 'all' }]);
    const properties = { EventBusName: 'kpi', EventPattern: { source: ['app'] }, State: 'ENABLED', Targets: [{ Id: '1', Arn: FUNCTION }] };
    const rule = await ruleType.create(properties, context);
    expect(rule).toEqual({
      ref: 'kpi|stack-Rule-ABC',
      attributes: { Arn: `${ARN}:events:${HERE}:rule/kpi/stack-Rule-ABC`, Name: 'stack-Rule-ABC' },
    });
    await put({ EventBusName: 'kpi' });
    await cloud.clock.run();
    expect(delivered).toHaveLength(1);
    const changed = { ...properties, EventPattern: { source: ['other'] } };
    await ruleType.update?.(changed, properties, rule, context);
    await put({ EventBusName: 'kpi' });
    await cloud.clock.run();
    expect(delivered).toHaveLength(1);
    expect(() => busType.remove(bus, {}, context)).toThrow('Rules must be deleted');
    await ruleType.remove(rule, changed, context);
    await policyType.remove(policy, grant, context);
    expect(bridge.resourcePolicy(bus.attributes.Arn as string)).toBeUndefined();
    await busType.remove(bus, {}, context);
    expect(() => bridge.bus('kpi')).toThrow('does not exist');
  });

  it.each<[string, Members]>([
    ['KinesisParameters', { Targets: [{ Id: '1', Arn: FUNCTION, KinesisParameters: {} }] }],
    ['target arn:aws:batch', { Targets: [{ Id: '1', Arn: 'arn:aws:batch:us-east-1:1:job-queue/q' }] }],
    ['property Colour', { Colour: 'red' }],
    ['Path $..x', { Targets: [{ Id: '1', Arn: FUNCTION, InputPath: '$..x' }] }],
  ])('refuse %s by name', (message, more) => {
    const { cloud } = bench();
    const create = () => ruleType.create({ EventPattern: { source: ['a'] }, ...more }, resourceContext(cloud));
    expect(create).toThrow(UnsupportedError);
    expect(create).toThrow(message);
  });

  it.each<[string, Members]>([
    ['InvalidEventPatternException', { EventPattern: { source: 'a' } }],
    ['ValidationException', {}],
    ['ValidationException', { EventPattern: { source: ['a'] }, Targets: [{ Id: '1', Arn: MACHINE }] }],
    ['ValidationException', { EventPattern: { source: ['a'] }, Targets: [{ Id: '1', Arn: FUNCTION, Input: '{}', InputPath: '$' }] }],
  ])('refuse with %s', (code, properties) => {
    const { cloud } = bench();
    expect(() => ruleType.create(properties, resourceContext(cloud))).toThrow(expect.objectContaining({ code }));
  });
});
