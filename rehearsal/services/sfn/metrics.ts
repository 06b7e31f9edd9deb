import type { Cloud } from '../../cloud/types';
import type { Execution, Status } from './execution';

/** What the `cloudwatch` double offers to services that publish metrics of their own. */
interface MetricSink {
  series?(
    namespace: string,
    name: string,
    dimensions: Record<string, string>,
    unit: string,
  ): { add(atMillis: number, value: number): void };
}

const ENDED: Partial<Record<Status, string>> = {
  SUCCEEDED: 'ExecutionsSucceeded',
  FAILED: 'ExecutionsFailed',
  TIMED_OUT: 'ExecutionsTimedOut',
  ABORTED: 'ExecutionsAborted',
};

/** The metrics of a state machine's executions. Those of a Map Run's children count for no machine. */
export function countExecution(cloud: Cloud & { hasDouble?(service: string): boolean }, execution: Execution): void {
  if (execution.mapRun !== undefined || cloud.hasDouble?.('cloudwatch') !== true) return;
  const sink = cloud.double('cloudwatch') as unknown as MetricSink;
  const add = (name: string, value: number, unit: string): void =>
    sink.series?.('AWS/States', name, { StateMachineArn: execution.machine.arn }, unit).add(cloud.clock.now(), value);
  const ended = ENDED[execution.status];
  if (ended === undefined) return add('ExecutionsStarted', 1, 'Count');
  // The one that happened counts 1, the others 0: so an alarm sees that all went well.
  for (const name of Object.values(ENDED)) add(name, name === ended ? 1 : 0, 'Count');
  add('ExecutionTime', (execution.stoppedAtMillis ?? cloud.clock.now()) - execution.startedAtMillis, 'Milliseconds');
}
