import type { ServingMode } from './serving';

/** The arms that a unit can be assigned to. `stable` is the promoted release, `candidate` the one under canary. */
export type Arm = 'baseline' | 'stable' | 'candidate';

export const ARMS: Arm[] = ['baseline', 'stable', 'candidate'];

/** Production variants are slots: their names never change, the control record says which one is stable. */
export type Slot = 'a' | 'b';

/** A release as it stands on the endpoint. */
export interface DeployedRelease {
  releaseId: string;
  /** Name of its production variant: `a` or `b`, or an adopted endpoint's own variant name. */
  variantName: string;
  modelName: string;
  /** Endpoint config in which this release stands alone (what the endpoint runs when nothing else is on it). */
  endpointConfigName: string;
  /** Where an endpoint cannot hold two releases (serverless, async, inference components) each has one of its own; missing: the control record's. */
  endpointName?: string;
  /** Of a release that is served as an inference component: what is invoked in the place of the variant. */
  componentName?: string;
  /** Missing: real-time. */
  mode?: ServingMode;
}
