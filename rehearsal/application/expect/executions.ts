import type { ApplicationExpectations } from '../expectation-schema';
import type { ExecutionFacts } from '../executions';
import { holds } from '../partial';
import type { ExpectationOutcome } from '../result';
import type { Sight } from '../sight';
import { counted, members } from './outcome';

export type ExpectedExecution = ApplicationExpectations['executions'][number];

/** Of this state machine, begun since the start; children of a Map Run belong to their parent. */
export const executionsOf = ({ executions, places, startMillis }: Sight, stateMachine: string): ExecutionFacts[] => {
  const arn = places.at(stateMachine, 'state machine')?.ref;
  return executions.filter((one) => one.machineArn === arn && !one.isChild && one.startedAtMillis >= startMillis);
};

export function isLike(execution: ExecutionFacts, wanted: ExpectedExecution): boolean {
  if (wanted.name !== undefined && execution.name !== wanted.name) return false;
  if (wanted.status !== undefined && execution.status !== wanted.status) return false;
  if (wanted.error !== undefined && execution.error !== wanted.error) return false;
  if (wanted.cause !== undefined && execution.cause?.includes(wanted.cause) !== true) return false;
  if (wanted.input !== undefined && !holds(execution.input, wanted.input)) return false;
  if (wanted.output !== undefined && !holds(execution.output, wanted.output)) return false;
  const entered = execution.visits.map(({ state }) => state);
  if (wanted.notStates?.some((state) => entered.includes(state)) === true) return false;
  return inOrder(entered, wanted.states ?? []);
}

/** Others may lie between. */
function inOrder(entered: readonly string[], wanted: readonly string[]): boolean {
  let next = 0;
  for (const state of entered) if (state === wanted[next]) next += 1;
  return next >= wanted.length;
}

export function expectedExecutions(sight: Sight): ExpectationOutcome[] {
  return sight.scenario.expect.executions.map((wanted, index) => {
    const { stateMachine, name, states, notStates, count, ...more } = wanted;
    const what = [
      `executions of ${stateMachine}${name === undefined ? '' : ` named ${name}`}`,
      members(more),
      states === undefined ? '' : `through ${states.join(' → ')}`,
      notStates === undefined ? '' : `not through ${notStates.join(', ')}`,
    ];
    const all = executionsOf(sight, stateMachine).filter((one) => name === undefined || one.name === name);
    return counted(
      `expect.executions[${index}]`,
      what.filter((part) => part !== '').join(', '),
      count,
      all,
      (one) => isLike(one, wanted),
      (one) => wordsOf(one, wanted),
    );
  });
}

/** What there is to see of an execution that was to be otherwise. */
function wordsOf(execution: ExecutionFacts, wanted: ExpectedExecution): string {
  const { name, status, error, cause, visits, output } = execution;
  const parts = [`${name} ${status}`];
  if (error !== undefined) parts.push(error);
  if (cause !== undefined) parts.push(cause);
  if (wanted.states !== undefined || wanted.notStates !== undefined) parts.push(`through ${visits.map(({ state }) => state).join(' → ')}`);
  if (wanted.output !== undefined && output !== undefined) parts.push(`output ${JSON.stringify(output)}`);
  return parts.join(', ');
}
