import {
  AwsError,
  UnsupportedError,
  type Call,
  type Cloud,
  type ContainerAnswer,
  type Members,
  type Operation,
  type Random,
  type ServiceDouble,
} from '../../cloud/types';
import type { SageMaker } from '../sagemaker';
import { sageMakerArn } from '../sagemaker/names';
import type { Variant } from '../sagemaker/state';
import { InvocationMetrics } from './metrics';

const MAX_BODY_BYTES = 6_291_456;
const MAX_MODEL_MILLIS = 60_000;
const OVERHEAD_MILLIS = 4;
const MAX_CUSTOM_ATTRIBUTES = 1024;
const INFERENCE_ID = /^[\w.:@\-/+=]{1,64}$/;
const NOT_PLAYED = ['TargetModel', 'TargetContainerHostname', 'EnableExplanations', 'InferenceComponentName', 'SessionId'];
/** In these states an endpoint has instances that answer. */
const ANSWERING = new Set(['InService', 'Updating', 'RollingBack']);

const refused = (message: string): AwsError => new AwsError('ValidationError', message);

/** Invokes the containers of running variants. */
export class SageMakerRuntime implements ServiceDouble {
  readonly service = 'sagemaker-runtime';
  readonly operations: Record<string, Operation>;
  private readonly random: Random;
  private readonly metrics: InvocationMetrics;

  constructor(private readonly cloud: Cloud) {
    this.random = cloud.random.fork('sagemaker-runtime:split');
    this.metrics = new InvocationMetrics(cloud);
    this.operations = {
      InvokeEndpoint: {
        permissions: (input) => [{ action: 'sagemaker:InvokeEndpoint', resource: sageMakerArn(cloud, 'endpoint', input.EndpointName) }],
        latencyMillis: () => OVERHEAD_MILLIS,
        run: (input, call) => this.invoke(input, call),
      },
    };
  }

  private async invoke(input: Members, call: Call): Promise<Members> {
    checkRequest(input);
    const sageMaker = this.cloud.double<SageMaker>('sagemaker');
    const endpoint = sageMaker.findEndpoint(input.EndpointName);
    if (endpoint === undefined || !ANSWERING.has(endpoint.status))
      throw refused(`Endpoint ${String(input.EndpointName)} of account ${this.cloud.accountId} not found.`);
    const variant = this.choose(endpoint.variants, input);
    const startedAtMillis = this.cloud.clock.now();
    const answer = limited(await variant.container.predict(input.Body, input.ContentType ?? 'application/octet-stream'));
    sageMaker.recordInvocation({
      atMillis: startedAtMillis,
      endpointName: endpoint.name,
      variantName: variant.variantName,
      modelName: variant.model.modelName,
      ...(input.InferenceId === undefined ? {} : { inferenceId: input.InferenceId }),
      status: answer.status,
    });
    await call.cloud.clock.sleep(answer.latencyMillis);
    this.metrics.publish(endpoint.name, variant.variantName, answer.status, answer.latencyMillis, OVERHEAD_MILLIS);
    if (answer.status >= 400 || answer.status === 0) throw this.modelError(endpoint.name, variant, answer);
    return {
      Body: answer.body,
      ContentType: answer.contentType,
      InvokedProductionVariant: variant.variantName,
      ...(input.CustomAttributes === undefined ? {} : { CustomAttributes: input.CustomAttributes }),
    };
  }

  /** The variant asked for, whatever its weight; else one by weight. */
  private choose(variants: Variant[], input: Members): Variant {
    if (input.TargetVariant !== undefined) {
      const target = variants.find(({ variantName }) => variantName === input.TargetVariant);
      if (target === undefined)
        throw refused(
          `Variant ${String(input.TargetVariant)} not found for endpoint ${String(input.EndpointName)} of account ${this.cloud.accountId}.`,
        );
      return target;
    }
    const total = variants.reduce((sum, { weight }) => sum + weight, 0);
    if (total <= 0) throw refused(`All variants of endpoint ${String(input.EndpointName)} have weight 0: name one as TargetVariant.`);
    let draw = this.random.next() * total;
    for (const variant of variants) {
      draw -= variant.weight;
      if (draw < 0) return variant;
    }
    return variants.filter(({ weight }) => weight > 0).at(-1)!;
  }

  private modelError(endpointName: string, variant: Variant, answer: ContainerAnswer): AwsError {
    const original = new TextDecoder().decode(answer.body);
    const side = answer.status >= 400 && answer.status < 500 ? 'client' : 'server';
    const { region, accountId } = this.cloud;
    const logGroup = `/aws/sagemaker/Endpoints/${endpointName}`;
    const message =
      `Received ${side} error (${answer.status}) from ${variant.variantName} with message "${original}". ` +
      `See https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#logEventViewer:group=${logGroup} in account ${accountId} for more information.`;
    return new AwsError('ModelError', message, 424, {
      OriginalStatusCode: answer.status,
      OriginalMessage: original,
      LogStreamArn: this.cloud.arn('logs', `log-group:${logGroup}`),
    });
  }
}

function checkRequest(input: Members): void {
  for (const member of NOT_PLAYED) {
    if (input[member] !== undefined)
      throw new UnsupportedError(`SageMaker InvokeEndpoint with ${member} is not supported by the laptop cloud`);
  }
  const body = input.Body as Uint8Array | undefined;
  if (body === undefined) throw refused('Body must not be null.');
  if (body.byteLength > MAX_BODY_BYTES)
    throw refused(
      `1 validation error detected: Value at 'body' failed to satisfy constraint: Member must have length less than or equal to ${MAX_BODY_BYTES}`,
    );
  if (input.InferenceId !== undefined && !INFERENCE_ID.test(input.InferenceId))
    throw refused(`Value '${String(input.InferenceId)}' at 'inferenceId' must be 1 to 64 printable ASCII characters.`);
  if (String(input.CustomAttributes ?? '').length > MAX_CUSTOM_ATTRIBUTES)
    throw refused(`Value at 'customAttributes' must have length less than or equal to ${MAX_CUSTOM_ATTRIBUTES}`);
}

/** SageMaker waits sixty seconds for a container. */
function limited(answer: ContainerAnswer): ContainerAnswer {
  if (answer.latencyMillis <= MAX_MODEL_MILLIS) return answer;
  return {
    status: 0,
    body: new TextEncoder().encode('Your invocation timed out while waiting for a response from container primary.'),
    contentType: 'text/plain',
    latencyMillis: MAX_MODEL_MILLIS,
  };
}

export const createSageMakerRuntime = (cloud: Cloud): SageMakerRuntime => new SageMakerRuntime(cloud);
