import type { ControlRecord } from '../contracts';
import { type Change, endWarm, type Transition } from './control';

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
export function unused(control: ControlRecord, { configs, models }: { configs: string[]; models: string[] }) {
  const deployed = [control.stable, control.candidate, control.warm?.release];
  const usedConfigs = [control.endpointConfigName, ...deployed.map((release) => release?.endpointConfigName)];
  const usedModels = deployed.map((release) => release?.modelName);
  return {
    obsoleteConfigs: configs.filter((name) => !usedConfigs.includes(name)),
    obsoleteModels: models.filter((name) => !usedModels.includes(name)),
  };
}
