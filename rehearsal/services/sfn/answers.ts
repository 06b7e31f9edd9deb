import { AwsError, type Members } from '../../cloud/types';
import { pageOf } from '../pages';
import type { Execution } from './execution';
import type { HistoryEvent } from './history';

/** What an event says of inputs, outputs and errors, which a caller may leave out. */
const DATA = ['input', 'output', 'parameters', 'cause', 'error', 'assignedVariables'];

function withoutData(details: Record<string, unknown> | undefined): Record<string, unknown> {
  return Object.fromEntries(Object.entries(details ?? {}).filter(([key]) => !DATA.includes(key)));
}

export function shown(event: HistoryEvent, includeData: boolean): Members {
  const details = includeData ? event.details : withoutData(event.details);
  return {
    timestamp: new Date(event.atMillis),
    type: event.type,
    id: event.id,
    previousEventId: event.previousEventId,
    ...(event.detailsMember === undefined ? {} : { [event.detailsMember]: details }),
  };
}

const PAGE_SIZE = 100;

interface List<T> {
  items: readonly T[];
  keyOf: (item: T) => number;
  /** Operation and filters. */
  listing: string;
  descending?: boolean;
}

/** A page of a list, with a token for the next one. */
export function page<T>({ maxResults, nextToken: token }: Members, list: List<T>): { items: T[]; next: { nextToken?: string } } {
  const { items, nextToken } = pageOf({
    ...list,
    // Zero asks for the default.
    limit: ((maxResults as number | undefined) ?? 0) === 0 ? PAGE_SIZE : (maxResults as number),
    token: token as string | undefined,
    invalidToken: (given) => new AwsError('InvalidToken', `Invalid Token: '${given}'`),
  });
  return { items, next: nextToken === undefined ? {} : { nextToken } };
}

export function started(execution: Execution): Members {
  return { executionArn: execution.arn, startDate: new Date(execution.startedAtMillis) };
}

/** An execution in a list. */
export function listed(execution: Execution): Members {
  return { ...outline(execution), ...(execution.mapRun === undefined ? {} : { itemCount: execution.mapRun.itemCount }) };
}

function outline(execution: Execution): Members {
  return {
    executionArn: execution.arn,
    stateMachineArn: execution.machine.arn,
    name: execution.name,
    status: execution.status,
    ...(execution.mapRun === undefined ? {} : { mapRunArn: execution.mapRun.arn }),
    startDate: new Date(execution.startedAtMillis),
    ...(execution.stoppedAtMillis === undefined ? {} : { stopDate: new Date(execution.stoppedAtMillis) }),
  };
}

/** DescribeExecution's answer; METADATA_ONLY leaves out what the execution was given and gave. */
export function described(execution: Execution, includeData: boolean): Members {
  const { output, error, cause } = execution;
  return {
    ...outline(execution),
    redriveCount: 0,
    redriveStatus: redriveStatusOf(execution),
    ...(includeData ? { input: execution.input } : {}),
    inputDetails: { included: includeData },
    ...(output === undefined ? {} : { ...(includeData ? { output } : {}), outputDetails: { included: includeData } }),
    ...(error === undefined || !includeData ? {} : { error }),
    ...(cause === undefined || !includeData ? {} : { cause }),
  };
}

function redriveStatusOf({ status, mapRun }: Execution): string {
  if (status === 'RUNNING' || status === 'SUCCEEDED') return 'NOT_REDRIVABLE';
  return mapRun === undefined ? 'REDRIVABLE' : 'REDRIVABLE_BY_MAP_RUN';
}

/** StartSyncExecution's answer. */
export function synchronous(execution: Execution): Members {
  const { output, error, cause } = execution;
  return {
    ...outline(execution),
    input: execution.input,
    inputDetails: { included: true },
    ...(output === undefined ? {} : { output, outputDetails: { included: true } }),
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
    billingDetails: billingOf(execution),
  };
}

/** In steps of 100 ms, at the least amount of memory. */
function billingOf({ startedAtMillis, stoppedAtMillis = startedAtMillis }: Execution): Members {
  return { billedMemoryUsedInMB: 64, billedDurationInMilliseconds: Math.ceil((stoppedAtMillis - startedAtMillis) / 100) * 100 };
}
