import { AwsError, UnsupportedError, type Members } from '../../../../rehearsal/cloud/types';
import { simulatedOperations } from '../../../../rehearsal/services/operations';
import { parseResource } from '../../../../rehearsal/services/sfn/integrations';
import { bench, outputOf, ROLE } from './support';

const invoke = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Arguments: { FunctionName: 'f', Payload: {} }, End: true };
const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));

describe('AWS SDK integrations', () => {
  it('call as the role, in PascalCase, with dates and blobs as text', async () => {
    const { cloud, run } = bench();
    cloud.stub('sagemaker', {
      DescribeEndpoint: () => ({ EndpointName: 'e', EndpointStatus: 'InService', CreationTime: new Date(0), FailureReason: undefined }),
    });
    cloud.stub('s3', { GetObject: () => ({ Body: bytes({ a: 1 }), LastModified: new Date(0) }) });
    const described = await run({
      D: {
        Type: 'Task',
        Resource: 'arn:aws:states:::aws-sdk:sagemaker:describeEndpoint',
        Arguments: { EndpointName: 'e' },
        Assign: { d: '{% $states.result %}' },
        Next: 'G',
      },
      G: {
        Type: 'Task',
        Resource: 'arn:aws:states:::aws-sdk:s3:getObject',
        Arguments: { Bucket: 'b', Key: 'k' },
        Output: ['{% $d %}', '{% $parse($states.result.Body).a %}'],
        End: true,
      },
    });
    expect(outputOf(described)).toEqual([{ EndpointName: 'e', EndpointStatus: 'InService', CreationTime: '1970-01-01T00:00:00.000Z' }, 1]);
    expect(cloud.calls.find((call) => call.operation === 'DescribeEndpoint')).toMatchObject({
      input: { EndpointName: 'e' },
      caller: { kind: 'role', roleArn: ROLE },
    });
  });

  it('name members of camelCase services in PascalCase both ways', async () => {
    const { run } = bench();
    const described = await run({
      D: {
        Type: 'Task',
        Resource: 'arn:aws:states:::aws-sdk:sfn:describeExecution',
        Arguments: { ExecutionArn: '{% $states.context.Execution.Id %}' },
        Output: '{% $states.result.Status & $states.result.Name %}',
        End: true,
      },
    });
    expect(outputOf(described)).toBe(`RUNNING${String(described.name)}`);
  });

  it('take timestamps and lists of structures apart', async () => {
    const { cloud, run } = bench();
    cloud.stub('sagemaker', { ListEndpoints: () => ({ Endpoints: [] }) });
    await run({
      L: {
        Type: 'Task',
        Resource: 'arn:aws:states:::aws-sdk:sagemaker:listEndpoints',
        Arguments: { CreationTimeAfter: '{% $now() %}' },
        End: true,
      },
    });
    expect(cloud.calls.find((call) => call.operation === 'ListEndpoints')?.input.CreationTimeAfter).toBeInstanceOf(Date);
  });

  it.each([
    [
      'dynamodb',
      'getItem',
      'GetItem',
      { TableName: 't', Key: { a: { S: '1' } } },
      'ResourceNotFoundException',
      'DynamoDb.ResourceNotFoundException',
    ],
    ['dynamodb', 'getItem', 'GetItem', { TableName: 't', Key: { a: { S: '1' } } }, 'ValidationException', 'DynamoDb.DynamoDbException'],
    ['sagemaker', 'describeEndpoint', 'DescribeEndpoint', { EndpointName: 'e' }, 'ValidationException', 'SageMaker.SageMakerException'],
    [
      'sagemaker',
      'createEndpoint',
      'CreateEndpoint',
      { EndpointName: 'e', EndpointConfigName: 'c' },
      'ResourceLimitExceeded',
      'SageMaker.ResourceLimitExceededException',
    ],
    [
      'sagemaker',
      'createEndpoint',
      'CreateEndpoint',
      { EndpointName: 'e', EndpointConfigName: 'c' },
      'ThrottlingException',
      'SageMaker.SageMakerException',
    ],
    ['s3', 'getObject', 'GetObject', { Bucket: 'b', Key: 'k' }, 'NoSuchKey', 'S3.NoSuchKeyException'],
  ])('prefix errors: %s:%s → %s', async (service, action, operation, Arguments, code, error) => {
    const { cloud, run } = bench();
    cloud.stub(service, {
      [operation]: () => {
        throw new AwsError(code, 'no');
      },
    });
    const described = await run({ T: { Type: 'Task', Resource: `arn:aws:states:::aws-sdk:${service}:${action}`, Arguments, End: true } });
    expect(described).toMatchObject({ status: 'FAILED', error });
    expect(described.cause).toMatch(/^no \(Service: \w+, Status Code: 400, Request ID: [0-9a-f-]+\) \(SDK Attempt Count: 1\)$/);
  });

  it('reach every service that the laptop cloud simulates', () => {
    const services = [...simulatedOperations()].filter(([, operations]) => operations.length > 0).map(([service]) => service);
    const reached = services.map((service) => parseResource('T', `arn:aws:states:::aws-sdk:${service.replaceAll('-', '')}:act`).service);
    expect(reached).toEqual(services);
    expect(services).toContain('application-auto-scaling');
  });

  it('name errors of Application Auto Scaling as its SDK client does', async () => {
    const { cloud, run } = bench();
    cloud.stub('application-auto-scaling', {
      DeregisterScalableTarget: () => {
        throw new AwsError('ObjectNotFoundException', 'no');
      },
    });
    const Arguments = {
      ServiceNamespace: 'sagemaker',
      ResourceId: 'endpoint/e/variant/v',
      ScalableDimension: 'sagemaker:variant:DesiredInstanceCount',
    };
    const Resource = 'arn:aws:states:::aws-sdk:applicationautoscaling:deregisterScalableTarget';
    expect(await run({ T: { Type: 'Task', Resource, Arguments, End: true } })).toMatchObject({
      error: 'ApplicationAutoScaling.ObjectNotFoundException',
    });
  });

  it('refuse computed arguments that the operation does not know', async () => {
    const { cloud, run } = bench();
    cloud.stub('sagemaker', { DescribeEndpoint: () => ({}) });
    const task = (Arguments: unknown) => ({
      T: { Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:sagemaker:describeEndpoint', Arguments, End: true },
    });
    const described = await run(task('{% $states.input %}'), { EndpointNam: 'e' });
    expect(described).toMatchObject({ error: 'States.Runtime' });
    expect(described.cause).toContain(
      "The field 'EndpointNam' is not supported by Step Functions; The field 'EndpointName' is required but was missing",
    );
    await expect(run(task({ EndpointNam: 'e' }))).rejects.toMatchObject({ code: 'InvalidDefinition' });
  });
});

describe('Lambda', () => {
  it.each([
    [{ errorType: 'NotReady', errorMessage: 'x' }, 'NotReady', ''],
    [{ errorType: 'Sandbox.Timedout', errorMessage: 'x' }, 'Sandbox.Timedout', ''],
    [
      { errorMessage: 'x' },
      'Lambda.Unknown',
      'The cause could not be determined because Lambda did not return an error type. Returned payload: ',
    ],
  ])('errors keep their type: %j', async (report, error, before) => {
    const { cloud, run } = bench();
    cloud.stub('lambda', { Invoke: () => ({ StatusCode: 200, FunctionError: 'Unhandled', Payload: bytes(report) }) });
    expect(await run({ T: invoke })).toMatchObject({ error, cause: before + JSON.stringify(report) });
  });

  it('retries by name, in virtual time, and catches what is left', async () => {
    const { cloud, run } = bench();
    let calls = 0;
    cloud.stub('lambda', {
      Invoke: () => {
        calls += 1;
        throw new AwsError('TooManyRequestsException', 'slow down', 429);
      },
    });
    const described = await run({
      T: {
        ...invoke,
        Retry: [{ ErrorEquals: ['Lambda.TooManyRequestsException'], IntervalSeconds: 10, BackoffRate: 2, MaxAttempts: 2 }],
        Catch: [
          {
            ErrorEquals: ['States.TaskFailed'],
            Next: 'C',
            Assign: { why: '{% $states.errorOutput.Error %}' },
            Output: '{% $states.input %}',
          },
        ],
      },
      C: { Type: 'Pass', End: true, Output: '{% $why %}' },
    });
    expect(calls).toBe(3);
    expect(outputOf(described)).toBe('Lambda.TooManyRequestsException');
    expect((described.stopDate as Date).getTime() - (described.startDate as Date).getTime()).toBe(30_000 + 3 * 5);
  });

  it('times out, which States.TaskFailed does not catch', async () => {
    const { cloud, run } = bench();
    cloud.stub('lambda', { Invoke: () => cloud.clock.sleep(60_000).then(() => ({ StatusCode: 200, Payload: bytes({}) })) });
    const caught = (name: string) => ({
      T: { ...invoke, TimeoutSeconds: 5, Catch: [{ ErrorEquals: [name], Next: 'C' }] },
      C: { Type: 'Pass', End: true },
    });
    expect(outputOf(await run(caught('States.Timeout')))).toEqual({ Error: 'States.Timeout', Cause: '' });
    expect(await run(caught('States.TaskFailed'))).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });
});

describe('task tokens', () => {
  const waiting = (more: Members = {}) => ({
    T: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Arguments: { FunctionName: 'f', Payload: { token: '{% $states.context.Task.Token %}' } },
      End: true,
      ...more,
    },
  });

  function tokenBench() {
    const made = bench();
    const tokens: string[] = [];
    made.cloud.stub('lambda', {
      Invoke: ({ Payload }) => {
        tokens.push((JSON.parse(Buffer.from(Payload as Uint8Array).toString()) as { token: string }).token);
        return { StatusCode: 200, Payload: bytes(null) };
      },
    });
    return { ...made, tokens };
  }

  it('succeed with the sent output, once', async () => {
    const { cloud, start, call, tokens, history } = tokenBench();
    const executionArn = await start(waiting());
    await cloud.clock.run(cloud.clock.now() + 60_000);
    const [taskToken] = tokens;
    await expect(call('SendTaskSuccess', { taskToken, output: 'no json' })).rejects.toMatchObject({ code: 'InvalidOutput' });
    await call('SendTaskSuccess', { taskToken, output: '{"ok":true}' });
    await cloud.clock.run();
    expect(outputOf(await call('DescribeExecution', { executionArn }))).toEqual({ ok: true });
    for (const operation of ['SendTaskSuccess', 'SendTaskFailure', 'SendTaskHeartbeat'])
      await expect(call(operation, { taskToken, output: '{}' })).rejects.toMatchObject({ code: 'TaskTimedOut' });
    const types = (await history(executionArn)).map((event) => event.type as string);
    expect(types).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
  });

  it('may be answered before the call that carries them has returned', async () => {
    const made = bench();
    made.cloud.stub('lambda', {
      Invoke: async ({ Payload }) => {
        const { token } = JSON.parse(Buffer.from(Payload as Uint8Array).toString()) as { token: string };
        await made.cloud.call('sfn', 'SendTaskSuccess', { taskToken: token, output: '1' }, { kind: 'role', roleArn: ROLE });
        return { StatusCode: 200, Payload: bytes(null) };
      },
    });
    expect(outputOf(await made.run(waiting()))).toBe(1);
  });

  it('fail with the sent error', async () => {
    const { cloud, start, call, tokens } = tokenBench();
    const executionArn = await start(waiting());
    await cloud.clock.run();
    await call('SendTaskFailure', { taskToken: tokens[0], error: 'Rejected', cause: 'by risk' });
    await cloud.clock.run();
    expect(await call('DescribeExecution', { executionArn })).toMatchObject({ status: 'FAILED', error: 'Rejected', cause: 'by risk' });
  });

  it('miss their heartbeat when nobody beats, counted from the last beat', async () => {
    const { cloud, start, call, tokens } = tokenBench();
    const executionArn = await start({
      ...waiting({ HeartbeatSeconds: 300, Catch: [{ ErrorEquals: ['States.HeartbeatTimeout'], Next: 'C' }] }),
      C: { Type: 'Pass', End: true },
    });
    const startMillis = cloud.clock.now();
    await cloud.clock.run(startMillis + 200_000);
    await call('SendTaskHeartbeat', { taskToken: tokens[0] });
    await cloud.clock.run(startMillis + 499_000);
    expect((await call('DescribeExecution', { executionArn })).status).toBe('RUNNING');
    await cloud.clock.run(startMillis + 501_000);
    expect(outputOf(await call('DescribeExecution', { executionArn }))).toEqual({ Error: 'States.Timeout', Cause: '' });
    await expect(call('SendTaskSuccess', { taskToken: tokens[0], output: '1' })).rejects.toMatchObject({ code: 'TaskTimedOut' });
    expect(cloud.clock.pending).toBe(0);
  });

  it('are refused when they are none', async () => {
    const { call, tokens, start, cloud } = tokenBench();
    await start(waiting());
    await cloud.clock.run();
    await expect(call('SendTaskSuccess', { taskToken: 'x', output: '1' })).rejects.toMatchObject({ code: 'InvalidToken' });
    await expect(call('SendTaskSuccess', { taskToken: `${String(tokens[0])}x`, output: '1' })).rejects.toMatchObject({
      code: 'TaskDoesNotExist',
    });
  });

  it('ask IAM about the state machine they belong to', async () => {
    const { cloud, start, call, tokens, sfn } = tokenBench();
    await start(waiting());
    await cloud.clock.run();
    const asked: string[] = [];
    cloud.authorise = (_caller, action, resource) => asked.push(`${action} ${resource}`);
    await call('SendTaskHeartbeat', { taskToken: tokens[0] });
    expect(asked).toEqual([`states:SendTaskHeartbeat ${String(sfn.allExecutions()[0]?.machine.arn)}`]);
  });
});

describe('optimized integrations', () => {
  it('write documents as text', async () => {
    const { cloud, run } = bench();
    cloud.stub('sqs', { SendMessage: () => ({ MessageId: 'm' }) });
    cloud.stub('sns', { Publish: () => ({ MessageId: 'm' }) });
    const eventbridge = { PutEvents: () => ({ FailedEntryCount: 0, Entries: [{ EventId: 'e' }] }) };
    const made = { Type: 'Task', Next: '' };
    cloud.add({
      service: 'eventbridge',
      operations: { PutEvents: { permissions: () => [], run: eventbridge.PutEvents } },
      emitServiceEvent: () => undefined,
    } as never);
    await run({
      Q: { ...made, Resource: 'arn:aws:states:::sqs:sendMessage', Arguments: { QueueUrl: 'q', MessageBody: { a: 1 } }, Next: 'N' },
      N: { ...made, Resource: 'arn:aws:states:::sns:publish', Arguments: { TopicArn: 't', Message: { b: 2 } }, Next: 'E' },
      E: {
        Type: 'Task',
        Resource: 'arn:aws:states:::events:putEvents',
        Arguments: { Entries: [{ Source: 's', DetailType: 'd', Detail: { c: 3 } }] },
        End: true,
      },
    });
    const input = (operation: string) => cloud.calls.find((call) => call.operation === operation)?.input;
    expect(input('SendMessage')).toEqual({ QueueUrl: 'q', MessageBody: '{"a":1}' });
    expect(input('Publish')).toEqual({ TopicArn: 't', Message: '{"b":2}' });
    expect(input('PutEvents')).toEqual({ Entries: [{ Source: 's', DetailType: 'd', Detail: '{"c":3}' }] });
  });

  it('fail when an event was not taken', async () => {
    const { cloud, run } = bench();
    const output = { FailedEntryCount: 1, Entries: [{ ErrorCode: 'MalformedDetail' }] };
    cloud.add({
      service: 'eventbridge',
      operations: { PutEvents: { permissions: () => [], run: () => output } },
      emitServiceEvent: () => undefined,
    } as never);
    const task = { Type: 'Task', Resource: 'arn:aws:states:::events:putEvents', Arguments: { Entries: [{ Source: 's' }] }, End: true };
    expect(await run({ E: task })).toMatchObject({ error: 'EventBridge.FailedEntry' });
  });
});

it('lets what the laptop cloud lacks stop the run, with the state machine named', async () => {
  const { cloud, start } = bench();
  cloud.stub('lambda', {
    Invoke: () => {
      throw new UnsupportedError('layers');
    },
  });
  await start({ T: { ...invoke, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'C' }] }, C: { Type: 'Pass', End: true } });
  await expect(cloud.clock.run()).rejects.toThrow('State machine machine: layers');
});
