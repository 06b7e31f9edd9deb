/* eslint-disable awscdk/require-passing-this -- these functions construct for the endpoint that calls them */
import type * as iam from 'aws-cdk-lib/aws-iam';
import { type CfnEndpoint, CfnInferenceComponent } from 'aws-cdk-lib/aws-sagemaker';
import { type Construct, DependencyGroup, type IDependable } from 'constructs';
import type { Deployment } from './deployment';
import type { ServedComponent } from './model-endpoint-ref';
import { bindRollback } from './rollback-alarms';
import type { ComponentProps } from './serving-props';

export interface ComponentsSettings {
  readonly endpoint: CfnEndpoint;
  readonly components: ComponentProps[];
  readonly served: ServedComponent[];
  readonly modelNames: string[];
  readonly deployment?: Deployment;
  readonly role: iam.IRole;
}

/** Inference components on the endpoint; what it gives stands when all of them do. */
export function createComponents(scope: Construct, settings: ComponentsSettings): IDependable {
  const { endpoint, components, served, modelNames, deployment, role } = settings;
  const ready = new DependencyGroup(endpoint);
  if (components.length === 0) return ready;
  const fleets = served.map(({ componentName }, index) => ({
    id: components[index]?.name ?? componentName,
    dimensions: { InferenceComponentName: componentName },
  }));
  const rollback = deployment === undefined ? undefined : bindRollback(scope, deployment, role, fleets);
  components.forEach((component, index) => {
    const resource = new CfnInferenceComponent(scope, `Component-${component.name}`, {
      inferenceComponentName: served[index]?.componentName,
      endpointName: endpoint.attrEndpointName,
      variantName: served[index]?.variantName,
      specification: specificationOf(component, modelNames[index]),
      // Only where a number is asked for: with it every update sets the copies back.
      ...(component.copies === undefined ? {} : { runtimeConfig: { copyCount: component.copies } }),
      ...(deployment === undefined ? {} : { deploymentConfig: deployment._forComponent(rollback?.alarmNames ?? []) }),
    });
    if (rollback?.policy !== undefined) resource.node.addDependency(rollback.policy);
    ready.add(resource);
  });
  return ready;
}

function specificationOf(
  component: ComponentProps,
  modelName: string | undefined,
): CfnInferenceComponent.InferenceComponentSpecificationProperty {
  const { memoryMib, maxMemoryMib, cpus, accelerators, downloadTimeout, startupTimeout } = component;
  const startup = {
    ...(downloadTimeout === undefined ? {} : { modelDataDownloadTimeoutInSeconds: downloadTimeout.toSeconds() }),
    ...(startupTimeout === undefined ? {} : { containerStartupHealthCheckTimeoutInSeconds: startupTimeout.toSeconds() }),
  };
  return {
    modelName,
    computeResourceRequirements: {
      minMemoryRequiredInMb: memoryMib,
      ...(maxMemoryMib === undefined ? {} : { maxMemoryRequiredInMb: maxMemoryMib }),
      ...(cpus === undefined ? {} : { numberOfCpuCoresRequired: cpus }),
      ...(accelerators === undefined ? {} : { numberOfAcceleratorDevicesRequired: accelerators }),
    },
    ...(Object.keys(startup).length === 0 ? {} : { startupParameters: startup }),
  };
}
