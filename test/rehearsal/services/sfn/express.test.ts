import { UnsupportedError, type Members } from '../../../../rehearsal/cloud/types';
import type { StateMachine } from '../../../../rehearsal/services/sfn/execution';
import { world } from '../../support/fake-cloud';
import { bench, outputOf, ROLE, type Bench } from './support';

const pass = { P: { Type: 'Pass', Parameters: { 'who.$': '$.who' }, End: true } };
const definition = (states: Members) => JSON.stringify({ StartAt: Object.keys(states)[0], States: states });

function express(test: Bench, states: Members): StateMachine {
  return test.sfn.putStateMachine('quick', definition(states), ROLE, 'EXPRESS');
}

/** StartSyncExecution, to its end. */
async function sync(test: Bench, { arn }: StateMachine, input: unknown, name?: string): Promise<Members> {
  const more = name === undefined ? {} : { name };
  const answer = test.cloud.call('sfn', 'StartSyncExecution', { stateMachineArn: arn, input: JSON.stringify(input), ...more }, world);
  answer.catch(() => undefined);
  await test.cloud.clock.run();
  return answer;
}

it('answers with the output when the execution has ended', async () => {
  const test = bench();
  const machine = express(test, { W: { Type: 'Wait', Seconds: 2, Next: 'P' }, ...pass });
  const answer = await sync(test, machine, { who: 'Ann' }, 'run');
  expect(answer).toMatchObject({
    name: 'run',
    status: 'SUCCEEDED',
    stateMachineArn: machine.arn,
    input: '{"who":"Ann"}',
    output: '{"who":"Ann"}',
    billingDetails: { billedMemoryUsedInMB: 64, billedDurationInMilliseconds: 2000 },
  });
  expect(answer.executionArn).toMatch(/^arn:aws:states:us-east-1:111111111111:express:quick:run:[0-9a-f-]{36}$/);
  // Another of the same name runs as well.
  expect((await sync(test, machine, { who: 'Bea' }, 'run')).output).toBe('{"who":"Bea"}');
  // The bus hears nothing of express executions.
  expect(test.events).toEqual([]);
});

it('answers with the error, and after five minutes with a timeout', async () => {
  const test = bench();
  expect(await sync(test, express(test, { F: { Type: 'Fail', Error: 'Sorry', Cause: 'no' } }), {})).toMatchObject({
    status: 'FAILED',
    error: 'Sorry',
    cause: 'no',
  });
  const started = test.cloud.clock.now();
  const slow = express(test, { W: { Type: 'Wait', Seconds: 301, End: true } });
  expect(await sync(test, slow, {})).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout' });
  expect(Math.round((test.cloud.clock.now() - started) / 1000)).toBe(300);
});

it('starts without waiting, and tells nobody how it went', async () => {
  const test = bench();
  const machine = express(test, pass);
  const { executionArn } = await test.call('StartExecution', { stateMachineArn: machine.arn, input: '{"who":"Ann"}' });
  await test.cloud.clock.run();
  expect(test.sfn.allExecutions().map(({ status }) => status)).toEqual(['SUCCEEDED']);
  for (const operation of ['DescribeExecution', 'StopExecution', 'GetExecutionHistory'])
    await expect(test.call(operation, { executionArn })).rejects.toMatchObject({ code: 'InvalidArn' });
  await expect(test.call('ListExecutions', { stateMachineArn: machine.arn })).rejects.toMatchObject({
    code: 'StateMachineTypeNotSupported',
  });
  expect(await test.call('DescribeStateMachine', { stateMachineArn: machine.arn })).toMatchObject({ type: 'EXPRESS' });
});

it('a standard machine does not answer at once', async () => {
  const test = bench();
  const machine = test.sfn.putStateMachine('slow', definition(pass), ROLE);
  await expect(sync(test, machine, {})).rejects.toMatchObject({ code: 'StateMachineTypeNotSupported' });
});

it('runs the items of a distributed Map, which can be looked at', async () => {
  const test = bench();
  const map = {
    M: {
      Type: 'Map',
      ItemsPath: '$.list',
      ItemProcessor: { StartAt: 'P', States: pass, ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' } },
      End: true,
    },
  };
  expect(outputOf(await test.run(map, { list: [{ who: 'Ann' }] }, { QueryLanguage: 'JSONPath' }))).toEqual([{ who: 'Ann' }]);
  const child = test.sfn.allExecutions().find(({ isExpress }) => isExpress);
  expect(child?.arn).toContain(':express:machine/');
  expect(await test.call('DescribeExecution', { executionArn: child?.arn ?? '' })).toMatchObject({ status: 'SUCCEEDED' });
});

it.each<[string, Members, string]>([
  ['a job that is waited for', { Type: 'Task', Resource: 'arn:aws:states:::states:startExecution.sync' }, "do not support '.sync'"],
  ['a token', { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken' }, "do not support '.waitForTaskToken'"],
  ['an activity', { Type: 'Task', Resource: 'arn:aws:states:us-east-1:111111111111:activity:a' }, 'do not support activities'],
  [
    'a distributed Map',
    {
      Type: 'Map',
      ItemProcessor: { StartAt: 'P', States: pass, ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } },
    },
    'do not support distributed Maps',
  ],
])('does not take %s', (_what, state, message) => {
  const test = bench();
  expect(() => express(test, { A: { ...state, End: true } })).toThrow(message);
  expect(() => express(test, { A: { ...state, End: true } })).not.toThrow(UnsupportedError);
});
