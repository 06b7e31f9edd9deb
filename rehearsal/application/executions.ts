import type { Execution } from '../services/sfn/execution';
import { executionTold } from '../world/executions';
import type { ExecutionResult, VisitResult } from './result';

const MOST_VISITS = 200;

/** An execution as expectations and the result see it. */
export interface ExecutionFacts {
  name: string;
  machineArn: string;
  status: string;
  startedAtMillis: number;
  endedAtMillis: number | undefined;
  input: unknown;
  output: unknown;
  error: string | undefined;
  cause: string | undefined;
  visits: Visit[];
  /** Of a Map Run: its parent's affair. */
  isChild: boolean;
  historyEvents: number;
  transitions: number;
}

export interface Visit {
  state: string;
  enteredAtMillis: number;
  exitedAtMillis?: number;
}

const parsed = (text: string | undefined): unknown => (text === undefined ? undefined : JSON.parse(text));

export function factsOf(execution: Execution): ExecutionFacts {
  const { name, machine, status, startedAtMillis, stoppedAtMillis, input, output, error, cause } = execution;
  const { historyEvents, transitions } = executionTold(execution);
  return {
    name,
    machineArn: machine.arn,
    status,
    startedAtMillis,
    endedAtMillis: stoppedAtMillis,
    input: parsed(input),
    output: parsed(output),
    error,
    cause,
    visits: visitsOf(execution),
    isChild: execution.mapRun !== undefined,
    historyEvents,
    transitions,
  };
}

/** An exit belongs to the last entry of its own line of states. */
function visitsOf({ history: { events } }: Execution): Visit[] {
  const visits: Visit[] = [];
  const byEvent = new Map<number, Visit>();
  for (const event of events) {
    const entered = event.type.endsWith('StateEntered');
    if (!entered && !event.type.endsWith('StateExited')) continue;
    const state = String(event.details?.['name']);
    if (entered) {
      const visit: Visit = { state, enteredAtMillis: event.atMillis };
      visits.push(visit);
      byEvent.set(event.id, visit);
      continue;
    }
    for (let id = event.previousEventId; id > 0; id = events[id - 1]?.previousEventId ?? 0) {
      const visit = byEvent.get(id);
      if (visit?.state !== state || visit.exitedAtMillis !== undefined) continue;
      visit.exitedAtMillis = event.atMillis;
      break;
    }
  }
  return visits;
}

export function executionResult(facts: ExecutionFacts, stateMachine: string, startMillis: number): ExecutionResult {
  const seconds = (millis: number): number => (millis - startMillis) / 1000;
  const states: VisitResult[] = facts.visits.slice(0, MOST_VISITS).map(({ state, enteredAtMillis, exitedAtMillis }) => ({
    t: seconds(enteredAtMillis),
    state,
    ...(exitedAtMillis === undefined ? {} : { seconds: (exitedAtMillis - enteredAtMillis) / 1000 }),
  }));
  const { name, status, endedAtMillis, error, cause, historyEvents, transitions } = facts;
  return {
    name,
    stateMachine,
    ...(facts.isChild ? { mapRun: true as const } : {}),
    status,
    startedAtSeconds: seconds(facts.startedAtMillis),
    ...(endedAtMillis === undefined ? {} : { endedAtSeconds: seconds(endedAtMillis) }),
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
    states,
    ...(facts.visits.length > MOST_VISITS ? { statesLeftOut: facts.visits.length - MOST_VISITS } : {}),
    historyEvents,
    transitions,
  };
}
