import { machinePicture, type MachinePicture } from '../../../rehearsal/application/pictures';
import type { Members } from '../../../rehearsal/cloud/types';
import { createStepFunctions } from '../../../rehearsal/services/sfn';
import { FakeCloud, world } from '../support/fake-cloud';

const ROLE = 'arn:aws:iam::111111111111:role/machine';
const TASK = 'arn:aws:lambda:us-east-1:111111111111:function:charge';

/** Runs a machine once for each input; its function fails as often as the input says. */
async function pictured(states: Members, inputs: unknown[]): Promise<MachinePicture> {
  const cloud = new FakeCloud();
  cloud.add({ service: 'eventbridge', operations: {}, emitServiceEvent: () => undefined } as never);
  const failures = new Map<string, number>();
  cloud.stub('lambda', {
    Invoke: ({ Payload }) => {
      const { id, fails = 0 } = JSON.parse(Buffer.from(Payload as Uint8Array).toString()) as { id: string; fails?: number };
      const before = failures.get(id) ?? 0;
      failures.set(id, before + 1);
      const report = { errorType: 'Declined', errorMessage: 'no' };
      return {
        ...(before < fails ? { FunctionError: 'Unhandled' } : {}),
        Payload: Buffer.from(JSON.stringify(before < fails ? report : {})),
      };
    },
  });
  const sfn = cloud.add(createStepFunctions(cloud));
  const machine = sfn.putStateMachine('orders', JSON.stringify({ StartAt: Object.keys(states)[0], States: states }), ROLE);
  inputs.forEach((input, index) => {
    void cloud.call('sfn', 'StartExecution', { stateMachineArn: machine.arn, name: `e${index}`, input: JSON.stringify(input) }, world);
  });
  await cloud.clock.run();
  return machinePicture('Shop/Orders', machine, sfn.allExecutions());
}

const order = {
  Charge: {
    Type: 'Task',
    Resource: TASK,
    ResultPath: null,
    Retry: [{ ErrorEquals: ['Declined'], MaxAttempts: 1 }],
    Catch: [{ ErrorEquals: ['Declined', 'States.Timeout'], ResultPath: null, Next: 'Refused' }],
    Next: 'Large',
  },
  Large: { Type: 'Choice', Choices: [{ Variable: '$.total', NumericGreaterThan: 100, Next: 'Both' }], Default: 'Done' },
  Both: { Type: 'Parallel', Branches: [{ StartAt: 'Ship', States: { Ship: { Type: 'Pass', End: true } } }], Next: 'Done' },
  Done: { Type: 'Succeed' },
  Refused: { Type: 'Fail', Error: 'Refused' },
};

it('counts how often states were entered, failed and were tried again, and which way executions went', async () => {
  const picture = await pictured(order, [
    { id: 'a', total: 1 },
    { id: 'b', total: 200 },
    { id: 'c', total: 1, fails: 1 },
    { id: 'd', total: 1, fails: 2 },
  ]);
  expect(picture).toMatchObject({ stateMachine: 'Shop/Orders', executions: 4 });
  expect(picture.counts).toEqual({
    Charge: { entered: 4, failed: 1, retried: 2 },
    Large: { entered: 3, failed: 0, retried: 0 },
    Both: { entered: 1, failed: 0, retried: 0 },
    Ship: { entered: 1, failed: 0, retried: 0 },
    Done: { entered: 3, failed: 0, retried: 0 },
    Refused: { entered: 1, failed: 1, retried: 0 },
  });
  expect(picture.moves).toEqual([
    { from: 'Charge', to: 'Large', caught: false, count: 3 },
    { from: 'Large', to: 'Done', caught: false, count: 2 },
    { from: 'Large', to: 'Both', caught: false, count: 1 },
    { from: 'Both', to: 'Done', caught: false, count: 1 },
    { from: 'Charge', to: 'Refused', caught: true, count: 1 },
  ]);
});

it('tells what follows what, catchers with their errors, and what is inside a Parallel or a Map', async () => {
  const { flow } = await pictured(order, []);
  expect(flow.startAt).toBe('Charge');
  expect(flow.states[0]).toEqual({
    name: 'Charge',
    type: 'Task',
    arrows: [
      { to: 'Large', kind: 'next' },
      { to: 'Refused', kind: 'catch', words: 'Declined, States.Timeout' },
    ],
    ends: false,
    inner: [],
  });
  expect(flow.states[1]?.arrows).toEqual([
    { to: 'Both', kind: 'rule' },
    { to: 'Done', kind: 'default' },
  ]);
  expect(flow.states[2]?.inner).toEqual([{ startAt: 'Ship', states: [{ name: 'Ship', type: 'Pass', arrows: [], ends: true, inner: [] }] }]);
});

it('marks the state in which an execution failed, and the Map around it', async () => {
  const inner = { StartAt: 'Bad', States: { Bad: { Type: 'Pass', InputPath: '$.missing', End: true } } };
  const { counts } = await pictured({ Each: { Type: 'Map', ItemsPath: '$.items', ItemProcessor: inner, End: true } }, [{ items: [1, 2] }]);
  expect(counts.Each).toEqual({ entered: 1, failed: 1, retried: 0 });
  expect(counts.Bad?.failed).toBeGreaterThanOrEqual(1);
});
