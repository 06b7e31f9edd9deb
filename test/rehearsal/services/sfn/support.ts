import type { Members } from '../../../../rehearsal/cloud/types';
import { createStepFunctions, type StepFunctions } from '../../../../rehearsal/services/sfn';
import { FakeCloud, world } from '../../support/fake-cloud';

export const ROLE = 'arn:aws:iam::111111111111:role/machine';

export interface Bench {
  cloud: FakeCloud;
  sfn: StepFunctions;
  events: Members[];
  /** Calls an operation and runs virtual time until it has answered. */
  call(operation: string, input: Members): Promise<Members>;
  /** Puts a JSONata machine of these states in place and starts it; time does not run yet. */
  start(states: Members, input?: unknown, more?: Members): Promise<string>;
  /** Starts it and runs virtual time to the end of everything. */
  run(states: Members, input?: unknown, more?: Members): Promise<Members>;
  history(executionArn: string): Promise<Members[]>;
}

export function bench(): Bench {
  const cloud = new FakeCloud();
  const events: Members[] = [];
  cloud.add({ service: 'eventbridge', operations: {}, emitServiceEvent: (event: Members) => events.push(event) } as never);
  const sfn = cloud.add(createStepFunctions(cloud));
  const call = async (operation: string, input: Members): Promise<Members> => {
    const answer = cloud.call('sfn', operation, input, world);
    answer.catch(() => undefined);
    await cloud.clock.run(cloud.clock.now() + 5);
    return answer;
  };
  const start = async (states: Members, input: unknown = {}, more: Members = {}): Promise<string> => {
    const definition = { QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0], States: states, ...more };
    const machine = sfn.putStateMachine('machine', JSON.stringify(definition), ROLE);
    const answer = await call('StartExecution', { stateMachineArn: machine.arn, input: JSON.stringify(input) });
    return answer.executionArn as string;
  };
  return {
    cloud,
    sfn,
    events,
    call,
    start,
    run: async (states, input, more) => {
      const executionArn = await start(states, input, more);
      await cloud.clock.run();
      return call('DescribeExecution', { executionArn });
    },
    history: async (executionArn) => (await call('GetExecutionHistory', { executionArn, maxResults: 1000 })).events as Members[],
  };
}

/** What a state's output was, parsed. */
export function outputOf(described: Members): unknown {
  return JSON.parse(described.output as string);
}
