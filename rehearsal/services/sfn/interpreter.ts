import { runDistributedMap } from './distributed-map';
import { runMap } from './map';
import { runParallel } from './parallel';
import { runTask } from './task';
import { isDistributed, type Catcher, type Flow, type Json, type Retrier } from './definition';
import { matches, StateError } from './errors';
import { Visit, type Frame, type Run, type Step } from './visit';

const DATE_TIME = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/** Runs states one after the other, from StartAt to the one that ends the flow. */
export async function runFlow(run: Run, flow: Flow, input: Json, frame: Frame): Promise<Json> {
  let step: Step = { output: input, next: flow.StartAt };
  while (step.next !== undefined) {
    frame.scope.check();
    const state = flow.States[step.next];
    if (state === undefined) throw new Error(`state ${step.next} passed validation but is not there`);
    const visit = new Visit(run, frame, step.next, state, step.output);
    frame.active.add(visit);
    step = await runState(visit);
    frame.active.delete(visit);
  }
  return step.output;
}

/** One state with its Retry and Catch. */
async function runState(visit: Visit): Promise<Step> {
  const attempts = new Map<Retrier, number>();
  for (;;) {
    try {
      return await attempt(visit);
    } catch (failure) {
      if (!(failure instanceof StateError)) throw failure;
      if (await retried(visit, failure, attempts)) continue;
      reportContainerFailure(visit);
      const catcher = visit.state.Catch?.find((candidate) => matches(candidate.ErrorEquals, failure));
      if (catcher === undefined) throw failure;
      return caught(visit, catcher, failure);
    }
  }
}

async function caught(visit: Visit, catcher: Catcher, failure: StateError): Promise<Step> {
  const location = `Catch[${visit.state.Catch?.indexOf(catcher)}]/`;
  const output = await visit.leave({ ...catcher, location }, { ...failure.output }, { errorOutput: failure.output });
  return { output, next: catcher.Next };
}

/** Waits as the first matching Retry says; false when its attempts are used up or none matches. */
async function retried(visit: Visit, failure: StateError, attempts: Map<Retrier, number>): Promise<boolean> {
  const retrier = visit.state.Retry?.find((candidate) => matches(candidate.ErrorEquals, failure));
  if (retrier === undefined) return false;
  const before = attempts.get(retrier) ?? 0;
  if (before >= (retrier.MaxAttempts ?? 3)) return false;
  attempts.set(retrier, before + 1);
  const { clock } = visit.run.cloud;
  await visit.frame.scope.sleepUntil(clock, clock.now() + retryDelaySeconds(retrier, before, () => visit.run.random.next()) * 1000);
  visit.retryCount += 1;
  return true;
}

/** Seconds before the retry that follows `before` earlier ones. */
export function retryDelaySeconds(retrier: Retrier, before: number, fraction: () => number): number {
  const grown = (retrier.IntervalSeconds ?? 1) * (retrier.BackoffRate ?? 2) ** before;
  const capped = Math.min(grown, retrier.MaxDelaySeconds ?? Number.POSITIVE_INFINITY);
  return retrier.JitterStrategy === 'FULL' ? capped * fraction() : capped;
}

function reportContainerFailure(visit: Visit): void {
  const { Type: type } = visit.state;
  if (type === 'Map' || (type === 'Parallel' && !visit.abortedBranches)) visit.event(`${type}StateFailed`);
}

async function attempt(visit: Visit): Promise<Step> {
  const { state, input } = visit;
  switch (state.Type) {
    case 'Pass':
      return forward(visit, input);
    case 'Wait':
      await wait(visit);
      return forward(visit, input);
    case 'Succeed':
      return { output: await visit.leave(state, input), next: undefined };
    case 'Fail':
      throw await failed(visit);
    case 'Choice':
      return choose(visit);
    case 'Task':
      return forwardResult(visit, await runTask(visit));
    case 'Parallel':
      return forwardResult(visit, await runParallel(visit, runFlow));
    case 'Map':
      return forwardResult(visit, await (isDistributed(state) ? runDistributedMap(visit) : runMap(visit, runFlow)));
  }
}

async function forward(visit: Visit, fallback: Json, more: Record<string, unknown> = {}): Promise<Step> {
  return { output: await visit.leave(visit.state, fallback, more), next: visit.state.Next };
}

async function forwardResult(visit: Visit, result: Json): Promise<Step> {
  return forward(visit, result, { result });
}

async function failed(visit: Visit): Promise<StateError> {
  const { Error: error, Cause: cause } = visit.state;
  return new StateError(
    error === undefined ? undefined : ((await visit.evaluateAs('string', error, 'Error')) as string),
    cause === undefined ? undefined : ((await visit.evaluateAs('string', cause, 'Cause')) as string),
  );
}

async function choose(visit: Visit): Promise<Step> {
  const { state } = visit;
  for (const [index, rule] of (state.Choices ?? []).entries()) {
    const field = `Choices[${index}]/Condition`;
    if ((await visit.evaluateAs('boolean', rule.Condition, field)) !== true) continue;
    return { output: await visit.leave({ ...rule, location: `Choices[${index}]/` }, visit.input), next: rule.Next };
  }
  if (state.Default === undefined)
    throw new StateError(
      'States.NoChoiceMatched',
      visit.explain('Failed to transition out of the state. The state does not point to a next state.'),
    );
  return { output: await visit.leave(state, visit.input), next: state.Default };
}

/** Midnight of the month after must not hide a 31st of February. */
function parseTimestamp(text: string): number | undefined {
  const match = DATE_TIME.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const daysInMonth = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth || hour > 23 || minute > 59 || second > 59) return undefined;
  const millis = Date.parse(text.replace(/(\.\d{3})\d+/, '$1'));
  return Number.isNaN(millis) ? undefined : millis;
}

async function wait(visit: Visit): Promise<void> {
  const { state, run, frame } = visit;
  const { clock } = run.cloud;
  let untilMillis: number | undefined;
  if (state.Seconds !== undefined) {
    const seconds = (await visit.evaluateAs('number', state.Seconds, 'Seconds')) as number;
    if (!Number.isInteger(seconds) || seconds < 0 || seconds > 99_999_999)
      throw visit.queryFailure(`The Seconds field must be an integer between 0 and 99999999 but was: ${seconds}`, 'Seconds');
    untilMillis = clock.now() + seconds * 1000;
  } else {
    const text = (await visit.evaluateAs('string', state.Timestamp ?? null, 'Timestamp')) as string;
    untilMillis = parseTimestamp(text);
    if (untilMillis === undefined)
      throw visit.queryFailure(
        `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${text}`,
        'Timestamp',
      );
  }
  if (untilMillis > clock.now()) await frame.scope.sleepUntil(clock, untilMillis);
}
