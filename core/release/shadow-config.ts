import type { ShadowPolicy } from '../contracts';
import type { CreateEndpointConfig, DescribedConfig, ProductionVariant, UpdateEndpoint } from './sagemaker';

/** The calls of a shadow phase, ready to send. */
export interface ShadowPlan {
  configName: string;
  createConfig: ShadowConfig;
  endpoint: UpdateEndpoint;
}

export type ShadowConfig = CreateEndpointConfig & { ShadowProductionVariants: ProductionVariant[]; DataCaptureConfig: CaptureConfig };

interface CaptureConfig {
  EnableCapture: true;
  InitialSamplingPercentage: number;
  DestinationS3Uri: string;
  KmsKeyId?: string;
  CaptureOptions: { CaptureMode: 'Output' }[];
  CaptureContentTypeHeader: { JsonContentTypes: string[]; CsvContentTypes: string[] };
}

/** Where captures of a release go; the rest of the path is SageMaker's. */
export const captureRoot = (releaseId: string): string => `captures/${releaseId}`;

export interface ShadowParts {
  releaseId: string;
  configName: string;
  policy: ShadowPolicy;
  stable: ProductionVariant;
  candidate: ProductionVariant;
  /** The config that stable runs with; a shadow phase takes the place of its capture, so it must have none. */
  currentConfig: DescribedConfig | undefined;
  /** What the dark config has besides its variants. */
  base: CreateEndpointConfig;
  captureBucket: string | undefined;
  kmsKeyArn: string | undefined;
  update: UpdateEndpoint;
}

/** Exactly one production and one shadow variant: stable answers, the candidate gets copies. Only answers are captured, no requests. */
export function shadowPlan(parts: ShadowParts): ShadowPlan {
  const { releaseId, configName, policy, stable, candidate, captureBucket, kmsKeyArn, base } = parts;
  if (captureBucket === undefined) {
    throw new Error(
      `Release ${releaseId} asks for a shadow phase, but the stack has no bucket for captures: deploy it with the strategy shadow`,
    );
  }
  refuseOwnCapture(parts, captureBucket);
  // The shadow takes its share of what stable's instances carry.
  const needed = Math.ceil(policy.samplingShare * (stable.InitialInstanceCount ?? 1) - 1e-9);
  return {
    configName,
    createConfig: {
      ...base,
      EndpointConfigName: configName,
      ProductionVariants: [{ ...stable, InitialVariantWeight: 1 }],
      ShadowProductionVariants: [
        {
          ...candidate,
          InitialInstanceCount: Math.max(candidate.InitialInstanceCount ?? 1, needed),
          // SageMaker copies requests in the ratio of the weights.
          InitialVariantWeight: policy.samplingShare,
        },
      ],
      DataCaptureConfig: {
        EnableCapture: true,
        // Both sides in full: pairs of which one was left out could not be compared.
        InitialSamplingPercentage: 100,
        DestinationS3Uri: `s3://${captureBucket}/${captureRoot(releaseId)}`,
        ...(kmsKeyArn === undefined ? {} : { KmsKeyId: kmsKeyArn }),
        CaptureOptions: [{ CaptureMode: 'Output' }],
        CaptureContentTypeHeader: { JsonContentTypes: ['application/json', 'application/jsonlines'], CsvContentTypes: ['text/csv'] },
      },
    },
    endpoint: parts.update,
  };
}

function refuseOwnCapture({ releaseId, currentConfig }: ShadowParts, captureBucket: string): void {
  const capture = currentConfig?.DataCaptureConfig as { EnableCapture?: boolean; DestinationS3Uri?: string } | null | undefined;
  const uri = capture?.DestinationS3Uri;
  if (capture?.EnableCapture === false || uri === undefined || uri.startsWith(`s3://${captureBucket}/`)) return;
  throw new Error(
    `Release ${releaseId} asks for a shadow phase, but the endpoint already captures data to ${uri}, which the phase would interrupt: ` +
      'end that capture first, or release without shadow',
  );
}
