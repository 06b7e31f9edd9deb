import { didYouMean } from '../../core/charter/suggest';
import { BadInputError } from '../../core/errors';
import type { StateMachine } from '../services/sfn/execution';
import type { Places } from './places';
import type { ApplicationScenario } from './scenario-schema';

interface State {
  Resource?: unknown;
  States?: Record<string, State>;
  Branches?: State[];
  Iterator?: State;
  ItemProcessor?: State;
}

/** All states of a definition, those of branches and of what runs for each item among them. */
function statesOf(flow: State): [string, State][] {
  return Object.entries(flow.States ?? {}).flatMap(([name, state]) => [
    [name, state] as [string, State],
    ...[...(state.Branches ?? []), state.Iterator ?? {}, state.ItemProcessor ?? {}].flatMap(statesOf),
  ]);
}

const WAITS = /\.waitForTaskToken$|:activity:/;

interface Named {
  where: string;
  stateMachine: string;
  state: string;
  /** The state must wait for somebody. */
  waits: boolean;
}

function namedIn({ people, expect }: ApplicationScenario): Named[] {
  const fromPeople = people.map(({ stateMachine, state }, index) => ({
    where: `people[${index}].state`,
    stateMachine,
    state,
    waits: true,
  }));
  const expected = expect.executions.flatMap(({ stateMachine, states = [], notStates = [] }, index) =>
    [['states', states] as const, ['notStates', notStates] as const].flatMap(([key, names]) =>
      names.map((state, place) => ({ where: `expect.executions[${index}].${key}[${place}]`, stateMachine, state, waits: false })),
    ),
  );
  return [...fromPeople, ...expected];
}

/** A state that no machine has is never entered: what a scenario says of it would prove nothing. */
export function checkStateNames(file: string, scenario: ApplicationScenario, places: Places, machines: readonly StateMachine[]): void {
  for (const { where, stateMachine, state, waits } of namedIn(scenario)) {
    const arn = places.at(stateMachine, 'state machine')?.ref;
    const machine = machines.find((one) => one.arn === arn);
    // Not deployed, by a condition: its executions are missed instead.
    if (machine === undefined) continue;
    const states = statesOf(JSON.parse(machine.definitionText) as State);
    const found = states.find(([name]) => name === state);
    if (found === undefined)
      throw unknownState(
        `${file}: ${where}: ${stateMachine} has no such state`,
        state,
        states.map(([name]) => name),
      );
    if (waits && !WAITS.test(String(found[1].Resource)))
      throw unknownState(
        `${file}: ${where}: this state waits for nobody`,
        state,
        states.filter(([, { Resource }]) => WAITS.test(String(Resource))).map(([name]) => name),
      );
  }
}

function unknownState(problem: string, given: string, known: string[]): BadInputError {
  const hint = didYouMean(given, known);
  const allowed = known.length === 0 ? 'nothing: no state waits for a task token or an activity' : known.join(', ');
  return new BadInputError(
    [problem, `  given:   ${given}`, `  allowed: ${allowed}`, ...(hint === undefined ? [] : [`  ${hint}`])].join('\n'),
  );
}
