import { instanceFacts } from '../../../core/instances';
import { UnsupportedError, type Members } from '../../cloud/types';
import type { HostingSettings } from './components/types';
import { invalid } from './errors';
import { checkName, checkRange } from './names';
import type { InstancePool, ModelImage, ServerlessSettings, VariantDefinition } from './state';
import type { Store } from './store';
import { refuseMembers } from './unsupported';

const MAX_POOLS = 5;
const DEFAULT_PROVISION_MILLIS = 3_600_000;
const SERVERLESS_MEMORY = [1024, 2048, 3072, 4096, 5120, 6144];
export const MAX_SERVERLESS_CONCURRENCY = 200;
/** Regions in which users found that no endpoint scales to zero instances; AWS lists none. */
const WITHOUT_ZERO = new Set(['eu-west-3']);
const NOT_PLAYED = ['CapacityReservationConfig', 'AcceleratorType', 'AcceleratorPartitionLayouts', 'CoreDumpConfig'];

function readPools(store: Store, member: string, input: Members, roleOnly: ModelImage | undefined): InstancePool[] {
  const pools = (input.InstancePools ?? []) as Members[];
  if (pools.length === 0) return [];
  if (pools.length > MAX_POOLS)
    throw invalid(`${pools.length} instance pools were specified at '${member}.instancePools'; the limit is ${MAX_POOLS}.`);
  const read = pools.map((pool, index) => {
    checkRange(`${member}.instancePools.${index + 1}.member.priority`, pool.Priority, 1, MAX_POOLS);
    return {
      instanceType: String(pool.InstanceType),
      priority: Number(pool.Priority),
      model: roleOnly ?? store.models.get(pool.ModelNameOverride ?? input.ModelName).image,
    };
  });
  if (new Set(read.map(({ priority }) => priority)).size < read.length)
    throw invalid(`Instance pools at '${member}.instancePools' must have unique priorities.`);
  return read.sort((left, right) => left.priority - right.priority);
}

export function checkProvisioned(member: string, variantName: string, provisioned: unknown, maxConcurrency: number): void {
  checkRange(`${member}.provisionedConcurrency`, provisioned, 1, MAX_SERVERLESS_CONCURRENCY);
  if (provisioned !== undefined && Number(provisioned) > maxConcurrency)
    throw invalid(
      `Variant ${variantName}: ProvisionedConcurrency ${String(provisioned)} should be less than or equal to MaxConcurrency ${maxConcurrency}.`,
    );
}

function readServerless(member: string, variantName: string, input: Members): ServerlessSettings | undefined {
  const config = input.ServerlessConfig as Members | undefined;
  if (config === undefined || config === null) return undefined;
  if (input.InstanceType !== undefined || input.InitialInstanceCount !== undefined)
    throw invalid(`Variant ${variantName} cannot specify both ServerlessConfig and InstanceType or InitialInstanceCount.`);
  if (!SERVERLESS_MEMORY.includes(config.MemorySizeInMB))
    throw invalid(
      `Value '${String(config.MemorySizeInMB)}' at '${member}.serverlessConfig.memorySizeInMB' must be one of ${SERVERLESS_MEMORY.join(', ')}.`,
    );
  checkRange(`${member}.serverlessConfig.maxConcurrency`, config.MaxConcurrency, 1, MAX_SERVERLESS_CONCURRENCY);
  checkProvisioned(`${member}.serverlessConfig`, variantName, config.ProvisionedConcurrency, Number(config.MaxConcurrency));
  const provisionedConcurrency = config.ProvisionedConcurrency as number | undefined;
  return {
    memoryMebibytes: config.MemorySizeInMB,
    maxConcurrency: config.MaxConcurrency,
    ...(provisionedConcurrency === undefined ? {} : { provisionedConcurrency }),
  };
}

function checkInstances(member: string, variantName: string, input: Members, pools: InstancePool[]): void {
  if (pools.length > 0 && input.InstanceType !== undefined)
    throw invalid(`Variant ${variantName} cannot specify both InstanceType and InstancePools.`);
  if (pools.length === 0 && input.InstanceType === undefined) throw invalid(`InstanceType must be specified for variant ${variantName}.`);
  if (input.InitialInstanceCount === undefined) throw invalid(`InitialInstanceCount must be specified for variant ${variantName}.`);
  checkRange(`${member}.initialInstanceCount`, input.InitialInstanceCount, 1, Number.MAX_SAFE_INTEGER);
}

/** Instances that bring disks of their own take no volume. */
function checkVolume(
  member: string,
  variantName: string,
  { VolumeSizeInGB, InstanceType, InstancePools, ServerlessConfig }: Members,
): void {
  if (VolumeSizeInGB === undefined) return;
  checkRange(`${member}.volumeSizeInGB`, VolumeSizeInGB, 1, 512);
  if (ServerlessConfig !== undefined) throw invalid(`Variant ${variantName} is serverless: VolumeSizeInGB cannot be specified.`);
  const types = [InstanceType, ...((InstancePools ?? []) as Members[]).map((pool) => pool.InstanceType)].filter(
    (type) => type !== undefined,
  );
  const withDisk = types.find((type) => instanceFacts(String(type))?.localDisk === true);
  if (withDisk !== undefined)
    throw invalid(
      `Variant ${variantName}: VolumeSizeInGB is not supported for the instance type ${String(withDisk)}, which has disks of its own.`,
    );
}

function checkTimes(member: string, input: Members): void {
  checkRange(`${member}.initialVariantWeight`, input.InitialVariantWeight, 0, Number.MAX_VALUE);
  checkRange(`${member}.modelDataDownloadTimeoutInSeconds`, input.ModelDataDownloadTimeoutInSeconds, 60, 3600);
  checkRange(`${member}.containerStartupHealthCheckTimeoutInSeconds`, input.ContainerStartupHealthCheckTimeoutInSeconds, 60, 3600);
  checkRange(`${member}.variantInstanceProvisionTimeoutInSeconds`, input.VariantInstanceProvisionTimeoutInSeconds, 300, 3600);
}

/** How the instances of a variant without a model are counted. */
function readHosting(store: Store, member: string, variantName: string, input: Members): HostingSettings {
  const initial = Number(input.InitialInstanceCount);
  const config = input.ManagedInstanceScaling as Members | undefined;
  if (config === undefined || config === null || config.Status !== 'ENABLED')
    return { managed: false, leastInstances: initial, mostInstances: initial };
  const at = `${member}.managedInstanceScaling`;
  checkRange(`${at}.minInstanceCount`, config.MinInstanceCount, 0, Number.MAX_SAFE_INTEGER);
  checkRange(`${at}.maxInstanceCount`, config.MaxInstanceCount, 1, Number.MAX_SAFE_INTEGER);
  if (config.ScaleInPolicy !== undefined && config.ScaleInPolicy.Strategy !== 'IDLE_RELEASE')
    throw new UnsupportedError(
      `SageMaker CreateEndpointConfig: variant ${variantName} with ManagedInstanceScaling.ScaleInPolicy ${String(config.ScaleInPolicy.Strategy)} is not supported by the laptop cloud. Use IDLE_RELEASE.`,
    );
  const leastInstances = Number(config.MinInstanceCount ?? 1);
  if (leastInstances === 0 && WITHOUT_ZERO.has(store.region))
    throw invalid('Min instance count needs to be greater than 0 for enabled managed instance scaling.');
  const mostInstances = Number(config.MaxInstanceCount ?? Math.max(initial, leastInstances));
  if (leastInstances > mostInstances || initial > mostInstances)
    throw invalid(
      `Variant ${variantName}: ManagedInstanceScaling needs MinInstanceCount and InitialInstanceCount of at most MaxInstanceCount; given are ${leastInstances}, ${initial} and ${mostInstances}.`,
    );
  return { managed: true, leastInstances, mostInstances, definition: config };
}

function checkRouting(member: string, variantName: string, routing: Members | undefined): void {
  if (routing === undefined || routing === null) return;
  const prefix = routing.PrefixAwareRoutingConfig as Members | undefined;
  if (routing.RoutingStrategy !== 'PREFIX_AWARE') {
    if (prefix !== undefined)
      throw invalid(`Variant ${variantName}: PrefixAwareRoutingConfig can only be specified with RoutingStrategy PREFIX_AWARE.`);
    return;
  }
  if (prefix?.PrefixLength === undefined || prefix.ConcurrencyThreshold === undefined)
    throw invalid(
      `Variant ${variantName}: PrefixAwareRoutingConfig with PrefixLength and ConcurrencyThreshold is required for RoutingStrategy PREFIX_AWARE.`,
    );
  checkRange(`${member}.routingConfig.prefixAwareRoutingConfig.prefixLength`, prefix.PrefixLength, 1024, 65_536);
  checkRange(`${member}.routingConfig.prefixAwareRoutingConfig.concurrencyThreshold`, prefix.ConcurrencyThreshold, 1, 1024);
}

/** Stands where a model would, for variants that host inference components. */
function withoutModel(variantName: string, input: Members, config: Members): ModelImage {
  if (input.ServerlessConfig !== undefined) throw invalid(`Variant ${variantName} is serverless: ModelName must be specified.`);
  if (config.ExecutionRoleArn === undefined)
    throw invalid(
      `Variant ${variantName} has no ModelName: ExecutionRoleArn must be specified in an endpoint configuration for inference components.`,
    );
  return { modelName: '', environment: {}, executionRoleArn: String(config.ExecutionRoleArn), inVpc: config.VpcConfig !== undefined };
}

/** One variant of a config; `list` is the member that holds it, as AWS names it in messages. */
export function readVariant(store: Store, list: string, input: Members, index: number, config: Members): VariantDefinition {
  const member = `${list}.${index + 1}.member`;
  const variantName = checkName(`${member}.variantName`, input.VariantName);
  refuseMembers(`CreateEndpointConfig: variant ${variantName}`, input, NOT_PLAYED);
  const roleOnly = input.ModelName === undefined ? withoutModel(variantName, input, config) : undefined;
  if (roleOnly === undefined && input.ManagedInstanceScaling !== undefined)
    throw invalid('ManagedInstanceScaling is only supported for inference component endpoints.');
  checkTimes(member, input);
  checkVolume(member, variantName, input);
  checkRouting(member, variantName, input.RoutingConfig as Members | undefined);
  const serverless = readServerless(member, variantName, input);
  const pools = readPools(store, member, input, roleOnly);
  if (serverless === undefined) checkInstances(member, variantName, input, pools);
  const image = roleOnly ?? store.models.get(input.ModelName).image;
  if (serverless !== undefined && image.inVpc)
    throw invalid(`Variant ${variantName}: serverless endpoints do not support models with a VpcConfig.`);
  if (serverless !== undefined && image.isolated === true)
    throw invalid(`Variant ${variantName}: serverless endpoints do not support models with network isolation.`);
  const timeoutSeconds = input.VariantInstanceProvisionTimeoutInSeconds as number | undefined;
  return {
    variantName,
    model: image,
    instanceType: serverless === undefined ? (input.InstanceType ?? pools[0]!.instanceType) : 'serverless',
    instanceCount: input.InitialInstanceCount ?? 0,
    weight: input.InitialVariantWeight ?? 1,
    pools,
    provisionTimeoutMillis: timeoutSeconds === undefined ? DEFAULT_PROVISION_MILLIS : timeoutSeconds * 1000,
    ...(roleOnly === undefined ? {} : { hosting: readHosting(store, member, variantName, input) }),
    ...(serverless === undefined ? {} : { serverless }),
    ...(input.RoutingConfig === undefined ? {} : { routing: input.RoutingConfig as Members }),
  };
}
