import type { Caller, Members } from '../../../../rehearsal/cloud/types';
import { VirtualClock } from '../../../../rehearsal/kernel/clock';
import { createCloud } from '../../../../rehearsal/kernel/cloud';
import { createRandom } from '../../../../rehearsal/kernel/random';
import { createEventBridge, type EventBridge } from '../../../../rehearsal/services/eventbridge';
import { createS3, type S3 } from '../../../../rehearsal/services/s3';
import { createScheduler } from '../../../../rehearsal/services/scheduler';
import { createStepFunctions, type StepFunctions } from '../../../../rehearsal/services/sfn';

/** Requests and answers are checked against the services' schemas here, and roles are enforced. */
const start = Date.parse('2026-03-02T09:00:00Z');
const world: Caller = { kind: 'world', principalArn: 'arn:aws:iam::123456789012:user/tester' };
const minute = 60_000;

function bench(allowed: { Action: string; Resource: string }[]) {
  const clock = new VirtualClock({ startMillis: start });
  const cloud = createCloud({
    clock,
    random: createRandom(1),
    doubles: (made) => [createStepFunctions(made), createEventBridge(made), createScheduler(made), createS3(made)],
  });
  const role = 'arn:aws:iam::123456789012:role/machine';
  cloud.iam.putRole({
    arn: role,
    name: 'machine',
    trust: {
      Statement: {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { Service: ['states.amazonaws.com', 'events.amazonaws.com', 'scheduler.amazonaws.com'] },
      },
    },
  });
  cloud.iam.putRolePolicy(role, 'inline', { Statement: allowed.map((statement) => ({ Effect: 'Allow' as const, ...statement })) });
  const call = (service: string, operation: string, input: Members) => clock.complete(cloud.call(service, operation, input, world));
  return { clock, cloud, role, call, sfn: cloud.double<StepFunctions>('sfn'), bridge: cloud.double<EventBridge>('eventbridge') };
}

function machine(states: Members): string {
  return JSON.stringify({ QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0], States: states });
}

it('answers every operation in the shapes of the API', async () => {
  const { clock, call, sfn, role } = bench([{ Action: 'states:DescribeExecution', Resource: '*' }]);
  const describe = {
    Type: 'Task',
    Resource: 'arn:aws:states:::aws-sdk:sfn:describeExecution',
    Arguments: { ExecutionArn: '{% $states.context.Execution.Id %}' },
  };
  const item = (name: string) => ({ StartAt: name, States: { [name]: { Type: 'Pass', Assign: { v: 1 }, End: true } } });
  const { arn: stateMachineArn } = sfn.putStateMachine(
    'm',
    machine({
      D: { ...describe, Next: 'M' },
      M: { Type: 'Map', Items: [1, 2], ItemProcessor: item('I'), Next: 'P' },
      P: { Type: 'Parallel', Branches: [item('B')], Next: 'X' },
      X: {
        ...describe,
        Arguments: { ExecutionArn: 'none' },
        Catch: [{ ErrorEquals: ['Sfn.ExecutionDoesNotExistException'], Next: 'Q' }],
        End: true,
      },
      Q: { Type: 'Pass', Output: '{% $missing %}', End: true },
    }),
    role,
  );
  const { executionArn } = await call('sfn', 'StartExecution', { stateMachineArn, name: 'one' });
  await clock.drain();
  expect(await call('sfn', 'DescribeExecution', { executionArn })).toMatchObject({
    status: 'FAILED',
    error: 'States.QueryEvaluationError',
  });
  const { events } = await call('sfn', 'GetExecutionHistory', { executionArn, maxResults: 1000 });
  expect((events as Members[]).at(-1)).toMatchObject({ type: 'ExecutionFailed' });
  expect((await call('sfn', 'ListExecutions', { stateMachineArn })).executions).toHaveLength(1);
  expect((await call('sfn', 'DescribeStateMachine', { stateMachineArn })).name).toBe('m');
});

it('fails a task that its role does not allow, as the service would', async () => {
  const { clock, call, cloud, sfn, role } = bench([]);
  const { arn: stateMachineArn } = sfn.putStateMachine(
    'm',
    machine({ L: { Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:scheduler:getSchedule', Arguments: { Name: 's' }, End: true } }),
    role,
  );
  const { executionArn } = await call('sfn', 'StartExecution', { stateMachineArn });
  await clock.drain();
  expect(await call('sfn', 'DescribeExecution', { executionArn })).toMatchObject({
    status: 'FAILED',
    error: 'Scheduler.SchedulerException',
  });
  expect(cloud.iam.report().denied).toMatchObject([{ action: 'scheduler:GetSchedule' }]);
});

it('starts executions from rules and schedules with their targets’ role', async () => {
  const { clock, call, sfn, bridge, role } = bench([{ Action: 'states:StartExecution', Resource: '*' }]);
  const { arn } = sfn.putStateMachine('m', machine({ P: { Type: 'Pass', End: true } }), role);
  bridge.putRule(undefined, {
    name: 'r',
    eventPattern: { source: ['app'] },
    enabled: true,
    targets: [{ Id: '1', Arn: arn, RoleArn: role, Input: '{"by":"rule"}' }],
  });
  await call('eventbridge', 'PutEvents', { Entries: [{ Source: 'app', DetailType: 'd', Detail: '{}' }] });
  const schedule = { ScheduleExpression: 'rate(1 minute)', FlexibleTimeWindow: { Mode: 'OFF' } };
  await call('scheduler', 'CreateSchedule', { Name: 's', ...schedule, Target: { Arn: arn, RoleArn: role, Input: '{"by":"schedule"}' } });
  await clock.run(start + 2.5 * minute);
  expect(sfn.allExecutions().map(({ input, status }) => `${input} ${status}`)).toEqual([
    '{"by":"schedule"} SUCCEEDED',
    '{"by":"rule"} SUCCEEDED',
    '{"by":"schedule"} SUCCEEDED',
    '{"by":"schedule"} SUCCEEDED',
  ]);
  expect((await call('scheduler', 'GetSchedule', { Name: 's' })).State).toBe('ENABLED');
  expect((await call('scheduler', 'ListSchedules', {})).Schedules).toHaveLength(1);
  expect((await call('eventbridge', 'DescribeRule', { Name: 'r' })).EventPattern).toBe('{"source":["app"]}');
  expect((await call('eventbridge', 'ListTargetsByRule', { Rule: 'r' })).Targets).toHaveLength(1);
  expect(await clock.drain()).toBe(true);
});

it('runs a Map over objects as its role, and names the permission that lacks', async () => {
  const s3 = ['s3:GetObject', 's3:PutObject'].map((Action) => ({ Action, Resource: 'arn:aws:s3:::b/*' }));
  const { clock, call, cloud, sfn, role } = bench([{ Action: 'states:StartExecution', Resource: '*:stateMachine:m' }, ...s3]);
  cloud.double<S3>('s3').createBucket('b', { versioning: undefined, objectLock: false, eventBridge: false, tags: [] });
  await call('s3', 'PutObject', { Bucket: 'b', Key: 'in.jsonl', Body: '{"a":1}\n{"a":2}' });
  const put = (Key: string): string => {
    const config = { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' };
    const map = {
      Type: 'Map',
      ItemReader: { Resource: 'arn:aws:states:::s3:getObject', ReaderConfig: { InputType: 'JSONL' }, Arguments: { Bucket: 'b', Key } },
      ItemProcessor: { ProcessorConfig: config, StartAt: 'P', States: { P: { Type: 'Pass', End: true } } },
      ResultWriter: { Resource: 'arn:aws:states:::s3:putObject', Arguments: { Bucket: 'b', Prefix: 'out' } },
      End: true,
    };
    return sfn.putStateMachine('m', machine({ M: map }), role).arn;
  };
  const run = async (Key: string) => {
    const { executionArn } = await call('sfn', 'StartExecution', { stateMachineArn: put(Key) });
    expect(await clock.drain()).toBe(true);
    return call('sfn', 'DescribeExecution', { executionArn });
  };
  const described = await run('in.jsonl');
  expect(described).toMatchObject({ status: 'SUCCEEDED' });
  const { MapRunArn: mapRunArn } = JSON.parse(described.output as string) as { MapRunArn: string };
  expect(await call('sfn', 'DescribeMapRun', { mapRunArn })).toMatchObject({ status: 'SUCCEEDED', itemCounts: { succeeded: 2 } });
  expect((await call('sfn', 'ListMapRuns', { executionArn: described.executionArn })).mapRuns).toHaveLength(1);
  expect((await call('sfn', 'ListExecutions', { mapRunArn })).executions).toHaveLength(2);
  const { events } = await call('sfn', 'GetExecutionHistory', { executionArn: described.executionArn, reverseOrder: true });
  expect((events as Members[])[0]).toMatchObject({ type: 'ExecutionSucceeded' });

  cloud.iam.putRolePolicy(role, 'no-reading', { Statement: { Effect: 'Deny', Action: 's3:GetObject', Resource: '*' } });
  expect(await run('in.jsonl')).toMatchObject({ status: 'FAILED', error: 'States.ItemReaderFailed' });
  cloud.iam.removeRolePolicy(role, 'no-reading');
  cloud.iam.putRolePolicy(role, 'no-children', { Statement: { Effect: 'Deny', Action: 'states:StartExecution', Resource: '*' } });
  expect(await run('in.jsonl')).toMatchObject({ status: 'FAILED', error: 'States.Permissions' });
  expect(new Set(cloud.iam.report().denied.map(({ action }) => action))).toEqual(new Set(['s3:GetObject', 'states:StartExecution']));
});

it('answers express executions and activities in the shapes of the API', async () => {
  const { call, sfn, role } = bench([]);
  const wait = { W: { Type: 'Wait', Seconds: 1, End: true } };
  const { arn } = sfn.putStateMachine('quick', machine(wait), role, 'EXPRESS');
  expect(await call('sfn', 'StartSyncExecution', { stateMachineArn: arn, input: '{"a":1}', name: 'run' })).toMatchObject({
    status: 'SUCCEEDED',
    output: '{"a":1}',
    billingDetails: { billedDurationInMilliseconds: 1000 },
  });
  const { activityArn } = await call('sfn', 'CreateActivity', { name: 'review' });
  expect(await call('sfn', 'DescribeActivity', { activityArn })).toMatchObject({ name: 'review' });
  expect((await call('sfn', 'ListActivities', {})).activities).toHaveLength(1);
  expect(await call('sfn', 'GetActivityTask', { activityArn })).toEqual({});
  await call('sfn', 'DeleteActivity', { activityArn });
});
