import type { CreatedResource, Members, ResourceContext, ResourceType } from '../../cloud/types';
import type { SageMaker } from './sagemaker';
import type { EndpointRecord } from './state';

const POLL_MILLIS = 30_000;
const MAX_NAME = 63;
const ENDED = new Set(['InService', 'Failed', 'UpdateRollbackFailed']);

/** Changes of these deploy anew: without RetainAllVariantProperties with the weights and counts of the config. */
const UPDATING = [
  'EndpointConfigName',
  'DeploymentConfig',
  'RetainAllVariantProperties',
  'RetainDeploymentConfig',
  'ExcludeRetainedVariantProperties',
];

const serviceOf = (context: ResourceContext): SageMaker => context.cloud.double<SageMaker>('sagemaker');

async function inService(endpoint: EndpointRecord, configName: string, context: ResourceContext): Promise<void> {
  while (!ENDED.has(endpoint.status)) await context.cloud.clock.sleep(POLL_MILLIS);
  if (endpoint.status === 'InService' && endpoint.configName === configName) return;
  throw new Error(
    `${context.logicalId}: endpoint ${endpoint.name} is ${endpoint.status}: ${endpoint.failureReason ?? 'it runs another config'}`,
  );
}

/** Of models and configs nothing but tags changes in place. */
function retagged(properties: Members, _previous: Members, created: CreatedResource, context: ResourceContext): CreatedResource {
  serviceOf(context).retag(created.ref, properties.Tags);
  return created;
}

const model: ResourceType = {
  type: 'AWS::SageMaker::Model',
  create(properties, context): CreatedResource {
    const name = String(properties.ModelName ?? context.physicalName(MAX_NAME));
    const ref = serviceOf(context).createModel({ ...properties, ModelName: name });
    return { ref, attributes: { ModelName: name } };
  },
  remove: (created, _properties, context) => serviceOf(context).removeModel(String(created.attributes.ModelName)),
  update: retagged,
  replacedOnChange: true,
};

const endpointConfig: ResourceType = {
  type: 'AWS::SageMaker::EndpointConfig',
  create(properties, context): CreatedResource {
    const name = String(properties.EndpointConfigName ?? context.physicalName(MAX_NAME));
    const ref = serviceOf(context).createConfig({ ...properties, EndpointConfigName: name });
    return { ref, attributes: { EndpointConfigName: name } };
  },
  remove: (created, _properties, context) => serviceOf(context).removeConfig(String(created.attributes.EndpointConfigName)),
  update: retagged,
  replacedOnChange: true,
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
    const name = String(created.attributes.EndpointName);
    if (properties.EndpointName !== previous.EndpointName)
      throw new Error(
        `${context.logicalId}: EndpointName cannot change from ${name} to ${String(properties.EndpointName)} without a new logical id`,
      );
    serviceOf(context).retag(created.ref, properties.Tags);
    const changed = (property: string): boolean => JSON.stringify(properties[property]) !== JSON.stringify(previous[property]);
    if (!UPDATING.some(changed)) return created;
    const updated = serviceOf(context).updateEndpoint({ ...properties, EndpointName: name });
    await inService(updated, String(properties.EndpointConfigName), context);
    return created;
  },
  async remove(created, _properties, context): Promise<void> {
    const name = String(created.attributes.EndpointName);
    const service = serviceOf(context);
    if (service.findEndpoint(name) === undefined) return;
    await service.removeEndpoint(name);
    while (service.findEndpoint(name) !== undefined) await context.cloud.clock.sleep(POLL_MILLIS);
  },
};

const packageGroup: ResourceType = {
  type: 'AWS::SageMaker::ModelPackageGroup',
  create(properties, context): CreatedResource {
    const { arn } = serviceOf(context).packages.createGroup(properties);
    return { ref: arn, attributes: { ModelPackageGroupArn: arn, ModelPackageGroupStatus: 'Completed' } };
  },
  remove: (_created, properties, context) => serviceOf(context).packages.removeGroup(String(properties.ModelPackageGroupName)),
};

const modelPackage: ResourceType = {
  type: 'AWS::SageMaker::ModelPackage',
  create(properties, context): CreatedResource {
    const { arn } = serviceOf(context).packages.create(properties);
    return { ref: arn, attributes: { ModelPackageArn: arn, ModelPackageStatus: 'Completed' } };
  },
  /** The approval and what describes the package change in place. */
  update(properties, previous, created, context): CreatedResource {
    for (const property of ['ModelPackageGroupName', 'ModelPackageName'])
      if (properties[property] !== previous[property])
        throw new Error(`${context.logicalId}: ${property} cannot change without a new logical id`);
    serviceOf(context).retag(created.ref, properties.Tags);
    serviceOf(context).packages.update({ ...properties, ModelPackageArn: created.ref });
    return created;
  },
  remove: (created, _properties, context) => serviceOf(context).packages.remove(created.ref),
};

async function componentInService(name: string, context: ResourceContext): Promise<void> {
  const service = serviceOf(context);
  for (;;) {
    const { status, failureReason } = service.components.get(name);
    if (status === 'InService' && failureReason === undefined) return;
    if (status === 'InService' || status === 'Failed')
      throw new Error(`${context.logicalId}: inference component ${name} is ${status}: ${failureReason ?? 'no reason was given'}`);
    await context.cloud.clock.sleep(POLL_MILLIS);
  }
}

/** CloudFormation waits until the copies run. A change of the number of copies alone keeps what they run. */
const inferenceComponent: ResourceType = {
  type: 'AWS::SageMaker::InferenceComponent',
  async create(properties, context): Promise<CreatedResource> {
    const name = String(properties.InferenceComponentName ?? context.physicalName(MAX_NAME));
    // DeploymentConfig is of updates alone.
    const { arn, createdAtMillis } = serviceOf(context).components.create({ ...properties, InferenceComponentName: name });
    await componentInService(name, context);
    const attributes = {
      InferenceComponentName: name,
      InferenceComponentArn: arn,
      InferenceComponentStatus: 'InService',
      CreationTime: new Date(createdAtMillis).toISOString(),
    };
    return { ref: arn, attributes };
  },
  async update(properties, previous, created, context): Promise<CreatedResource> {
    const name = String(created.attributes.InferenceComponentName);
    for (const property of ['InferenceComponentName', 'EndpointName', 'EndpointArn', 'VariantName'])
      if (properties[property] !== previous[property])
        throw new Error(`${context.logicalId}: ${property} of an inference component is not changed in place by the laptop cloud`);
    const { components } = serviceOf(context);
    serviceOf(context).retag(created.ref, properties.Tags);
    const same = (property: string): boolean => JSON.stringify(properties[property]) === JSON.stringify(previous[property]);
    const specification = same('Specification') && same('Specifications') ? {} : pick(properties, ['Specification', 'Specifications']);
    const copies = same('RuntimeConfig') ? {} : pick(properties, ['RuntimeConfig']);
    if (Object.keys({ ...specification, ...copies }).length === 0) return created;
    components.update({ InferenceComponentName: name, ...specification, ...copies, ...pick(properties, ['DeploymentConfig']) });
    await componentInService(name, context);
    return created;
  },
  async remove(created, _properties, context): Promise<void> {
    const name = String(created.attributes.InferenceComponentName);
    const service = serviceOf(context);
    while (['Creating', 'Updating'].includes(service.findComponent(name)?.status ?? '')) await context.cloud.clock.sleep(POLL_MILLIS);
    if (service.findComponent(name)?.status !== 'Deleting' && service.findComponent(name) !== undefined) service.components.remove(name);
    while (service.findComponent(name) !== undefined) await context.cloud.clock.sleep(POLL_MILLIS);
  },
};

const pick = (properties: Members, names: string[]): Members =>
  Object.fromEntries(names.filter((name) => properties[name] !== undefined).map((name) => [name, properties[name]]));

export const sageMakerResources: ResourceType[] = [model, endpointConfig, endpoint, inferenceComponent, packageGroup, modelPackage];
