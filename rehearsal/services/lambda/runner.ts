import { AwsError, UnsupportedError } from '../../cloud/types';
import type { TimerHandle } from '../../cloud/types';
import type { LaptopCloud } from '../../kernel/cloud';
import { extended, type Lineage } from '../../kernel/lineage';
import { Environment } from './environment';
import { FunctionFaults } from './faults';
import type { InvocationResult, LambdaFunction } from './function';
import { bytesOf, ResponseStream } from './response-stream';
import { playStandIn, type StandIn } from './stand-in';

/** How long a new environment takes to start, beside what its code does. */
const coldStartMillis = 250;

const STREAMED = Symbol('streamed');

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Runs functions: finds or starts an environment, watches the timeout, and words what goes wrong as Lambda does. */
export class Runner {
  readonly faults: FunctionFaults;
  readonly listeners: ((invocation: Invoked) => void)[] = [];
  private readonly idle = new Map<LambdaFunction, Environment[]>();

  constructor(
    private readonly cloud: LaptopCloud,
    /** What the scenario has answer in the place of a function's code. */
    private readonly standInFor: (owner: Pick<LambdaFunction, 'name' | 'constructPath'>) => StandIn | undefined,
  ) {
    this.faults = new FunctionFaults(cloud);
  }

  /** Forgets the environments of a function whose code or configuration changed, or that is gone. */
  reset(owner: LambdaFunction): void {
    for (const environment of this.idle.get(owner) ?? []) environment.dispose();
    this.idle.delete(owner);
  }

  async invoke(owner: LambdaFunction, payload: Uint8Array, lineage?: Lineage): Promise<InvocationResult> {
    const event = parsePayload(payload);
    if (owner.reservedConcurrency !== undefined && owner.running >= owner.reservedConcurrency) {
      this.metric(owner, 'Throttles', 1);
      throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429, {
        Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
      });
    }
    const startMillis = this.cloud.clock.now();
    owner.running += 1;
    owner.requests += 1;
    const requestId = this.cloud.random.fork(`lambda ${owner.name} request ${owner.requests}`).uuid();
    const done = this.cloud.begin(`invocation of ${owner.constructPath || owner.name}`);
    try {
      const result = await this.invokeIn(owner, event, requestId, extended(lineage, owner.arn));
      this.report(owner, requestId, result, startMillis);
      return result;
    } finally {
      owner.running -= 1;
      done();
    }
  }

  private async invokeIn(owner: LambdaFunction, event: unknown, requestId: string, lineage: Lineage): Promise<InvocationResult> {
    const fault = this.faults.strike(owner);
    if (fault?.error === 'crash' && fault.afterCalls === undefined) return exited(requestId);
    if (fault?.error === 'timeout') {
      await this.cloud.clock.sleep(owner.configuration.timeoutSeconds * 1000);
      return timedOut(owner, requestId);
    }
    const standIn = this.standInFor(owner);
    if (standIn !== undefined) return playStandIn(standIn, event);
    const { problem } = owner.configuration;
    if (problem !== undefined) throw this.cannotRun(owner, problem);
    if (fault?.error === 'cold-start') this.reset(owner);
    let environment = this.takeIdle(owner);
    if (environment === undefined) {
      await this.cloud.clock.sleep(fault?.slowMillis ?? coldStartMillis);
      try {
        environment = new Environment(this.cloud, owner);
        const starting = environment.start();
        if (starting !== undefined) await starting;
      } catch (error) {
        return notStarted(error);
      }
    }
    environment.follow(lineage);
    environment.exitAfterCalls = fault?.error === 'crash' ? fault.afterCalls : undefined;
    return this.runIn(environment, owner, event, requestId);
  }

  private cannotRun(owner: LambdaFunction, problem: string): UnsupportedError {
    const error = new UnsupportedError(`The function ${owner.constructPath || owner.name} cannot run in a rehearsal: ${problem}.`);
    this.cloud.refuseUnsupported(error);
    return error;
  }

  private async runIn(environment: Environment, owner: LambdaFunction, event: unknown, requestId: string): Promise<InvocationResult> {
    const { clock } = this.cloud;
    const deadlineMillis = clock.now() + owner.configuration.timeoutSeconds * 1000;
    let timeout: TimerHandle | undefined;
    const stream = environment.streams ? new ResponseStream(clock) : undefined;
    const result = await new Promise<InvocationResult>((resolve) => {
      timeout = clock.at(deadlineMillis, () => {
        environment.dispose();
        resolve(timedOut(owner, requestId));
      });
      environment.onCrash = (error) => resolve(error === undefined ? exited(requestId) : thrown(error));
      const traceId = `Root=1-${Math.floor(clock.now() / 1000).toString(16)}-${requestId.replaceAll('-', '').slice(0, 24)};Sampled=0`;
      const context = contextOf(owner, environment, requestId, deadlineMillis, () => clock.now());
      const running =
        stream === undefined
          ? environment.run(event, context, traceId)
          : environment.runStreaming(event, stream, context, traceId).then(() => STREAMED);
      running.then(
        (value) => resolve(value === STREAMED ? { payload: new Uint8Array(0) } : returned(value)),
        (error: unknown) => resolve(thrown(error)),
      );
    });
    if (timeout !== undefined) clock.cancel(timeout);
    environment.onCrash = undefined;
    this.giveBack(owner, environment);
    return stream === undefined ? result : withStream(result, stream);
  }

  private takeIdle(owner: LambdaFunction): Environment | undefined {
    return this.idle.get(owner)?.pop();
  }

  private giveBack(owner: LambdaFunction, environment: Environment): void {
    if (!environment.alive) return;
    environment.freeze();
    if (environment.generation !== owner.generation) {
      environment.dispose();
      return;
    }
    const idle = this.idle.get(owner);
    if (idle === undefined) this.idle.set(owner, [environment]);
    else idle.push(environment);
  }

  private report(owner: LambdaFunction, requestId: string, result: InvocationResult, startMillis: number): void {
    const failed = result.functionError !== undefined;
    this.metric(owner, 'Invocations', 1);
    this.metric(owner, 'Errors', failed ? 1 : 0);
    this.metric(owner, 'Duration', this.cloud.clock.now() - startMillis);
    if (this.listeners.length > 0) this.tell(owner, failed);
    if (!failed) return;
    const { errorType, errorMessage } = result;
    this.cloud.record('lambda', 'error', { function: owner.name, constructPath: owner.constructPath, requestId, errorType, errorMessage });
  }

  private tell({ name, constructPath }: LambdaFunction, failed: boolean): void {
    const standIn = this.standInFor({ name, constructPath }) !== undefined;
    for (const listener of this.listeners) listener({ name, constructPath, failed, standIn });
  }

  private metric(owner: LambdaFunction, name: string, value: number): void {
    if (!this.cloud.hasDouble('cloudwatch')) return;
    const sink = this.cloud.double('cloudwatch') as unknown as Partial<MetricSink>;
    sink
      .series?.('AWS/Lambda', name, { FunctionName: owner.name }, name === 'Duration' ? 'Milliseconds' : 'Count')
      .add(this.cloud.clock.now(), value);
  }
}

/** An invocation that is over. */
export interface Invoked {
  name: string;
  constructPath: string;
  /** By an error of its own, its time, or a crash. */
  failed: boolean;
  standIn: boolean;
}

/** What the `cloudwatch` double offers to services that publish metrics of their own. */
interface MetricSink {
  series(namespace: string, name: string, dimensions: Record<string, string>, unit: string): { add(atMillis: number, value: number): void };
}

function parsePayload(payload: Uint8Array): unknown {
  if (payload.byteLength === 0) return {};
  try {
    return JSON.parse(decoder.decode(payload));
  } catch (error) {
    throw new AwsError('InvalidRequestContentException', `Could not parse request body into json: ${(error as Error).message}`, 400);
  }
}

function contextOf(
  owner: LambdaFunction,
  environment: Environment,
  requestId: string,
  deadlineMillis: number,
  nowMillis: () => number,
): object {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: owner.name,
    functionVersion: '$LATEST',
    invokedFunctionArn: owner.arn,
    memoryLimitInMB: String(owner.configuration.memoryMegabytes),
    awsRequestId: requestId,
    logGroupName: owner.configuration.logGroup,
    logStreamName: environment.logStreamName,
    getRemainingTimeInMillis: () => Math.max(0, deadlineMillis - nowMillis()),
  };
}

/** The whole answer is the payload for whoever waits for all of it. */
function withStream(result: InvocationResult, stream: ResponseStream): InvocationResult {
  const streamed = stream.sent();
  if (result.functionError === undefined) return { payload: bytesOf(streamed.chunks), streamed };
  // Nobody writes on.
  stream.destroy();
  return { ...result, streamed };
}

/** Of an answer that is no stream. */
const MOST_ANSWER_BYTES = 6_291_556;

function returned(value: unknown): InvocationResult {
  try {
    const payload = encoder.encode(value === undefined ? 'null' : JSON.stringify(value));
    if (payload.byteLength <= MOST_ANSWER_BYTES) return { payload };
    return failure(
      'Function.ResponseSizeTooLarge',
      `Response payload size exceeded maximum allowed payload size (${MOST_ANSWER_BYTES} bytes).`,
    );
  } catch (error) {
    return failure('Runtime.MarshalError', `Unable to stringify response body: ${(error as Error).message}`);
  }
}

function thrown(error: unknown): InvocationResult {
  // An error of the sandbox need not be an instance of this realm's Error.
  if (typeof error !== 'object' || error === null) return failure(typeof error, String(error));
  const { name, message, stack } = error as { name?: unknown; message?: unknown; stack?: unknown };
  const trace = typeof stack === 'string' ? stack.split('\n') : [];
  return failure(String(name ?? 'Error'), String(message ?? ''), trace);
}

/** What fails before the handler is there. */
function notStarted(error: unknown): InvocationResult {
  const { code, name, message } = error as { code?: unknown; name?: unknown; message?: unknown };
  if (code === 'MODULE_NOT_FOUND') return failure('Runtime.ImportModuleError', `Error: ${String(message)}`);
  if (name === 'SyntaxError') return failure('Runtime.UserCodeSyntaxError', `SyntaxError: ${String(message)}`);
  return thrown(error);
}

function timedOut(owner: LambdaFunction, requestId: string): InvocationResult {
  const seconds = owner.configuration.timeoutSeconds.toFixed(2);
  return failure('Sandbox.Timedout', `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`);
}

function exited(requestId: string): InvocationResult {
  return failure('Runtime.ExitError', `RequestId: ${requestId} Error: Runtime exited with error: exit status 1`);
}

function failure(errorType: string, errorMessage: string, trace?: string[]): InvocationResult {
  const report = { errorType, errorMessage, ...(trace === undefined ? {} : { trace }) };
  return { payload: encoder.encode(JSON.stringify(report)), functionError: 'Unhandled', errorType, errorMessage };
}
