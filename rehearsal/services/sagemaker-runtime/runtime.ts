import type { Call, Caller, Cloud, ContainerAnswer, Members, Operation, Random, ServiceDouble } from '../../cloud/types';
import type { SageMaker } from '../sagemaker';
import { sageMakerArn } from '../sagemaker/names';
import type { EndpointRecord, Variant } from '../sagemaker/state';
import { AsyncInference } from './async';
import { DataCapture } from './capture';
import { InvocationMetrics } from './metrics';
import { checkRequest, checkServerless, chooseVariant, limited, modelError, refused } from './request';

const MAX_MODEL_MILLIS = 60_000;
const OVERHEAD_MILLIS = 4;
/** A serverless container that nobody used for so long has to start again. */
const SERVERLESS_IDLE_MILLIS = 5 * 60_000;
const SERVERLESS_START_MILLIS: [number, number] = [1000, 6000];
const DEFAULT_CONTENT_TYPE = 'application/octet-stream';
/** In these states an endpoint has instances that answer. */
const ANSWERING = new Set(['InService', 'Updating', 'RollingBack', 'SystemUpdating', 'UpdateRollbackFailed']);

/** Invokes the containers of running variants. */
export class SageMakerRuntime implements ServiceDouble {
  readonly service = 'sagemaker-runtime';
  readonly operations: Record<string, Operation>;
  private readonly random: Random;
  private readonly metrics: InvocationMetrics;
  private readonly capture: DataCapture;
  private readonly queue: AsyncInference;
  private sageMaker: SageMaker | undefined;

  constructor(private readonly cloud: Cloud) {
    this.random = cloud.random.fork('sagemaker-runtime:split');
    this.metrics = new InvocationMetrics(cloud);
    this.capture = new DataCapture(cloud);
    this.queue = new AsyncInference(cloud, this.metrics);
    this.operations = {
      InvokeEndpoint: {
        permissions: (input) => [{ action: 'sagemaker:InvokeEndpoint', resource: sageMakerArn(cloud, 'endpoint', input.EndpointName) }],
        latencyMillis: () => OVERHEAD_MILLIS,
        run: (input, call) => this.invoke(input, call),
      },
      InvokeEndpointAsync: {
        permissions: (input) => [
          { action: 'sagemaker:InvokeEndpointAsync', resource: sageMakerArn(cloud, 'endpoint', input.EndpointName) },
        ],
        run: (input) => this.queue.accept(this.endpoint(input.EndpointName), input),
      },
    };
  }

  private async invoke(input: Members, call: Call): Promise<Members> {
    checkRequest(input);
    const endpoint = this.endpoint(input.EndpointName);
    if (endpoint.async !== undefined)
      throw refused(`Endpoint ${endpoint.name} of account ${this.cloud.accountId} is asynchronous: call InvokeEndpointAsync.`);
    const variant = chooseVariant(this.cloud, this.random, endpoint, input);
    const body = input.Body as Uint8Array;
    const contentType = (input.ContentType ?? DEFAULT_CONTENT_TYPE) as string;
    if (variant.serverless !== undefined) await this.warmUp(endpoint, variant, body);
    const startedAtMillis = this.cloud.clock.now();
    if (endpoint.shadow !== undefined) this.copyToShadow(endpoint, endpoint.shadow, variant, input, contentType);
    variant.inFlight += 1;
    let answer: ContainerAnswer;
    try {
      answer = limited(await variant.container.predict(body, contentType), MAX_MODEL_MILLIS);
      this.record(endpoint, variant, startedAtMillis, input, call.caller, answer.status);
      await call.cloud.clock.sleep(answer.latencyMillis);
    } finally {
      variant.inFlight -= 1;
    }
    this.account(endpoint, variant, answer);
    if (answer.status >= 400 || answer.status === 0) throw modelError(this.cloud, endpoint.name, variant, answer);
    if (endpoint.capture !== undefined) this.keep(endpoint, variant, startedAtMillis, input, contentType, answer);
    return {
      Body: answer.body,
      ContentType: answer.contentType,
      InvokedProductionVariant: variant.variantName,
      ...(input.CustomAttributes === undefined ? {} : { CustomAttributes: input.CustomAttributes }),
    };
  }

  private endpoint(name: unknown): EndpointRecord {
    this.sageMaker ??= this.cloud.double<SageMaker>('sagemaker');
    const endpoint = this.sageMaker.findEndpoint(String(name));
    if (endpoint === undefined || !ANSWERING.has(endpoint.status))
      throw refused(`Endpoint ${String(name)} of account ${this.cloud.accountId} not found.`);
    return endpoint;
  }

  private record(
    { name }: EndpointRecord,
    { variantName, model }: Variant,
    atMillis: number,
    input: Members,
    caller: Caller,
    status: number,
  ): void {
    this.sageMaker!.recordInvocation({
      atMillis,
      endpointName: name,
      variantName,
      modelName: model.modelName,
      ...(input.InferenceId === undefined ? {} : { inferenceId: input.InferenceId }),
      caller: nameOfCaller(caller),
      status,
    });
  }

  private account(endpoint: EndpointRecord, variant: Variant, { status, latencyMillis }: ContainerAnswer): void {
    variant.busyMillis += latencyMillis;
    if (variant.serverless !== undefined) this.sageMaker!.recordServed(endpoint, variant, latencyMillis);
    this.metrics.publish(endpoint, variant, status, latencyMillis, OVERHEAD_MILLIS);
  }

  private keep(
    endpoint: EndpointRecord,
    variant: Variant,
    atMillis: number,
    input: Members,
    inputType: string,
    answer: ContainerAnswer,
  ): void {
    this.capture.take(endpoint, variant, endpoint.capture!, {
      input: input.Body as Uint8Array,
      inputType,
      output: answer.body,
      outputType: answer.contentType,
      inferenceId: input.InferenceId as string | undefined,
      atMillis,
    });
  }

  private async warmUp({ name }: EndpointRecord, variant: Variant, body: Uint8Array): Promise<void> {
    checkServerless(variant, body);
    const now = this.cloud.clock.now();
    const cold = now - variant.lastUsedMillis > SERVERLESS_IDLE_MILLIS;
    variant.lastUsedMillis = now;
    if (!cold) return;
    const [least, most] = SERVERLESS_START_MILLIS;
    const setupMillis = Math.round(least + (most - least) * this.random.next());
    this.metrics.publishSetup(name, variant.variantName, setupMillis);
    await this.cloud.clock.sleep(setupMillis);
  }

  /** A copy of the request, in the ratio of the weights; nobody waits for the answer, which is captured and dropped. */
  private copyToShadow(endpoint: EndpointRecord, shadow: Variant, production: Variant, input: Members, contentType: string): void {
    if (shadow.weight < production.weight && this.random.next() * production.weight >= shadow.weight) return;
    const end = this.cloud.begin(`a shadow request of ${endpoint.name}`);
    this.cloud.clock.after(0, async () => {
      try {
        const startedAtMillis = this.cloud.clock.now();
        const answer = limited(await shadow.container.predict(input.Body as Uint8Array, contentType), MAX_MODEL_MILLIS);
        this.sageMaker!.recordShadow({
          atMillis: startedAtMillis,
          endpointName: endpoint.name,
          variantName: shadow.variantName,
          modelName: shadow.model.modelName,
          ...(input.InferenceId === undefined ? {} : { inferenceId: input.InferenceId }),
          status: answer.status,
        });
        await this.cloud.clock.sleep(answer.latencyMillis);
        this.account(endpoint, shadow, answer);
        const answered = answer.status >= 200 && answer.status < 400;
        if (answered && endpoint.capture !== undefined) this.keep(endpoint, shadow, startedAtMillis, input, contentType, answer);
      } finally {
        end();
      }
    });
  }
}

const nameOfCaller = (caller: Caller): string =>
  caller.kind === 'role' ? caller.roleArn : caller.kind === 'world' ? caller.principalArn : caller.principal;

export const createSageMakerRuntime = (cloud: Cloud): SageMakerRuntime => new SageMakerRuntime(cloud);
