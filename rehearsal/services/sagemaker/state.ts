import type { ContainerResolver, Members } from '../../cloud/types';
import type { HostingSettings, HostPool } from './components/types';

/** `OutOfService` is left out: nothing that the rehearsal plays leads there. */
export type EndpointStatus =
  'Creating' | 'Updating' | 'SystemUpdating' | 'RollingBack' | 'InService' | 'Failed' | 'UpdateRollbackFailed' | 'Deleting';

interface Tagged {
  name: string;
  arn: string;
  tags: Map<string, string>;
  createdAtMillis: number;
}

/** What runs in a model's container, fixed when the model is created. */
export interface ModelImage {
  modelName: string;
  image?: string;
  modelDataUrl?: string;
  modelPackageName?: string;
  environment: Record<string, string>;
  /** The role as which SageMaker writes captured data and results, and reads alarms. */
  executionRoleArn: string;
  inVpc: boolean;
  /** EnableNetworkIsolation. */
  isolated?: boolean;
}

export interface ModelRecord extends Tagged {
  image: ModelImage;
  /** The request, for DescribeModel. */
  definition: Members;
}

export interface InstancePool {
  instanceType: string;
  priority: number;
  model: ModelImage;
}

export interface ServerlessSettings {
  memoryMebibytes: number;
  maxConcurrency: number;
  provisionedConcurrency?: number;
}

export interface VariantDefinition {
  variantName: string;
  model: ModelImage;
  /** `serverless` where AWS chooses. */
  instanceType: string;
  instanceCount: number;
  weight: number;
  /** By priority, the highest first; empty: only `instanceType`. */
  pools: InstancePool[];
  provisionTimeoutMillis: number;
  serverless?: ServerlessSettings;
  /** It runs inference components, and no model of its own: `model` holds the config's role alone. */
  hosting?: HostingSettings;
  /** RoutingConfig as it was given. */
  routing?: Members;
}

export interface CaptureSettings {
  bucket: string;
  prefix: string;
  sampledPercent: number;
  input: boolean;
  output: boolean;
  csvContentTypes: string[];
  jsonContentTypes: string[];
  kmsKeyId?: string;
  definition: Members;
}

export interface AsyncSettings {
  bucket: string;
  prefix: string;
  failureBucket: string;
  failurePrefix: string;
  successTopic?: string;
  errorTopic?: string;
  includeResponseIn: string[];
  maxConcurrentPerInstance: number;
  definition: Members;
}

/** What a config asks of an endpoint. */
export interface Fleet {
  variants: VariantDefinition[];
  shadow?: VariantDefinition;
  capture?: CaptureSettings;
  async?: AsyncSettings;
}

export interface ConfigRecord extends Tagged, Fleet {
  definition: Members;
}

export type Container = ReturnType<ContainerResolver>;

/** A production variant with running instances. */
/** Requests that are being answered. */
export interface Load {
  inFlight: number;
  /** Most at once since concurrency was published last. */
  peakInFlight: number;
  /** Of the ten seconds that are published next. */
  windowStartMillis: number;
}

export interface Variant extends VariantDefinition, Load {
  desiredWeight: number;
  desiredInstanceCount: number;
  /** While its concurrency is being changed. */
  desiredServerless?: ServerlessSettings;
  /** Instances that exist, whether they answer already or not: what AWS bills, and DescribeEndpoint's CurrentInstanceCount. */
  launchedCount: number;
  container: Container;
  /** Where it hosts inference components. */
  hosts?: HostPool;
  /** Time that its containers worked since the instance metrics were published last. */
  busyMillis: number;
  lastUsedMillis: number;
}

export interface VariantStage {
  status: 'Creating' | 'Updating' | 'Deleting' | 'ActivatingTraffic' | 'Baking';
  message?: string;
  startedAtMillis: number;
}

/** A change that SageMaker is carrying out. */
export interface Deployment extends Fleet {
  configName: string;
  startedAtMillis: number;
  stage?: VariantStage;
  /** Part of its fleet that has been launched. */
  launchedShare: number;
  /** Other weights and counts of the fleet that runs: no new one. */
  resizes?: true;
}

/** The new fleet of a guarded deployment while both take traffic. */
export interface GreenFleet {
  configName: string;
  variants: Variant[];
  /** Part of the requests that it answers. */
  share: number;
}

export interface EndpointRecord extends Tagged {
  status: EndpointStatus;
  configName: string;
  variants: Variant[];
  shadow?: Variant;
  capture?: CaptureSettings;
  async?: AsyncSettings;
  green?: GreenFleet;
  pending?: Deployment;
  lastDeploymentConfig?: Members;
  failureReason?: string;
  modifiedAtMillis: number;
  /** Counts changes: a finished change that is no longer the latest does nothing. */
  change: number;
  /** Disk use of its instances: data capture stops where it is high. */
  diskPercent: number;
}

export interface Invocation {
  atMillis: number;
  endpointName: string;
  variantName: string;
  modelName: string;
  inferenceId?: string;
  inferenceComponentName?: string;
  /** Role or principal that asked; shadows are asked by nobody. */
  caller?: string;
  /** What the container answered. */
  status: number;
}

/** An endpoint as the scenario's invariants see it. */
export interface EndpointView {
  endpointName: string;
  status: EndpointStatus;
  endpointConfigName: string;
  pendingConfigName?: string;
  failureReason?: string;
  variants: { variantName: string; modelName: string; weight: number; instanceCount: number }[];
}
