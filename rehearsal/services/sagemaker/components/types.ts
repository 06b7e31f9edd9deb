import type { Members } from '../../../cloud/types';
import type { Container, Load, ModelImage } from '../state';

/** What the config of an endpoint for inference components says of its instances. */
export interface HostingSettings {
  /** SageMaker adds and removes instances with the copies. */
  managed: boolean;
  leastInstances: number;
  mostInstances: number;
  /** ManagedInstanceScaling as it was given. */
  definition?: Members;
}

/** An instance that exists, and on which copies run. */
export interface Host {
  instanceType: string;
  /** Since when no copy is on it. */
  idleSinceMillis?: number;
}

/** The instances of a variant that hosts inference components. */
export interface HostPool extends HostingSettings {
  running: Host[];
  /** Instances that have been asked for and do not exist yet. */
  launching: number;
}

/** What one copy takes of an instance. */
export interface CopyNeeds {
  cpus: number;
  memoryMebibytes: number;
  accelerators: number;
}

export interface ComponentSpec {
  model: ModelImage;
  /** Of several specifications: instances of which it is for. */
  instanceType?: string;
  needs: CopyNeeds;
  /** As it was given. */
  definition: Members;
}

export interface Copy {
  host: Host;
  spec: ComponentSpec;
  /** Specifications that came later have copies of their own. */
  generation: number;
  answers: boolean;
  model: ModelImage;
  container: Container;
  inFlight: number;
  busyMillis: number;
}

/** An update that goes batch by batch. */
export interface Rolling {
  batch: number;
  /** As many copies may run what is new by now. */
  allowed: number;
  waitMillis: number;
  deadlineMillis: number;
  alarmNames: string[];
  /** As which SageMaker reads the alarms. */
  roleArn: string;
  baking: boolean;
}

export type ComponentStatus = 'Creating' | 'InService' | 'Updating' | 'Deleting' | 'Failed';

export interface ComponentRecord extends Load {
  name: string;
  arn: string;
  tags: Map<string, string>;
  createdAtMillis: number;
  modifiedAtMillis: number;
  endpointName: string;
  endpointArn: string;
  variantName: string;
  status: ComponentStatus;
  failureReason?: string;
  /** One, or one for each type of instance. */
  specs: ComponentSpec[];
  /** Whether they were given as `Specifications`. */
  several: boolean;
  placement: 'SPREAD' | 'BINPACK';
  desiredCopies: number;
  generation: number;
  rolling?: Rolling;
  lastDeploymentConfig?: Members;
  /** What it ran before the update that is under way. */
  previous?: Pick<ComponentRecord, 'specs' | 'several' | 'placement' | 'generation'>;
  copies: Copy[];
}
