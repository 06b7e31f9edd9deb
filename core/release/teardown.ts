import type { ControlRecord } from '../contracts';
import { updateTo } from './plan';
import type { UpdateEndpoint } from './sagemaker';

/** What was found: made at run time below the stack's prefix, and releases that have not ended. */
export interface Found {
  endpoints: string[];
  endpointConfigs: string[];
  models: string[];
  /** Inference components: gone before their endpoints go. */
  components: string[];
  releases: { releaseId: string; executionArn: string }[];
}

/** How an adopted endpoint stands. */
export interface AdoptedState {
  status: string;
  configName: string;
}

export interface TeardownPlan extends Found {
  /** An adopted endpoint is never deleted: it goes back to stable's own config before the candidate's is deleted. */
  restoreEndpoint?: UpdateEndpoint;
  /** The adopted endpoint is on its way from one config to another, and refuses changes until it is there. */
  endpointBusy?: boolean;
}

const BUSY = new Set(['Creating', 'Updating', 'SystemUpdating', 'RollingBack']);

/** Everything of ours goes, but what an adopted endpoint runs on. `adopted` is missing where that endpoint is gone. */
export function planTeardown(control: ControlRecord | undefined, found: Found, adopted?: AdoptedState): TeardownPlan {
  if (control?.endpointAdopted !== true || control.stable === undefined || control.endpointName === undefined) {
    return found;
  }
  const { endpointName, stable } = control;
  const without = (names: string[], kept: string): string[] => names.filter((name) => name !== kept);
  const isRestored = adopted === undefined || (adopted.status === 'InService' && adopted.configName === stable.endpointConfigName);
  return {
    releases: found.releases,
    components: found.components,
    endpoints: without(found.endpoints, endpointName),
    endpointConfigs: without(found.endpointConfigs, stable.endpointConfigName),
    models: without(found.models, stable.modelName),
    ...(isRestored ? {} : { restoreEndpoint: updateTo(endpointName, stable.endpointConfigName), endpointBusy: BUSY.has(adopted.status) }),
  };
}
