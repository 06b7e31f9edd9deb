import type { Members } from '../../../cloud/types';
import type { ComponentRecord, ComponentSpec } from './types';

function describeSpec({ definition, model }: ComponentSpec): Members {
  const { Container, ModelName, DataCacheConfig, SchedulingConfig, StartupParameters, ComputeResourceRequirements, InstanceType } =
    definition;
  const image = model.image === undefined ? {} : { DeployedImage: { SpecifiedImage: model.image, ResolvedImage: model.image } };
  const container: Members = { ...(Container as Members | undefined) };
  delete container.Image;
  return {
    ...(InstanceType === undefined ? {} : { InstanceType }),
    ...(ModelName === undefined ? {} : { ModelName }),
    ...(Container === undefined ? {} : { Container: { ...image, ...container } }),
    ...(StartupParameters === undefined ? {} : { StartupParameters }),
    ComputeResourceRequirements,
    ...(DataCacheConfig === undefined ? {} : { DataCacheConfig }),
    ...(SchedulingConfig === undefined ? {} : { SchedulingConfig }),
  };
}

function placementOf({ copies }: ComponentRecord): Members[] {
  const byType = new Map<string, number>();
  for (const { host, answers } of copies) if (answers) byType.set(host.instanceType, (byType.get(host.instanceType) ?? 0) + 1);
  return [...byType].map(([InstanceType, CurrentCopyCount]) => ({ InstanceType, CurrentCopyCount }));
}

export const copiesThatAnswer = ({ copies }: ComponentRecord): number => copies.filter(({ answers }) => answers).length;

export const describeComponent = (component: ComponentRecord): Members => ({
  InferenceComponentName: component.name,
  InferenceComponentArn: component.arn,
  EndpointName: component.endpointName,
  EndpointArn: component.endpointArn,
  VariantName: component.variantName,
  ...(component.failureReason === undefined ? {} : { FailureReason: component.failureReason }),
  ...(component.several ? { Specifications: component.specs.map(describeSpec) } : { Specification: describeSpec(component.specs[0]!) }),
  RuntimeConfig: {
    DesiredCopyCount: component.desiredCopies,
    CurrentCopyCount: copiesThatAnswer(component),
    PlacementStatus: placementOf(component),
  },
  CreationTime: new Date(component.createdAtMillis),
  LastModifiedTime: new Date(component.modifiedAtMillis),
  InferenceComponentStatus: component.status,
  ...(component.lastDeploymentConfig === undefined ? {} : { LastDeploymentConfig: component.lastDeploymentConfig }),
});

export const summariseComponent = (component: ComponentRecord): Members => ({
  InferenceComponentName: component.name,
  InferenceComponentArn: component.arn,
  EndpointName: component.endpointName,
  EndpointArn: component.endpointArn,
  VariantName: component.variantName,
  InferenceComponentStatus: component.status,
  CreationTime: new Date(component.createdAtMillis),
  LastModifiedTime: new Date(component.modifiedAtMillis),
});
