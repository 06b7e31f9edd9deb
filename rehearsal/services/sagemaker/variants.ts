import { UnsupportedError, type Members } from '../../cloud/types';
import { invalid } from './errors';
import { checkName, checkRange } from './names';
import type { InstancePool, ServerlessSettings, VariantDefinition } from './state';
import type { Store } from './store';
import { refuseMembers } from './unsupported';

const MAX_POOLS = 5;
const DEFAULT_PROVISION_MILLIS = 3_600_000;
const SERVERLESS_MEMORY = [1024, 2048, 3072, 4096, 5120, 6144];
const MAX_SERVERLESS_CONCURRENCY = 200;
const NOT_PLAYED = ['CapacityReservationConfig', 'AcceleratorType'];

function readPools(store: Store, member: string, input: Members): InstancePool[] {
  const pools = (input.InstancePools ?? []) as Members[];
  if (pools.length === 0) return [];
  if (pools.length > MAX_POOLS)
    throw invalid(`${pools.length} instance pools were specified at '${member}.instancePools'; the limit is ${MAX_POOLS}.`);
  const read = pools.map((pool, index) => {
    checkRange(`${member}.instancePools.${index + 1}.member.priority`, pool.Priority, 1, MAX_POOLS);
    return {
      instanceType: String(pool.InstanceType),
      priority: Number(pool.Priority),
      model: store.models.get(pool.ModelNameOverride ?? input.ModelName).image,
    };
  });
  if (new Set(read.map(({ priority }) => priority)).size < read.length)
    throw invalid(`Instance pools at '${member}.instancePools' must have unique priorities.`);
  return read.sort((left, right) => left.priority - right.priority);
}

function readServerless(member: string, variantName: string, input: Members): ServerlessSettings | undefined {
  const config = input.ServerlessConfig as Members | undefined;
  if (config === undefined || config === null) return undefined;
  if (input.InstanceType !== undefined || input.InitialInstanceCount !== undefined)
    throw invalid(`Variant ${variantName} cannot specify both ServerlessConfig and InstanceType or InitialInstanceCount.`);
  if (config.ProvisionedConcurrency !== undefined)
    throw new UnsupportedError(
      `SageMaker CreateEndpointConfig: variant ${variantName} with ProvisionedConcurrency is not supported by the laptop cloud. Leave it out.`,
    );
  if (!SERVERLESS_MEMORY.includes(config.MemorySizeInMB))
    throw invalid(
      `Value '${String(config.MemorySizeInMB)}' at '${member}.serverlessConfig.memorySizeInMB' must be one of ${SERVERLESS_MEMORY.join(', ')}.`,
    );
  checkRange(`${member}.serverlessConfig.maxConcurrency`, config.MaxConcurrency, 1, MAX_SERVERLESS_CONCURRENCY);
  return { memoryMebibytes: config.MemorySizeInMB, maxConcurrency: config.MaxConcurrency };
}

function checkInstances(member: string, variantName: string, input: Members, pools: InstancePool[]): void {
  if (pools.length > 0 && input.InstanceType !== undefined)
    throw invalid(`Variant ${variantName} cannot specify both InstanceType and InstancePools.`);
  if (pools.length === 0 && input.InstanceType === undefined) throw invalid(`InstanceType must be specified for variant ${variantName}.`);
  if (input.InitialInstanceCount === undefined) throw invalid(`InitialInstanceCount must be specified for variant ${variantName}.`);
  checkRange(`${member}.initialInstanceCount`, input.InitialInstanceCount, 1, Number.MAX_SAFE_INTEGER);
}

function checkTimes(member: string, input: Members): void {
  checkRange(`${member}.initialVariantWeight`, input.InitialVariantWeight, 0, Number.MAX_VALUE);
  checkRange(`${member}.modelDataDownloadTimeoutInSeconds`, input.ModelDataDownloadTimeoutInSeconds, 60, 3600);
  checkRange(`${member}.containerStartupHealthCheckTimeoutInSeconds`, input.ContainerStartupHealthCheckTimeoutInSeconds, 60, 3600);
  checkRange(`${member}.variantInstanceProvisionTimeoutInSeconds`, input.VariantInstanceProvisionTimeoutInSeconds, 300, 3600);
}

/** One variant of a config; `list` is the member that holds it, as AWS names it in messages. */
export function readVariant(store: Store, list: string, input: Members, index: number): VariantDefinition {
  const member = `${list}.${index + 1}.member`;
  const variantName = checkName(`${member}.variantName`, input.VariantName);
  refuseMembers(`CreateEndpointConfig: variant ${variantName}`, input, NOT_PLAYED);
  if (input.ModelName === undefined)
    throw new UnsupportedError(`Variant ${variantName} has no ModelName: inference components are not supported by the laptop cloud`);
  if (input.ManagedInstanceScaling !== undefined)
    throw invalid('ManagedInstanceScaling is only supported for inference component endpoints.');
  checkTimes(member, input);
  const serverless = readServerless(member, variantName, input);
  const pools = readPools(store, member, input);
  if (serverless === undefined) checkInstances(member, variantName, input, pools);
  const { image } = store.models.get(input.ModelName);
  if (serverless !== undefined && image.inVpc)
    throw invalid(`Variant ${variantName}: serverless endpoints do not support models with a VpcConfig.`);
  const timeoutSeconds = input.VariantInstanceProvisionTimeoutInSeconds as number | undefined;
  return {
    variantName,
    model: image,
    instanceType: serverless === undefined ? (input.InstanceType ?? pools[0]!.instanceType) : 'serverless',
    instanceCount: input.InitialInstanceCount ?? 0,
    weight: input.InitialVariantWeight ?? 1,
    pools,
    provisionTimeoutMillis: timeoutSeconds === undefined ? DEFAULT_PROVISION_MILLIS : timeoutSeconds * 1000,
    ...(serverless === undefined ? {} : { serverless }),
  };
}
