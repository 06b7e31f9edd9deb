import type { ControlRecord, ReleaseRecord } from '../contracts';
import { endpointNameOf, releaseNames } from './names';
import { placeOfOwn, standsApart } from './own-endpoint';
import { type Obsolete, updateTo } from './plan';
import type { UpdateEndpoint } from './sagemaker';

/** A release that is stable while the one before it stays on the endpoint, and what goes when that is over. */
export interface WarmWindow {
  until: string;
  obsoleteConfigs: string[];
  obsoleteModels: string[];
  /** Missing in releases of before. */
  obsoleteEndpoints?: string[];
  obsoleteComponents?: string[];
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
    /** The endpoint is the release's own. */
    own: boolean;
    endpointName: string;
    componentName?: string;
    modelName?: string;
    darkConfigName?: string;
    liveConfigName?: string;
    shadowConfigName?: string;
    stableConfigName?: string;
    restoreEndpoint?: UpdateEndpoint;
    liveEndpoint?: UpdateEndpoint;
    obsoleteConfigs?: string[];
    obsoleteModels?: string[];
    obsoleteEndpoints?: string[];
    obsoleteComponents?: string[];
  };
}

type Ended = Pick<ReleaseRecord, 'id' | 'endedAt' | 'spec'> & { window?: WarmWindow; tidiedAt?: string; leftBehind?: Obsolete };

/** Follows from the release and from stable, which the lock has kept: no workflow has to remember it. */
export function planCleanUp(record: Ended, control: ControlRecord, prefix: string): CleanUpPlan {
  const { id, window } = record;
  const { stable } = control;
  const promoted = stable?.releaseId === id;
  const holdsLock = control.lockedBy === id;
  const endpointName = control.endpointName ?? endpointNameOf(prefix);
  const hasEnded = record.endedAt !== undefined;
  if (hasEnded && window !== undefined && record.tidiedAt === undefined && (promoted || !holdsLock)) {
    return { promoted, holdsLock, takenBack: false, warmUntil: window.until, plan: settling(id, window, endpointName, prefix) };
  }
  const takenBack = window !== undefined && holdsLock && !promoted;
  const common = { promoted, holdsLock, takenBack };
  if (promoted && holdsLock && record.leftBehind !== undefined) {
    return { ...common, plan: { first: false, own: true, endpointName, ...record.leftBehind } };
  }
  if (promoted || !holdsLock) {
    return { ...common, plan: { first: stable === undefined, own: false, endpointName } };
  }
  return { ...common, plan: takingBack(record, control, endpointName, prefix) };
}

/** Only the rollback window is left to end. */
function settling(id: string, window: WarmWindow, endpointName: string, prefix: string): CleanUpPlan['plan'] {
  const { obsoleteConfigs, obsoleteModels, obsoleteEndpoints = [], obsoleteComponents = [] } = window;
  const names = madeNames(prefix, id);
  return {
    first: false,
    own: obsoleteEndpoints.length > 0,
    endpointName,
    ...names,
    liveEndpoint: updateTo(endpointName, names.liveConfigName),
    obsoleteConfigs,
    obsoleteModels,
    obsoleteEndpoints,
    obsoleteComponents,
  };
}

function takingBack({ id, spec }: Ended, { stable }: ControlRecord, endpointName: string, prefix: string): CleanUpPlan['plan'] {
  const names = madeNames(prefix, id);
  const alone = { ...names, darkConfigName: names.liveConfigName };
  if (standsApart(spec, stable)) {
    const { componentName, endpointName: own = endpointName } = placeOfOwn(prefix, id, spec);
    const component = componentName === undefined ? {} : { componentName };
    return { first: stable === undefined, own: true, endpointName: own, ...component, ...alone };
  }
  if (stable === undefined) return { first: true, own: true, endpointName, ...alone };
  const restoreEndpoint = updateTo(endpointName, stable.endpointConfigName);
  return { first: false, own: false, endpointName, ...names, stableConfigName: stable.endpointConfigName, restoreEndpoint };
}

function madeNames(prefix: string, releaseId: string) {
  const { modelName, darkConfigName, liveConfigName, shadowConfigName } = releaseNames(prefix, releaseId);
  return { modelName, darkConfigName, liveConfigName, shadowConfigName };
}
