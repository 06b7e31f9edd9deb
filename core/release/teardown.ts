import type { ControlRecord } from '../contracts';
import { updateTo } from './plan';
import type { UpdateEndpoint } from './sagemaker';

/** What was found: made at run time below the stack's prefix, and releases that have not ended. */
export interface Found {
  endpoints: string[];
  endpointConfigs: string[];
  models: string[];
  releases: { releaseId: string; executionArn: string }[];
}

export interface TeardownPlan extends Found {
  /** An adopted endpoint is never deleted: it goes back to stable's own config. */
  restoreEndpoint?: UpdateEndpoint;
}

/** Everything of ours goes, but what an adopted endpoint runs on. */
export function planTeardown(control: ControlRecord | undefined, found: Found): TeardownPlan {
  if (control?.endpointAdopted !== true || control.stable === undefined || control.endpointName === undefined) {
    return found;
  }
  const { endpointName, stable } = control;
  const without = (names: string[], kept: string): string[] => names.filter((name) => name !== kept);
  return {
    releases: found.releases,
    endpoints: without(found.endpoints, endpointName),
    endpointConfigs: without(found.endpointConfigs, stable.endpointConfigName),
    models: without(found.models, stable.modelName),
    restoreEndpoint: updateTo(endpointName, stable.endpointConfigName),
  };
}
