import type { Json } from './definition';
import { typeName } from './jsonata';
import { innerFrame, reportAborted, type RunFlow } from './parallel';
import { CancelScope } from './scope';
import type { Frame, Visit } from './visit';

/** What Step Functions runs at a time in an inline Map that sets no limit. */
const INLINE_CONCURRENCY = 40;

async function itemsOf(visit: Visit): Promise<Json[]> {
  const { Items: items } = visit.state;
  if (items !== undefined) return (await visit.evaluateAs('array', items, 'Items')) as Json[];
  if (Array.isArray(visit.input)) return visit.input;
  throw visit.queryFailure(`Map state input must be an array but was: ${JSON.stringify(visit.input)}`, typeName(visit.input));
}

/** Evaluated as AWS does; an inline Map tolerates no failure whatever they say. */
async function evaluateTolerance(visit: Visit): Promise<void> {
  for (const field of ['ToleratedFailureCount', 'ToleratedFailurePercentage'] as const) {
    const template = visit.state[field];
    if (template !== undefined) await visit.evaluateAs('number', template, field);
  }
}

async function concurrencyOf(visit: Visit): Promise<number> {
  const { MaxConcurrency: template } = visit.state;
  if (template === undefined) return INLINE_CONCURRENCY;
  const limit = (await visit.evaluateAs('number', template, 'MaxConcurrency')) as number;
  if (!Number.isInteger(limit) || limit < 0)
    throw visit.queryFailure(`The MaxConcurrency field must be a non-negative integer but was: ${limit}`, 'MaxConcurrency');
  return limit === 0 ? INLINE_CONCURRENCY : limit;
}

/** The same flow for every item, at most MaxConcurrency at a time; the first failure ends the others. */
export async function runMap(visit: Visit, runFlow: RunFlow): Promise<Json> {
  const { state, run, frame } = visit;
  const limit = await concurrencyOf(visit);
  await evaluateTolerance(visit);
  const items = await itemsOf(visit);
  const flow = state.ItemProcessor;
  if (flow === undefined) throw new Error(`${visit.name} passed validation without ItemProcessor`);
  visit.event('MapStateStarted', { length: items.length });
  const scope = new CancelScope(frame.scope);
  const running = new Map<number, Frame>();
  const outputs: Json[] = [];
  let nextIndex = 0;

  const iterate = async (index: number): Promise<void> => {
    const mapContext = { Item: { Index: index, Value: items[index] ?? null } };
    const inner = innerFrame(visit, scope, mapContext);
    running.set(index, inner);
    run.history.add(inner.thread, 'MapIterationStarted', { name: visit.name, index });
    try {
      const input =
        state.ItemSelector === undefined
          ? (items[index] ?? null)
          : await visit.evaluate(state.ItemSelector, 'ItemSelector', { context: { Map: mapContext } });
      outputs[index] = await runFlow(run, flow, input, inner);
    } catch (failure) {
      if (scope.cancelled) return;
      scope.cancel();
      running.delete(index);
      run.history.add(inner.thread, 'MapIterationFailed', { name: visit.name, index });
      throw failure;
    }
    if (scope.cancelled) return;
    running.delete(index);
    run.history.add(inner.thread, 'MapIterationSucceeded', { name: visit.name, index });
  };
  const worker = async (): Promise<void> => {
    while (nextIndex < items.length && !scope.cancelled) await iterate(nextIndex++);
  };

  try {
    await frame.scope.race(Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker)));
    visit.event('MapStateSucceeded');
    return outputs;
  } catch (failure) {
    if (!frame.scope.cancelled)
      for (const [index, inner] of running) {
        reportAborted(inner);
        run.history.add(inner.thread, 'MapIterationAborted', { name: visit.name, index });
      }
    throw failure;
  } finally {
    scope.cancel();
  }
}
