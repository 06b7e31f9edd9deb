import type { Caller } from '../../cloud/types';
import { awaitWorker, checkActivity } from './activity-task';
import { perform, unusable } from './calls';
import type { Json } from './definition';
import { exceedsPayloadLimit, StateError, tooLarge } from './errors';
import { parseResource, type Integration } from './integrations';
import { awaitJob } from './job-sync';
import { CancelScope } from './scope';
import type { Visit } from './visit';

interface Limits {
  timeoutSeconds: number | undefined;
  heartbeatSeconds: number | undefined;
}

/** One attempt of a Task: schedule, call, wait for what the pattern waits for. */
export async function runTask(visit: Visit): Promise<Json> {
  const { state, run } = visit;
  const integration = parseResource(visit.name, state.Resource);
  visit.taskToken = integration.pattern === 'waitForTaskToken' && integration.kind !== 'activity' ? run.tokens.create() : undefined;
  const args = await visit.language.payload(visit);
  const argsText = JSON.stringify(args);
  if (exceedsPayloadLimit(argsText)) throw tooLarge(visit.name, true);
  checkUsable(visit, integration, args);
  const limits = {
    timeoutSeconds: await visit.positiveInteger(state, 'TimeoutSeconds'),
    heartbeatSeconds: await visit.positiveInteger(state, 'HeartbeatSeconds'),
  };
  const caller = await callerOf(visit);
  if (integration.kind === 'activity') checkActivity(visit, integration);
  schedule(visit, integration, argsText, limits);
  const scope = new CancelScope(visit.frame.scope);
  try {
    const result = await withTimeout(visit, limits.timeoutSeconds, attempt(visit, scope, integration, args, caller, limits));
    const text = JSON.stringify(result);
    if (exceedsPayloadLimit(text)) throw tooLarge(integration.resourceType, false);
    visit.event(`${EVENTS[integration.kind]}Succeeded`, { ...resourceOf(integration), output: text });
    return result;
  } catch (failure) {
    if (failure instanceof StateError && failure.more.recorded !== true) reportFailure(visit, integration, failure);
    throw failure;
  } finally {
    scope.cancel();
    if (visit.taskToken !== undefined) run.tokens.close(visit.taskToken);
    visit.taskToken = undefined;
  }
}

function checkUsable(visit: Visit, integration: Integration, args: Json): void {
  const problem = unusable(integration, args);
  if (problem === undefined) return;
  const field = visit.state.QueryLanguage === 'JSONata' ? 'Arguments' : 'Parameters';
  throw new StateError('States.Runtime', visit.explain(`The ${field} ${problem}`), { terminal: true, raisedBy: visit });
}

async function callerOf(visit: Visit): Promise<Caller> {
  return { kind: 'role', roleArn: (await visit.language.roleArn(visit)) ?? visit.run.roleArn };
}

/** How the history calls what becomes of a task. */
const EVENTS = { function: 'LambdaFunction', activity: 'Activity', lambda: 'Task', sdk: 'Task', optimized: 'Task' };

/** The events of functions and activities name them once only, when they are scheduled. */
function resourceOf({ kind, resourceType, resource }: Integration): { resourceType?: string; resource?: string } {
  return EVENTS[kind] === 'Task' ? { resourceType, resource } : {};
}

function schedule(visit: Visit, integration: Integration, args: string, limits: Limits): void {
  const { kind, resource } = integration;
  const timeout = limits.timeoutSeconds === undefined ? {} : { timeoutInSeconds: limits.timeoutSeconds };
  const heartbeat = limits.heartbeatSeconds === undefined ? {} : { heartbeatInSeconds: limits.heartbeatSeconds };
  if (kind === 'activity') {
    visit.event('ActivityScheduled', { resource, input: args, ...timeout, ...heartbeat });
  } else if (kind === 'function') {
    visit.event('LambdaFunctionScheduled', { resource, input: args, ...timeout });
    visit.event('LambdaFunctionStarted');
  } else {
    const { region } = visit.run.cloud;
    visit.event('TaskScheduled', { ...resourceOf(integration), region, parameters: args, ...timeout, ...heartbeat });
    visit.event('TaskStarted', resourceOf(integration));
  }
}

function reportFailure(visit: Visit, integration: Integration, failure: StateError): void {
  const outcome = failure.error === 'States.Timeout' && failure.causeText === undefined ? 'TimedOut' : 'Failed';
  visit.event(`${EVENTS[integration.kind]}${outcome}`, {
    ...resourceOf(integration),
    ...(failure.error === undefined ? {} : { error: failure.error }),
    ...(failure.causeText === undefined ? {} : { cause: failure.causeText }),
  });
}

/** Heartbeats and callbacks count from the task's start, so the token listens before the call is made. */
async function attempt(
  visit: Visit,
  scope: CancelScope,
  integration: Integration,
  args: Json,
  caller: Caller,
  limits: Limits,
): Promise<Json> {
  const { run, taskToken } = visit;
  if (integration.kind === 'activity') return awaitWorker(visit, scope, integration, args, limits.heartbeatSeconds);
  const heartbeatMillis = limits.heartbeatSeconds === undefined ? undefined : limits.heartbeatSeconds * 1000;
  const answer = taskToken === undefined ? undefined : run.tokens.wait(taskToken, run.machine.arn, heartbeatMillis);
  answer?.catch(() => undefined);
  const result = await scope.race(perform({ cloud: run.cloud, random: run.random, caller }, integration, args));
  if (integration.pattern === 'response') return result;
  visit.event('TaskSubmitted', { ...resourceOf(integration), output: JSON.stringify(result) });
  if (taskToken !== undefined) visit.tellWaiting({ arguments: args, token: taskToken });
  if (answer !== undefined) return JSON.parse(await scope.race(answer)) as Json;
  if (integration.service === 'sagemaker') return awaitJob(visit, scope, caller, integration, args);
  return awaitChild(visit, scope, caller, (result as { ExecutionArn: string }).ExecutionArn, integration.resource.endsWith(':2'));
}

/** The child's description, with input and output as text (`.sync`) or parsed (`.sync:2`); a child that failed fails the task. */
async function awaitChild(visit: Visit, scope: CancelScope, caller: Caller, executionArn: string, parsed: boolean): Promise<Json> {
  const { run } = visit;
  try {
    await scope.race(run.childEnded(executionArn));
  } catch (failure) {
    run.stopChild(executionArn);
    throw failure;
  }
  const describe = parseResource(visit.name, 'arn:aws:states:::aws-sdk:sfn:describeExecution');
  const child = (await perform({ cloud: run.cloud, random: run.random, caller }, describe, { ExecutionArn: executionArn })) as Record<
    string,
    Json
  >;
  if (child.Status !== 'SUCCEEDED') throw new StateError('States.TaskFailed', JSON.stringify(child));
  if (!parsed) return child;
  return { ...child, Input: JSON.parse(child.Input as string) as Json, Output: JSON.parse(child.Output as string) as Json };
}

async function withTimeout<T>(visit: Visit, timeoutSeconds: number | undefined, work: Promise<T>): Promise<T> {
  if (timeoutSeconds === undefined) return work;
  const { clock } = visit.run.cloud;
  let expire: (failure: StateError) => void = () => undefined;
  const expired = new Promise<never>((_resolve, reject) => (expire = reject));
  const timer = clock.after(timeoutSeconds * 1000, () => expire(new StateError('States.Timeout', undefined)));
  try {
    return await Promise.race([work, expired]);
  } finally {
    clock.cancel(timer);
  }
}
