import { AwsError } from '../../cloud/types';
import type { Call, Caller, HttpResponse, Members, Operation, PolicyDocument, ServiceDouble } from '../../cloud/types';
import type { LaptopCloud } from '../../kernel/cloud';
import { endsWithPath } from '../../kernel/constructs';
import { isRecursive, lineageOf, type Lineage } from '../../kernel/lineage';
import { AsyncEvents } from './async-events';
import type { Code } from './code';
import type { FunctionFault } from './faults';
import type { FunctionUrl, LambdaFunction } from './function';
import { jsonAnswer, urlAnswer, urlEvent } from './function-url';
import type { UrlRequest } from './function-url';
import { Runner, type Invoked } from './runner';
import { askStandIn, type StandIn } from './stand-in';
import type { StuckBatch } from './shard-reader';
import { SqsSource } from './sqs-source';
import type { SqsSourceSettings } from './sqs-source';
import { preflightAnswer, withCors } from './url-cors';
import { StreamSource, type StreamSourceSettings } from './stream-source';

const MOST_REQUEST_BYTES = 6_291_456;
const MOST_EVENT_BYTES = 1_048_576;

const urlHost = /^([a-z0-9]+)\.lambda-url\.[a-z0-9-]+\.on\.aws$/;

/** Lambda: deployed functions, their invocations, URLs and event sources. */
export class Lambda implements ServiceDouble {
  readonly service = 'lambda';
  readonly operations: Record<string, Operation>;
  private readonly byName = new Map<string, LambdaFunction>();
  private readonly layers = new Map<string, () => Code>();
  private readonly standIns = new Map<string, StandIn>();
  private readonly sources = new Map<string, { stop(): void; stuck?(): StuckBatch[] }>();
  private readonly runner: Runner;
  private readonly asyncEvents: AsyncEvents;

  constructor(private readonly cloud: LaptopCloud) {
    this.runner = new Runner(cloud, (owner) => this.standInFor(owner.name, owner.constructPath));
    this.asyncEvents = new AsyncEvents(cloud, this.runner);
    cloud.router.onHosts(
      (host) => urlHost.test(host),
      (request, caller) => {
        const { pathname, search } = new URL(request.url);
        return this.answerUrl(request.url, { ...request, path: `${pathname}${search}` }, caller);
      },
    );
    this.operations = {
      Invoke: this.onFunction(
        'InvokeFunction',
        (owner, input, call) => this.invoke(owner, input, lineageOf(call.caller)),
        () => 5,
        (input) => this.askStandIn(input),
      ),
      GetFunction: this.onFunction('GetFunction', (owner) => ({ Configuration: configurationOf(owner) })),
      GetFunctionConfiguration: this.onFunction('GetFunctionConfiguration', (owner) => configurationOf(owner)),
      GetFunctionUrlConfig: this.onFunction('GetFunctionUrlConfig', (owner) => urlConfigOf(owner)),
      PutFunctionConcurrency: this.onFunction('PutFunctionConcurrency', (owner, input) => {
        owner.reservedConcurrency = input['ReservedConcurrentExecutions'] as number;
        return { ReservedConcurrentExecutions: owner.reservedConcurrency };
      }),
      DeleteFunctionConcurrency: this.onFunction('DeleteFunctionConcurrency', (owner) => {
        owner.reservedConcurrency = undefined;
        return {};
      }),
    };
  }

  /** For CloudFormation: puts a function in place; replaces what it was before. */
  putFunction(created: LambdaFunction): void {
    this.byName.set(created.name, created);
  }

  /** Environments of the code and configuration before are not used again. */
  functionChanged(owner: LambdaFunction): void {
    owner.generation += 1;
    this.runner.reset(owner);
  }

  removeFunction(name: string): void {
    const owner = this.byName.get(name);
    if (owner === undefined) return;
    this.runner.reset(owner);
    this.byName.delete(name);
  }

  /** By name or ARN, with or without a qualifier. */
  function(nameOrArn: string): LambdaFunction {
    const name = functionName(nameOrArn);
    const owner = this.byName.get(name);
    if (owner === undefined) {
      throw new AwsError('ResourceNotFoundException', `Function not found: ${this.cloud.arn('lambda', `function:${name}`)}`, 404, {
        Type: 'User',
      });
    }
    return owner;
  }

  hasFunction(name: string): boolean {
    return this.byName.has(name);
  }

  functions(): readonly LambdaFunction[] {
    return [...this.byName.values()];
  }

  async addSource(id: string, functionNameOrArn: string, settings: SqsSourceSettings): Promise<void> {
    const source = new SqsSource(this.cloud, this.runner, this.function(functionNameOrArn), settings);
    this.sources.set(id, source);
    await source.start();
  }

  addStreamSource(id: string, functionNameOrArn: string, settings: StreamSourceSettings): void {
    const source = new StreamSource(this.cloud, this.runner, this.function(functionNameOrArn), settings);
    source.start();
    this.sources.set(id, source);
  }

  /** Batches of streams that fail now, each time they are tried, and hold up what comes after them. */
  stuckBatches(): StuckBatch[] {
    return [...this.sources.values()].flatMap((source) => source.stuck?.() ?? []);
  }

  removeSource(id: string): void {
    this.sources.get(id)?.stop();
    this.sources.delete(id);
  }

  /** Hears of every invocation once it is over, retries among them. */
  onInvoked(listener: (invocation: Invoked) => void): void {
    this.runner.listeners.push(listener);
  }

  /** Functions whose construct path ends so crash, hang or start cold within these times. */
  failFunction(fault: FunctionFault): void {
    this.runner.faults.add(fault);
  }

  /** Answers in the place of a function: by its name, also where no stack holds it, or by its construct path or the end of it. */
  putStandIn(nameOrPath: string, standIn: StandIn): void {
    this.standIns.set(nameOrPath, standIn);
  }

  standInFor(name: string | undefined, constructPath: string): StandIn | undefined {
    if (this.standIns.size === 0) return undefined;
    const byName = name === undefined ? undefined : this.standIns.get(name);
    return byName ?? [...this.standIns].find(([path]) => endsWithPath(constructPath, path))?.[1];
  }

  /** For CloudFormation: how to get at a layer's content. Large ones are unpacked only for functions that run. */
  putLayer(arn: string, code: (() => Code) | undefined): void {
    if (code === undefined) this.layers.delete(arn);
    else this.layers.set(arn, code);
  }

  hasLayer(arn: string): boolean {
    return this.layers.has(arn);
  }

  layer(arn: string): Code | undefined {
    return this.layers.get(arn)?.();
  }

  /** A request to a function URL by a principal of the scenario's world. */
  invokeUrl(url: string, request: UrlRequest, signer: { principalArn: string }): Promise<HttpResponse> {
    return this.answerUrl(url, request, { kind: 'world', principalArn: signer.principalArn });
  }

  resourcePolicy(resourceArn: string): PolicyDocument | undefined {
    const owner = this.byName.get(functionName(resourceArn));
    if (owner === undefined || owner.policy.size === 0) return undefined;
    return { Version: '2012-10-17', Statement: [...owner.policy.values()] };
  }

  private onFunction(
    action: string,
    run: (owner: LambdaFunction, input: Members, call: Call) => Members | Promise<Members>,
    latencyMillis?: () => number,
    runElse: (input: Members) => Promise<Members> | undefined = () => undefined,
  ): Operation {
    return {
      permissions: (input, cloud) => [
        {
          action: `lambda:${action}`,
          resource: qualifiedArn(input, cloud.arn('lambda', `function:${functionName(input['FunctionName'] as string)}`)),
        },
      ],
      run: (input, call) => runElse(input) ?? run(this.function(input['FunctionName'] as string), input, call),
      ...(latencyMillis === undefined ? {} : { latencyMillis }),
    };
  }

  private askStandIn(input: Members): Promise<Members> | undefined {
    const name = functionName(input['FunctionName'] as string);
    const standIn = this.byName.has(name) ? undefined : this.standIns.get(name);
    return standIn === undefined ? undefined : askStandIn(standIn, input);
  }

  private async invoke(owner: LambdaFunction, input: Members, lineage: Lineage | undefined): Promise<Members> {
    const payload = bytesOf(input['Payload']);
    const type = (input['InvocationType'] ?? 'RequestResponse') as string;
    const mostBytes = type === 'Event' ? MOST_EVENT_BYTES : MOST_REQUEST_BYTES;
    if (payload.byteLength > mostBytes)
      throw new AwsError(
        'RequestTooLargeException',
        `Request must be smaller than ${mostBytes} bytes for the InvokeFunction operation`,
        413,
      );
    if (type === 'DryRun') return { StatusCode: 204 };
    if (type === 'Event') {
      this.asyncEvents.accept(owner, payload, lineage);
      return { StatusCode: 202 };
    }
    if (isRecursive(lineage, owner.arn))
      throw new AwsError(
        'RecursiveInvocationException',
        "Lambda detected that this function is being invoked in a recursive loop with other Amazon Web Services resources and stopped your function's invocation.",
      );
    const { payload: answer, functionError } = await this.runner.invoke(owner, payload, lineage);
    return {
      StatusCode: 200,
      ExecutedVersion: '$LATEST',
      Payload: answer,
      ...(functionError === undefined ? {} : { FunctionError: functionError }),
    };
  }

  private async answerUrl(address: string, request: UrlRequest, caller: Caller | undefined): Promise<HttpResponse> {
    const id = urlHost.exec(new URL(address).host)?.[1];
    const owner = [...this.byName.values()].find((candidate) => candidate.url !== undefined && candidate.url.id === id);
    if (owner?.url === undefined) return jsonAnswer(403, { Message: 'Forbidden' });
    const { invokeMode, cors } = owner.url;
    const early = preflightAnswer(cors, request) ?? this.refuseUrl(owner, owner.url, caller);
    if (early !== undefined) return early;
    const about = {
      requestId: this.cloud.random.fork(`url ${owner.name} ${owner.requests}`).uuid(),
      nowMillis: this.cloud.clock.now(),
      accountId: this.cloud.accountId,
    };
    const event = urlEvent(owner.url, request, caller, about);
    try {
      const result = await this.runner.invoke(owner, new TextEncoder().encode(JSON.stringify(event)));
      return withCors(cors, request, urlAnswer(result, invokeMode, this.cloud.clock.now()));
    } catch (error) {
      if (error instanceof AwsError && error.code === 'TooManyRequestsException') return jsonAnswer(429, { Message: error.message });
      throw error;
    }
  }

  /** A URL with IAM authorisation needs two permissions. */
  private refuseUrl(owner: LambdaFunction, url: FunctionUrl, caller: Caller | undefined): HttpResponse | undefined {
    if (url.authType === 'NONE') return undefined;
    if (caller === undefined) return jsonAnswer(403, { Message: 'Forbidden' });
    const policy = this.resourcePolicy(owner.arn);
    try {
      this.cloud.iam.authorise(
        caller,
        { action: 'lambda:InvokeFunctionUrl', resource: owner.arn, context: { 'lambda:FunctionUrlAuthType': url.authType } },
        policy,
      );
      this.cloud.iam.authorise(
        caller,
        { action: 'lambda:InvokeFunction', resource: owner.arn, context: { 'lambda:InvokedViaFunctionUrl': 'true' } },
        policy,
      );
      return undefined;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return jsonAnswer(403, { Message: 'Forbidden' });
    }
  }
}

export const createLambda = (cloud: LaptopCloud): Lambda => new Lambda(cloud);

/** As Lambda takes a function's name: a full ARN, one without `function:`, `account:function:name`, or the name; each with a qualifier or not. */
const NAME = /^(?:arn:[\w-]+:lambda:)?(?:[a-z]{2}(?:-[a-z]+)+-\d:)?(?:\d{12}:)?(?:function:)?([\w-]+)(?::([\w$-]+))?$/;

export const functionName = (nameOrArn: string): string => NAME.exec(nameOrArn)?.[1] ?? nameOrArn;

/** The function's ARN with the version or alias that is asked for, if any. */
export function qualifiedArn(input: Members, arn: string): string {
  const qualifier = (input['Qualifier'] as string | undefined) ?? NAME.exec(input['FunctionName'] as string)?.[2];
  return qualifier === undefined ? arn : `${arn}:${qualifier}`;
}

function bytesOf(payload: unknown): Uint8Array {
  if (payload === undefined || payload === null) return new Uint8Array(0);
  return typeof payload === 'string' ? new TextEncoder().encode(payload) : (payload as Uint8Array);
}

function configurationOf(owner: LambdaFunction): Members {
  const { configuration } = owner;
  return {
    FunctionName: owner.name,
    FunctionArn: owner.arn,
    Runtime: configuration.runtime,
    Role: configuration.roleArn,
    Handler: configuration.handler,
    Timeout: configuration.timeoutSeconds,
    MemorySize: configuration.memoryMegabytes,
    Description: configuration.description,
    Environment: { Variables: configuration.environment },
    Version: '$LATEST',
    State: 'Active',
    LastUpdateStatus: 'Successful',
  };
}

function urlConfigOf(owner: LambdaFunction): Members {
  if (owner.url === undefined) throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);
  const { url: FunctionUrl, authType: AuthType, invokeMode: InvokeMode } = owner.url;
  return { FunctionUrl, FunctionArn: owner.arn, AuthType, InvokeMode, CreationTime: '2026-01-01T00:00:00Z' };
}
