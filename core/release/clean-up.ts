import type { ControlRecord, ReleaseRecord } from '../contracts';
import { endpointNameOf, releaseNames } from './names';
import { updateTo } from './plan';
import type { UpdateEndpoint } from './sagemaker';

/** A release that is stable while the one before it stays on the endpoint, and what goes when that is over. */
export interface WarmWindow {
  until: string;
  obsoleteConfigs: string[];
  obsoleteModels: string[];
}

/** What a release whose workflow was lost may have left behind. */
export interface CleanUpPlan {
  /** It became stable before its workflow was lost: nothing is taken back. */
  promoted: boolean;
  /** Without the lock it never came as far as the endpoint. */
  holdsLock: boolean;
  /** Its rollback window is all that is left to end. */
  warmUntil?: string;
  /** It was stable, and was taken back within its rollback window. */
  takenBack: boolean;
  plan: {
    first: boolean;
    endpointName: string;
    modelName?: string;
    darkConfigName?: string;
    liveConfigName?: string;
    shadowConfigName?: string;
    stableConfigName?: string;
    restoreEndpoint?: UpdateEndpoint;
    liveEndpoint?: UpdateEndpoint;
    obsoleteConfigs?: string[];
    obsoleteModels?: string[];
  };
}

type Ended = Pick<ReleaseRecord, 'id' | 'endedAt'> & { window?: WarmWindow; tidiedAt?: string };

/** Follows from the release and from stable, which the lock has kept: no workflow has to remember it. */
export function planCleanUp(record: Ended, control: ControlRecord, prefix: string): CleanUpPlan {
  const { id, window } = record;
  const { stable } = control;
  const first = stable === undefined;
  const promoted = stable?.releaseId === id;
  const holdsLock = control.lockedBy === id;
  const endpointName = control.endpointName ?? endpointNameOf(prefix);
  const names = releaseNames(prefix, id);
  const hasEnded = record.endedAt !== undefined;
  if (hasEnded && window !== undefined && record.tidiedAt === undefined && (promoted || !holdsLock)) {
    const { until, obsoleteConfigs, obsoleteModels } = window;
    const liveEndpoint = updateTo(endpointName, names.liveConfigName);
    const plan = { first: false, endpointName, ...names, liveEndpoint, obsoleteConfigs, obsoleteModels };
    return { promoted, holdsLock, takenBack: false, warmUntil: until, plan };
  }
  const takenBack = window !== undefined && holdsLock && !promoted;
  if (promoted || !holdsLock) {
    return { promoted, holdsLock, takenBack, plan: { first, endpointName } };
  }
  return {
    promoted,
    holdsLock,
    takenBack,
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
