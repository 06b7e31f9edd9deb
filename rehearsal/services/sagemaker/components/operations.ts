import type { Cloud, Members, Operation } from '../../../cloud/types';
import { inProgress, invalid, notFound } from '../errors';
import { listPages } from '../lists';
import { checkName, checkRange, readTags } from '../names';
import { toCreate, toUse } from '../permissions';
import type { EndpointRecord } from '../state';
import type { Store } from '../store';
import { DELETE_MINUTES, drawMillis } from '../timings';
import { describeComponent, summariseComponent } from './describe';
import { hostVariant, readSpecs } from './read';
import { readRolling } from './rolling';
import type { ComponentScheduler } from './scheduler';
import type { ComponentRecord } from './types';

/** Until SageMaker has looked for room for a copy. */
const LOOK_MILLIS = 10_000;

/** Inference components: models of their own on the instances of an endpoint. */
export class Components {
  private readonly random;

  constructor(
    private readonly cloud: Cloud,
    private readonly store: Store,
    readonly scheduler: ComponentScheduler,
  ) {
    this.random = cloud.random.fork('sagemaker:component-deletion');
  }

  create(input: Members): ComponentRecord {
    const name = checkName('inferenceComponentName', input.InferenceComponentName);
    this.store.components.refuseDuplicate(name);
    const endpoint = this.serving(input.EndpointName);
    const variant = hostVariant(endpoint, input.VariantName ?? endpoint.variants[0]?.variantName);
    const desiredCopies: unknown = input.RuntimeConfig?.CopyCount ?? 1;
    if (typeof desiredCopies !== 'number' || desiredCopies < 1)
      throw invalid(`Inference components copy count must be an integer larger than 0, not ${String(desiredCopies)}.`);
    const now = this.cloud.clock.now();
    const component = this.store.components.add({
      name,
      arn: this.store.components.arn(name),
      tags: readTags(input.Tags),
      createdAtMillis: now,
      modifiedAtMillis: now,
      endpointName: endpoint.name,
      endpointArn: endpoint.arn,
      variantName: variant.variantName,
      status: 'Creating',
      ...readSpecs(this.store, variant, name, input),
      desiredCopies,
      generation: 1,
      copies: [],
      inFlight: 0,
      peakInFlight: 0,
      windowStartMillis: now,
    });
    this.begin(component, endpoint, 'Creating');
    return component;
  }

  /** How many copies are to run. */
  resize(input: Members): ComponentRecord {
    const component = this.changeable(input.InferenceComponentName);
    const endpoint = this.serving(component.endpointName);
    const copies: unknown = input.DesiredRuntimeConfig?.CopyCount;
    checkRange('desiredRuntimeConfig.copyCount', copies ?? Number.NaN, 0, Number.MAX_SAFE_INTEGER);
    component.desiredCopies = copies as number;
    this.begin(component, endpoint, 'Updating');
    return component;
  }

  /** What the copies are to run; copies of before answer until the new ones do. */
  update(input: Members): ComponentRecord {
    const component = this.changeable(input.InferenceComponentName);
    const endpoint = this.serving(component.endpointName);
    const copies: unknown = input.RuntimeConfig?.CopyCount ?? component.desiredCopies;
    checkRange('runtimeConfig.copyCount', copies, 0, Number.MAX_SAFE_INTEGER);
    if (input.Specification !== undefined || input.Specifications !== undefined)
      this.exchange(component, endpoint, input, copies as number);
    component.desiredCopies = copies as number;
    this.begin(component, endpoint, 'Updating');
    return component;
  }

  private exchange(component: ComponentRecord, endpoint: EndpointRecord, input: Members, copies: number): void {
    const { specs, several, placement, generation } = component;
    const variant = hostVariant(endpoint, component.variantName);
    const next = readSpecs(this.store, variant, component.name, input);
    const config = input.DeploymentConfig as Members | undefined;
    const rolling = readRolling(config, copies, variant.model.executionRoleArn, this.cloud.clock.now());
    component.previous = { specs, several, placement, generation };
    Object.assign(component, next, { generation: generation + 1 });
    if (rolling !== undefined) component.rolling = rolling;
    if (config !== undefined) component.lastDeploymentConfig = config;
  }

  remove(name: string): void {
    const component = this.get(name);
    if (component.status !== 'InService' && component.status !== 'Failed') throw inProgress(component.arn, 'delete', 'inference component');
    component.desiredCopies = 0;
    this.scheduler.enter(component, 'Deleting');
    const endpoint = this.store.endpoints.find(component.endpointName);
    if (endpoint !== undefined) this.scheduler.reconcile(endpoint);
    this.scheduler.later(component, drawMillis(this.random, DELETE_MINUTES), () => {
      this.store.components.remove(component);
      this.cloud.record('sagemaker', 'inference-component-deleted', { inferenceComponentName: component.name });
    });
  }

  get(name: unknown): ComponentRecord {
    const component = this.store.components.find(String(name));
    if (component === undefined) throw notFound('inference component', this.store.components.arn(String(name)));
    return component;
  }

  private begin(component: ComponentRecord, endpoint: EndpointRecord, status: 'Creating' | 'Updating'): void {
    delete component.failureReason;
    this.scheduler.enter(component, status);
    this.scheduler.later(component, LOOK_MILLIS, () => this.scheduler.reconcile(endpoint));
  }

  private changeable(name: unknown): ComponentRecord {
    const component = this.get(name);
    if (component.status !== 'InService') throw inProgress(component.arn, 'update', 'inference component');
    return component;
  }

  private serving(name: unknown): EndpointRecord {
    const endpoint = this.store.endpoints.get(String(name));
    if (endpoint.status !== 'InService') throw inProgress(endpoint.arn);
    return endpoint;
  }
}

export const componentOperations = (store: Store, components: Components): Record<string, Operation> => {
  const use = (action: string, name: string) => toUse(store, action, store.components.arn(name));
  const answer = ({ arn }: ComponentRecord): Members => ({ InferenceComponentArn: arn });
  return {
    CreateInferenceComponent: {
      permissions: (input, cloud) => [
        ...toCreate('CreateInferenceComponent', 'inference-component', input.InferenceComponentName, input, cloud),
        toUse(store, 'CreateInferenceComponent', store.endpoints.arn(input.EndpointName)),
      ],
      run: (input) => answer(components.create(input)),
    },
    UpdateInferenceComponent: {
      permissions: (input) => [use('UpdateInferenceComponent', input.InferenceComponentName)],
      run: (input) => answer(components.update(input)),
    },
    UpdateInferenceComponentRuntimeConfig: {
      permissions: (input) => [use('UpdateInferenceComponentRuntimeConfig', input.InferenceComponentName)],
      run: (input) => answer(components.resize(input)),
    },
    DescribeInferenceComponent: {
      permissions: (input) => [use('DescribeInferenceComponent', input.InferenceComponentName)],
      run: (input) => describeComponent(components.get(input.InferenceComponentName)),
    },
    DeleteInferenceComponent: {
      permissions: (input) => [use('DeleteInferenceComponent', input.InferenceComponentName)],
      run: (input) => {
        components.remove(input.InferenceComponentName);
        return {};
      },
    },
    ListInferenceComponents: listPages<ComponentRecord>(
      'ListInferenceComponents',
      'InferenceComponents',
      ({ EndpointNameEquals, VariantNameEquals }) =>
        store.components
          .all()
          .filter(
            ({ endpointName, variantName }) =>
              (EndpointNameEquals === undefined || endpointName === EndpointNameEquals) &&
              (VariantNameEquals === undefined || variantName === VariantNameEquals),
          ),
      summariseComponent,
    ),
  };
};
