import type { Caller, Members } from '../../../../../rehearsal/cloud/types';
import { VirtualClock } from '../../../../../rehearsal/kernel/clock';
import { createCloud, type LaptopCloud } from '../../../../../rehearsal/kernel/cloud';
import { createRandom } from '../../../../../rehearsal/kernel/random';
import { createDynamoDb } from '../../../../../rehearsal/services/dynamodb';
import { createEventBridge } from '../../../../../rehearsal/services/eventbridge';
import { createS3 } from '../../../../../rehearsal/services/s3';
import { createSecretsManager } from '../../../../../rehearsal/services/secrets-manager';
import { createStepFunctions, type StepFunctions } from '../../../../../rehearsal/services/sfn';
import { createSns } from '../../../../../rehearsal/services/sns';
import { createSqs } from '../../../../../rehearsal/services/sqs';
import { difference, historyDifference } from './compare';
import { lambdaOf } from './functions';
import { mapTexts, type RecordedEvent, type Recording } from './recording';
import { surround } from './surroundings';
import { Worker } from './workers';

const ACCOUNT = '111111111111';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/machine`;
const someone: Caller = { kind: 'world', principalArn: `arn:aws:iam::${ACCOUNT}:user/tester` };
/** Some time before the times that the recorded executions wait for. */
const START = Date.parse('2026-11-21T01:09:00Z');
const STOPPED_AFTER_MILLIS = 10_000;

const ENDS: Record<string, string> = {
  SUCCEEDED: 'ExecutionSucceeded',
  FAILED: 'ExecutionFailed',
  TIMED_OUT: 'ExecutionTimedOut',
  ABORTED: 'ExecutionAborted',
};

const SHOWN = ['name', 'input', 'output', 'assignedVariables', 'error', 'cause', 'resource', 'resourceType', 'length', 'index'];

export interface Replayed {
  /** The recording and what happened here, both with the recording's names. */
  recorded: { events: RecordedEvent[]; end: RecordedEvent };
  happened: { events: RecordedEvent[]; end: RecordedEvent };
}

function shown(event: Members): RecordedEvent {
  const details = (Object.entries(event).find(([key]) => key.endsWith('EventDetails'))?.[1] ?? {}) as Record<string, unknown>;
  const kept = Object.entries(details).filter(([key, value]) => SHOWN.includes(key) && value !== undefined);
  return { type: event.type as string, ...Object.fromEntries(kept.map(([key, value]) => [key, parsedOutermost(key, value)])) };
}

function parsedOutermost(key: string, value: unknown): unknown {
  return (key === 'input' || key === 'output') && typeof value === 'string' ? JSON.parse(value) : value;
}

function aCloud(recording: Recording): LaptopCloud {
  const cloud = createCloud({
    clock: new VirtualClock({ startMillis: START }),
    random: createRandom(1),
    accountId: ACCOUNT,
    region: 'us-east-1',
    doubles: (made) => [
      ...[createStepFunctions, createEventBridge, createS3, createSqs, createSns, createDynamoDb, createSecretsManager].map((create) =>
        create(made),
      ),
      lambdaOf(recording, made),
    ],
  });
  const Principal = { Service: ['states.amazonaws.com', 'events.amazonaws.com'], AWS: ROLE };
  const trust = { Statement: { Effect: 'Allow' as const, Action: 'sts:AssumeRole', Principal } };
  cloud.iam.putRole({ arn: ROLE, name: 'machine', trust });
  cloud.iam.putRolePolicy(ROLE, 'inline', { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });
  return cloud;
}

/** Texts of this run and what the recording calls them. */
function namesOf(actual: unknown, recorded: unknown, found: [string, string][] = []): [string, string][] {
  if (typeof actual === 'string' && typeof recorded === 'string') {
    if (actual !== recorded) found.push([actual, recorded]);
  } else if (typeof actual === 'object' && actual !== null && typeof recorded === 'object' && recorded !== null) {
    for (const [key, value] of Object.entries(actual)) namesOf(value, (recorded as Record<string, unknown>)[key], found);
  }
  return found;
}

/** Runs the recorded machine on its input in the laptop cloud. */
export async function replay(recording: Recording): Promise<Replayed> {
  const cloud = aCloud(recording);
  const { clock } = cloud;
  const sfn = cloud.double<StepFunctions>('sfn');
  const call = (operation: string, input: Members): Promise<Members> => clock.complete(cloud.call('sfn', operation, input, someone));
  const hasActivity = JSON.stringify(recording.definition).includes('"activityArn"');
  const activityArn = hasActivity ? ((await call('CreateActivity', { name: 'activity' })).activityArn as string) : '';
  const { named, queueUrl, queueArn } = await surround(recording, cloud, someone, activityArn);
  const worker = new Worker(recording, cloud, someone);
  worker.listen(queueUrl, queueArn);
  const input = named(recording.submittedInput ?? recording.input);
  const { arn } = sfn.putStateMachine('machine', JSON.stringify(named(recording.definition)), ROLE);
  if (recording.id.includes('activity_task_on_deleted')) await call('DeleteActivity', { activityArn });
  const { executionArn } = await call('StartExecution', { stateMachineArn: arn, name: 'run', input: JSON.stringify(input) });
  if (hasActivity && recording.history.some(({ type }) => type === 'ActivityStarted'))
    await clock.complete(worker.takeActivity(activityArn));
  if (recording.end.type === 'ExecutionAborted') {
    await clock.run(clock.now() + STOPPED_AFTER_MILLIS);
    await call('StopExecution', { executionArn });
  }
  await clock.drain();
  const { events } = await call('GetExecutionHistory', { executionArn, maxResults: 1000 });
  const { status, output, error, cause } = await call('DescribeExecution', { executionArn });
  const names = [...namesOf(input, recording.input), ...(hasActivity ? [[activityArn, 'activity_arn'] as [string, string]] : [])];
  const renamed = <T>(value: T): T =>
    mapTexts(value, (text) => names.reduce((changed, [actual, recorded]) => changed.replaceAll(actual, recorded), text)) as T;
  const end = {
    type: ENDS[String(status)] ?? String(status),
    ...(output === undefined ? {} : { output: JSON.parse(output as string) as unknown }),
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
  };
  return {
    recorded: renamed({ events: recording.history, end: recording.end }),
    happened: renamed({ events: (events as Members[]).map(shown), end }),
  };
}

/** How the replay differs from the recording, in one line; nothing where it agrees. */
export async function disagreement(recording: Recording): Promise<string | undefined> {
  try {
    const { recorded, happened } = await replay(recording);
    const found = difference(recorded.end, happened.end);
    return historyDifference(recorded.events, happened.events) ?? (found === undefined ? undefined : `the end: ${found}`);
  } catch (failure) {
    return `${(failure as Error).name}: ${(failure as Error).message}`;
  }
}
