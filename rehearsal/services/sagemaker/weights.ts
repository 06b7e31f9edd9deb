import { UnsupportedError, type Members } from '../../cloud/types';
import { invalid } from './errors';
import { checkRange } from './names';
import type { EndpointRecord, ServerlessSettings, Variant } from './state';
import { checkProvisioned, MAX_SERVERLESS_CONCURRENCY } from './variants';

export interface Wish {
  variant: Variant;
  weight: number;
  instanceCount: number;
  serverless?: ServerlessSettings;
}

function serverlessWish(member: string, variant: Variant, config: Members | undefined): { serverless?: ServerlessSettings } {
  if (config === undefined || config === null) return {};
  const { variantName, serverless } = variant;
  if (serverless === undefined) throw invalid(`Variant ${variantName} is not serverless: ServerlessUpdateConfig cannot be specified.`);
  const at = `${member}.serverlessUpdateConfig`;
  checkRange(`${at}.maxConcurrency`, config.MaxConcurrency, 1, MAX_SERVERLESS_CONCURRENCY);
  const maxConcurrency = Number(config.MaxConcurrency ?? serverless.maxConcurrency);
  const provisionedConcurrency = (config.ProvisionedConcurrency ?? serverless.provisionedConcurrency) as number | undefined;
  checkProvisioned(at, variantName, provisionedConcurrency, maxConcurrency);
  return {
    serverless: {
      memoryMebibytes: serverless.memoryMebibytes,
      maxConcurrency,
      ...(provisionedConcurrency === undefined ? {} : { provisionedConcurrency }),
    },
  };
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
    const member = `desiredWeightsAndCapacities.${index + 1}.member`;
    checkRange(`${member}.desiredWeight`, wish.DesiredWeight, 0, Number.MAX_VALUE);
    checkRange(`${member}.desiredInstanceCount`, wish.DesiredInstanceCount, leastInstances, Number.MAX_SAFE_INTEGER);
    if (variant.hosts !== undefined && wish.DesiredInstanceCount !== undefined)
      throw new UnsupportedError(
        `SageMaker UpdateEndpointWeightsAndCapacities with DesiredInstanceCount for variant ${variant.variantName}, which hosts inference components, is not supported by the laptop cloud. Use ManagedInstanceScaling.`,
      );
    if (variant.serverless !== undefined && wish.DesiredInstanceCount !== undefined)
      throw invalid(`Variant ${variant.variantName} is serverless: it has no instances to count.`);
    return {
      variant,
      weight: wish.DesiredWeight ?? variant.weight,
      instanceCount: wish.DesiredInstanceCount ?? variant.instanceCount,
      ...serverlessWish(member, variant, wish.ServerlessUpdateConfig as Members | undefined),
    };
  });
}
