import type { ControlRecord } from '../contracts';
import { type Change, endWarm, type Transition } from './control';
import type { Obsolete } from './plan';

/** What is left to do for a release whose rollback window is over. */
export type Tidying =
  /** It holds the lock now: the endpoint goes over to its own config, then the old things go. */
  | 'settle'
  /** Whoever began since has the endpoint: only what nobody uses any more goes. */
  | 'delete'
  /** Whoever began is still building, on the very config that is to go. */
  | 'later'
  /** It was taken back, or the use case was killed: others clean up. */
  | 'nothing';

export function tidyingOf(control: ControlRecord, releaseId: string): Tidying {
  const { lockedBy, stable, candidate } = control;
  if (control.mode === 'killed') {
    return 'nothing';
  }
  if (lockedBy === releaseId) {
    return stable?.releaseId === releaseId ? 'settle' : 'nothing';
  }
  if (lockedBy !== undefined) {
    const isBuilt = candidate?.releaseId === lockedBy || stable?.releaseId === lockedBy;
    return isBuilt ? 'delete' : 'later';
  }
  return stable?.releaseId === releaseId && control.warm !== undefined ? 'settle' : 'delete';
}

/** Takes the lock where the endpoint is to be settled; otherwise nothing is written. */
export function tidy(control: ControlRecord, releaseId: string, change: Change): Transition {
  return tidyingOf(control, releaseId) === 'settle' ? endWarm(control, releaseId, change) : { ok: true, next: control };
}

/** Those names that nothing in the control record stands on. */
export function unused(control: ControlRecord, all: Obsolete): Obsolete {
  const deployed = [control.stable, control.candidate, control.warm?.release];
  const without = (names: string[], used: (string | undefined)[]): string[] => names.filter((name) => !used.includes(name));
  return {
    obsoleteConfigs: without(all.obsoleteConfigs, [control.endpointConfigName, ...deployed.map((release) => release?.endpointConfigName)]),
    obsoleteModels: without(
      all.obsoleteModels,
      deployed.map((release) => release?.modelName),
    ),
    obsoleteEndpoints: without(all.obsoleteEndpoints, [control.endpointName, ...deployed.map((release) => release?.endpointName)]),
    obsoleteComponents: without(
      all.obsoleteComponents,
      deployed.map((release) => release?.componentName),
    ),
  };
}
