import { setTimeout as pause } from 'node:timers/promises';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateStateMachineCommand, DescribeExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import fc from 'fast-check';
import type { StepFunctions } from '../../../../rehearsal/services/sfn';
import { AwsError } from '../../../../rehearsal/cloud/types';
import type { Area, Step } from '../engine/hunt';
import { outcomeOf } from '../engine/outcome';
import type { Outcome } from '../engine/outcome';
import { isOurs, witnessEndpoint } from '../engine/sides';
import type { Answer, OurSide, Side } from '../engine/sides';
import { createTables, items } from '../dynamodb/tables';
import { wholeNumbers } from './data';
import { machines } from './states';
import type { Machine } from './states';

const roleArn = 'arn:aws:iam::000000000000:role/machine';

/** The machine's ARN, or why the definition is refused. */
async function createMachine(side: Side, name: string, definition: string): Promise<string | Outcome> {
  if (!isOurs(side)) {
    const created = await outcomeOf(side.send('sfn', new CreateStateMachineCommand({ name, definition, roleArn })));
    return 'error' in created ? created : (created.answer as { stateMachineArn: string }).stateMachineArn;
  }
  try {
    return side.cloud.double<StepFunctions>('sfn').putStateMachine(name, definition, roleArn).arn;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { error: error.code, status: error.statusCode, message: error.message };
  }
}

const mostLooks = 200;

async function ended(side: Side, executionArn: string): Promise<Answer> {
  for (let look = 0; look < mostLooks; look += 1) {
    const described = await side.send('sfn', new DescribeExecutionCommand({ executionArn }));
    if (described['status'] !== 'RUNNING') return described;
    if (!isOurs(side)) await pause(20);
  }
  throw new Error(`The execution ${executionArn} does not end at the side "${side.name}".`);
}

/** Causes are worded as each side likes, like messages of errors. */
const seen = ({ status, output, error, cause }: Answer): Outcome =>
  status === 'SUCCEEDED'
    ? { answer: JSON.parse(output as string) as unknown }
    : { error: `${String(status)} ${String(error ?? '')}`, status: undefined, message: String(cause ?? '') };

async function execute(side: Side, { definition, input }: Machine, name: string): Promise<Outcome> {
  const arn = await createMachine(side, name, JSON.stringify(definition));
  if (typeof arn !== 'string') return arn;
  const { executionArn } = await side.send(
    'sfn',
    new StartExecutionCommand({ stateMachineArn: arn, name: 'once', input: JSON.stringify(input) }),
  );
  await side.settle();
  return seen(await ended(side, executionArn as string));
}

/** Machines of a case run side by side: the witness takes its time over each. */
export const machinesAtOnce = 16;

/** Whole machines from their first state to the last: how they end, and with what. */
export const running: Area<Machine[]> = {
  name: 'sfn: machines',
  cases: fc.array(machines, { minLength: 1, maxLength: machinesAtOnce, size: 'max' }),
  runs: 40,
  examples: [[{ definition: { StartAt: 'End', States: { End: { Type: 'Pass', InputPath: '$.missing', End: true } } }, input: { n: 1 } }]],
  countOf: (list) => list.length,
  play: async (side, list, id): Promise<Step[]> => {
    const one = async (machine: Machine, index: number): Promise<Step> => ({
      operation: 'StartExecution',
      input: machine,
      outcome: await execute(side, machine, `${id}-${index}`),
    });
    if (!isOurs(side)) return Promise.all(list.map(one));
    const steps: Step[] = [];
    for (const [index, machine] of list.entries()) steps.push(await one(machine, index));
    return steps;
  },
};

/** The items that tasks ask for: one for each number that an input can hold. */
async function putItems(side: Side): Promise<void> {
  for (const number of wholeNumbers) {
    const Item = { pk: { S: `machine-${number}` }, word: { S: `word ${number}` } };
    await side.send('dynamodb', new PutItemCommand({ TableName: items.name, Item }));
  }
}

/** Tables and role of the machines; the witness's waits and intervals of retries are over at once, as those of virtual time. */
export async function prepareMachines(ours: OurSide, witness: Side): Promise<void> {
  const { iam } = ours.cloud;
  const trust = { Statement: { Effect: 'Allow' as const, Action: 'sts:AssumeRole', Principal: { Service: 'states.amazonaws.com' } } };
  iam.putRole({ arn: roleArn, name: 'machine', trust });
  iam.putRolePolicy(roleArn, 'tasks', { Statement: { Effect: 'Allow', Action: 'dynamodb:*', Resource: '*' } });
  await createTables(ours, witness);
  await putItems(ours);
  await putItems(witness);
  const body = JSON.stringify({ 'stepfunctions._SFN_WAIT_SCALE': 0 });
  const answer = await fetch(`${witnessEndpoint()}/_ministack/config`, { method: 'POST', body });
  if (!answer.ok) throw new Error(`The witness does not take the scale of its waits: HTTP ${answer.status}.`);
}
