import { AwsError, UnsupportedError, type Caller, type Members } from '../../../../rehearsal/cloud/types';
import { createScheduler, schedulerResources } from '../../../../rehearsal/services/scheduler';
import { FakeCloud, world } from '../../support/fake-cloud';
import { resourceContext } from '../../support/resource-context';

const ROLE = 'arn:aws:iam::111111111111:role/scheduler';
const minute = 60_000;

interface Invoked {
  payload: string;
  caller: Caller;
  atMillis: number;
}

function bench() {
  const cloud = new FakeCloud();
  const invoked: Invoked[] = [];
  const letters: Members[] = [];
  const failing: { error: AwsError | undefined } = { error: undefined };
  cloud.stub('lambda', {
    Invoke: (input, caller) => {
      invoked.push({ payload: Buffer.from(input.Payload as Uint8Array).toString(), caller, atMillis: cloud.clock.now() });
      if (failing.error !== undefined) throw failing.error;
      return { StatusCode: 202 };
    },
  });
  cloud.stub('sqs', {
    GetQueueUrl: ({ QueueName }) => ({ QueueUrl: `https://sqs/${String(QueueName)}` }),
    SendMessage: (input) => {
      letters.push(input);
      return {};
    },
  });
  cloud.stub('sfn', { StartExecution: () => ({}) });
  cloud.add(createScheduler(cloud));
  const call = async (operation: string, input: Members): Promise<Members> => {
    const answer = cloud.call('scheduler', operation, input, world);
    answer.catch(() => undefined);
    await cloud.clock.run(cloud.clock.now() + 5);
    return answer;
  };
  const runFor = (millis: number) => cloud.clock.run(cloud.clock.now() + millis);
  return { cloud, invoked, letters, failing, call, runFor };
}

const target = (more: Members = {}) => ({
  Arn: 'arn:aws:lambda:us-east-1:111111111111:function:verdict',
  RoleArn: ROLE,
  Input: '{"look":1}',
  ...more,
});
const schedule = (more: Members = {}) => ({
  Name: 'clock',
  ScheduleExpression: 'rate(1 minute)',
  FlexibleTimeWindow: { Mode: 'OFF' },
  Target: target(),
  ...more,
});

it('invokes its target with the target role, first at once and then every period', async () => {
  const { invoked, call, runFor, cloud } = bench();
  await call('CreateSchedule', schedule());
  const startMillis = cloud.clock.now();
  await runFor(2.5 * minute);
  expect(invoked.map(({ atMillis }) => Math.round((atMillis - startMillis) / minute))).toEqual([0, 1, 2]);
  expect(invoked[0]).toMatchObject({ payload: '{"look":1}', caller: { kind: 'role', roleArn: ROLE } });
  await call('DeleteSchedule', { Name: 'clock' });
  await runFor(10 * minute);
  expect(invoked).toHaveLength(3);
  await expect(call('GetSchedule', { Name: 'clock' })).rejects.toMatchObject({ code: 'ResourceNotFoundException', statusCode: 404 });
});

it('runs a minute schedule over a week with one timer', async () => {
  const { invoked, call, runFor, cloud } = bench();
  await call('CreateSchedule', schedule());
  await runFor(7 * 24 * 60 * minute + 1000);
  expect(invoked).toHaveLength(7 * 24 * 60 + 1);
  expect(cloud.clock.pending).toBe(1);
});

it('is paused, resumed and described', async () => {
  const { invoked, call, runFor } = bench();
  await call('CreateSchedule', schedule({ State: 'DISABLED' }));
  await runFor(5 * minute);
  expect(invoked).toHaveLength(0);
  await call('UpdateSchedule', schedule({ State: 'ENABLED' }));
  await runFor(0.5 * minute);
  expect(invoked).toHaveLength(1);
  expect(await call('GetSchedule', { Name: 'clock' })).toMatchObject({
    State: 'ENABLED',
    GroupName: 'default',
    ScheduleExpression: 'rate(1 minute)',
  });
  expect((await call('ListSchedules', { State: 'DISABLED' })).Schedules).toEqual([]);
  expect((await call('ListSchedules', { NamePrefix: 'cl' })).Schedules).toMatchObject([{ Name: 'clock', Target: { Arn: target().Arn } }]);
});

it('runs once at its time and deletes itself when told to', async () => {
  const { invoked, call, runFor } = bench();
  await call('CreateSchedule', schedule({ ScheduleExpression: 'at(2026-03-02T10:00:00)', ActionAfterCompletion: 'DELETE' }));
  await runFor(120 * minute);
  expect(invoked).toHaveLength(1);
  expect(new Date(invoked[0]?.atMillis ?? 0).toISOString()).toBe('2026-03-02T10:00:00.005Z');
  await expect(call('GetSchedule', { Name: 'clock' })).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
});

it('retries trouble within its age and attempts, then writes a dead letter', async () => {
  const { invoked, letters, failing, call, runFor, cloud } = bench();
  failing.error = new AwsError('ServiceException', 'down', 500);
  const Target = target({
    RetryPolicy: { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 60 },
    DeadLetterConfig: { Arn: 'arn:aws:sqs:us-east-1:111111111111:dead' },
  });
  await call('CreateSchedule', schedule({ ScheduleExpression: 'at(2026-03-02T10:00:00)', Target }));
  await runFor(120 * minute);
  expect(invoked).toHaveLength(3);
  expect(letters).toMatchObject([
    {
      QueueUrl: 'https://sqs/dead',
      MessageBody: '{"look":1}',
      MessageAttributes: { ERROR_CODE: { StringValue: 'ServiceException' }, RETRY_ATTEMPTS: { StringValue: '2' } },
    },
  ]);
  expect(cloud.log.some((entry) => entry.source === 'scheduler' && entry.event === 'delivery-failed')).toBe(true);
});

it('does not retry what is forbidden, nor anything when told not to', async () => {
  const { invoked, failing, call, runFor } = bench();
  failing.error = new AwsError('AccessDeniedException', 'no', 403);
  await call('CreateSchedule', schedule({ ScheduleExpression: 'at(2026-03-02T10:00:00)' }));
  failing.error = new AwsError('TooManyRequestsException', 'slow', 429);
  await call(
    'CreateSchedule',
    schedule({ Name: 'late', ScheduleExpression: 'at(2026-03-02T11:00:00)', Target: target({ RetryPolicy: { MaximumRetryAttempts: 0 } }) }),
  );
  failing.error = new AwsError('AccessDeniedException', 'no', 403);
  await runFor(90 * minute);
  failing.error = new AwsError('TooManyRequestsException', 'slow', 429);
  await runFor(90 * minute);
  expect(invoked).toHaveLength(2);
});

it('writes its own facts into the input, or sends an event of its own without one', async () => {
  const { invoked, call, runFor } = bench();
  await call(
    'CreateSchedule',
    schedule({ ScheduleExpression: 'at(2026-03-02T10:00:00)', Target: target({ Input: '{"at":"<aws.scheduler.scheduled-time>"}' }) }),
  );
  await call(
    'CreateSchedule',
    schedule({ Name: 'plain', ScheduleExpression: 'at(2026-03-02T10:01:00)', Target: target({ Input: undefined }) }),
  );
  await runFor(120 * minute);
  expect(JSON.parse(invoked[0]?.payload ?? '')).toEqual({ at: '2026-03-02T10:00:00Z' });
  expect(JSON.parse(invoked[1]?.payload ?? '')).toMatchObject({ source: 'aws.scheduler', 'detail-type': 'Scheduled Event', detail: '{}' });
});

it('asks IAM for the schedule and for passing the role', async () => {
  const { cloud, call } = bench();
  const asked: string[] = [];
  cloud.authorise = (_caller, action, resource) => asked.push(`${action} ${resource}`);
  await call('CreateSchedule', schedule());
  expect(asked.slice(0, 2)).toEqual([
    'scheduler:CreateSchedule arn:aws:scheduler:us-east-1:111111111111:schedule/default/clock',
    `iam:PassRole ${ROLE}`,
  ]);
});

it.each<[Members, string]>([
  [{ ScheduleExpression: 'sometimes' }, 'ValidationException'],
  [{ Name: 'a b' }, 'ValidationException'],
  [{ GroupName: 'none' }, 'ResourceNotFoundException'],
])('refuses %j as AWS does', async (more, code) => {
  await expect(bench().call('CreateSchedule', schedule(more))).rejects.toMatchObject({ code });
});

it.each<[Members, string]>([
  [{ FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: 5 } }, 'FlexibleTimeWindow FLEXIBLE'],
  [{ ScheduleExpressionTimezone: 'Europe/Berlin' }, 'Europe/Berlin'],
  [{ Target: target({ Arn: 'arn:aws:scheduler:::aws-sdk:sqs:purgeQueue' }) }, 'aws-sdk:sqs:purgeQueue'],
  [{ Target: target({ EcsParameters: {} }) }, 'Target.EcsParameters'],
])('refuses %j by name', async (more, message) => {
  await expect(bench().call('CreateSchedule', schedule(more))).rejects.toThrow(message);
  await expect(bench().call('CreateSchedule', schedule(more))).rejects.toThrow(UnsupportedError);
});

it('refuses a second schedule of the same name', async () => {
  const { call } = bench();
  await call('CreateSchedule', schedule());
  await expect(call('CreateSchedule', schedule())).rejects.toMatchObject({ code: 'ConflictException', statusCode: 409 });
});

it('is made, changed and removed by CloudFormation, in groups', async () => {
  const { cloud, invoked, runFor } = bench();
  const [scheduleType, groupType] = schedulerResources;
  if (scheduleType === undefined || groupType === undefined) throw new Error('two resource types');
  const group = await groupType.create({ Name: 'release' }, resourceContext(cloud, 'Group'));
  const properties: Members = { ...schedule({ GroupName: 'release' }), Name: undefined };
  const context = resourceContext(cloud, 'Verdict');
  const created = await scheduleType.create(properties, context);
  expect(created).toEqual({
    ref: 'stack-Verdict-ABC',
    attributes: { Arn: 'arn:aws:scheduler:us-east-1:111111111111:schedule/release/stack-Verdict-ABC', GroupName: 'release' },
  });
  await runFor(1.5 * minute);
  expect(invoked).toHaveLength(2);
  await scheduleType.update?.({ ...properties, State: 'DISABLED' }, properties, created, context);
  await runFor(5 * minute);
  expect(invoked).toHaveLength(2);
  expect(() => scheduleType.update?.({ ...properties, GroupName: 'default' }, properties, created, context)).toThrow('GroupName');
  await scheduleType.remove(created, properties, context);
  await scheduleType.remove(created, properties, context);
  await groupType.remove(group, {}, resourceContext(cloud, 'Group'));
});

it('does a request with the same ClientToken once, and refuses the token for another request', async () => {
  const { call } = bench();
  const created = await call('CreateSchedule', schedule({ ClientToken: 't1' }));
  expect(await call('CreateSchedule', schedule({ ClientToken: 't1' }))).toEqual(created);
  await expect(call('CreateSchedule', schedule({ ClientToken: 't1', Description: 'other' }))).rejects.toMatchObject({
    code: 'ConflictException',
    message: expect.stringContaining('t1'),
  });
  await expect(call('CreateSchedule', schedule({ ClientToken: 't2' }))).rejects.toMatchObject({ code: 'ConflictException' });
  await call('DeleteSchedule', { Name: 'clock', ClientToken: 't3' });
  await call('DeleteSchedule', { Name: 'clock', ClientToken: 't3' });
  await expect(call('DeleteSchedule', { Name: 'clock', ClientToken: 't4' })).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  // A request that failed is not remembered.
  await call('CreateSchedule', schedule({ ClientToken: 't2' }));
});

it('forgets a ClientToken after an hour', async () => {
  const { call, runFor } = bench();
  await call('CreateSchedule', schedule({ ClientToken: 't1', State: 'DISABLED' }));
  await runFor(60 * minute);
  await expect(call('CreateSchedule', schedule({ ClientToken: 't1', State: 'DISABLED' }))).rejects.toMatchObject({
    code: 'ConflictException',
    message: expect.stringContaining('already exists'),
  });
});
