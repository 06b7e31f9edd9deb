import { UnsupportedError, type Members } from '../../../cloud/types';
import { invalid } from '../errors';
import { checkRange } from '../names';
import type { EndpointRecord, ModelImage, Variant } from '../state';
import type { Store } from '../store';
import { refuseMembers } from '../unsupported';
import type { ComponentRecord, ComponentSpec, CopyNeeds } from './types';

const NOT_PLAYED = ['BaseInferenceComponentName'];

/** A model of its own, or a container that is described in place. */
function imageOf(store: Store, variant: Variant, name: string, specification: Members): ModelImage {
  const { ModelName, Container } = specification as { ModelName?: string; Container?: Members };
  if (ModelName !== undefined && Container !== undefined)
    throw invalid('Only one of ModelName and Container can be specified for an inference component.');
  if (ModelName !== undefined) return store.models.get(ModelName).image;
  if (Container?.Image === undefined)
    throw invalid('Either ModelName or Container with an Image must be specified for an inference component.');
  return {
    ...variant.model,
    modelName: name,
    image: String(Container.Image),
    ...(Container.ArtifactUrl === undefined ? {} : { modelDataUrl: String(Container.ArtifactUrl) }),
    environment: { ...(Container.Environment as Record<string, string> | undefined) },
  };
}

function needsOf(specification: Members): CopyNeeds {
  const needs = specification.ComputeResourceRequirements as Members | undefined;
  if (needs === undefined) throw invalid('ComputeResourceRequirements must be specified for an inference component.');
  if (needs.AcceleratorPartitionType !== undefined)
    throw new UnsupportedError('An inference component with AcceleratorPartitionType is not supported by the laptop cloud. Leave it out.');
  const at = 'specification.computeResourceRequirements';
  checkRange(`${at}.minMemoryRequiredInMb`, needs.MinMemoryRequiredInMb, 128, Number.MAX_SAFE_INTEGER);
  checkRange(`${at}.numberOfCpuCoresRequired`, needs.NumberOfCpuCoresRequired, 0.25, Number.MAX_VALUE);
  checkRange(`${at}.numberOfAcceleratorDevicesRequired`, needs.NumberOfAcceleratorDevicesRequired, 1, Number.MAX_VALUE);
  if (needs.MaxMemoryRequiredInMb !== undefined && needs.MaxMemoryRequiredInMb < needs.MinMemoryRequiredInMb)
    throw invalid('MaxMemoryRequiredInMb must be greater than or equal to MinMemoryRequiredInMb.');
  return {
    memoryMebibytes: Number(needs.MinMemoryRequiredInMb),
    cpus: Number(needs.NumberOfCpuCoresRequired ?? 0),
    accelerators: Number(needs.NumberOfAcceleratorDevicesRequired ?? 0),
  };
}

function readSpec(store: Store, variant: Variant, name: string, specification: Members): ComponentSpec {
  refuseMembers(`inference component ${name}`, specification, NOT_PLAYED);
  const startup = (specification.StartupParameters ?? {}) as Members;
  const at = 'specification.startupParameters';
  checkRange(`${at}.modelDataDownloadTimeoutInSeconds`, startup.ModelDataDownloadTimeoutInSeconds, 60, 3600);
  checkRange(`${at}.containerStartupHealthCheckTimeoutInSeconds`, startup.ContainerStartupHealthCheckTimeoutInSeconds, 60, 3600);
  return {
    model: imageOf(store, variant, name, specification),
    ...(specification.InstanceType === undefined ? {} : { instanceType: String(specification.InstanceType) }),
    needs: needsOf(specification),
    definition: specification,
  };
}

/** What an inference component is to run. */
export function readSpecs(
  store: Store,
  variant: Variant,
  name: string,
  input: Members,
): Pick<ComponentRecord, 'specs' | 'several' | 'placement'> {
  const several = (input.Specifications ?? []) as Members[];
  if (several.length > 0 && input.Specification !== undefined)
    throw invalid('Only one of Specification and Specifications can be specified for an inference component.');
  const given = several.length > 0 ? several : input.Specification === undefined ? [] : [input.Specification as Members];
  if (given.length === 0) throw invalid('Either Specification or Specifications must be specified for an inference component.');
  const specs = given.map((specification) => readSpec(store, variant, name, specification));
  if (several.length > 0 && new Set(specs.map(({ instanceType }) => instanceType)).size < specs.length)
    throw invalid('Each of the Specifications of an inference component must name another InstanceType.');
  const strategy = String(given[0]!.SchedulingConfig?.PlacementStrategy ?? 'SPREAD');
  return { specs, several: several.length > 0, placement: strategy === 'BINPACK' ? 'BINPACK' : 'SPREAD' };
}

/** The variant that is to host the component. */
export function hostVariant(endpoint: EndpointRecord, variantName: unknown): Variant {
  if (endpoint.variants.length > 0 && endpoint.variants.every(({ hosts }) => hosts === undefined))
    throw invalid(
      `Endpoint "${endpoint.arn}" cannot host inference components: its variants were created with a model. Use an endpoint configuration with an ExecutionRoleArn and variants without a ModelName.`,
    );
  const variant = endpoint.variants.find((one) => one.hosts !== undefined && one.variantName === variantName);
  if (variant === undefined) throw invalid(`Could not find variant "${String(variantName)}" of endpoint "${endpoint.arn}".`);
  return variant;
}
