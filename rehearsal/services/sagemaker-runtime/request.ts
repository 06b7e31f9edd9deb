import { AwsError, UnsupportedError, type Cloud, type ContainerAnswer, type Members, type Random } from '../../cloud/types';
import type { EndpointRecord, Variant } from '../sagemaker/state';

const MAX_BODY_BYTES = 6_291_456;
const MAX_SERVERLESS_BODY_BYTES = 4_194_304;
const MAX_CUSTOM_ATTRIBUTES = 1024;
const INFERENCE_ID = /^[\w.:@\-/+=]{1,64}$/;
const NOT_PLAYED = ['TargetModel', 'TargetContainerHostname', 'EnableExplanations', 'SessionId'];

export const refused = (message: string): AwsError => new AwsError('ValidationError', message);

export function checkIds(input: Members): void {
  if (input.InferenceId !== undefined && !INFERENCE_ID.test(input.InferenceId))
    throw refused(`Value '${String(input.InferenceId)}' at 'inferenceId' must be 1 to 64 printable ASCII characters.`);
  if (String(input.CustomAttributes ?? '').length > MAX_CUSTOM_ATTRIBUTES)
    throw refused(`Value at 'customAttributes' must have length less than or equal to ${MAX_CUSTOM_ATTRIBUTES}`);
}

export function checkRequest(operation: string, input: Members): void {
  for (const member of NOT_PLAYED) {
    if (input[member] !== undefined)
      throw new UnsupportedError(`SageMaker ${operation} with ${member} is not supported by the laptop cloud`);
  }
  const body = input.Body as Uint8Array | undefined;
  if (body === undefined) throw refused('Body must not be null.');
  checkSize(body, MAX_BODY_BYTES);
  checkIds(input);
}

function checkSize(body: Uint8Array, most: number): void {
  if (body.byteLength > most)
    throw refused(
      `1 validation error detected: Value at 'body' failed to satisfy constraint: Member must have length less than or equal to ${most}`,
    );
}

/** A serverless endpoint takes smaller bodies, and no more requests at once than it was given. */
export function checkServerless(variant: Variant, body: Uint8Array): void {
  const { serverless } = variant;
  if (serverless === undefined) return;
  checkSize(body, MAX_SERVERLESS_BODY_BYTES);
  if (variant.inFlight >= serverless.maxConcurrency)
    throw new AwsError(
      'ThrottlingException',
      `Rate exceeded: variant ${variant.variantName} answers ${serverless.maxConcurrency} requests at once.`,
      429,
    );
}

/** The variant asked for, whatever its weight; else one by weight. While a new fleet takes traffic, its share goes there. */
export function chooseVariant(cloud: Cloud, random: Random, endpoint: EndpointRecord, input: Members): Variant {
  const { green } = endpoint;
  const variants = green !== undefined && random.next() < green.share ? green.variants : endpoint.variants;
  if (input.TargetVariant !== undefined) {
    for (const variant of variants) if (variant.variantName === input.TargetVariant) return variant;
    throw refused(
      `Variant ${String(input.TargetVariant)} not found for endpoint ${String(input.EndpointName)} of account ${cloud.accountId}.`,
    );
  }
  let total = 0;
  for (const { weight } of variants) total += weight;
  if (total <= 0) throw refused(`All variants of endpoint ${String(input.EndpointName)} have weight 0: name one as TargetVariant.`);
  let draw = random.next() * total;
  for (const variant of variants) {
    draw -= variant.weight;
    if (draw < 0) return variant;
  }
  return variants.filter(({ weight }) => weight > 0).at(-1)!;
}

/** SageMaker waits so long for a container, and not longer. */
export function limited(answer: ContainerAnswer, mostMillis: number): ContainerAnswer {
  if (answer.latencyMillis <= mostMillis) return answer;
  return {
    status: 0,
    body: new TextEncoder().encode('Your invocation timed out while waiting for a response from container primary.'),
    contentType: 'text/plain',
    latencyMillis: mostMillis,
  };
}

export function modelError(cloud: Cloud, endpointName: string, variant: Variant, answer: ContainerAnswer): AwsError {
  const original = new TextDecoder().decode(answer.body);
  const side = answer.status >= 400 && answer.status < 500 ? 'client' : 'server';
  const { region, accountId } = cloud;
  const logGroup = `/aws/sagemaker/Endpoints/${endpointName}`;
  const message =
    `Received ${side} error (${answer.status}) from ${variant.variantName} with message "${original}". ` +
    `See https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#logEventViewer:group=${logGroup} in account ${accountId} for more information.`;
  return new AwsError('ModelError', message, 424, {
    OriginalStatusCode: answer.status,
    OriginalMessage: original,
    LogStreamArn: cloud.arn('logs', `log-group:${logGroup}`),
  });
}
