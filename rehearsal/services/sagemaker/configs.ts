import { UnsupportedError, type Cloud, type Members, type Operation } from '../../cloud/types';
import { invalid } from './errors';
import { checkName, checkRange, readTags } from './names';
import { toCreate, toPassRole, toUse } from './permissions';
import type { ConfigRecord, VariantDefinition } from './state';
import type { Store } from './store';
import { refuseMembers } from './unsupported';

const MAX_VARIANTS = 10;
const NOT_PLAYED = ['AsyncInferenceConfig', 'ShadowProductionVariants', 'ExplainerConfig', 'MetricsConfig'];
const NOT_PLAYED_BY_VARIANTS = ['ServerlessConfig', 'InstancePools', 'ManagedInstanceScaling', 'CapacityReservationConfig'];

function readVariant(store: Store, input: Members, index: number): VariantDefinition {
  const member = `productionVariants.${index + 1}.member`;
  const variantName = checkName(`${member}.variantName`, input.VariantName);
  refuseMembers(`CreateEndpointConfig: variant ${variantName}`, input, NOT_PLAYED_BY_VARIANTS);
  if (input.ModelName === undefined)
    throw new UnsupportedError(`Variant ${variantName} has no ModelName: inference components are not supported by the laptop cloud`);
  if (input.InstanceType === undefined) throw invalid(`InstanceType must be specified for variant ${variantName}.`);
  if (input.InitialInstanceCount === undefined) throw invalid(`InitialInstanceCount must be specified for variant ${variantName}.`);
  checkRange(`${member}.initialInstanceCount`, input.InitialInstanceCount, 1, Number.MAX_SAFE_INTEGER);
  checkRange(`${member}.initialVariantWeight`, input.InitialVariantWeight, 0, Number.MAX_VALUE);
  checkRange(`${member}.modelDataDownloadTimeoutInSeconds`, input.ModelDataDownloadTimeoutInSeconds, 60, 3600);
  checkRange(`${member}.containerStartupHealthCheckTimeoutInSeconds`, input.ContainerStartupHealthCheckTimeoutInSeconds, 60, 3600);
  checkRange(`${member}.variantInstanceProvisionTimeoutInSeconds`, input.VariantInstanceProvisionTimeoutInSeconds, 300, 3600);
  return {
    variantName,
    model: store.models.get(input.ModelName).image,
    instanceType: input.InstanceType,
    instanceCount: input.InitialInstanceCount,
    weight: input.InitialVariantWeight ?? 1,
  };
}

function readVariants(store: Store, input: Members): VariantDefinition[] {
  const variants = (input.ProductionVariants ?? []) as Members[];
  if (variants.length === 0) throw invalid('At least one production variant must be specified.');
  if (variants.length > MAX_VARIANTS)
    throw invalid(
      `${variants.length} production variants were specified; the limit is ${MAX_VARIANTS} variants per endpoint configuration.`,
    );
  const read = variants.map((variant, index) => readVariant(store, variant, index));
  if (new Set(read.map(({ variantName }) => variantName)).size < read.length)
    throw invalid('Variant names must be unique within an endpoint configuration.');
  return read;
}

export function createEndpointConfig(store: Store, cloud: Cloud, input: Members): ConfigRecord {
  const name = checkName('endpointConfigName', input.EndpointConfigName);
  refuseMembers('CreateEndpointConfig', input, NOT_PLAYED);
  if (input.DataCaptureConfig?.EnableCapture === true)
    throw new UnsupportedError(`Endpoint config ${name} turns data capture on, which the laptop cloud does not write yet`);
  store.configs.refuseDuplicate(name);
  return store.configs.add({
    name,
    arn: store.configs.arn(name),
    tags: readTags(input.Tags),
    createdAtMillis: cloud.clock.now(),
    variants: readVariants(store, input),
    definition: input,
  });
}

const describe = (record: ConfigRecord): Members => {
  const definition = { ...record.definition };
  delete definition.Tags;
  return { ...definition, EndpointConfigArn: record.arn, CreationTime: new Date(record.createdAtMillis) };
};

/** AWS deletes a config in use and then cannot update the endpoint any more; its documentation forbids it. The rehearsal refuses. */
export function deleteEndpointConfig(store: Store, name: string): void {
  const record = store.configs.get(name);
  const users = store.endpoints.all().filter((endpoint) => endpoint.status !== 'Deleting' && endpoint.status !== 'Failed');
  const user = users.find((endpoint) => endpoint.configName === name || endpoint.pending?.configName === name);
  if (user !== undefined)
    throw invalid(`Cannot delete endpoint configuration "${record.arn}" while endpoint "${user.arn}" uses it (${user.status}).`);
  store.configs.remove(record);
}

export const configOperations = (store: Store): Record<string, Operation> => ({
  CreateEndpointConfig: {
    permissions: (input, cloud) => [
      ...toCreate('CreateEndpointConfig', 'endpoint-config', input.EndpointConfigName, input, cloud),
      ...(input.ExecutionRoleArn === undefined ? [] : [toPassRole(input.ExecutionRoleArn)]),
    ],
    run: (input, { cloud }) => ({ EndpointConfigArn: createEndpointConfig(store, cloud, input).arn }),
  },
  DescribeEndpointConfig: {
    permissions: (input) => [toUse(store, 'DescribeEndpointConfig', store.configs.arn(input.EndpointConfigName))],
    run: (input) => describe(store.configs.get(input.EndpointConfigName)),
  },
  DeleteEndpointConfig: {
    permissions: (input) => [toUse(store, 'DeleteEndpointConfig', store.configs.arn(input.EndpointConfigName))],
    run: (input) => {
      deleteEndpointConfig(store, input.EndpointConfigName);
      return {};
    },
  },
});
