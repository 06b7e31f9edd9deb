import { UnsupportedError } from '../../cloud/types';
import type { Caller, HttpRequest, HttpResponse, LogSink, ServiceDouble } from '../../cloud/types';
import type { LaptopCloud } from '../../kernel/cloud';
import { setLineage, type Lineage } from '../../kernel/lineage';
import { streams } from '../../kernel/sandbox/aws-lambda';
import { Sandbox } from '../../kernel/sandbox/sandbox';
import { answerOf, type CallbackHandler } from './callback-style';
import type { LambdaFunction } from './function';
import { sdkOf } from './packages';
import { noteAtWork } from './unhandled-rejections';
import type { ResponseStream } from './response-stream';

const FIRST_WITHOUT_CALLBACKS = 24;

/** `folder/file.export`, as Lambda's runtime reads it: the file's name ends at the first dot. */
export function handlerOf(handler: string): { file: string; members: string[] } {
  const folder = handler.slice(0, handler.lastIndexOf('/') + 1);
  const [name = '', ...members] = handler.slice(folder.length).split('.');
  return { file: `${folder}${name}`, members };
}

type Handler = (event: unknown, context: object) => unknown;
type StreamingHandler = (event: unknown, stream: ResponseStream, context: object) => unknown;

/** One execution environment: a sandbox with its module state, used for one invocation at a time. */
export class Environment {
  readonly generation: number;
  /** Told of an error that no caller of the handler sees, or of none when the process just ends; it ends the environment. */
  onCrash: ((error: unknown) => void) | undefined;
  /** The process ends when so many more requests of the handler have been answered (a fault of the scenario). */
  exitAfterCalls: number | undefined;
  private readonly sandbox: Sandbox;
  private readonly logStream: string;
  private readonly logsAllowed: boolean;
  private handler: Handler | undefined;
  /** Signs the requests of this environment alone. */
  private readonly caller: Caller;
  private requestsUnderWay = 0;
  private dead = false;

  constructor(
    private readonly cloud: LaptopCloud,
    private readonly owner: LambdaFunction,
  ) {
    this.generation = owner.generation;
    this.caller = { kind: 'role', roleArn: owner.configuration.roleArn };
    owner.environments += 1;
    const random = cloud.random.fork(`lambda ${owner.name} environment ${owner.environments}`);
    const day = new Date(cloud.clock.now()).toISOString().slice(0, 10).replaceAll('-', '/');
    this.logStream = `${day}/[$LATEST]${Buffer.from(random.bytes(16)).toString('hex')}`;
    this.logsAllowed = this.askForLogs();
    this.sandbox = new Sandbox({
      name: owner.constructPath || owner.name,
      assetDirectory: owner.configuration.assetDirectory,
      layers: owner.configuration.layers,
      project: owner.configuration.project,
      sdk: sdkOf(owner.configuration.runtime),
      env: this.environmentVariables(),
      clock: cloud.clock,
      random,
      transport: (request) => (this.exitAfterCalls === undefined ? this.send(request) : this.sendBeforeExit(request, this.exitAfterCalls)),
      working: () => this.showAtWork(),
      print: (line) => this.print(line),
      crash: (error) => this.crash(error),
      unsupported: (what) => this.unsupported(what),
    });
  }

  get alive(): boolean {
    return !this.dead;
  }

  /** The chain of invocations that the next one belongs to. */
  follow(lineage: Lineage): void {
    setLineage(this.caller, lineage);
  }

  get logStreamName(): string {
    return this.logStream;
  }

  /** Loads the code when the environment starts; throws what its top level throws. Only ES modules take until later. */
  start(): Promise<void> | undefined {
    this.showAtWork();
    const { file } = handlerOf(this.owner.configuration.handler);
    const exported = this.sandbox.loadHandler(file);
    if (!(exported instanceof Promise)) return this.take(exported);
    return exported.then((namespace) => this.take(namespace));
  }

  private take(exported: unknown): undefined {
    const { handler } = this.owner.configuration;
    const { members } = handlerOf(handler);
    const found = members.reduce<unknown>((value, member) => (value as Record<string, unknown> | undefined)?.[member], exported);
    if (typeof found !== 'function') {
      throw Object.assign(new Error(`${handler} is undefined or not exported`), { name: 'Runtime.HandlerNotFound' });
    }
    if (found.length > 2 && !streams(found) && !this.takesCallbacks) {
      throw Object.assign(new Error('This runtime has no callback-based handlers: return a promise instead'), {
        name: 'Runtime.CallbackHandlerDeprecated',
      });
    }
    this.handler = found as Handler;
  }

  private get takesCallbacks(): boolean {
    return Number(/^nodejs(\d+)/.exec(this.owner.configuration.runtime)?.[1]) < FIRST_WITHOUT_CALLBACKS;
  }

  /** Its handler writes its answer to a stream. */
  get streams(): boolean {
    return streams(this.handler);
  }

  async run(event: unknown, context: object, traceId: string): Promise<unknown> {
    const handler = this.begin(traceId);
    if (!this.takesCallbacks) return handler(event, context);
    const waits = (): boolean => this.sandbox.waits || this.requestsUnderWay > 0;
    return answerOf(handler as CallbackHandler, event, context, this.cloud.clock, waits);
  }

  /** Ends when the stream has ended as well, which need not be ever. */
  async runStreaming(event: unknown, stream: ResponseStream, context: object, traceId: string): Promise<void> {
    const handler = this.begin(traceId) as unknown as StreamingHandler;
    const answering = handler(event, stream, context);
    if (typeof (answering as Promise<unknown> | undefined)?.then !== 'function')
      throw new Error('Streaming does not support non-async handlers.');
    await answering;
    await stream.finished();
  }

  private begin(traceId: string): Handler {
    if (this.handler === undefined) throw new Error('The environment was not started.');
    this.showAtWork();
    this.sandbox.thaw();
    this.sandbox.env['_X_AMZN_TRACE_ID'] = traceId;
    return this.handler;
  }

  /** Between invocations nothing moves in here. */
  freeze(): void {
    this.sandbox.freeze();
  }

  dispose(): void {
    this.dead = true;
    this.sandbox.dispose();
  }

  private async send(request: HttpRequest): Promise<HttpResponse> {
    this.requestsUnderWay += 1;
    try {
      return await this.cloud.answerHttp(request);
    } finally {
      this.requestsUnderWay -= 1;
    }
  }

  private async sendBeforeExit(request: HttpRequest, callsLeft: number): Promise<HttpResponse> {
    this.exitAfterCalls = callsLeft - 1;
    const answer = await this.cloud.answerHttp(request);
    if (callsLeft > 1) return answer;
    this.crash(undefined);
    // Nobody is left to hear it.
    return new Promise(() => undefined);
  }

  private readonly crashByRejection = (error: unknown): void => this.crash(error);

  private showAtWork(): void {
    noteAtWork(this.cloud.clock, this.crashByRejection);
    this.cloud.clock.heartbeat.working(this.owner.constructPath || this.owner.name);
  }

  private crash(error: unknown): void {
    this.dispose();
    this.onCrash?.(error);
  }

  private unsupported(what: string): Error {
    const error = new UnsupportedError(
      `The function ${this.owner.constructPath || this.owner.name} uses ${what}, which the rehearsal does not have.`,
    );
    this.cloud.refuseUnsupported(error);
    return error;
  }

  private print(line: string): void {
    if (!this.logsAllowed || !this.cloud.hasDouble('cloudwatch')) return;
    this.cloud.double<ServiceDouble & LogSink>('cloudwatch').ingestLogLine(line, this.owner.configuration.logGroup);
  }

  /** Lambda writes logs as the function's role: without the permission lines, and metrics in them, are lost. */
  private askForLogs(): boolean {
    const { logGroup, roleArn } = this.owner.configuration;
    const group = this.cloud.arn('logs', `log-group:${logGroup}`);
    // Only tried: the group may well exist already.
    this.cloud.iam.allows({ kind: 'role', roleArn }, { action: 'logs:CreateLogGroup', resource: group });
    try {
      for (const action of ['logs:CreateLogStream', 'logs:PutLogEvents']) {
        this.cloud.iam.authorise({ kind: 'role', roleArn }, { action, resource: `${group}:log-stream:${this.logStream}` }, undefined);
      }
      return true;
    } catch (error) {
      this.cloud.record('lambda', 'logs-denied', { function: this.owner.name, message: (error as Error).message });
      return false;
    }
  }

  private environmentVariables(): Record<string, string> {
    const { configuration, name } = this.owner;
    const { accessKeyId, secretAccessKey, sessionToken } = this.cloud.credentials.issue(this.caller, this.logStream);
    return {
      ...configuration.environment,
      AWS_REGION: this.cloud.region,
      AWS_DEFAULT_REGION: this.cloud.region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.memoryMegabytes),
      AWS_LAMBDA_LOG_GROUP_NAME: configuration.logGroup,
      AWS_LAMBDA_LOG_STREAM_NAME: this.logStream,
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_EXECUTION_ENV: `AWS_Lambda_${configuration.runtime}`,
      AWS_CONFIG_FILE: '/var/task/.aws/config',
      AWS_SHARED_CREDENTIALS_FILE: '/var/task/.aws/credentials',
      LAMBDA_TASK_ROOT: '/var/task',
      LAMBDA_RUNTIME_DIR: '/var/runtime',
      _HANDLER: configuration.handler,
      TZ: ':UTC',
      LANG: 'en_US.UTF-8',
      PATH: '/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin',
      NODE_PATH: '/var/runtime/node_modules',
    };
  }
}
