import type { Members } from '../../cloud/types';
import type { Deployment, EndpointRecord, ServerlessSettings, Variant, VariantDefinition, VariantStage } from './state';

const images = ({ model }: VariantDefinition): Members =>
  model.image === undefined ? {} : { DeployedImages: [{ SpecifiedImage: model.image, ResolvedImage: model.image }] };

const serverlessConfig = ({ memoryMebibytes, maxConcurrency }: ServerlessSettings): Members => ({
  MemorySizeInMB: memoryMebibytes,
  MaxConcurrency: maxConcurrency,
});

function capacity(variant: VariantDefinition, desiredInstanceCount: number, running: boolean): Members {
  if (variant.serverless !== undefined) {
    const config = serverlessConfig(variant.serverless);
    return { ...(running ? { CurrentServerlessConfig: config } : {}), DesiredServerlessConfig: config };
  }
  const pools = variant.pools.map(({ instanceType }) => ({
    InstanceType: instanceType,
    CurrentInstanceCount: running && instanceType === variant.instanceType ? variant.instanceCount : 0,
  }));
  return {
    ...(running ? { CurrentInstanceCount: variant.instanceCount } : {}),
    DesiredInstanceCount: desiredInstanceCount,
    ...(pools.length === 0 ? {} : { InstancePools: pools }),
  };
}

const describeVariant = (variant: Variant): Members => ({
  VariantName: variant.variantName,
  ...images(variant),
  CurrentWeight: variant.weight,
  DesiredWeight: variant.desiredWeight,
  ...capacity(variant, variant.desiredInstanceCount, true),
});

const describeStage = ({ status, message, startedAtMillis }: VariantStage): Members => ({
  VariantStatus: [{ Status: status, ...(message === undefined ? {} : { StatusMessage: message }), StartTime: new Date(startedAtMillis) }],
});

const describePending = ({ configName, variants, startedAtMillis, stage }: Deployment): Members => ({
  EndpointConfigName: configName,
  StartTime: new Date(startedAtMillis),
  ProductionVariants: variants.map((variant) => ({
    VariantName: variant.variantName,
    DesiredWeight: variant.weight,
    ...capacity(variant, variant.instanceCount, false),
    ...(variant.serverless === undefined ? { InstanceType: variant.instanceType } : {}),
    ...(stage === undefined ? {} : describeStage(stage)),
  })),
});

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
  ...(endpoint.pending === undefined ? {} : { PendingDeploymentSummary: describePending(endpoint.pending) }),
  CreationTime: new Date(endpoint.createdAtMillis),
  LastModifiedTime: new Date(endpoint.modifiedAtMillis),
});
