import type { Catcher, ChoiceRule, Flow, State } from '../services/sfn/definition';
import type { Execution, StateMachine } from '../services/sfn/execution';
import type { HistoryEvent } from '../services/sfn/history';

export type ArrowKind = 'next' | 'rule' | 'default' | 'catch';

export interface Arrow {
  to: string;
  kind: ArrowKind;
  /** Error names of a catcher. */
  words?: string;
}

export interface DrawnState {
  name: string;
  type: string;
  arrows: Arrow[];
  /** Nothing follows when it goes well. */
  ends: boolean;
  /** The branches of a Parallel, what a Map does with an item. */
  inner: DrawnFlow[];
}

export interface DrawnFlow {
  startAt: string;
  states: DrawnState[];
}

export interface StateCount {
  entered: number;
  /** Visits that failed, caught ones among them. */
  failed: number;
  /** Attempts that failed and were followed by another. */
  retried: number;
}

export interface Move {
  from: string;
  to: string;
  /** By a catcher. */
  caught: boolean;
  count: number;
}

/** What a report draws of a state machine. No part of the result that is printed. */
export interface MachinePicture {
  stateMachine: string;
  executions: number;
  flow: DrawnFlow;
  /** By the states' names; those that were never entered are missing. */
  counts: Record<string, StateCount>;
  moves: Move[];
}

/** A state machine as it stands, and what its executions did in it. */
export function machinePicture(
  stateMachine: string,
  { definition }: Pick<StateMachine, 'definition'>,
  executions: readonly Execution[],
): MachinePicture {
  const tally = new Tally();
  for (const { history } of executions) tally.add(history.events);
  return {
    stateMachine,
    // What a distributed Map starts is part of its parent.
    executions: executions.filter(({ mapRun }) => mapRun === undefined).length,
    flow: drawnFlow(definition),
    counts: Object.fromEntries(tally.counts),
    moves: [...tally.moves.values()],
  };
}

export const machinePictures = (
  machines: readonly StateMachine[],
  executions: readonly Execution[],
  nameOf: (machineArn: string) => string,
): MachinePicture[] =>
  machines.map((machine) =>
    machinePicture(
      nameOf(machine.arn),
      machine,
      executions.filter((execution) => execution.machine.arn === machine.arn),
    ),
  );

const drawnFlow = ({ StartAt, States }: Flow): DrawnFlow => ({
  startAt: StartAt,
  states: Object.entries(States).map(([name, state]) => ({
    name,
    type: state.Type,
    arrows: arrowsOf(state),
    ends: state.End === true || state.Type === 'Succeed',
    inner: innerOf(state).map(drawnFlow),
  })),
});

const innerOf = ({ Branches, ItemProcessor, Iterator }: State): Flow[] =>
  Branches ?? [ItemProcessor ?? Iterator].filter((flow) => flow !== undefined);

const arrowsOf = ({ Next, Choices = [], Default, Catch = [] }: State): Arrow[] => [
  ...(Next === undefined ? [] : [{ to: Next, kind: 'next' as const }]),
  ...Choices.map(({ Next: to }: ChoiceRule) => ({ to, kind: 'rule' as const })),
  ...(Default === undefined ? [] : [{ to: Default, kind: 'default' as const }]),
  ...Catch.map(({ Next: to, ErrorEquals }: Catcher) => ({ to, kind: 'catch' as const, words: ErrorEquals.join(', ') })),
];

interface Visit {
  state: string;
  holdsFlows: boolean;
  parent: Visit | undefined;
  failures: number;
  lastFailed: boolean;
  left: boolean;
}

const FAILURE = /(Failed|TimedOut)$/;
const ATTEMPT_FAILURE = /^(Task|LambdaFunction|Activity).*(Failed|TimedOut)$/;

/** Counts visits and moves of any number of histories. */
class Tally {
  readonly counts = new Map<string, StateCount>();
  readonly moves = new Map<string, Move>();

  add(events: readonly HistoryEvent[]): void {
    /** The visit in which the event after this one happens, by the event's id. */
    const around = new Map<number, Visit | undefined>();
    const visits: Visit[] = [];
    for (const event of events) {
      const before = around.get(event.previousEventId);
      const name = event.details?.['name'];
      if (event.type.endsWith('StateEntered')) {
        const holdsFlows = /^(Parallel|Map)/.test(event.type);
        const lastFailed = event.type === 'FailStateEntered';
        const visit: Visit = { state: String(name), holdsFlows, parent: before, failures: 0, lastFailed, left: false };
        visits.push(visit);
        around.set(event.id, visit);
        this.move(events[event.previousEventId - 1], visit, events);
      } else if (event.type.endsWith('StateExited')) {
        const visit = upTo(before, String(name));
        if (visit !== undefined) visit.left = true;
        around.set(event.id, visit?.parent);
      } else {
        around.set(event.id, before);
        if (before !== undefined) note(before, event.type);
      }
    }
    for (const visit of visits) this.count(visit);
  }

  private move(previous: HistoryEvent | undefined, { state: to }: Visit, events: readonly HistoryEvent[]): void {
    if (previous === undefined || !previous.type.endsWith('StateExited')) return;
    const from = String(previous.details?.['name']);
    const caught = FAILURE.test(events[previous.previousEventId - 1]?.type ?? '');
    const key = JSON.stringify([from, to, caught]);
    const known = this.moves.get(key) ?? { from, to, caught, count: 0 };
    known.count += 1;
    this.moves.set(key, known);
  }

  private count({ state, failures, lastFailed }: Visit): void {
    const known = this.counts.get(state) ?? { entered: 0, failed: 0, retried: 0 };
    known.entered += 1;
    if (lastFailed) known.failed += 1;
    known.retried += Math.max(0, failures - (lastFailed ? 1 : 0));
    this.counts.set(state, known);
  }
}

function note(visit: Visit, type: string): void {
  if (ATTEMPT_FAILURE.test(type)) visit.failures += 1;
  const failed = FAILURE.test(type);
  const around = /^(Parallel|Map)/.test(type) ? holder(visit) : undefined;
  if (around !== undefined) around.lastFailed = failed;
  // The failure of an iteration or a branch is that of the state in which it happened.
  if (around === undefined || failed) visit.lastFailed = failed;
}

/** Whose branches or items the visit is in, or itself. */
function holder(visit: Visit): Visit | undefined {
  for (let one: Visit | undefined = visit; one !== undefined; one = one.parent) if (one.holdsFlows && !one.left) return one;
  return undefined;
}

/** The visit of this state that is still open, from inside out. */
function upTo(visit: Visit | undefined, state: string): Visit | undefined {
  for (let one = visit; one !== undefined; one = one.parent) if (one.state === state && !one.left) return one;
  return visit;
}
