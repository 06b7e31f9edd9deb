import type { ControlRecord } from '../contracts';
import type { UpdateEndpoint } from './sagemaker';

/** What was found below the stack's prefix. */
export interface Found {
  endpointNames: string[];
  endpointConfigNames: string[];
  modelNames: string[];
  /** Executions of releases that have not ended. */
  executionArns: string[];
}

export interface TeardownPlan extends Found {
  /** An adopted endpoint is never deleted: it goes back to stable's own config first. */
  restoreEndpoint?: UpdateEndpoint;
}

/** Everything of ours goes, but what an adopted endpoint runs on. */
export function planTeardown(control: ControlRecord | undefined, found: Found): TeardownPlan {
  if (control?.endpointAdopted !== true || control.stable === undefined || control.endpointName === undefined) {
    return found;
  }
  const { endpointName, stable } = control;
  const without = (names: string[], kept: string): string[] => names.filter((name) => name !== kept);
  return {
    executionArns: found.executionArns,
    endpointNames: without(found.endpointNames, endpointName),
    endpointConfigNames: without(found.endpointConfigNames, stable.endpointConfigName),
    modelNames: without(found.modelNames, stable.modelName),
    restoreEndpoint: {
      EndpointName: endpointName,
      EndpointConfigName: stable.endpointConfigName,
      RetainAllVariantProperties: true,
      ExcludeRetainedVariantProperties: [{ VariantPropertyType: 'DataCaptureConfig' }],
    },
  };
}
