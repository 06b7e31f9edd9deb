import { runDistributedMap } from './distributed-map';
import { runMap } from './map';
import { runParallel } from './parallel';
import { runTask } from './task';
import { isDistributed, type Catcher, type Flow, type Json, type Retrier } from './definition';
import { matches, StateError } from './errors';
import type { Given } from './query-language';
import { Visit, type Frame, type Run, type Step } from './visit';

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
      if (failure.more.raisedBy !== visit) reportContainerFailure(visit);
      const catcher = visit.state.Catch?.find((candidate) => matches(candidate.ErrorEquals, failure));
      if (catcher === undefined) throw failure;
      return caught(visit, catcher, failure);
    }
  }
}

async function caught(visit: Visit, catcher: Catcher, failure: StateError): Promise<Step> {
  const location = `Catch[${visit.state.Catch?.indexOf(catcher)}]/`;
  const output = await visit.leave({ ...catcher, location }, { kind: 'error', value: failure.output });
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
  const { state, language } = visit;
  switch (state.Type) {
    case 'Pass':
      return forward(visit, await language.passed(visit));
    case 'Wait':
      await wait(visit);
      return forward(visit, language.input(visit));
    case 'Succeed':
      return { output: await visit.leave(state, language.input(visit)), next: undefined };
    case 'Fail':
      throw new StateError(await language.text(visit, 'Error'), await language.text(visit, 'Cause'));
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

async function forward(visit: Visit, given: Given): Promise<Step> {
  return { output: await visit.leave(visit.state, given), next: visit.state.Next };
}

function forwardResult(visit: Visit, value: Json): Promise<Step> {
  return forward(visit, { kind: 'result', value });
}

async function choose(visit: Visit): Promise<Step> {
  const { state, language } = visit;
  const rule = await language.choose(visit);
  if (rule !== undefined) {
    const location = `Choices[${state.Choices?.indexOf(rule)}]/`;
    return { output: await visit.leave({ ...rule, location }, language.input(visit)), next: rule.Next };
  }
  if (state.Default === undefined)
    throw new StateError(
      'States.NoChoiceMatched',
      visit.explain('Failed to transition out of the state. The state does not point to a next state.'),
    );
  return { output: await visit.leave(state, language.input(visit)), next: state.Default };
}

async function wait(visit: Visit): Promise<void> {
  const { clock } = visit.run.cloud;
  const untilMillis = await visit.language.waitUntil(visit);
  if (untilMillis > clock.now()) await visit.frame.scope.sleepUntil(clock, untilMillis);
}
