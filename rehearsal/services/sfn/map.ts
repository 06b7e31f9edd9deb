import type { Json } from './definition';
import { concurrencyOf, itemsOf, toleranceOf } from './map-fields';
import { innerFrame, reportAborted, type RunFlow } from './parallel';
import { CancelScope } from './scope';
import type { Frame, Visit } from './visit';

/** What Step Functions runs at a time in an inline Map at most. */
const INLINE_CONCURRENCY = 40;

/** The same flow for every item, at most MaxConcurrency at a time; the first failure ends the others. */
export async function runMap(visit: Visit, runFlow: RunFlow): Promise<Json> {
  const { state, run, frame } = visit;
  const concurrency = await concurrencyOf(visit, INLINE_CONCURRENCY);
  const items = await itemsOf(visit);
  // An inline Map tolerates no failure, whatever its limits say.
  await toleranceOf(visit);
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
          : await visit.language.template(visit, state.ItemSelector, 'ItemSelector', { Map: mapContext });
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
    await frame.scope.race(Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker)));
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
