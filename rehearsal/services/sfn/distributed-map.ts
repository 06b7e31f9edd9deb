import { AwsError, type Caller } from '../../cloud/types';
import { itemContext, type Dataset } from './dataset';
import { childTypeOf, type Json } from './definition';
import { StateError } from './errors';
import { batchingOf, childInputs } from './item-batcher';
import { readingOf, readItems } from './item-reader';
import { concurrencyOf, givenDataset, toleranceOf } from './map-fields';
import type { MapRun, MapRunChild } from './map-run';
import { resultOf, writingOf, type Writing } from './result-writer';
import { CancelScope } from './scope';
import type { Visit } from './visit';

/** What Step Functions runs at a time in a distributed Map at most. */
const DISTRIBUTED_CONCURRENCY = 10_000;

/** A Map Run: an execution of its own for every item or batch, with its own history. */
export async function runDistributedMap(visit: Visit): Promise<Json> {
  const { state, run, frame } = visit;
  const concurrency = await concurrencyOf(visit, DISTRIBUTED_CONCURRENCY);
  const source = state.ItemReader === undefined ? await givenDataset(visit) : await readingOf(visit, state.ItemReader);
  const batching = await batchingOf(visit);
  const writing = await writingOf(visit);
  visit.event('MapStateStarted', { length: 'items' in source ? source.items.length : 0 });
  const mapRun = openMapRun(visit, { concurrency, ...(await toleranceOf(visit)) });
  visit.event('MapRunStarted', { mapRunArn: mapRun.arn });
  visit.mapRun = mapRun;
  const scope = new CancelScope(frame.scope);
  scope.onCancel(() => {
    mapRun.close('ABORTED');
    mapRun.stopChildren();
  });
  try {
    const dataset = 'items' in source ? source : await scope.race(readItems(visit, source));
    const items = await scope.race(select(visit, dataset));
    mapRun.plan(childInputs(visit.name, items, batching).map((input) => ({ ...input, name: run.random.uuid(), mapRun })));
    await runChildren(visit, mapRun, scope);
    const output = await scope.race(finish(visit, mapRun, writing));
    visit.event('MapRunSucceeded');
    visit.event('MapStateSucceeded');
    return output;
  } catch (failure) {
    if (failure instanceof StateError && failure.more.recorded !== true) {
      mapRun.close('FAILED');
      visit.event('MapRunFailed', { error: failure.error, cause: failure.causeText });
    }
    throw failure;
  } finally {
    visit.mapRun = undefined;
    scope.cancel();
  }
}

function openMapRun(visit: Visit, limits: MapRun['request']['limits']): MapRun {
  const { state, run } = visit;
  const flow = state.ItemProcessor;
  if (flow === undefined) throw new Error(`${visit.name} passed validation without ItemProcessor`);
  // A child's own distributed Map belongs to the machine that the user made.
  const [arn = '', name = ''] = [run.machine.arn, run.machine.name].map((text) => text.split('/')[0] ?? text);
  const base = { ...run.machine, arn, name, definition: flow, type: childTypeOf(state) };
  return run.mapRuns.open({ arn: run.executionArn, machineArn: arn }, base, state.Label, visit.name, limits);
}

async function select(visit: Visit, dataset: Dataset): Promise<readonly Json[]> {
  const { ItemSelector: selector } = visit.state;
  if (selector === undefined) return dataset.items;
  const selected: Json[] = [];
  for (const [index, item] of dataset.items.entries())
    selected.push(await visit.language.template(visit, selector, 'ItemSelector', { Map: { Item: itemContext(dataset, item, index) } }));
  return selected;
}

async function runChildren(visit: Visit, mapRun: MapRun, scope: CancelScope): Promise<void> {
  const { children, request } = mapRun;
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let child = children[next++]; child !== undefined; child = children[next++]) {
      if (scope.cancelled || mapRun.exceedsTolerance) return;
      await runChild(visit, child, scope);
    }
  };
  let exceeded: () => void = () => undefined;
  const over = new Promise<void>((resolve) => (exceeded = resolve));
  const workers = Array.from({ length: Math.min(request.limits.concurrency, children.length) }, async () => {
    await worker();
    if (mapRun.exceedsTolerance) exceeded();
  });
  await scope.race(Promise.race([Promise.all(workers), over]));
}

/** Started as the machine's role, which needs states:StartExecution for its own machine. */
async function runChild(visit: Visit, child: MapRunChild, scope: CancelScope): Promise<void> {
  const { run } = visit;
  const caller: Caller = { kind: 'role', roleArn: run.roleArn };
  run.mapRuns.expect(child);
  const input = { stateMachineArn: child.mapRun.request.machine.arn, name: child.name, input: child.input };
  try {
    await run.cloud.call('sfn', 'StartExecution', input, caller);
  } catch (failure) {
    if (!(failure instanceof AwsError)) throw failure;
    throw new StateError(failure.code === 'AccessDeniedException' ? 'States.Permissions' : 'States.Runtime', failure.message);
  }
  const { execution } = child;
  if (execution === undefined) throw new Error(`child ${child.name} of ${child.mapRun.arn} has no execution`);
  if (scope.cancelled || child.mapRun.status !== 'RUNNING') return execution.stop(undefined, undefined);
  await execution.ended;
  if (execution.status !== 'SUCCEEDED') child.mapRun.failed(child);
}

/** Results are written also where too much failed. */
async function finish(visit: Visit, mapRun: MapRun, writing: Writing): Promise<Json> {
  const exceeded = mapRun.exceedsTolerance;
  if (exceeded) {
    mapRun.close('FAILED');
    mapRun.stopChildren();
  }
  const output = await resultOf(visit, mapRun, writing);
  if (exceeded) throw new StateError('States.ExceedToleratedFailureThreshold', 'The specified tolerated failure threshold was exceeded');
  mapRun.close('SUCCEEDED');
  return output;
}
