import type { ServingSpec } from '../contracts/serving';
import type { ProductionVariant } from './sagemaker';

const ROUTING = {
  'least-outstanding': 'LEAST_OUTSTANDING_REQUESTS',
  random: 'RANDOM',
  'prefix-aware': 'PREFIX_AWARE',
} as const;

/** An endpoint is made with one instance, or copy, at least: scaling takes it to none. */
export const atLeastOne = (count: number): number => Math.max(1, count);

/** The release's own variant with all the traffic, as its serving section says. */
export function variantOf(serving: ServingSpec, variantName: string, modelName: string): ProductionVariant {
  const { mode, serverless } = serving;
  if (mode === 'serverless') {
    return {
      VariantName: variantName,
      ModelName: modelName,
      ServerlessConfig: {
        MemorySizeInMB: serverless?.memoryMib,
        MaxConcurrency: serverless?.maxConcurrency,
        ...given('ProvisionedConcurrency', serverless?.provisionedConcurrency),
      },
      InitialVariantWeight: 1,
    };
  }
  const isPlaced = mode === 'inference-components';
  return {
    VariantName: variantName,
    ...(isPlaced ? {} : { ModelName: modelName }),
    ...instancesOf(serving),
    InitialInstanceCount: atLeastOne(serving.minInstances),
    InitialVariantWeight: 1,
    ...(isPlaced ? { ManagedInstanceScaling: managedScaling(serving) } : timeoutsOf(serving)),
    ...given('VolumeSizeInGB', serving.volumeGib),
    ...given('VariantInstanceProvisionTimeoutInSeconds', serving.provisionTimeoutSeconds),
    ...(serving.routing === undefined ? {} : { RoutingConfig: { RoutingStrategy: ROUTING[serving.routing] } }),
  };
}

function instancesOf({ instanceType, instancePools }: ServingSpec): Partial<ProductionVariant> {
  if (instancePools === undefined) return { InstanceType: instanceType };
  return { InstancePools: instancePools.map((InstanceType, index) => ({ InstanceType, Priority: index + 1 })) };
}

/** SageMaker adds and takes away instances as copies come and go. */
const managedScaling = ({ minInstances, maxInstances }: ServingSpec) => ({
  Status: 'ENABLED',
  MinInstanceCount: minInstances,
  MaxInstanceCount: maxInstances,
});

const timeoutsOf = ({ downloadTimeoutSeconds, startupTimeoutSeconds }: ServingSpec): Partial<ProductionVariant> => ({
  ...given('ModelDataDownloadTimeoutInSeconds', downloadTimeoutSeconds),
  ...given('ContainerStartupHealthCheckTimeoutInSeconds', startupTimeoutSeconds),
});

/** Members without a value stay away. */
export const given = (name: string, value: unknown): Record<string, unknown> => (value === undefined ? {} : { [name]: value });

/** Every type that may come. */
export const typesOf = ({ InstanceType, InstancePools }: ProductionVariant): string[] => [
  ...(InstanceType === undefined ? [] : [InstanceType]),
  ...((InstancePools ?? []) as { InstanceType: string }[]).map((pool) => pool.InstanceType),
];
