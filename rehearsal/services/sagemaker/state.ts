import type { ContainerResolver, Members } from '../../cloud/types';

export type EndpointStatus = 'Creating' | 'Updating' | 'InService' | 'RollingBack' | 'Failed' | 'Deleting';

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
}

export interface ModelRecord extends Tagged {
  image: ModelImage;
  /** The request, for DescribeModel. */
  definition: Members;
}

export interface VariantDefinition {
  variantName: string;
  model: ModelImage;
  instanceType: string;
  instanceCount: number;
  weight: number;
}

export interface ConfigRecord extends Tagged {
  variants: VariantDefinition[];
  definition: Members;
}

export type Container = ReturnType<ContainerResolver>;

/** A production variant with running instances. */
export interface Variant extends VariantDefinition {
  desiredWeight: number;
  desiredInstanceCount: number;
  container: Container;
}

/** A change that SageMaker is carrying out. */
export interface Deployment {
  configName: string;
  variants: VariantDefinition[];
  startedAtMillis: number;
}

export interface EndpointRecord extends Tagged {
  status: EndpointStatus;
  configName: string;
  variants: Variant[];
  pending?: Deployment;
  failureReason?: string;
  modifiedAtMillis: number;
  /** Counts changes: a finished change that is no longer the latest does nothing. */
  change: number;
}

export interface Invocation {
  atMillis: number;
  endpointName: string;
  variantName: string;
  modelName: string;
  inferenceId?: string;
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
