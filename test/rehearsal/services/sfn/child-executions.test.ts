import type { Members } from '../../../../rehearsal/cloud/types';
import { bench, outputOf, ROLE } from './support';

/** A machine beside a child that waits 30 seconds, then answers or fails. */
function parentBench(last: Members = { Type: 'Pass', End: true, Output: { got: '{% $states.input.a %}' } }) {
  const made = bench();
  const states = { W: { Type: 'Wait', Seconds: 30, Next: 'L' }, L: last };
  const child = made.sfn.putStateMachine('child', JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'W', States: states }), ROLE);
  const task = (suffix: string, more: Members = {}) => ({
    S: {
      Type: 'Task',
      Resource: `arn:aws:states:::states:startExecution${suffix}`,
      Arguments: { StateMachineArn: child.arn, Input: { a: 1 }, Name: 'n' },
      End: true,
      ...more,
    },
  });
  const statuses = (): string[] => made.sfn.allExecutions().map(({ machine, status }) => `${machine.name} ${status}`);
  return { ...made, task, statuses };
}

describe('states:startExecution', () => {
  it('goes on at once', async () => {
    const { run, task } = parentBench();
    const described = await run(task(''));
    expect(outputOf(described)).toMatchObject({ ExecutionArn: 'arn:aws:states:us-east-1:111111111111:execution:child:n' });
    expect((described.stopDate as Date).getTime() - (described.startDate as Date).getTime()).toBe(5);
  });

  it.each([
    ['.sync', '{"a":1}', '{"got":1}'],
    ['.sync:2', { a: 1 }, { got: 1 }],
  ])('%s waits, and hands on the description', async (suffix, Input, Output) => {
    const { run, task, history } = parentBench();
    const described = await run(task(suffix));
    expect(outputOf(described)).toMatchObject({ Name: 'n', Status: 'SUCCEEDED', Input, Output, StartDate: expect.any(String) as unknown });
    const events = await history(described.executionArn as string);
    expect(events.map(({ type }) => type as string)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
    expect(events[2]?.taskScheduledEventDetails).toMatchObject({ resourceType: 'states', resource: `startExecution${suffix}` });
  });

  it.each(['.sync', '.sync:2'])('%s fails with what the child failed with', async (suffix) => {
    const { run, task } = parentBench({ Type: 'Fail', Error: 'Broken', Cause: 'it is' });
    const described = await run({
      ...task(suffix, { Catch: [{ ErrorEquals: ['States.TaskFailed'], Next: 'C' }] }),
      C: { Type: 'Pass', End: true, Output: '{% $parse($states.input.Cause) %}' },
    });
    expect(outputOf(described)).toMatchObject({ Status: 'FAILED', Error: 'Broken', Cause: 'it is' });
  });

  it('stops the child when its own time is up', async () => {
    const { run, task, statuses, cloud } = parentBench();
    expect(await run(task('.sync', { TimeoutSeconds: 10 }))).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    expect(statuses()).toEqual(['machine FAILED', 'child ABORTED']);
    expect(cloud.clock.pending).toBe(0);
  });

  it('stops the child when it is stopped', async () => {
    const { start, task, statuses, cloud, call } = parentBench();
    const executionArn = await start(task('.sync:2'));
    await cloud.clock.run(cloud.clock.now() + 10_000);
    await call('StopExecution', { executionArn });
    await cloud.clock.run();
    expect(statuses()).toEqual(['machine ABORTED', 'child ABORTED']);
  });

  it('says that a name is taken as the service does', async () => {
    const { run, task } = parentBench();
    await run(task(''));
    const again = await run(task('', { Arguments: { ...task('').S.Arguments, Input: { a: 2 } } }));
    expect(again).toMatchObject({ status: 'FAILED', error: 'StepFunctions.ExecutionAlreadyExistsException' });
  });
});
