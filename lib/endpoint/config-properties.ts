import type { CfnEndpointConfig } from 'aws-cdk-lib/aws-sagemaker';
import { CSV_CONTENT_TYPES, type DataCapture, JSON_CONTENT_TYPES } from './data-capture';
import type { Routing } from './routing';
import type { AsynchronousServingProps } from './serving-props';
import type { VariantParts } from './serving';

type Variant = CfnEndpointConfig.ProductionVariantProperty;

/** Names of the models that a variant runs: its own, and those of single pools. */
export interface VariantModels {
  readonly modelName?: string;
  readonly poolModelNames: (string | undefined)[];
}

/** A variant as CloudFormation takes it. */
export function variantProperty(variant: VariantParts, models: VariantModels): Variant {
  const { serverless } = variant;
  const model = models.modelName === undefined ? {} : { modelName: models.modelName };
  if (serverless !== undefined) {
    return {
      variantName: variant.name,
      ...model,
      serverlessConfig: {
        memorySizeInMb: serverless.memoryMib,
        maxConcurrency: serverless.maxConcurrency ?? 20,
        ...(serverless.provisionedConcurrency === undefined ? {} : { provisionedConcurrency: serverless.provisionedConcurrency }),
      },
    };
  }
  return {
    variantName: variant.name,
    ...model,
    initialInstanceCount: variant.initialCount ?? 1,
    ...(variant.weight === undefined ? {} : { initialVariantWeight: variant.weight }),
    ...instancesOf(variant, models),
    ...timeoutsOf(variant),
    ...(variant.volumeGib === undefined ? {} : { volumeSizeInGb: variant.volumeGib }),
    ...(variant.inferenceAmiVersion === undefined ? {} : { inferenceAmiVersion: variant.inferenceAmiVersion }),
    ...(variant.routing === undefined ? {} : { routingConfig: routingProperty(variant.routing) }),
    ...(variant.managed === undefined
      ? {}
      : {
          managedInstanceScaling: {
            status: 'ENABLED',
            minInstanceCount: variant.managed.minCount,
            maxInstanceCount: variant.managed.maxCount,
          },
        }),
  };
}

function instancesOf({ instance, instancePools }: VariantParts, { poolModelNames }: VariantModels): Partial<Variant> {
  if (instancePools === undefined) return instance === undefined ? {} : { instanceType: instance.typeName };
  return {
    instancePools: instancePools.map((pool, index) => {
      const modelName = poolModelNames[index];
      return {
        instanceType: pool.instance.typeName,
        priority: pool.priority ?? index + 1,
        ...(modelName === undefined ? {} : { modelNameOverride: modelName }),
      };
    }),
  };
}

function timeoutsOf({ downloadTimeout, startupTimeout, provisionTimeout }: VariantParts): Partial<Variant> {
  return {
    ...(downloadTimeout === undefined ? {} : { modelDataDownloadTimeoutInSeconds: downloadTimeout.toSeconds() }),
    ...(startupTimeout === undefined ? {} : { containerStartupHealthCheckTimeoutInSeconds: startupTimeout.toSeconds() }),
    ...(provisionTimeout === undefined ? {} : { variantInstanceProvisionTimeoutInSeconds: provisionTimeout.toSeconds() }),
  };
}

const STRATEGIES = {
  'least-outstanding': 'LEAST_OUTSTANDING_REQUESTS',
  random: 'RANDOM',
  'prefix-aware': 'PREFIX_AWARE',
} as const;

function routingProperty({ _strategy, _prefixLength, _concurrencyThreshold }: Routing): CfnEndpointConfig.RoutingConfigProperty {
  const routingStrategy = STRATEGIES[_strategy];
  if (_strategy !== 'prefix-aware') return { routingStrategy };
  return { routingStrategy, prefixAwareRoutingConfig: { prefixLength: _prefixLength, concurrencyThreshold: _concurrencyThreshold } };
}

export function captureProperty(capture: DataCapture, bucketName: string): CfnEndpointConfig.DataCaptureConfigProperty {
  const { samplingPercent, requests, answers, jsonContentTypes, csvContentTypes, folder, encryptionKey } = capture;
  const json = jsonContentTypes ?? JSON_CONTENT_TYPES;
  const csv = csvContentTypes ?? CSV_CONTENT_TYPES;
  const modes = [...((requests ?? true) ? ['Input'] : []), ...((answers ?? true) ? ['Output'] : [])];
  return {
    enableCapture: true,
    initialSamplingPercentage: samplingPercent ?? 100,
    destinationS3Uri: `s3://${bucketName}/${folder ?? 'captures'}`,
    captureOptions: modes.map((captureMode) => ({ captureMode })),
    // Empty lists are refused.
    ...(json.length + csv.length === 0
      ? {}
      : {
          captureContentTypeHeader: {
            ...(json.length === 0 ? {} : { jsonContentTypes: json }),
            ...(csv.length === 0 ? {} : { csvContentTypes: csv }),
          },
        }),
    ...(encryptionKey === undefined ? {} : { kmsKeyId: encryptionKey.keyArn }),
  };
}

export function asyncProperty(props: AsynchronousServingProps, bucketName: string): CfnEndpointConfig.AsyncInferenceConfigProperty {
  const { concurrentPerInstance, successTopic, errorTopic, bucket } = props;
  const key = bucket?.encryptionKey;
  const topics = successTopic !== undefined || errorTopic !== undefined;
  return {
    ...(concurrentPerInstance === undefined ? {} : { clientConfig: { maxConcurrentInvocationsPerInstance: concurrentPerInstance } }),
    outputConfig: {
      s3OutputPath: `s3://${bucketName}/answers`,
      s3FailurePath: `s3://${bucketName}/failures`,
      ...(key === undefined ? {} : { kmsKeyId: key.keyArn }),
      ...(topics ? { notificationConfig: { successTopic: successTopic?.topicArn, errorTopic: errorTopic?.topicArn } } : {}),
    },
  };
}
