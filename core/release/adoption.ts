import type { DeployedRelease } from '../contracts';
import { sha256Hex } from '../hash';
import type { DescribedConfig } from './sagemaker';

/** DescribeEndpoint's answer, as far as it is read. */
export interface DescribedEndpoint {
  EndpointName?: string;
  EndpointConfigName?: string;
  EndpointStatus?: string;
}

/** Reads a live endpoint as the first stable release, or says why it cannot be one. */
export function adoptedRelease(endpointName: string, endpoint: DescribedEndpoint, config: DescribedConfig): DeployedRelease {
  const cannot = (why: string): Error =>
    new Error(
      `Endpoint '${endpointName}' (platform.existingEndpoint) cannot be adopted: ${why}. ` +
        'Allowed: a real-time endpoint in service with exactly one production variant',
    );
  if (endpoint.EndpointStatus !== 'InService') {
    throw cannot(`its status is ${endpoint.EndpointStatus ?? 'unknown'}`);
  }
  const [variant, ...others] = config.ProductionVariants;
  if (variant === undefined || others.length > 0) {
    throw cannot(`it has ${config.ProductionVariants.length} production variants`);
  }
  if (isGiven(variant.ServerlessConfig) || isGiven(config.AsyncInferenceConfig)) {
    throw cannot('it is serverless or asynchronous');
  }
  if ((config.ShadowProductionVariants?.length ?? 0) > 0) {
    throw cannot('it has a shadow variant');
  }
  if (variant.ModelName === undefined) {
    throw cannot('it runs inference components');
  }
  return {
    releaseId: `r0-${sha256Hex(`${endpointName}|${config.EndpointConfigName}`).slice(0, 8)}`,
    variantName: variant.VariantName,
    modelName: variant.ModelName,
    endpointConfigName: config.EndpointConfigName,
  };
}

/** JSON may carry a member as null. */
function isGiven(member: unknown): boolean {
  return member !== undefined && member !== null;
}
