import type { Cloud, ServiceDouble, ServiceEventSink } from '../../cloud/types';
import { launchedOf } from './meter';
import { tagList } from './names';
import type { Deployment, EndpointRecord, EndpointStatus, Variant } from './state';

/** Events spell the status in their own way: `IN_SERVICE`, not `InService`. */
const EVENT_STATUS: Record<EndpointStatus, string> = {
  Creating: 'CREATING',
  Updating: 'UPDATING',
  SystemUpdating: 'SYSTEM_UPDATING',
  InService: 'IN_SERVICE',
  RollingBack: 'ROLLING_BACK',
  Failed: 'FAILED',
  UpdateRollbackFailed: 'UPDATE_ROLLBACK_FAILED',
  Deleting: 'DELETING',
};

export function emit(cloud: Cloud, detailType: string, arn: string, detail: Record<string, unknown>): void {
  cloud
    .double<ServiceDouble & ServiceEventSink>('eventbridge')
    .emitServiceEvent({ source: 'aws.sagemaker', detailType, resources: [arn], detail });
}

const variantDetail = (variant: Variant): Record<string, unknown> => ({
  VariantName: variant.variantName,
  CurrentWeight: variant.weight,
  DesiredWeight: variant.desiredWeight,
  CurrentInstanceCount: variant.launchedCount,
  DesiredInstanceCount: variant.desiredInstanceCount,
});

const endpointDetail = (endpoint: EndpointRecord): Record<string, unknown> => ({
  EndpointName: endpoint.name,
  EndpointArn: endpoint.arn,
  EndpointConfigName: endpoint.configName,
  EndpointStatus: EVENT_STATUS[endpoint.status],
  ProductionVariants: endpoint.variants.map(variantDetail),
  ...(endpoint.failureReason === undefined ? {} : { FailureReason: endpoint.failureReason }),
  CreationTime: endpoint.createdAtMillis,
  LastModifiedTime: endpoint.modifiedAtMillis,
  Tags: Object.fromEntries(tagList(endpoint.tags).map(({ Key, Value }) => [Key, Value])),
});

export const announceEndpoint = (cloud: Cloud, endpoint: EndpointRecord): void =>
  emit(cloud, 'SageMaker Endpoint State Change', endpoint.arn, endpointDetail(endpoint));

/** A step of a deployment with guardrails. */
export function announceDeployment(
  cloud: Cloud,
  endpoint: EndpointRecord,
  { configName, variants, startedAtMillis, stage, launchedShare }: Deployment,
): void {
  const status =
    stage === undefined
      ? {}
      : {
          VariantStatus: [
            {
              Status: stage.status,
              ...(stage.message === undefined ? {} : { StatusMessage: stage.message }),
              StartTime: stage.startedAtMillis,
            },
          ],
        };
  emit(cloud, 'SageMaker Endpoint Deployment State Change', endpoint.arn, {
    ...endpointDetail(endpoint),
    PendingDeploymentSummary: {
      EndpointConfigName: configName,
      StartTime: startedAtMillis,
      ProductionVariants: variants.map((variant) => ({
        VariantName: variant.variantName,
        CurrentWeight: variant.weight,
        DesiredWeight: variant.weight,
        CurrentInstanceCount: launchedOf(launchedShare, variant),
        DesiredInstanceCount: variant.instanceCount,
        ...status,
      })),
    },
  });
}
