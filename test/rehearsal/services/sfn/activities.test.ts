import type { Members } from '../../../../rehearsal/cloud/types';
import { sfnResources, type WaitingTask } from '../../../../rehearsal/services/sfn';
import { world } from '../../support/fake-cloud';
import { bench, outputOf, type Bench } from './support';

const ARN = 'arn:aws:states:us-east-1:111111111111:activity:review';
const review = (more: Members = {}) => ({ R: { Type: 'Task', Resource: ARN, Parameters: { 'id.$': '$.id' }, End: true, ...more } });
const start = (test: Bench, states: Members, input: unknown = { id: 1 }) => test.start(states, input, { QueryLanguage: 'JSONPath' });

/** A poll that runs in virtual time beside what else happens. */
const poll = (test: Bench) => test.cloud.call('sfn', 'GetActivityTask', { activityArn: ARN, workerName: 'Ann' }, world);

async function prepared(): Promise<Bench> {
  const test = bench();
  await test.call('CreateActivity', { name: 'review' });
  return test;
}

const types = async (test: Bench, executionArn: string) => (await test.history(executionArn)).map(({ type }) => type as string);

it('hands its task to a worker, who answers by its token', async () => {
  const test = await prepared();
  const executionArn = await start(test, review({ ResultPath: '$.review' }));
  const { taskToken, input } = await test.call('GetActivityTask', { activityArn: ARN, workerName: 'Ann' });
  expect(input).toBe('{"id":1}');
  await test.call('SendTaskSuccess', { taskToken, output: '{"fine":true}' });
  await test.cloud.clock.run();
  expect(outputOf(await test.call('DescribeExecution', { executionArn }))).toEqual({ id: 1, review: { fine: true } });
  const history = await test.history(executionArn);
  expect(history.map(({ type }) => type as string)).toEqual([
    'ExecutionStarted',
    'TaskStateEntered',
    'ActivityScheduled',
    'ActivityStarted',
    'ActivitySucceeded',
    'TaskStateExited',
    'ExecutionSucceeded',
  ]);
  expect(history[2]).toMatchObject({ activityScheduledEventDetails: { resource: ARN, input: '{"id":1}' } });
  expect(history[3]).toMatchObject({ activityStartedEventDetails: { workerName: 'Ann' } });
});

it('lets a worker wait a minute, and gives tasks in their order', async () => {
  const test = await prepared();
  const empty = poll(test);
  await test.cloud.clock.run();
  expect(await empty).toEqual({});
  const waiting = [poll(test), poll(test)];
  await test.cloud.clock.run(test.cloud.clock.now() + 1000);
  await start(test, review(), { id: 'a' });
  await start(test, review(), { id: 'b' });
  expect((await Promise.all(waiting)).map(({ input }) => input as string)).toEqual(['{"id":"a"}', '{"id":"b"}']);
});

it('fails by the worker, by a missed heartbeat, and where nobody works', async () => {
  const test = await prepared();
  const failed = await start(test, review());
  const { taskToken } = await test.call('GetActivityTask', { activityArn: ARN });
  await test.call('SendTaskFailure', { taskToken, error: 'Sorry', cause: 'no' });
  await test.cloud.clock.run();
  expect(await test.call('DescribeExecution', { executionArn: failed })).toMatchObject({ status: 'FAILED', error: 'Sorry' });
  expect(await types(test, failed)).toContain('ActivityFailed');

  const silent = await start(test, review({ HeartbeatSeconds: 10, TimeoutSeconds: 100 }));
  await test.cloud.clock.run(test.cloud.clock.now() + 30_000);
  // Heartbeats count from when the task is taken.
  const taken = await test.call('GetActivityTask', { activityArn: ARN });
  await test.cloud.clock.run(test.cloud.clock.now() + 8000);
  await test.call('SendTaskHeartbeat', { taskToken: taken.taskToken as string });
  await test.cloud.clock.run();
  expect(await test.call('DescribeExecution', { executionArn: silent })).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  expect(await types(test, silent)).toEqual(expect.arrayContaining(['ActivityStarted', 'ActivityTimedOut']));
  await expect(test.call('SendTaskSuccess', { taskToken: taken.taskToken as string, output: '1' })).rejects.toMatchObject({
    code: 'TaskTimedOut',
  });

  const alone = await start(test, review({ TimeoutSeconds: 60 }));
  await test.cloud.clock.run();
  expect(await types(test, alone)).toEqual(expect.arrayContaining(['ActivityScheduled', 'ActivityTimedOut']));
  expect(await types(test, alone)).not.toContain('ActivityStarted');
  // The task that ended is nobody's to take.
  const late = poll(test);
  await test.cloud.clock.run();
  expect(await late).toEqual({});
});

it('is described, listed and deleted', async () => {
  const test = await prepared();
  expect(await test.call('CreateActivity', { name: 'review' })).toMatchObject({ activityArn: ARN });
  expect(await test.call('DescribeActivity', { activityArn: ARN })).toMatchObject({ name: 'review' });
  expect((await test.call('ListActivities', {})).activities).toHaveLength(1);
  await expect(test.call('CreateActivity', { name: 'a b' })).rejects.toMatchObject({ code: 'InvalidName' });
  await test.call('DeleteActivity', { activityArn: ARN });
  await expect(test.call('GetActivityTask', { activityArn: ARN })).rejects.toMatchObject({ code: 'ActivityDoesNotExist' });
  const executionArn = await start(test, review({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'R' }] }));
  await test.cloud.clock.run();
  expect(await test.call('DescribeExecution', { executionArn })).toMatchObject({
    error: 'States.Runtime',
    cause: `An error occurred while executing the state 'R' (entered at the event id #2). The activity ${ARN} does not exist.`,
  });
});

it('tells who listens of every task that waits', async () => {
  const test = await prepared();
  test.cloud.stub('sqs', { SendMessage: () => ({ MessageId: 'm' }) });
  const heard: WaitingTask[] = [];
  test.sfn.onTaskWaiting((task) => heard.push(task));
  const message = { QueueUrl: 'q', MessageBody: { 'token.$': '$$.Task.Token' } };
  const ask = { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken', Parameters: message, Next: 'R' };
  await start(test, { Q: ask, ...review() });
  await test.cloud.clock.run(test.cloud.clock.now() + 1000);
  const [asked] = heard;
  expect(asked).toMatchObject({ state: 'Q', input: { id: 1 }, arguments: { QueueUrl: 'q', MessageBody: { token: asked?.token } } });
  await test.call('SendTaskSuccess', { taskToken: asked?.token, output: '{"id":2}' });
  await test.cloud.clock.run(test.cloud.clock.now() + 1000);
  expect(heard[1]).toMatchObject({ state: 'R', input: { id: 2 }, arguments: { id: 2 }, activityArn: ARN });
});

it('is made and removed by CloudFormation', async () => {
  const { cloud, call } = bench();
  const type = sfnResources.find((resource) => resource.type === 'AWS::StepFunctions::Activity');
  const context = { cloud, physicalName: () => 'stack-Review-1' } as never;
  const created = await type?.create({}, context);
  expect(created).toEqual({
    ref: 'arn:aws:states:us-east-1:111111111111:activity:stack-Review-1',
    attributes: { Arn: 'arn:aws:states:us-east-1:111111111111:activity:stack-Review-1', Name: 'stack-Review-1' },
  });
  expect(type?.refuse?.({ Name: 'a', Colour: 'red' }, context)).toEqual(['property Colour']);
  if (created !== undefined) await type?.remove(created, {}, context);
  expect((await call('ListActivities', {})).activities).toEqual([]);
});
