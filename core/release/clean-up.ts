import type { ControlRecord } from '../contracts';
import { endpointNameOf, releaseNames } from './names';
import { updateTo } from './plan';
import type { UpdateEndpoint } from './sagemaker';

/** What a release whose workflow was lost may have left behind. */
export interface CleanUpPlan {
  /** It became stable before its workflow was lost: nothing is taken back. */
  promoted: boolean;
  /** Without the lock it never came as far as the endpoint. */
  holdsLock: boolean;
  plan: {
    first: boolean;
    endpointName: string;
    modelName?: string;
    darkConfigName?: string;
    liveConfigName?: string;
    stableConfigName?: string;
    restoreEndpoint?: UpdateEndpoint;
  };
}

/** Follows from the release and from stable, which the lock has kept: no workflow has to remember it. */
export function planCleanUp(releaseId: string, control: ControlRecord, prefix: string): CleanUpPlan {
  const { stable } = control;
  const first = stable === undefined;
  const promoted = stable?.releaseId === releaseId;
  const holdsLock = control.lockedBy === releaseId;
  const endpointName = control.endpointName ?? endpointNameOf(prefix);
  if (promoted || !holdsLock) {
    return { promoted, holdsLock, plan: { first, endpointName } };
  }
  const names = releaseNames(prefix, releaseId);
  return {
    promoted,
    holdsLock,
    plan: {
      first,
      endpointName,
      ...names,
      ...(first
        ? { darkConfigName: names.liveConfigName }
        : { stableConfigName: stable.endpointConfigName, restoreEndpoint: updateTo(endpointName, stable.endpointConfigName) }),
    },
  };
}
