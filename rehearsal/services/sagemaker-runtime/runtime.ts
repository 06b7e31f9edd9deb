import {
  UnsupportedError,
  type Call,
  type Caller,
  type Cloud,
  type ContainerAnswer,
  type Members,
  type Operation,
  type Permission,
  type Random,
  type ServiceDouble,
} from '../../cloud/types';
import type { SageMaker } from '../sagemaker';
import { sageMakerArn } from '../sagemaker/names';
import type { EndpointRecord, Variant } from '../sagemaker/state';
import { AsyncInference } from './async';
import { DataCapture } from './capture';
import { InvocationMetrics } from './metrics';
import { checkRequest, limited, modelError, refused } from './request';
import { Serverless } from './serverless';
import { scheduleOf, whole, type Stream } from './stream';
import { NoCopyError, Targets, type Target } from './targets';

const MAX_MODEL_MILLIS = 60_000;
const OVERHEAD_MILLIS = 4;
const DEFAULT_CONTENT_TYPE = 'application/octet-stream';
/** In these states an endpoint has instances that answer. */
const ANSWERING = new Set(['InService', 'Updating', 'RollingBack', 'SystemUpdating', 'UpdateRollbackFailed']);

type Invoke = 'InvokeEndpoint' | 'InvokeEndpointWithResponseStream';

/** A request on its way, and who answers it. */
interface Request extends Target {
  endpoint: EndpointRecord;
  input: Members;
  contentType: string;
  startedAtMillis: number;
  /** With the start of a serverless container. */
  overheadMillis: number;
}

/** Invokes the containers of running variants, and copies of inference components. */
export class SageMakerRuntime implements ServiceDouble {
  readonly service = 'sagemaker-runtime';
  readonly operations: Record<string, Operation>;
  private readonly random: Random;
  private readonly metrics: InvocationMetrics;
  private readonly capture: DataCapture;
  private readonly queue: AsyncInference;
  private readonly targets: Targets;
  private readonly serverless: Serverless;
  private sageMaker: SageMaker | undefined;

  constructor(private readonly cloud: Cloud) {
    this.random = cloud.random.fork('sagemaker-runtime:split');
    this.metrics = new InvocationMetrics(cloud);
    this.capture = new DataCapture(cloud);
    this.queue = new AsyncInference(cloud, this.metrics);
    this.targets = new Targets(cloud, this.random);
    this.serverless = new Serverless(cloud, this.random, this.metrics);
    const asks = (input: Members): Permission[] => {
      const endpoint = { action: 'sagemaker:InvokeEndpoint', resource: sageMakerArn(cloud, 'endpoint', input.EndpointName) };
      if (input.InferenceComponentName === undefined) return [endpoint];
      return [endpoint, { ...endpoint, resource: sageMakerArn(cloud, 'inference-component', input.InferenceComponentName) }];
    };
    const latencyMillis = (): number => OVERHEAD_MILLIS;
    this.operations = {
      InvokeEndpoint: { permissions: asks, latencyMillis, run: (input, call) => this.invoke(input, call) },
      InvokeEndpointWithResponseStream: {
        // The API reference asks for InvokeEndpoint, the list of actions has one of its own: who has both is right either way.
        permissions: (input) => [
          ...asks(input),
          ...asks(input).map(({ resource }) => ({ action: 'sagemaker:InvokeEndpointWithResponseStream', resource })),
        ],
        latencyMillis,
        run: (input, call) => this.stream(input, call),
      },
      InvokeEndpointAsync: {
        permissions: (input) => [
          { action: 'sagemaker:InvokeEndpointAsync', resource: sageMakerArn(cloud, 'endpoint', input.EndpointName) },
        ],
        run: (input) => this.queue.accept(this.endpoint(input.EndpointName), input),
      },
    };
  }

  /** Called when an asynchronous endpoint comes into service. */
  watchBacklog(endpoint: EndpointRecord): void {
    this.queue.watch(endpoint);
  }

  private async invoke(input: Members, call: Call): Promise<Members> {
    const request = this.receive('InvokeEndpoint', input);
    if (request.variant.serverless !== undefined) await this.warmUp(request);
    this.enter(request);
    let answer: ContainerAnswer;
    try {
      answer = limited(whole(await request.worker.container.predict(input.Body as Uint8Array, request.contentType)), MAX_MODEL_MILLIS);
      this.record(request, call.caller, answer.status);
      await call.cloud.clock.sleep(answer.latencyMillis);
    } finally {
      this.leave(request);
    }
    this.account(request, answer);
    if (answer.status >= 400 || answer.status === 0) throw modelError(this.cloud, request.endpoint.name, request.variant, answer);
    this.keep(request, answer);
    return { Body: answer.body, ...described(request, answer) };
  }

  /** The answer begins with the first part; the others follow over time. */
  private async stream(input: Members, call: Call): Promise<Members> {
    const request = this.receive('InvokeEndpointWithResponseStream', input);
    if (request.variant.serverless !== undefined)
      throw new UnsupportedError(
        `InvokeEndpointWithResponseStream of the serverless endpoint ${request.endpoint.name} is not supported by the laptop cloud. Use InvokeEndpoint.`,
      );
    this.enter(request);
    let answer: ContainerAnswer;
    try {
      answer = await request.worker.container.predict(input.Body as Uint8Array, request.contentType);
      if (answer.chunks === undefined) answer = limited(answer, MAX_MODEL_MILLIS);
      this.record(request, call.caller, answer.status);
      const failed = answer.status >= 400 || answer.status === 0;
      await call.cloud.clock.sleep(answer.latencyMillis);
      if (failed) {
        this.account(request, answer);
        throw modelError(this.cloud, request.endpoint.name, request.variant, answer);
      }
    } catch (error) {
      this.leave(request);
      throw error;
    }
    return { Body: this.parts(request, answer), ...described(request, answer) };
  }

  /** The container works until the last part, or until whoever asked leaves. */
  private async *parts(request: Request, answer: ContainerAnswer): AsyncGenerator<Members> {
    const stream = scheduleOf(answer, request.startedAtMillis);
    const finish = this.finishing(request, answer, stream);
    try {
      for (const { dueMillis, body } of stream.parts) {
        await this.until(dueMillis);
        yield { PayloadPart: { Bytes: body } };
      }
      await this.until(stream.endMillis);
      if (stream.error !== undefined) yield { ModelStreamError: stream.error };
    } finally {
      finish();
    }
  }

  private until(atMillis: number): Promise<void> {
    return this.cloud.clock.sleep(Math.max(0, atMillis - this.cloud.clock.now()));
  }

  /** Accounts for a stream, once: at its end, or earlier when it is called. */
  private finishing(request: Request, answer: ContainerAnswer, { parts, endMillis, error }: Stream): () => void {
    let finished = false;
    const finish = (): void => {
      if (finished) return;
      finished = true;
      this.leave(request);
      const latencyMillis = Math.min(this.cloud.clock.now(), endMillis) - request.startedAtMillis;
      const firstChunkMillis = (parts[0]?.dueMillis ?? endMillis) - request.startedAtMillis;
      this.account(request, { status: error === undefined ? answer.status : 0, latencyMillis }, firstChunkMillis);
      this.metrics.publishStream(request.endpoint, request.variant, error !== undefined);
      if (error === undefined) this.keep(request, answer);
    };
    this.cloud.clock.at(endMillis, finish);
    return finish;
  }

  /** Whether anybody answers, and who. */
  private receive(operation: Invoke, input: Members): Request {
    checkRequest(operation, input);
    const endpoint = this.endpoint(input.EndpointName);
    if (endpoint.async !== undefined)
      throw refused(`Endpoint ${endpoint.name} of account ${this.cloud.accountId} is asynchronous: call InvokeEndpointAsync.`);
    const { variant, worker, component } = this.target(endpoint, input);
    const contentType = (input.ContentType ?? DEFAULT_CONTENT_TYPE) as string;
    if (endpoint.shadow !== undefined) this.copyToShadow(endpoint, endpoint.shadow, variant, input, contentType);
    const startedAtMillis = this.cloud.clock.now();
    return { variant, worker, component, endpoint, input, contentType, startedAtMillis, overheadMillis: OVERHEAD_MILLIS };
  }

  private async warmUp(request: Request): Promise<void> {
    request.overheadMillis += await this.serverless.warmUp(request.endpoint, request.variant, request.input.Body as Uint8Array);
    request.startedAtMillis = this.cloud.clock.now();
  }

  private target(endpoint: EndpointRecord, input: Members): Target {
    try {
      return this.targets.choose(this.sageMaker!, endpoint, input);
    } catch (error) {
      if (error instanceof NoCopyError) this.metrics.publishNoCapacity(error.component);
      throw error;
    }
  }

  private enter({ endpoint, variant, worker, component }: Request): void {
    const load = component ?? variant;
    this.sageMaker!.concurrency.changes(load);
    worker.inFlight += 1;
    if (component !== undefined) component.inFlight += 1;
    if (load.inFlight > load.peakInFlight) load.peakInFlight = load.inFlight;
    if (variant.serverless !== undefined) this.metrics.publishConcurrency(endpoint.name, variant);
  }

  private leave({ variant, worker, component }: Request): void {
    this.sageMaker!.concurrency.changes(component ?? variant);
    worker.inFlight -= 1;
    if (component !== undefined) component.inFlight -= 1;
  }

  private endpoint(name: unknown): EndpointRecord {
    this.sageMaker ??= this.cloud.double<SageMaker>('sagemaker');
    const endpoint = this.sageMaker.findEndpoint(String(name));
    if (endpoint === undefined || !ANSWERING.has(endpoint.status))
      throw refused(`Endpoint ${String(name)} of account ${this.cloud.accountId} not found.`);
    return endpoint;
  }

  private record({ endpoint, variant, worker, component, input, startedAtMillis }: Request, caller: Caller, status: number): void {
    this.sageMaker!.recordInvocation({
      atMillis: startedAtMillis,
      endpointName: endpoint.name,
      variantName: variant.variantName,
      modelName: worker.model.modelName,
      ...(input.InferenceId === undefined ? {} : { inferenceId: input.InferenceId }),
      ...(component === undefined ? {} : { inferenceComponentName: component.name }),
      caller: nameOfCaller(caller),
      status,
    });
  }

  private account(
    { endpoint, variant, worker, component, overheadMillis }: Target & Pick<Request, 'endpoint' | 'overheadMillis'>,
    { status, latencyMillis }: Pick<ContainerAnswer, 'status' | 'latencyMillis'>,
    firstChunkMillis?: number,
  ): void {
    worker.busyMillis += latencyMillis;
    if (component !== undefined) variant.busyMillis += latencyMillis;
    if (variant.serverless !== undefined) this.sageMaker!.recordServed(endpoint, variant, latencyMillis);
    this.metrics.publish(endpoint, variant, { status, latencyMillis, overheadMillis, firstChunkMillis }, component);
  }

  private keep(
    { endpoint, variant, input, contentType, startedAtMillis }: Omit<Request, 'worker' | 'component' | 'overheadMillis'>,
    answer: ContainerAnswer,
  ): void {
    if (endpoint.capture === undefined) return;
    this.capture.take(endpoint, variant, endpoint.capture, {
      input: input.Body as Uint8Array,
      inputType: contentType,
      output: answer.body,
      outputType: answer.contentType,
      inferenceId: input.InferenceId as string | undefined,
      atMillis: startedAtMillis,
    });
  }

  /** A copy of the request, in the ratio of the weights; nobody waits for the answer, which is captured and dropped. */
  private copyToShadow(endpoint: EndpointRecord, shadow: Variant, production: Variant, input: Members, contentType: string): void {
    if (shadow.weight < production.weight && this.random.next() * production.weight >= shadow.weight) return;
    const end = this.cloud.begin(`a shadow request of ${endpoint.name}`);
    this.cloud.clock.after(0, async () => {
      try {
        const startedAtMillis = this.cloud.clock.now();
        const answer = limited(whole(await shadow.container.predict(input.Body as Uint8Array, contentType)), MAX_MODEL_MILLIS);
        this.sageMaker!.recordShadow({
          atMillis: startedAtMillis,
          endpointName: endpoint.name,
          variantName: shadow.variantName,
          modelName: shadow.model.modelName,
          ...(input.InferenceId === undefined ? {} : { inferenceId: input.InferenceId }),
          status: answer.status,
        });
        await this.cloud.clock.sleep(answer.latencyMillis);
        this.account({ endpoint, variant: shadow, worker: shadow, component: undefined, overheadMillis: OVERHEAD_MILLIS }, answer);
        const answered = answer.status >= 200 && answer.status < 400;
        if (answered) this.keep({ endpoint, variant: shadow, input, contentType, startedAtMillis }, answer);
      } finally {
        end();
      }
    });
  }
}

const described = ({ variant, input }: Request, { contentType }: ContainerAnswer): Members => ({
  ContentType: contentType,
  InvokedProductionVariant: variant.variantName,
  ...(input.CustomAttributes === undefined ? {} : { CustomAttributes: input.CustomAttributes }),
});

const nameOfCaller = (caller: Caller): string =>
  caller.kind === 'role' ? caller.roleArn : caller.kind === 'world' ? caller.principalArn : caller.principal;

export const createSageMakerRuntime = (cloud: Cloud): SageMakerRuntime => new SageMakerRuntime(cloud);
