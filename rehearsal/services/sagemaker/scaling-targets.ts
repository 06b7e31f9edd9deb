import type { Caller, Cloud, ServiceDouble } from '../../cloud/types';
import { AwsError } from '../../cloud/types';
import { invalid } from './errors';
import type { EndpointRecord, VariantDefinition } from './state';

export const COUNT_DIMENSION = 'sagemaker:variant:DesiredInstanceCount';

/** What Application Auto Scaling tells of its scalable targets. */
export interface ScalableTargets extends ServiceDouble {
  isRegistered(resourceId: string, dimension: string): boolean;
}

/** Clouds of a test that need no scaling have no such double. */
export interface Scaling {
  targets: ScalableTargets | undefined;
}

export const variantResource = (endpointName: string, variantName: string): string => `endpoint/${endpointName}/variant/${variantName}`;

export const scaledVariants = (scaling: Scaling, endpoint: EndpointRecord): string[] =>
  endpoint.variants
    .map(({ variantName }) => variantName)
    .filter((name) => scaling.targets?.isRegistered(variantResource(endpoint.name, name), COUNT_DIMENSION) === true);

/** An update that removes a scaled variant, or changes its instance type, fails until the scalable target is deregistered. */
export function refuseScaledChange(scaling: Scaling, endpoint: EndpointRecord, next: VariantDefinition[]): void {
  const types = ({ instanceType, pools }: VariantDefinition): string =>
    pools.length === 0 ? instanceType : pools.map((pool) => pool.instanceType).join();
  const changed = scaledVariants(scaling, endpoint).filter((name) => {
    const before = endpoint.variants.find(({ variantName }) => variantName === name)!;
    const after = next.find(({ variantName }) => variantName === name);
    return after === undefined || types(after) !== types(before);
  });
  if (changed.length > 0)
    throw invalid(
      `The variant(s) "[${changed.join(', ')}]" must be deregistered as scalable targets with AWS Auto Scaling before they can be removed or have their instance type updated.`,
    );
}

/** Deleting an endpoint deregisters its variants, with the caller's own permission. */
export async function deregister(scaling: Scaling, cloud: Cloud, endpoint: EndpointRecord, caller: Caller): Promise<void> {
  for (const name of scaledVariants(scaling, endpoint)) {
    const input = {
      ServiceNamespace: 'sagemaker',
      ResourceId: variantResource(endpoint.name, name),
      ScalableDimension: COUNT_DIMENSION,
    };
    try {
      await cloud.call('application-auto-scaling', 'DeregisterScalableTarget', input, caller);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw invalid(
        'An Application AutoScaling scalable target exists for a variant being deleted, and the IAM identity used to invoke DeleteEndpoint does not have application-autoscaling:DeregisterScalableTarget permission to deregister the scalable target.',
      );
    }
  }
}
