import type { Cloud, ContainerResolver, Members, Operation, ServiceDouble } from '../../cloud/types';
import { configOperations, createEndpointConfig, deleteEndpointConfig } from './configs';
import { endpointOperations, Endpoints } from './endpoints';
import { EndpointFaults, type EndpointFault } from './faults';
import { Lifecycle } from './lifecycle';
import { listOperations } from './lists';
import { createModel, modelOperations } from './models';
import { readTags } from './names';
import type { EndpointRecord, EndpointView, Invocation } from './state';
import { createStore, type ModelPackage, type Store } from './store';
import { tagOperations } from './tags';

/** An endpoint that stood before the scenario began, e.g. one to adopt. Names are derived from the endpoint's where left out. */
export interface SeededEndpoint {
  endpointName: string;
  endpointConfigName?: string;
  variantName?: string;
  modelName?: string;
  image?: string;
  modelDataUrl?: string;
  environment?: Record<string, string>;
  executionRoleArn?: string;
  instanceType?: string;
  instanceCount?: number;
  tags?: Record<string, string>;
}

/** SageMaker on a laptop: models, endpoint configs, and endpoints that take their minutes. */
export class SageMaker implements ServiceDouble {
  readonly service = 'sagemaker';
  readonly operations: Record<string, Operation>;
  /** Every invocation of a container, in the order in which they started. */
  readonly invocations: Invocation[] = [];
  private readonly store: Store;
  private readonly faults = new EndpointFaults();
  private readonly lifecycle: Lifecycle;
  private readonly listeners: ((invocation: Invocation) => void)[] = [];
  private readonly lives: Endpoints;

  constructor(private readonly cloud: Cloud) {
    this.store = createStore(cloud);
    this.lifecycle = new Lifecycle(cloud, this.store, this.faults);
    this.lives = new Endpoints(cloud, this.store, this.lifecycle);
    this.operations = {
      ...modelOperations(this.store),
      ...configOperations(this.store),
      ...endpointOperations(this.store, this.lives),
      ...listOperations(this.store),
      ...tagOperations(this.store),
    };
  }

  /** What answers in the containers. */
  setContainers(resolver: ContainerResolver): void {
    this.lifecycle.containers = resolver;
  }

  injectEndpointFault(fault: EndpointFault): void {
    this.faults.add(fault);
  }

  /** A model package of the registry. */
  putModelPackage(modelPackage: ModelPackage): void {
    this.store.modelPackages.set(modelPackage.arn, modelPackage);
  }

  seedEndpoint(seed: SeededEndpoint): void {
    const modelName = seed.modelName ?? `${seed.endpointName}-model`;
    const configName = seed.endpointConfigName ?? `${seed.endpointName}-config`;
    this.createModel({
      ModelName: modelName,
      ExecutionRoleArn: seed.executionRoleArn ?? `arn:${this.cloud.partition}:iam::${this.cloud.accountId}:role/SageMakerExecution`,
      PrimaryContainer: {
        Image: seed.image ?? `${this.cloud.accountId}.dkr.ecr.${this.cloud.region}.amazonaws.com/model:1`,
        ...(seed.modelDataUrl === undefined ? {} : { ModelDataUrl: seed.modelDataUrl }),
        Environment: seed.environment ?? {},
      },
    });
    const config = createEndpointConfig(this.store, this.cloud, {
      EndpointConfigName: configName,
      ProductionVariants: [
        {
          VariantName: seed.variantName ?? 'AllTraffic',
          ModelName: modelName,
          InstanceType: seed.instanceType ?? 'ml.m5.large',
          InitialInstanceCount: seed.instanceCount ?? 1,
          InitialVariantWeight: 1,
        },
      ],
    });
    this.lives.seed(seed.endpointName, config, new Map(Object.entries(seed.tags ?? {})));
  }

  /** Endpoint by its exact name, for the runtime. */
  findEndpoint(name: string): EndpointRecord | undefined {
    return this.store.endpoints.find(name);
  }

  onInvocation(listener: (invocation: Invocation) => void): void {
    this.listeners.push(listener);
  }

  /** Called by the runtime. */
  recordInvocation(invocation: Invocation): void {
    this.invocations.push(invocation);
    for (const listener of this.listeners) listener(invocation);
  }

  endpoints(): EndpointView[] {
    return this.store.endpoints.all().map((endpoint) => ({
      endpointName: endpoint.name,
      status: endpoint.status,
      endpointConfigName: endpoint.configName,
      pendingConfigName: endpoint.pending?.configName,
      failureReason: endpoint.failureReason,
      variants: endpoint.variants.map(({ variantName, model, weight, instanceCount }) => ({
        variantName,
        modelName: model.modelName,
        weight,
        instanceCount,
      })),
    }));
  }

  /** Names of everything that stands. */
  liveResources(): { endpoints: string[]; endpointConfigs: string[]; models: string[] } {
    const names = (records: { name: string }[]): string[] => records.map(({ name }) => name);
    return {
      endpoints: names(this.store.endpoints.all()),
      endpointConfigs: names(this.store.configs.all()),
      models: names(this.store.models.all()),
    };
  }

  tagsOf(arn: string): Record<string, string> {
    const record = this.store.models.withArn(arn) ?? this.store.configs.withArn(arn) ?? this.store.endpoints.withArn(arn);
    return Object.fromEntries(record?.tags ?? []);
  }

  /** As CloudFormation calls them: its own role is not part of the rehearsal. */
  createModel(input: Members): string {
    return createModel(this.store, this.cloud, input).arn;
  }

  removeModel(name: string): void {
    this.store.models.remove(this.store.models.get(name));
  }

  createConfig(input: Members): string {
    return createEndpointConfig(this.store, this.cloud, input).arn;
  }

  removeConfig(name: string): void {
    deleteEndpointConfig(this.store, name);
  }

  createEndpoint(input: Members): EndpointRecord {
    return this.lives.create(input);
  }

  updateEndpoint(input: Members): EndpointRecord {
    return this.lives.update(input);
  }

  removeEndpoint(name: string): void {
    this.lives.remove(name);
  }

  retag(arn: string, tags: unknown): void {
    const record = this.store.endpoints.withArn(arn);
    if (record !== undefined) record.tags = readTags(tags);
  }
}

export const createSageMaker = (cloud: Cloud): SageMaker => new SageMaker(cloud);
