import { UnsupportedError, type Members } from '../../cloud/types';
import { invalid } from './errors';
import { checkRange } from './names';
import type { EndpointRecord, Variant } from './state';
import { refuseMembers } from './unsupported';

export interface Wish {
  variant: Variant;
  weight: number;
  instanceCount: number;
}

/** What UpdateEndpointWeightsAndCapacities asks for. Only asynchronous endpoints scale to no instances at all. */
export function readWishes(endpoint: EndpointRecord, input: Members): Wish[] {
  const wishes = (input.DesiredWeightsAndCapacities ?? []) as Members[];
  if (wishes.length === 0) throw invalid('DesiredWeightsAndCapacities must name at least one variant.');
  const leastInstances = endpoint.async === undefined ? 1 : 0;
  return wishes.map((wish, index) => {
    const variant = endpoint.variants.find(({ variantName }) => variantName === wish.VariantName);
    if (variant === undefined)
      throw invalid(`The variant name(s) "${String(wish.VariantName)}" is/are not present within endpoint "${endpoint.arn}".`);
    refuseMembers(`UpdateEndpointWeightsAndCapacities: variant ${variant.variantName}`, wish, ['ServerlessUpdateConfig']);
    const member = `desiredWeightsAndCapacities.${index + 1}.member`;
    checkRange(`${member}.desiredWeight`, wish.DesiredWeight, 0, Number.MAX_VALUE);
    checkRange(`${member}.desiredInstanceCount`, wish.DesiredInstanceCount, leastInstances, Number.MAX_SAFE_INTEGER);
    if (variant.hosts !== undefined && wish.DesiredInstanceCount !== undefined)
      throw new UnsupportedError(
        `SageMaker UpdateEndpointWeightsAndCapacities with DesiredInstanceCount for variant ${variant.variantName}, which hosts inference components, is not supported by the laptop cloud. Use ManagedInstanceScaling.`,
      );
    if (variant.serverless !== undefined && wish.DesiredInstanceCount !== undefined)
      throw invalid(`Variant ${variant.variantName} is serverless: it has no instances to count.`);
    return { variant, weight: wish.DesiredWeight ?? variant.weight, instanceCount: wish.DesiredInstanceCount ?? variant.instanceCount };
  });
}
