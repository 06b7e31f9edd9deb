import type { Members } from '../../cloud/types';
import { invalid } from './errors';
import { checkRange } from './names';
import { readS3Uri } from './s3-uri';
import type { AsyncSettings, CaptureSettings, Fleet, VariantDefinition } from './state';
import type { Store } from './store';
import { readVariant } from './variants';

const MAX_VARIANTS = 10;
const DEFAULT_ASYNC_CONCURRENCY = 4;

function readProduction(store: Store, input: Members): VariantDefinition[] {
  const variants = (input.ProductionVariants ?? []) as Members[];
  if (variants.length === 0) throw invalid('At least one production variant must be specified.');
  if (variants.length > MAX_VARIANTS)
    throw invalid(
      `${variants.length} production variants were specified; the limit is ${MAX_VARIANTS} variants per endpoint configuration.`,
    );
  return variants.map((variant, index) => readVariant(store, 'productionVariants', variant, index, input));
}

const isInferentia1 = ({ instanceType }: VariantDefinition): boolean => instanceType.startsWith('ml.inf1.');

function readShadow(store: Store, input: Members, production: VariantDefinition[]): VariantDefinition | undefined {
  const shadows = (input.ShadowProductionVariants ?? []) as Members[];
  const [first] = shadows;
  if (first === undefined) return undefined;
  if (shadows.length > 1 || production.length > 1)
    throw invalid(
      `A shadow test needs exactly one production variant and one shadow variant; ${production.length} and ${shadows.length} were specified.`,
    );
  const shadow = readVariant(store, 'shadowProductionVariants', first, 0, input);
  if (input.AsyncInferenceConfig !== undefined) throw invalid('Shadow variants are not supported for asynchronous endpoints.');
  if ([...production, shadow].some(({ serverless }) => serverless !== undefined))
    throw invalid('Shadow variants are not supported for serverless endpoints.');
  if ([...production, shadow].some(({ hosting }) => hosting !== undefined))
    throw invalid('Shadow variants are not supported for endpoints that host inference components.');
  if ([...production, shadow].some(isInferentia1)) throw invalid('Shadow variants are not supported on Inf1 instances.');
  return shadow;
}

function captures(options: unknown, mode: 'Input' | 'Output'): boolean {
  return ((options ?? []) as Members[]).some(({ CaptureMode }) => CaptureMode === mode || CaptureMode === 'InputAndOutput');
}

/** What is captured; undefined: nothing. */
function readCapture(input: Members): CaptureSettings | undefined {
  const config = input.DataCaptureConfig as Members | undefined;
  if (config === undefined || config === null || config.EnableCapture === false) return undefined;
  checkRange('dataCaptureConfig.initialSamplingPercentage', config.InitialSamplingPercentage, 0, 100);
  if (((config.CaptureOptions ?? []) as Members[]).length === 0) throw invalid('DataCaptureConfig must have at least one CaptureOption.');
  const destination = readS3Uri('dataCaptureConfig.destinationS3Uri', config.DestinationS3Uri);
  return {
    bucket: destination.bucket,
    prefix: destination.key,
    sampledPercent: Number(config.InitialSamplingPercentage),
    input: captures(config.CaptureOptions, 'Input'),
    output: captures(config.CaptureOptions, 'Output'),
    csvContentTypes: (config.CaptureContentTypeHeader?.CsvContentTypes ?? []) as string[],
    jsonContentTypes: (config.CaptureContentTypeHeader?.JsonContentTypes ?? []) as string[],
    ...(config.KmsKeyId === undefined ? {} : { kmsKeyId: String(config.KmsKeyId) }),
    definition: config,
  };
}

function readAsync(input: Members): AsyncSettings | undefined {
  const config = input.AsyncInferenceConfig as Members | undefined;
  if (config === undefined || config === null) return undefined;
  const output = (config.OutputConfig ?? {}) as Members;
  const perInstance = config.ClientConfig?.MaxConcurrentInvocationsPerInstance as number | undefined;
  checkRange('asyncInferenceConfig.clientConfig.maxConcurrentInvocationsPerInstance', perInstance, 1, 1000);
  const destination = readS3Uri('asyncInferenceConfig.outputConfig.s3OutputPath', output.S3OutputPath);
  const failure =
    output.S3FailurePath === undefined ? destination : readS3Uri('asyncInferenceConfig.outputConfig.s3FailurePath', output.S3FailurePath);
  const topics = (output.NotificationConfig ?? {}) as Members;
  return {
    bucket: destination.bucket,
    prefix: destination.key,
    failureBucket: failure.bucket,
    failurePrefix: failure.key,
    ...(topics.SuccessTopic === undefined ? {} : { successTopic: String(topics.SuccessTopic) }),
    ...(topics.ErrorTopic === undefined ? {} : { errorTopic: String(topics.ErrorTopic) }),
    includeResponseIn: (topics.IncludeInferenceResponseIn ?? []) as string[],
    maxConcurrentPerInstance: perInstance ?? DEFAULT_ASYNC_CONCURRENCY,
    definition: config,
  };
}

function checkServerless({ variants, capture, async }: Fleet): void {
  if (!variants.some(({ serverless }) => serverless !== undefined)) return;
  if (variants.length > 1) throw invalid('Serverless endpoints support one production variant only.');
  if (capture !== undefined) throw invalid('Data capture is not supported for serverless endpoints.');
  if (async !== undefined) throw invalid('AsyncInferenceConfig is not supported for serverless endpoints.');
}

function checkHosting({ variants, async }: Fleet): void {
  const hosting = variants.filter((variant) => variant.hosting !== undefined);
  if (hosting.length === 0) return;
  if (hosting.length < variants.length)
    throw invalid(
      'Either all production variants of an endpoint configuration have a ModelName, or none has: then they host inference components.',
    );
  if (async !== undefined) throw invalid('AsyncInferenceConfig is not supported for endpoints that host inference components.');
}

/** What an endpoint config asks for, checked as a whole. */
export function readFleet(store: Store, input: Members): Fleet {
  const variants = readProduction(store, input);
  const shadow = readShadow(store, input, variants);
  const names = [...variants, ...(shadow === undefined ? [] : [shadow])].map(({ variantName }) => variantName);
  if (new Set(names).size < names.length) throw invalid('Variant names must be unique within an endpoint configuration.');
  const capture = readCapture(input);
  const async = readAsync(input);
  const fleet: Fleet = {
    variants,
    ...(shadow === undefined ? {} : { shadow }),
    ...(capture === undefined ? {} : { capture }),
    ...(async === undefined ? {} : { async }),
  };
  checkServerless(fleet);
  checkHosting(fleet);
  return fleet;
}
