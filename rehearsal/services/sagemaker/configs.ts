import type { Cloud, Members, Operation } from '../../cloud/types';
import { invalid } from './errors';
import { readFleet } from './fleet';
import { checkName, readTags } from './names';
import { toCreate, toPassRole, toUse } from './permissions';
import type { ConfigRecord } from './state';
import type { Store } from './store';
import { refuseMembers } from './unsupported';

const NOT_PLAYED = ['ExplainerConfig', 'MetricsConfig', 'CrossRegionTrafficConfig'];

export function createEndpointConfig(store: Store, cloud: Cloud, input: Members): ConfigRecord {
  const name = checkName('endpointConfigName', input.EndpointConfigName);
  refuseMembers('CreateEndpointConfig', input, NOT_PLAYED);
  store.configs.refuseDuplicate(name);
  return store.configs.add({
    name,
    arn: store.configs.arn(name),
    tags: readTags(input.Tags),
    createdAtMillis: cloud.clock.now(),
    ...readFleet(store, input),
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
