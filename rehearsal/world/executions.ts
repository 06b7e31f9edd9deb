import type { Execution } from '../services/sfn/execution';

/** What an execution of a state machine took, as Step Functions counts and bills it. */
export interface ExecutionTold {
  name: string;
  stateMachine: string;
  status: string;
  /** Of what carries a release, or does something for it. */
  releaseId?: string;
  /** At most 25 000. */
  historyEvents: number;
  /** States entered, and tasks tried again: what a standard workflow is billed by. */
  transitions: number;
}

export function executionTold({ name, machine, status, history, input }: Execution): ExecutionTold {
  const { releaseId } = JSON.parse(input) as { releaseId?: unknown };
  const types = history.events.map(({ type }) => type);
  const entered = types.filter((type) => type.endsWith('StateEntered')).length;
  const tasks = types.filter((type) => type === 'TaskStateEntered').length;
  const tried = types.filter((type) => type === 'TaskScheduled' || type === 'LambdaFunctionScheduled').length;
  return {
    name,
    stateMachine: machine.name,
    status,
    ...(typeof releaseId === 'string' ? { releaseId } : {}),
    historyEvents: types.length,
    transitions: entered + Math.max(0, tried - tasks),
  };
}
