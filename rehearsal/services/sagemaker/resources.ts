import type { CreatedResource, Members, ResourceContext, ResourceType } from '../../cloud/types';
import { refuseMembers } from './unsupported';
import type { SageMaker } from './sagemaker';
import type { EndpointRecord } from './state';

const POLL_MILLIS = 30_000;
const MAX_NAME = 63;

const serviceOf = (context: ResourceContext): SageMaker => context.cloud.double<SageMaker>('sagemaker');

async function inService(endpoint: EndpointRecord, configName: string, context: ResourceContext): Promise<void> {
  while (endpoint.status !== 'InService' && endpoint.status !== 'Failed') await context.cloud.clock.sleep(POLL_MILLIS);
  if (endpoint.status === 'InService' && endpoint.configName === configName) return;
  throw new Error(
    `${context.logicalId}: endpoint ${endpoint.name} is ${endpoint.status}: ${endpoint.failureReason ?? 'it runs another config'}`,
  );
}

const model: ResourceType = {
  type: 'AWS::SageMaker::Model',
  create(properties, context): CreatedResource {
    const name = String(properties.ModelName ?? context.physicalName(MAX_NAME));
    const ref = serviceOf(context).createModel({ ...properties, ModelName: name });
    return { ref, attributes: { ModelName: name } };
  },
  remove: (created, _properties, context) => serviceOf(context).removeModel(String(created.attributes.ModelName)),
};

const endpointConfig: ResourceType = {
  type: 'AWS::SageMaker::EndpointConfig',
  create(properties, context): CreatedResource {
    const name = String(properties.EndpointConfigName ?? context.physicalName(MAX_NAME));
    const ref = serviceOf(context).createConfig({ ...properties, EndpointConfigName: name });
    return { ref, attributes: { EndpointConfigName: name } };
  },
  remove: (created, _properties, context) => serviceOf(context).removeConfig(String(created.attributes.EndpointConfigName)),
};

/** CloudFormation waits until the endpoint is in service. */
const endpoint: ResourceType = {
  type: 'AWS::SageMaker::Endpoint',
  async create(properties, context): Promise<CreatedResource> {
    const name = String(properties.EndpointName ?? context.physicalName(MAX_NAME));
    const created = serviceOf(context).createEndpoint({ ...properties, EndpointName: name });
    await inService(created, String(properties.EndpointConfigName), context);
    return { ref: created.arn, attributes: { EndpointName: name } };
  },
  async update(properties: Members, previous: Members, created: CreatedResource, context): Promise<CreatedResource> {
    refuseMembers('Endpoint', properties, ['DeploymentConfig']);
    const name = String(created.attributes.EndpointName);
    if (properties.EndpointName !== previous.EndpointName)
      throw new Error(
        `${context.logicalId}: EndpointName cannot change from ${name} to ${String(properties.EndpointName)} without a new logical id`,
      );
    serviceOf(context).retag(created.ref, properties.Tags);
    if (properties.EndpointConfigName === previous.EndpointConfigName) return created;
    const updated = serviceOf(context).updateEndpoint({ ...properties, EndpointName: name });
    await inService(updated, String(properties.EndpointConfigName), context);
    return created;
  },
  async remove(created, _properties, context): Promise<void> {
    const name = String(created.attributes.EndpointName);
    const service = serviceOf(context);
    if (service.findEndpoint(name) === undefined) return;
    service.removeEndpoint(name);
    while (service.findEndpoint(name) !== undefined) await context.cloud.clock.sleep(POLL_MILLIS);
  },
};

export const sageMakerResources: ResourceType[] = [model, endpointConfig, endpoint];
