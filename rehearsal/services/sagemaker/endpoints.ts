import type { Caller, Cloud, Members, Operation } from '../../cloud/types';
import { readDeploymentPlan } from './deployment-config';
import { describeEndpoint } from './describe-endpoint';
import type { ComponentRecord } from './components';
import { inProgress, invalid, notFound } from './errors';
import type { Lifecycle } from './lifecycle';
import { checkName, readTags, sageMakerArn } from './names';
import { toCreate, toUse } from './permissions';
import { retain } from './retain';
import { deregister, refuseScaledChange, type Scaling } from './scaling-targets';
import type { ConfigRecord, Deployment, EndpointRecord, Fleet } from './state';
import type { Store } from './store';
import { readWishes } from './weights';

const CHANGEABLE = new Set(['InService']);
const DELETABLE = new Set(['InService', 'Failed', 'UpdateRollbackFailed']);

const fleetOf = ({ variants, shadow, capture, async }: Fleet): Fleet => ({
  variants,
  ...(shadow === undefined ? {} : { shadow }),
  ...(capture === undefined ? {} : { capture }),
  ...(async === undefined ? {} : { async }),
});

const setOrDelete = <K extends 'capture' | 'async' | 'shadow' | 'lastDeploymentConfig'>(
  endpoint: EndpointRecord,
  key: K,
  value: EndpointRecord[K],
): void => {
  if (value === undefined) delete endpoint[key];
  else endpoint[key] = value;
};

export class Endpoints {
  constructor(
    private readonly cloud: Cloud,
    private readonly store: Store,
    private readonly lifecycle: Lifecycle,
    readonly scaling: Scaling,
    private readonly componentsOf: (endpoint: EndpointRecord) => ComponentRecord[],
  ) {}

  create(input: Members): EndpointRecord {
    const name = checkName('endpointName', input.EndpointName);
    this.store.endpoints.refuseDuplicate(name);
    const config = this.store.configs.get(input.EndpointConfigName);
    this.needModels(config);
    // Checked now, used by an update that retains it.
    readDeploymentPlan(input.DeploymentConfig as Members | undefined, config.variants, config);
    const endpoint = this.store.endpoints.add(this.blank(name, config, readTags(input.Tags)));
    if (input.DeploymentConfig !== undefined) endpoint.lastDeploymentConfig = input.DeploymentConfig as Members;
    const deployment = this.deploymentOf(config, config);
    const commit = (): void => this.deploy(endpoint, deployment);
    this.lifecycle.start(endpoint, { operation: 'CreateEndpoint', deployment, grows: true, commit });
    return endpoint;
  }

  update(input: Members): EndpointRecord {
    const endpoint = this.changeable(input.EndpointName);
    const config = this.store.configs.get(input.EndpointConfigName);
    this.needModels(config);
    const deployment = this.deploymentOf(config, retain(endpoint, config, input));
    this.keepHosts(endpoint, deployment);
    refuseScaledChange(this.scaling, endpoint, deployment.variants);
    const guardrails = (input.DeploymentConfig ?? (input.RetainDeploymentConfig === true ? endpoint.lastDeploymentConfig : undefined)) as
      Members | undefined;
    const plan = readDeploymentPlan(guardrails, endpoint.variants, deployment);
    setOrDelete(endpoint, 'lastDeploymentConfig', guardrails);
    this.lifecycle.start(endpoint, {
      operation: 'UpdateEndpoint',
      deployment,
      grows: true,
      ...(plan === undefined ? {} : { plan }),
      commit: () => this.deploy(endpoint, deployment),
    });
    return endpoint;
  }

  updateWeights(input: Members): EndpointRecord {
    const endpoint = this.changeable(input.EndpointName);
    const wishes = readWishes(endpoint, input);
    const grows = wishes.some(({ variant, instanceCount }) => instanceCount > variant.instanceCount);
    for (const { variant, weight, instanceCount, serverless } of wishes) {
      variant.desiredWeight = weight;
      variant.desiredInstanceCount = instanceCount;
      if (serverless !== undefined) variant.desiredServerless = serverless;
    }
    const deployment: Deployment = {
      ...fleetOf(endpoint),
      configName: endpoint.configName,
      startedAtMillis: this.cloud.clock.now(),
      launchedShare: 0,
      resizes: true,
    };
    const launch = (): void => {
      for (const { variant, instanceCount } of wishes) variant.launchedCount = Math.max(variant.launchedCount, instanceCount);
    };
    const commit = (): void => {
      for (const { variant, weight, instanceCount, serverless } of wishes) {
        variant.weight = weight;
        variant.instanceCount = instanceCount;
        if (serverless !== undefined) variant.serverless = serverless;
      }
    };
    this.lifecycle.start(endpoint, { operation: 'UpdateEndpointWeightsAndCapacities', deployment, grows, launch, commit });
    return endpoint;
  }

  /** `caller`: whose permission deregisters scaled variants; none for CloudFormation. */
  async remove(name: string, caller?: Caller): Promise<void> {
    const endpoint = this.store.endpoints.get(name);
    if (!DELETABLE.has(endpoint.status)) throw inProgress(endpoint.arn);
    const components = this.componentsOf(endpoint);
    if (components.length > 0)
      throw invalid(
        `Cannot delete endpoint "${endpoint.arn}" while it hosts inference components: ${components.map((component) => component.name).join(', ')}. Delete them first.`,
      );
    if (caller !== undefined) await deregister(this.scaling, this.cloud, endpoint, caller);
    this.lifecycle.remove(endpoint);
  }

  maintain(name: string): void {
    this.lifecycle.maintain(this.changeable(name));
  }

  /** An endpoint in service, as if it had been there before. */
  seed(name: string, config: ConfigRecord, tags: Map<string, string>): EndpointRecord {
    const endpoint = this.store.endpoints.add(this.blank(name, config, tags));
    this.deploy(endpoint, this.deploymentOf(config, config));
    this.lifecycle.seeded(endpoint);
    return endpoint;
  }

  private deploymentOf(config: ConfigRecord, fleet: Fleet): Deployment {
    return { ...fleetOf(fleet), configName: config.name, startedAtMillis: this.cloud.clock.now(), launchedShare: 0 };
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
      diskPercent: 10,
    };
  }

  private deploy(endpoint: EndpointRecord, deployment: Deployment): void {
    endpoint.variants = deployment.variants.map((definition) => this.lifecycle.run(definition));
    endpoint.configName = deployment.configName;
    setOrDelete(endpoint, 'shadow', deployment.shadow === undefined ? undefined : this.lifecycle.run(deployment.shadow));
    setOrDelete(endpoint, 'capture', deployment.capture);
    setOrDelete(endpoint, 'async', deployment.async);
  }

  private changeable(name: string): EndpointRecord {
    const endpoint = this.store.endpoints.get(name);
    if (!CHANGEABLE.has(endpoint.status)) throw inProgress(endpoint.arn);
    return endpoint;
  }

  /** Components keep their variants, and variants for them as many instances as they have now. */
  private keepHosts(endpoint: EndpointRecord, deployment: Deployment): void {
    for (const { name, variantName } of this.componentsOf(endpoint)) {
      if (deployment.variants.some((variant) => variant.variantName === variantName && variant.hosting !== undefined)) continue;
      throw invalid(`Variant ${variantName} of endpoint "${endpoint.arn}" cannot be removed: it hosts the inference component ${name}.`);
    }
    deployment.variants = deployment.variants.map((variant) => {
      const running = endpoint.variants.find(({ variantName }) => variantName === variant.variantName)?.hosts?.running.length;
      if (running === undefined || variant.hosting?.managed !== true) return variant;
      const { leastInstances, mostInstances } = variant.hosting;
      return { ...variant, instanceCount: Math.min(mostInstances, Math.max(leastInstances, running)) };
    });
  }

  private needModels({ variants, shadow }: ConfigRecord): void {
    for (const { model, hosting } of [...variants, ...(shadow === undefined ? [] : [shadow])]) {
      if (hosting === undefined && this.store.models.find(model.modelName) === undefined)
        throw notFound('model', this.store.models.arn(model.modelName));
    }
  }
}

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
      run: async (input, { caller }) => {
        await endpoints.remove(input.EndpointName, caller);
        return {};
      },
    },
  };
};
