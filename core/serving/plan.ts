import type { RoutingStrategy, ServingMode } from '../contracts/serving';

/** An endpoint as it is asked for, before anything is deployed. What is not known at synth stays away: nothing is refused for it. */
export interface EndpointPlan {
  mode: ServingMode;
  /** Where it is to run. */
  region?: string;
  /** Whether the region takes inference components without instances, where somebody knows better. */
  regionTakesZero?: boolean;
  endpointName?: string;
  variants: VariantPlan[];
  shadow?: VariantPlan;
  components?: ComponentPlan[];
  hasVpc?: boolean;
  subnets?: number;
  securityGroups?: number;
  /** A key of the customer for the volumes of the instances. */
  hasVolumeKey?: boolean;
  networkIsolation?: boolean;
  capture?: CapturePlan;
  async?: AsyncPlan;
  deployment?: DeploymentPlan;
  tags?: number;
}

export interface VariantPlan {
  name?: string;
  model?: ModelPlan;
  instanceType?: string;
  pools?: PoolPlan[];
  /** Neither a type nor pools are given, not even by a name that is known at deploy. */
  lacksInstance?: boolean;
  initialCount?: number;
  /** The fewest and the most that scaling may leave. */
  minCount?: number;
  maxCount?: number;
  weight?: number;
  serverless?: ServerlessPlan;
  volumeGib?: number;
  downloadTimeoutSeconds?: number;
  startupTimeoutSeconds?: number;
  provisionTimeoutSeconds?: number;
  routing?: RoutingStrategy;
  prefixLength?: number;
  concurrencyThreshold?: number;
}

export interface PoolPlan {
  instanceType?: string;
  priority?: number;
}

export interface ServerlessPlan {
  memoryMib?: number;
  maxConcurrency?: number;
  provisionedConcurrency?: number;
}

export interface ModelPlan {
  image?: string;
  artefactUrl?: string;
  modelPackageArn?: string;
  environment?: Record<string, string | undefined>;
}

export interface ComponentPlan {
  name?: string;
  model?: ModelPlan;
  memoryMib?: number;
  maxMemoryMib?: number;
  cpus?: number;
  accelerators?: number;
  copies?: number;
  downloadTimeoutSeconds?: number;
  startupTimeoutSeconds?: number;
}

export interface CapturePlan {
  samplingPercent?: number;
  jsonContentTypes?: string[];
  csvContentTypes?: string[];
  capturesInput?: boolean;
  capturesOutput?: boolean;
}

export interface AsyncPlan {
  concurrentPerInstance?: number;
}

export interface DeploymentPlan {
  kind: 'all-at-once' | 'canary' | 'linear' | 'rolling';
  /** Of a canary, a linear step or a rolling batch. */
  size?: SizePlan;
  rollbackSize?: SizePlan;
  waitSeconds?: number;
  terminationWaitSeconds?: number;
  timeoutSeconds?: number;
  alarms?: number;
}

/** Either. */
export interface SizePlan {
  percent?: number;
  instances?: number;
}

/** What is known of instance types. `undefined`: unknown, and nothing is refused for it. */
export interface InstanceKnowledge {
  hasLocalDisk(instanceType: string): boolean | undefined;
  /** GPUs or chips of AWS. */
  accelerators(instanceType: string): number | undefined;
  memoryMib(instanceType: string): number | undefined;
  vcpus(instanceType: string): number | undefined;
  isOffered(instanceType: string, region: string): boolean | undefined;
  /** Regions that are known to have it. */
  regionsOf(instanceType: string): string[];
}

/** Nothing is known. */
export const NO_KNOWLEDGE: InstanceKnowledge = {
  hasLocalDisk: () => undefined,
  accelerators: () => undefined,
  memoryMib: () => undefined,
  vcpus: () => undefined,
  isOffered: () => undefined,
  regionsOf: () => [],
};
