import type { ServedComponent, ServedVariant } from './model-endpoint-ref';
import type { ServingParts, VariantParts } from './serving';

/** The production variants as scaling, metrics and alarms see them. */
export const servedVariants = ({ variants }: ServingParts): ServedVariant[] =>
  variants.map(({ name, serverless, instance, instancePools, initialCount }) =>
    serverless === undefined
      ? {
          variantName: name,
          instances: instancePools?.map((pool) => pool.instance) ?? (instance === undefined ? [] : [instance]),
          initialCount: initialCount ?? 1,
        }
      : { variantName: name, maxConcurrency: serverless.maxConcurrency ?? 20 },
  );

/** Inference components are named for all of an account and region: the endpoint's name keeps them apart. */
export const servedComponents = ({ components = [], variants }: ServingParts, endpointName: string): ServedComponent[] =>
  components.map(({ name, copies }) => ({
    componentName: `${endpointName}-${name}`,
    variantName: variants[0]?.name ?? '',
    initialCopies: copies ?? 1,
  }));

/** A type of which the catalogue knows nothing. */
export const hasUnlistedType = ({ instance, instancePools = [] }: VariantParts): boolean =>
  [instance, ...instancePools.map((pool) => pool.instance)].some((one) => one !== undefined && !one._isListed);
