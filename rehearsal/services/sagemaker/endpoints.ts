import type { Cloud, Members, Operation } from '../../cloud/types';
import { inProgress, invalid, notFound } from './errors';
import type { Lifecycle } from './lifecycle';
import { checkName, checkRange, readTags, sageMakerArn } from './names';
import { toCreate, toUse } from './permissions';
import type { ConfigRecord, Deployment, EndpointRecord, Variant, VariantDefinition } from './state';
import type { Store } from './store';
import { refuseMembers } from './unsupported';

const CHANGEABLE = new Set(['InService']);
const RETAINED_PROPERTIES = ['DesiredInstanceCount', 'DesiredWeight', 'DataCaptureConfig'];

const deploymentOf = (cloud: Cloud, config: ConfigRecord, variants: VariantDefinition[]): Deployment => ({
  configName: config.name,
  variants,
  startedAtMillis: cloud.clock.now(),
});

export class Endpoints {
  constructor(
    private readonly cloud: Cloud,
    private readonly store: Store,
    private readonly lifecycle: Lifecycle,
  ) {}

  create(input: Members): EndpointRecord {
    const name = checkName('endpointName', input.EndpointName);
    refuseMembers('CreateEndpoint', input, ['DeploymentConfig']);
    this.store.endpoints.refuseDuplicate(name);
    const config = this.store.configs.get(input.EndpointConfigName);
    this.needModels(config);
    const endpoint = this.store.endpoints.add(this.blank(name, config, readTags(input.Tags)));
    const deployment = deploymentOf(this.cloud, config, config.variants);
    this.lifecycle.start(endpoint, 'CreateEndpoint', deployment, () => this.deploy(endpoint, deployment));
    return endpoint;
  }

  update(input: Members): EndpointRecord {
    refuseMembers('UpdateEndpoint', input, ['DeploymentConfig']);
    const endpoint = this.changeable(input.EndpointName);
    const config = this.store.configs.get(input.EndpointConfigName);
    this.needModels(config);
    const deployment = deploymentOf(this.cloud, config, retain(endpoint, config.variants, input));
    this.lifecycle.start(endpoint, 'UpdateEndpoint', deployment, () => this.deploy(endpoint, deployment));
    return endpoint;
  }

  updateWeights(input: Members): EndpointRecord {
    const endpoint = this.changeable(input.EndpointName);
    const wishes = readWishes(endpoint, input);
    for (const { variant, weight, instanceCount } of wishes) {
      variant.desiredWeight = weight;
      variant.desiredInstanceCount = instanceCount;
    }
    const deployment = { configName: endpoint.configName, variants: endpoint.variants, startedAtMillis: this.cloud.clock.now() };
    this.lifecycle.start(endpoint, 'UpdateEndpointWeightsAndCapacities', deployment, () => {
      for (const { variant, weight, instanceCount } of wishes) {
        variant.weight = weight;
        variant.instanceCount = instanceCount;
      }
    });
    return endpoint;
  }

  remove(name: string): void {
    const endpoint = this.store.endpoints.get(name);
    if (endpoint.status !== 'InService' && endpoint.status !== 'Failed') throw inProgress(endpoint.arn);
    this.lifecycle.remove(endpoint);
  }

  /** An endpoint in service, as if it had been there before. */
  seed(name: string, config: ConfigRecord, tags: Map<string, string>): EndpointRecord {
    const endpoint = this.store.endpoints.add(this.blank(name, config, tags));
    this.deploy(endpoint, deploymentOf(this.cloud, config, config.variants));
    return endpoint;
  }

  private blank(name: string, config: ConfigRecord, tags: Map<string, string>): EndpointRecord {
    const now = this.cloud.clock.now();
    return {
      name,
      arn: this.store.endpoints.arn(name),
      tags,
      createdAtMillis: now,
      modifiedAtMillis: now,
      status: 'InService',
      configName: config.name,
      variants: [],
      change: 0,
    };
  }

  private deploy(endpoint: EndpointRecord, deployment: Deployment): void {
    endpoint.variants = deployment.variants.map((definition) => this.lifecycle.run(definition));
    endpoint.configName = deployment.configName;
  }

  private changeable(name: string): EndpointRecord {
    const endpoint = this.store.endpoints.get(name);
    if (!CHANGEABLE.has(endpoint.status)) throw inProgress(endpoint.arn);
    return endpoint;
  }

  private needModels(config: ConfigRecord): void {
    for (const { model } of config.variants) {
      if (this.store.models.find(model.modelName) === undefined) throw notFound('model', this.store.models.arn(model.modelName));
    }
  }
}

/** Run-time weights and counts survive an update only when asked for. */
function retain(endpoint: EndpointRecord, variants: VariantDefinition[], input: Members): VariantDefinition[] {
  const excluded = ((input.ExcludeRetainedVariantProperties ?? []) as Members[]).map(({ VariantPropertyType }) =>
    String(VariantPropertyType),
  );
  const unknown = excluded.find((property) => !RETAINED_PROPERTIES.includes(property));
  if (unknown !== undefined) throw invalid(`Value '${unknown}' at 'variantPropertyType' must be one of ${RETAINED_PROPERTIES.join(', ')}.`);
  if (input.RetainAllVariantProperties !== true) return variants;
  return variants.map((variant) => {
    const running = endpoint.variants.find(({ variantName }) => variantName === variant.variantName);
    if (running === undefined) return variant;
    return {
      ...variant,
      ...(excluded.includes('DesiredWeight') ? {} : { weight: running.weight }),
      ...(excluded.includes('DesiredInstanceCount') ? {} : { instanceCount: running.instanceCount }),
    };
  });
}

function readWishes(endpoint: EndpointRecord, input: Members): { variant: Variant; weight: number; instanceCount: number }[] {
  const wishes = (input.DesiredWeightsAndCapacities ?? []) as Members[];
  if (wishes.length === 0) throw invalid('DesiredWeightsAndCapacities must name at least one variant.');
  return wishes.map((wish, index) => {
    const variant = endpoint.variants.find(({ variantName }) => variantName === wish.VariantName);
    if (variant === undefined)
      throw invalid(`The variant name(s) "${String(wish.VariantName)}" is/are not present within endpoint "${endpoint.arn}".`);
    refuseMembers(`UpdateEndpointWeightsAndCapacities: variant ${variant.variantName}`, wish, ['ServerlessUpdateConfig']);
    checkRange(`desiredWeightsAndCapacities.${index + 1}.member.desiredWeight`, wish.DesiredWeight, 0, Number.MAX_VALUE);
    checkRange(
      `desiredWeightsAndCapacities.${index + 1}.member.desiredInstanceCount`,
      wish.DesiredInstanceCount,
      1,
      Number.MAX_SAFE_INTEGER,
    );
    return { variant, weight: wish.DesiredWeight ?? variant.weight, instanceCount: wish.DesiredInstanceCount ?? variant.instanceCount };
  });
}

const describeVariant = (variant: Variant): Members => ({
  VariantName: variant.variantName,
  ...(variant.model.image === undefined
    ? {}
    : { DeployedImages: [{ SpecifiedImage: variant.model.image, ResolvedImage: variant.model.image }] }),
  CurrentWeight: variant.weight,
  DesiredWeight: variant.desiredWeight,
  CurrentInstanceCount: variant.instanceCount,
  DesiredInstanceCount: variant.desiredInstanceCount,
});

const describePending = ({ configName, variants, startedAtMillis }: Deployment): Members => ({
  EndpointConfigName: configName,
  StartTime: new Date(startedAtMillis),
  ProductionVariants: variants.map((variant) => ({
    VariantName: variant.variantName,
    DesiredWeight: variant.weight,
    DesiredInstanceCount: variant.instanceCount,
    InstanceType: variant.instanceType,
  })),
});

export const describeEndpoint = (endpoint: EndpointRecord): Members => ({
  EndpointName: endpoint.name,
  EndpointArn: endpoint.arn,
  EndpointConfigName: endpoint.configName,
  EndpointStatus: endpoint.status,
  ...(endpoint.variants.length === 0 ? {} : { ProductionVariants: endpoint.variants.map(describeVariant) }),
  ...(endpoint.failureReason === undefined ? {} : { FailureReason: endpoint.failureReason }),
  ...(endpoint.pending === undefined ? {} : { PendingDeploymentSummary: describePending(endpoint.pending) }),
  CreationTime: new Date(endpoint.createdAtMillis),
  LastModifiedTime: new Date(endpoint.modifiedAtMillis),
});

export const endpointOperations = (store: Store, endpoints: Endpoints): Record<string, Operation> => {
  const use = (action: string, name: string) => toUse(store, action, store.endpoints.arn(name));
  return {
    CreateEndpoint: {
      permissions: (input, cloud) => [
        ...toCreate('CreateEndpoint', 'endpoint', input.EndpointName, input, cloud),
        { action: 'sagemaker:CreateEndpoint', resource: sageMakerArn(cloud, 'endpoint-config', input.EndpointConfigName) },
      ],
      run: (input) => ({ EndpointArn: endpoints.create(input).arn }),
    },
    UpdateEndpoint: {
      permissions: (input, cloud) => [
        use('UpdateEndpoint', input.EndpointName),
        { action: 'sagemaker:UpdateEndpoint', resource: sageMakerArn(cloud, 'endpoint-config', input.EndpointConfigName) },
      ],
      run: (input) => ({ EndpointArn: endpoints.update(input).arn }),
    },
    UpdateEndpointWeightsAndCapacities: {
      permissions: (input) => [use('UpdateEndpointWeightsAndCapacities', input.EndpointName)],
      run: (input) => ({ EndpointArn: endpoints.updateWeights(input).arn }),
    },
    DescribeEndpoint: {
      permissions: (input) => [use('DescribeEndpoint', input.EndpointName)],
      run: (input) => describeEndpoint(store.endpoints.get(input.EndpointName)),
    },
    DeleteEndpoint: {
      permissions: (input) => [use('DeleteEndpoint', input.EndpointName)],
      run: (input) => {
        endpoints.remove(input.EndpointName);
        return {};
      },
    },
  };
};
