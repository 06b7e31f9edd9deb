import type { Cloud, ContainerResolver, Members, Operation, ServiceDouble } from '../../cloud/types';
import { componentOperations, Components, copiesThatAnswer, ComponentScheduler, type ComponentRecord } from './components';
import { ConcurrencyMetrics } from './concurrency-metrics';
import { configOperations, createEndpointConfig, deleteEndpointConfig } from './configs';
import { endpointOperations, Endpoints } from './endpoints';
import { EndpointFaults, type EndpointFault } from './faults';
import { InstanceMetrics } from './instance-metrics';
import type { JobFault, JobRunner } from './job-types';
import { Jobs } from './jobs';
import { Lifecycle } from './lifecycle';
import { listOperations } from './lists';
import { Meter, type MeteredInstances, type MeteredServerless, type MeterWindow } from './meter';
import { modelCardOperations, ModelCards } from './model-cards';
import { createModel, modelOperations } from './models';
import { readTags } from './names';
import { packageOperations, Packages } from './packages';
import { pipelineOperations } from './pipeline-operations';
import { stepTrainer } from './pipeline-training';
import { Pipelines } from './pipelines';
import { processingOperations } from './processing';
import type { Scaling } from './scaling-targets';
import type { EndpointRecord, EndpointView, Invocation, Variant } from './state';
import { createStore, findTagged, type ModelPackage, type Store } from './store';
import { tagOperations } from './tags';
import { TrainedData } from './trained-data';
import { trainingOperations } from './training';
import { transformOperations } from './transform';

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

/** The runtime, as this double needs it. */
interface BacklogWatcher extends ServiceDouble {
  watchBacklog(endpoint: EndpointRecord): void;
}

/** SageMaker on a laptop: models, endpoint configs, and endpoints that take their minutes. */
export class SageMaker implements ServiceDouble {
  readonly service = 'sagemaker';
  readonly operations: Record<string, Operation>;
  /** Every invocation of a container, in the order in which they started. */
  readonly invocations: Invocation[] = [];
  /** Copies of requests that went to shadow variants. */
  readonly shadowInvocations: Invocation[] = [];
  /** Application Auto Scaling sets itself here with its first target. */
  readonly scaling: Scaling = { targets: undefined };
  private readonly store: Store;
  private readonly faults = new EndpointFaults();
  private readonly lifecycle: Lifecycle;
  private readonly listeners: ((invocation: Invocation) => void)[] = [];
  private readonly lives: Endpoints;
  private readonly meter: Meter;
  readonly components: Components;
  /** The runtime tells it of requests that come and go. */
  readonly concurrency: ConcurrencyMetrics;
  readonly packages: Packages;
  readonly trained: TrainedData;
  private readonly jobs: Jobs;
  private readonly pipelines: Pipelines;

  constructor(private readonly cloud: Cloud) {
    this.store = createStore(cloud);
    this.meter = new Meter(cloud.clock);
    this.concurrency = new ConcurrencyMetrics(cloud, this.store, this.scaling);
    this.lifecycle = new Lifecycle(cloud, this.store, this.faults, new InstanceMetrics(cloud, this.store, this.concurrency), this.meter);
    this.packages = new Packages(cloud, this.store);
    this.trained = new TrainedData(cloud, this.store);
    this.jobs = new Jobs(cloud, this.store);
    this.pipelines = new Pipelines(cloud, this.store, this.jobs.faults, stepTrainer(cloud, this.store, this.jobs));
    const scheduler = new ComponentScheduler(cloud, this.store, (model) => this.lifecycle.container(model), {
      refuses: (name) => this.faults.strike('UpdateEndpointWeightsAndCapacities', name, 'capacity') !== undefined,
      changed: (endpoint) => this.meter.observe(endpoint),
    });
    this.lifecycle.settled = (endpoint) => {
      scheduler.rehouse(endpoint);
      if (endpoint.async !== undefined) cloud.double<BacklogWatcher>('sagemaker-runtime').watchBacklog(endpoint);
    };
    this.components = new Components(cloud, this.store, scheduler);
    this.lives = new Endpoints(cloud, this.store, this.lifecycle, this.scaling, (endpoint) => scheduler.of(endpoint));
    this.operations = {
      ...modelOperations(this.store),
      ...packageOperations(this.store, this.packages),
      ...modelCardOperations(this.store, new ModelCards(cloud, this.store), cloud),
      ...configOperations(this.store),
      ...endpointOperations(this.store, this.lives),
      ...componentOperations(this.store, this.components),
      ...trainingOperations(cloud, this.store, this.jobs),
      ...processingOperations(cloud, this.store, this.jobs),
      ...transformOperations(cloud, this.store, this.jobs, (model) => this.lifecycle.container(model)),
      ...pipelineOperations(cloud, this.store, this.pipelines),
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

  /** Makes the next jobs or pipeline executions of a kind fail. */
  injectJobFault(fault: JobFault): void {
    this.jobs.faults.add(fault);
  }

  /** What plays the containers of training or processing jobs; without one they write a manifest. */
  setJobRunner(kind: 'training' | 'processing', runner: JobRunner): void {
    this.jobs.runners.set(kind, runner);
  }

  /** A pipeline that stands outside of the stack. */
  putPipeline(name: string, definition: string, roleArn: string): void {
    this.pipelines.create({ PipelineName: name, PipelineDefinition: definition, RoleArn: roleArn });
  }

  /** A model package of the registry. */
  putModelPackage(modelPackage: ModelPackage): void {
    this.packages.seed(modelPackage);
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

  /** Inference component by its exact name, for the runtime. */
  findComponent(name: string): ComponentRecord | undefined {
    return this.store.components.find(name);
  }

  /** As Application Auto Scaling sees a component; `copyCount`: copies that run now. */
  findInferenceComponent(name: string): { copyCount: number; inService: boolean; endpointName: string } | undefined {
    const component = this.store.components.find(name);
    if (component === undefined) return undefined;
    const { status, endpointName } = component;
    return { copyCount: copiesThatAnswer(component), inService: status === 'InService', endpointName };
  }

  /** As Application Auto Scaling scales, with its service-linked role. */
  scaleInferenceComponent(name: string, copyCount: number): void {
    this.components.resize({ InferenceComponentName: name, DesiredRuntimeConfig: { CopyCount: copyCount } });
  }

  onInvocation(listener: (invocation: Invocation) => void): void {
    this.listeners.push(listener);
  }

  /** Called by the runtime. */
  recordInvocation(invocation: Invocation): void {
    this.invocations.push(invocation);
    for (const listener of this.listeners) listener(invocation);
  }

  /** Called by the runtime: callers never see these answers. */
  recordShadow(invocation: Invocation): void {
    this.shadowInvocations.push(invocation);
  }

  /** What AWS would bill of an endpoint's instances, or of all endpoints'; of endpoints that are gone as well. */
  metered(endpointName?: string, window?: MeterWindow): MeteredInstances[] {
    return this.meter.metered(endpointName, window);
  }

  meteredServerless(endpointName?: string, window?: MeterWindow): MeteredServerless[] {
    return this.meter.meteredServerless(endpointName, window);
  }

  /** Called by the runtime. */
  recordServed(endpoint: EndpointRecord, variant: Variant, millis: number): void {
    this.meter.served(endpoint, variant, millis);
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
  liveResources(): { endpoints: string[]; endpointConfigs: string[]; models: string[]; inferenceComponents: string[] } {
    const names = (records: { name: string }[]): string[] => records.map(({ name }) => name);
    return {
      endpoints: names(this.store.endpoints.all()),
      endpointConfigs: names(this.store.configs.all()),
      models: names(this.store.models.all()),
      inferenceComponents: names(this.store.components.all()),
    };
  }

  tagsOf(arn: string): Record<string, string> {
    return Object.fromEntries(findTagged(this.store, arn)?.tags ?? []);
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

  async removeEndpoint(name: string): Promise<void> {
    await this.lives.remove(name);
  }

  /** As Application Auto Scaling scales, with its service-linked role. */
  scaleVariant(endpointName: string, variantName: string, instanceCount: number): void {
    const change = { VariantName: variantName, DesiredInstanceCount: instanceCount };
    this.lives.updateWeights({ EndpointName: endpointName, DesiredWeightsAndCapacities: [change] });
  }

  /** Maintenance by AWS: the endpoint is SystemUpdating for some minutes, answers, and refuses every change. */
  startMaintenance(endpointName: string): void {
    this.lives.maintain(endpointName);
  }

  /** How full the disks of the endpoint's instances are; data capture stops where they are. */
  setDiskUtilization(endpointName: string, percent: number): void {
    this.store.endpoints.get(endpointName).diskPercent = percent;
  }

  retag(arn: string, tags: unknown): void {
    const record = findTagged(this.store, arn);
    if (record !== undefined) record.tags = readTags(tags);
  }
}

export const createSageMaker = (cloud: Cloud): SageMaker => new SageMaker(cloud);
