import type { Cloud, ServiceDouble } from '../../cloud/types';
import type { SageMaker } from '../sagemaker';
import { invalid, type ScaledThing } from './targets';

/** What SageMaker offers of inference components to whoever scales them. */
export interface ScaledComponents {
  /** `copyCount`: copies that run now. `inService`: nothing about it is being changed. */
  findInferenceComponent(name: string): { copyCount: number; inService: boolean; endpointName: string } | undefined;
  /** As UpdateInferenceComponentRuntimeConfig. */
  scaleInferenceComponent(name: string, copyCount: number): void;
}

export interface Capacity {
  count: number;
  /** Only then the count can be changed. */
  ready: boolean;
}

export const capacityOf = (cloud: Cloud, thing: ScaledThing): Capacity | undefined =>
  thing.kind === 'component' ? componentCapacity(cloud, thing.componentName) : variantCapacity(cloud, thing);

export function setCapacity(cloud: Cloud, thing: ScaledThing, count: number): void {
  if (thing.kind === 'component') componentsOf(cloud)?.scaleInferenceComponent(thing.componentName, count);
  else cloud.double<SageMaker>('sagemaker').scaleVariant(thing.endpointName, thing.variantName, count);
}

/** Refuses what cannot be scaled, or not down to `minCapacity`. */
export function checkScalable(cloud: Cloud, resourceId: string, thing: ScaledThing, minCapacity: number): void {
  if (thing.kind === 'component') {
    if (componentCapacity(cloud, thing.componentName) === undefined)
      throw invalid(`No inference component found for resource ID: ${resourceId}.`);
    return;
  }
  const endpoint = cloud.double<SageMaker>('sagemaker').findEndpoint(thing.endpointName);
  const variant = endpoint?.variants.find(({ variantName }) => variantName === thing.variantName);
  if (endpoint === undefined || variant === undefined) throw invalid(`No endpoint variant found for resource ID: ${resourceId}.`);
  if (variant.serverless !== undefined)
    throw invalid(`Variant ${thing.variantName} is serverless: it has no instances to scale. Scale its provisioned concurrency.`);
  if (/^ml\.t\d/.test(variant.instanceType))
    throw invalid(`Auto scaling is not supported for burstable instances such as ${variant.instanceType}.`);
  if (minCapacity === 0 && endpoint.async === undefined)
    throw invalid(`MinCapacity of 0 is not supported for ${resourceId}: only asynchronous endpoints scale to zero.`);
}

/** What the log says of it. */
export const detailOf = (thing: ScaledThing): Record<string, string> =>
  thing.kind === 'component'
    ? { inferenceComponent: thing.componentName }
    : { endpointName: thing.endpointName, variantName: thing.variantName };

function variantCapacity(cloud: Cloud, thing: ScaledThing & { kind: 'variant' }): Capacity | undefined {
  const endpoint = cloud.double<SageMaker>('sagemaker').findEndpoint(thing.endpointName);
  const variant = endpoint?.variants.find(({ variantName }) => variantName === thing.variantName);
  return variant === undefined ? undefined : { count: variant.instanceCount, ready: endpoint?.status === 'InService' };
}

function componentCapacity(cloud: Cloud, name: string): Capacity | undefined {
  const component = componentsOf(cloud)?.findInferenceComponent(name);
  return component === undefined ? undefined : { count: component.copyCount, ready: component.inService };
}

function componentsOf(cloud: Cloud): ScaledComponents | undefined {
  const sageMaker = cloud.double<ServiceDouble & Partial<ScaledComponents>>('sagemaker');
  return sageMaker.findInferenceComponent === undefined ? undefined : (sageMaker as ServiceDouble & ScaledComponents);
}
