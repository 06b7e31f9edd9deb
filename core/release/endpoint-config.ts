import type { CaptureSpec, ServingSpec } from '../contracts/serving';
import { ASYNC_ANSWERS, ASYNC_FAILURES } from './async-folders';
import type { Surroundings } from './plan';
import type { CreateEndpointConfig, DescribedConfig, ProductionVariant, Tag } from './sagemaker';
import { given, typesOf } from './variant';

/** Instance families with local disks encrypt them in hardware and refuse a key of their own. */
const LOCAL_DISKS = /^ml\.(g4dn|g5|g6|g6e|gr6|p3dn|p4d|p4de|p5|p5e|p5en|p6|trn1|trn1n|trn2|[a-z]+\d+[a-z]*d[a-z]*)\./;

/** Below this folder of the stack's bucket; the rest of a path is SageMaker's. */
export const CAPTURE_FOLDER = 'serving-captures';

const OWN_CAPTURE = new RegExp(`^s3://[^/]+/${CAPTURE_FOLDER}(/|$)`);

export interface ConfigParts {
  releaseId: string;
  name: string;
  variants: ProductionVariant[];
  serving: ServingSpec;
  /** What the endpoint runs now; missing where the release has an endpoint of its own. */
  current: DescribedConfig | undefined;
  /** Stable is on the endpoint as well: what it captures goes on. */
  beside: boolean;
  surroundings: Surroundings;
  tags: Tag[];
}

export function endpointConfig(parts: ConfigParts): CreateEndpointConfig {
  const { name, variants, serving, current, surroundings, tags } = parts;
  const key = surroundings.kmsKeyArn ?? current?.KmsKeyId;
  const hasVolumes = variants.every((variant) => variant.ServerlessConfig === undefined);
  const takesKey = key !== undefined && hasVolumes && !variants.some((variant) => typesOf(variant).some((type) => LOCAL_DISKS.test(type)));
  return {
    EndpointConfigName: name,
    ProductionVariants: variants,
    ...(takesKey ? { KmsKeyId: key } : {}),
    ...given('DataCaptureConfig', captureOf(parts)),
    ...(serving.mode === 'async' ? { AsyncInferenceConfig: asyncOf(parts) } : {}),
    ...(serving.mode === 'inference-components' ? placement(serving, surroundings) : {}),
    Tags: tags,
  };
}

/** Whoever captured data on an adopted endpoint goes on doing so; what a charter asked for ends with its release. */
function captureOf({ serving, current, beside, surroundings, releaseId }: ConfigParts): unknown {
  if (serving.capture !== undefined) return dataCapture(releaseId, serving.capture, surroundings);
  const running = (current?.DataCaptureConfig ?? undefined) as { DestinationS3Uri?: string } | undefined;
  const isOwn = OWN_CAPTURE.test(running?.DestinationS3Uri ?? '');
  return isOwn && !beside ? undefined : running;
}

function dataCapture(releaseId: string, capture: CaptureSpec, { dataBucket, kmsKeyArn }: Surroundings): object {
  if (dataBucket === undefined) {
    throw new Error(
      `Release ${releaseId} captures data (serving.capture), but the stack has no bucket for it: deploy it with serving.capture`,
    );
  }
  const header = {
    ...(capture.jsonContentTypes.length === 0 ? {} : { JsonContentTypes: capture.jsonContentTypes }),
    ...(capture.csvContentTypes.length === 0 ? {} : { CsvContentTypes: capture.csvContentTypes }),
  };
  return {
    EnableCapture: true,
    InitialSamplingPercentage: Math.max(1, Math.round(capture.samplingShare * 100)),
    DestinationS3Uri: `s3://${dataBucket}/${CAPTURE_FOLDER}`,
    ...given('KmsKeyId', kmsKeyArn),
    CaptureOptions: [{ CaptureMode: 'Input' }, { CaptureMode: 'Output' }],
    ...(Object.keys(header).length === 0 ? {} : { CaptureContentTypeHeader: header }),
  };
}

function asyncOf({ releaseId, serving, surroundings }: ConfigParts): object {
  const { asyncBucket, kmsKeyArn } = surroundings;
  if (asyncBucket === undefined) {
    throw new Error(`Release ${releaseId} is asynchronous, but the stack has no bucket for answers: deploy it with serving.mode async`);
  }
  return {
    ...(serving.async?.concurrentPerInstance === undefined
      ? {}
      : { ClientConfig: { MaxConcurrentInvocationsPerInstance: serving.async.concurrentPerInstance } }),
    OutputConfig: {
      S3OutputPath: `s3://${asyncBucket}/${ASYNC_ANSWERS}/${releaseId}`,
      S3FailurePath: `s3://${asyncBucket}/${ASYNC_FAILURES}/${releaseId}`,
      ...given('KmsKeyId', kmsKeyArn),
    },
  };
}

/** Copies of models come later: role and network are the endpoint's. */
const placement = ({ networkIsolation }: ServingSpec, { modelRoleArn, vpcConfig }: Surroundings): object => ({
  ExecutionRoleArn: modelRoleArn,
  ...given('VpcConfig', vpcConfig),
  ...(networkIsolation === true ? { EnableNetworkIsolation: true } : {}),
});
