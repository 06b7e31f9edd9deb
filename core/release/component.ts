import type { ServingSpec } from '../contracts/serving';
import type { CreateInferenceComponent, Tag } from './sagemaker';
import { atLeastOne, given } from './variant';

export interface ComponentParts {
  componentName: string;
  endpointName: string;
  variantName: string;
  modelName: string;
  serving: ServingSpec;
  tags: Tag[];
}

/** The model as copies on the endpoint's instances; SageMaker makes none without a copy. */
export function createComponent(parts: ComponentParts): CreateInferenceComponent {
  const { component, downloadTimeoutSeconds, startupTimeoutSeconds } = parts.serving;
  if (component === undefined) {
    throw new Error(`Component ${parts.componentName} needs serving.component: what one copy of the model takes`);
  }
  const startup = {
    ...given('ModelDataDownloadTimeoutInSeconds', downloadTimeoutSeconds),
    ...given('ContainerStartupHealthCheckTimeoutInSeconds', startupTimeoutSeconds),
  };
  return {
    InferenceComponentName: parts.componentName,
    EndpointName: parts.endpointName,
    VariantName: parts.variantName,
    Specification: {
      ModelName: parts.modelName,
      ComputeResourceRequirements: {
        MinMemoryRequiredInMb: component.memoryMib,
        ...given('NumberOfCpuCoresRequired', component.cpus),
        ...given('NumberOfAcceleratorDevicesRequired', component.accelerators),
      },
      ...(Object.keys(startup).length === 0 ? {} : { StartupParameters: startup }),
    },
    RuntimeConfig: { CopyCount: atLeastOne(component.minCopies) },
    Tags: parts.tags,
  };
}
