import type { Flow, Json } from './definition';
import { CancelScope, Variables } from './scope';
import type { Frame, Run, Visit } from './visit';

export type RunFlow = (run: Run, flow: Flow, input: Json, frame: Frame) => Promise<Json>;

const ABORTABLE = ['Task', 'Wait', 'Parallel', 'Map'];

/** A flow inside a state: its own variables over the outer ones, ended together with its siblings. */
export function innerFrame(visit: Visit, scope: CancelScope, mapContext = visit.frame.mapContext): Frame {
  return {
    scope,
    variables: new Variables(visit.frame.variables),
    thread: { previousEventId: visit.frame.thread.previousEventId },
    active: new Set(),
    ...(mapContext === undefined ? {} : { mapContext }),
  };
}

/** Reports the states that a failure around them ended. */
export function reportAborted(frame: Frame): boolean {
  let reported = false;
  for (const visit of frame.active) {
    if (!ABORTABLE.includes(visit.state.Type)) continue;
    if (visit.mapRun !== undefined) visit.event('MapRunAborted');
    visit.event(`${visit.state.Type}StateAborted`);
    reported = true;
  }
  frame.active.clear();
  return reported;
}

/** All branches on one input; the first that fails ends the others. */
export async function runParallel(visit: Visit, runFlow: RunFlow): Promise<Json> {
  const { state, run, frame } = visit;
  const input = await visit.language.payload(visit);
  visit.abortedBranches = false;
  visit.event('ParallelStateStarted');
  const scope = new CancelScope(frame.scope);
  const branches = (state.Branches ?? []).map((flow) => ({ flow, frame: innerFrame(visit, scope) }));
  try {
    const outputs = await scope.race(Promise.all(branches.map((branch) => runFlow(run, branch.flow, input, branch.frame))));
    visit.event('ParallelStateSucceeded');
    return outputs;
  } catch (failure) {
    if (!frame.scope.cancelled) for (const branch of branches) visit.abortedBranches = reportAborted(branch.frame) || visit.abortedBranches;
    throw failure;
  } finally {
    scope.cancel();
  }
}
