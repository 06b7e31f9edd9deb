import type { Members } from '../../cloud/types';
import { launchedOf } from './meter';
import type { Deployment, EndpointRecord, ServerlessSettings, Variant, VariantDefinition, VariantStage } from './state';

const images = ({ model }: VariantDefinition): Members =>
  model.image === undefined ? {} : { DeployedImages: [{ SpecifiedImage: model.image, ResolvedImage: model.image }] };

const serverlessConfig = ({ memoryMebibytes, maxConcurrency, provisionedConcurrency }: ServerlessSettings): Members => ({
  MemorySizeInMB: memoryMebibytes,
  MaxConcurrency: maxConcurrency,
  ...(provisionedConcurrency === undefined ? {} : { ProvisionedConcurrency: provisionedConcurrency }),
});

interface Capacity {
  desired: number;
  /** Instances that exist; undefined: a serverless fleet that does not run yet. */
  current: number | undefined;
  /** Of a variant for inference components. */
  byType?: Map<string, number> | undefined;
  desiredServerless?: ServerlessSettings | undefined;
}

function capacityOf(variant: VariantDefinition, { desired, current, byType, desiredServerless }: Capacity): Members {
  if (variant.serverless !== undefined) {
    const config = serverlessConfig(variant.serverless);
    const wanted = desiredServerless === undefined ? config : serverlessConfig(desiredServerless);
    return { ...(current === undefined ? {} : { CurrentServerlessConfig: config }), DesiredServerlessConfig: wanted };
  }
  const pools = variant.pools.map(({ instanceType }) => ({
    InstanceType: instanceType,
    CurrentInstanceCount: byType?.get(instanceType) ?? (byType === undefined && instanceType === variant.instanceType ? (current ?? 0) : 0),
  }));
  return {
    CurrentInstanceCount: current ?? 0,
    DesiredInstanceCount: desired,
    ...(pools.length === 0 ? {} : { InstancePools: pools }),
    ...(variant.hosting?.definition === undefined ? {} : { ManagedInstanceScaling: variant.hosting.definition }),
  };
}

function typesOf({ hosts }: Variant): Map<string, number> | undefined {
  if (hosts === undefined) return undefined;
  const byType = new Map<string, number>();
  for (const { instanceType } of hosts.running) byType.set(instanceType, (byType.get(instanceType) ?? 0) + 1);
  return byType;
}

const describeVariant = (variant: Variant): Members => ({
  VariantName: variant.variantName,
  ...images(variant),
  CurrentWeight: variant.weight,
  DesiredWeight: variant.desiredWeight,
  ...capacityOf(variant, {
    desired: variant.desiredInstanceCount,
    current: variant.launchedCount,
    byType: typesOf(variant),
    desiredServerless: variant.desiredServerless,
  }),
  ...(variant.routing === undefined ? {} : { RoutingConfig: variant.routing }),
});

const describeStage = ({ status, message, startedAtMillis }: VariantStage): Members => ({
  VariantStatus: [{ Status: status, ...(message === undefined ? {} : { StatusMessage: message }), StartTime: new Date(startedAtMillis) }],
});

function describePending({ configName, variants, shadow, startedAtMillis, stage, launchedShare }: Deployment): Members {
  const describe = (variant: VariantDefinition): Members => ({
    VariantName: variant.variantName,
    ...images(variant),
    DesiredWeight: variant.weight,
    ...capacityOf(variant, {
      desired: variant.instanceCount,
      current: variant.serverless === undefined ? launchedOf(launchedShare, variant) : undefined,
    }),
    ...(variant.serverless === undefined ? { InstanceType: variant.instanceType } : {}),
    ...(variant.routing === undefined ? {} : { RoutingConfig: variant.routing }),
    ...(stage === undefined ? {} : describeStage(stage)),
  });
  return {
    EndpointConfigName: configName,
    StartTime: new Date(startedAtMillis),
    ProductionVariants: variants.map(describe),
    ...(shadow === undefined ? {} : { ShadowProductionVariants: [describe(shadow)] }),
  };
}

const describeCapture = ({ capture, status }: EndpointRecord): Members =>
  capture === undefined
    ? {}
    : {
        DataCaptureConfig: {
          EnableCapture: true,
          CaptureStatus: status === 'InService' || status === 'Updating' ? 'Started' : 'Stopped',
          CurrentSamplingPercentage: capture.sampledPercent,
          DestinationS3Uri: capture.definition.DestinationS3Uri,
          // The model asks for a key here, empty where none is used.
          KmsKeyId: capture.kmsKeyId ?? '',
        },
      };

/** "This field is only returned when the endpoint is creating or updating with a new endpoint configuration." */
const describeDeployment = ({ pending }: EndpointRecord): Members =>
  pending === undefined || pending.resizes === true ? {} : { PendingDeploymentSummary: describePending(pending) };

export const describeEndpoint = (endpoint: EndpointRecord): Members => ({
  EndpointName: endpoint.name,
  EndpointArn: endpoint.arn,
  EndpointConfigName: endpoint.configName,
  EndpointStatus: endpoint.status,
  ...(endpoint.variants.length === 0 ? {} : { ProductionVariants: endpoint.variants.map(describeVariant) }),
  ...(endpoint.shadow === undefined ? {} : { ShadowProductionVariants: [describeVariant(endpoint.shadow)] }),
  ...describeCapture(endpoint),
  ...(endpoint.async === undefined ? {} : { AsyncInferenceConfig: endpoint.async.definition }),
  ...(endpoint.lastDeploymentConfig === undefined ? {} : { LastDeploymentConfig: endpoint.lastDeploymentConfig }),
  ...(endpoint.failureReason === undefined ? {} : { FailureReason: endpoint.failureReason }),
  ...describeDeployment(endpoint),
  CreationTime: new Date(endpoint.createdAtMillis),
  LastModifiedTime: new Date(endpoint.modifiedAtMillis),
});
