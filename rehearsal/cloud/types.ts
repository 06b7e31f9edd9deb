/** The shapes that every part of the laptop cloud is built on. Virtual time throughout: nothing here reads the machine's clock. */

export interface TimerHandle {
  readonly id: number;
}

export interface Clock {
  /** Virtual epoch milliseconds. */
  now(): number;
  /** Runs `action` when virtual time reaches `atMillis`. Same instant: in order of scheduling. */
  at(atMillis: number, action: () => void | Promise<void>): TimerHandle;
  after(delayMillis: number, action: () => void | Promise<void>): TimerHandle;
  /** Like `at`, for what comes again for ever (polls, schedules): a drain does not wait for it. */
  atInBackground?(atMillis: number, action: () => void | Promise<void>): TimerHandle;
  cancel(handle: TimerHandle): void;
  sleep(delayMillis: number): Promise<void>;
}

/** Seeded: the same seed and label give the same numbers, whatever else draws. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** Whole number in [0, below). */
  integer(below: number): number;
  /** Independent stream of its own. */
  fork(label: string): Random;
  uuid(): string;
  bytes(count: number): Uint8Array;
}

/** An error as AWS would answer it; the wire layer encodes it, Step Functions prefixes it. */
export class AwsError extends Error {
  constructor(
    /** The exception's code, e.g. `ValidationException`. */
    readonly code: string,
    message: string,
    readonly statusCode: number = 400,
    /** Further members of the exception's shape, e.g. `CancellationReasons`. */
    readonly members: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = code;
  }
}

/** The assembly, or a handler, needs something that the laptop cloud does not have. Stops the rehearsal: exit code 3. */
export class UnsupportedError extends Error {
  override readonly name = 'UnsupportedError';
}

/**
 * Who calls: a role, whose synthesized policies decide (with the resource's own policy); an AWS service, which the resource's
 * policy must let in (`sourceArn` is what it acts for); or the scenario's world (people, callers, CloudFormation), which no policy binds.
 */
export type Caller =
  { kind: 'role'; roleArn: string } | { kind: 'service'; principal: string; sourceArn: string } | { kind: 'world'; principalArn: string };

export interface PolicyStatement {
  Effect: 'Allow' | 'Deny';
  Action?: string | string[];
  NotAction?: string | string[];
  Resource?: string | string[];
  NotResource?: string | string[];
  Principal?: '*' | Record<string, string | string[]>;
  NotPrincipal?: '*' | Record<string, string | string[]>;
  Condition?: Record<string, Record<string, string | string[]>>;
}

export interface PolicyDocument {
  Version?: string;
  Statement: PolicyStatement | PolicyStatement[];
}

/** What one operation call must be allowed to do. */
export interface Permission {
  /** e.g. `dynamodb:PutItem`. */
  action: string;
  /** ARN, or `*`. */
  resource: string;
  /** IAM condition keys of this request, e.g. `iam:PassedToService`. */
  context?: Record<string, string | string[]>;
}

export interface Call {
  readonly caller: Caller;
  readonly requestId: string;
  readonly cloud: Cloud;
}

/** Input and output are shaped as SDK v3 shapes them: Date for timestamps, Uint8Array for blobs. */
// The SDK's 400 request shapes have no common type: each double narrows its own.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Members = Record<string, any>;

export interface Operation {
  /** What IAM is asked before the operation runs. An empty list means that AWS asks nothing. */
  permissions(input: Members, cloud: Cloud): Permission[];
  run(input: Members, call: Call): Members | Promise<Members>;
  /** Virtual milliseconds that AWS takes to answer; default 5. */
  latencyMillis?(input: Members): number;
}

/** One AWS service. Operations that are missing are refused by name. */
export interface ServiceDouble {
  /** Name of the SDK client package without `client-`, e.g. `dynamodb`, `sagemaker-runtime`, `secrets-manager`, `sfn`. */
  readonly service: string;
  readonly operations: Record<string, Operation>;
  /** The policy attached to a resource of this service (queue, topic, bucket, function), if it has one. */
  resourcePolicy?(resourceArn: string): PolicyDocument | undefined;
}

/** What a CloudFormation resource gave: `Ref` and `Fn::GetAtt`. */
export interface CreatedResource {
  ref: string;
  attributes: Record<string, unknown>;
}

export interface ResourceContext {
  readonly cloud: Cloud;
  readonly logicalId: string;
  /** Construct path from the template's metadata, e.g. `support-triage/SupportTriage/Verdict/Handler`. */
  readonly constructPath: string;
  readonly stackName: string;
  readonly stackId: string;
  /** A physical name as CloudFormation would make one: `<stack>-<logicalId>-<random>`; use when the template gives none. */
  physicalName(maxLength?: number): string;
  /** Directory or file of an asset, by the S3 bucket and key the template names (handler bundles, model artefacts). */
  assetPath(bucket: string, key: string): string | undefined;
  /** Where the stack's assembly lies: packages of the project around it are found from here. Absent where there is no assembly. */
  readonly assemblyDirectory?: string;
}

/** What is known of a resource before anything is deployed. */
export type RefusalContext = Pick<
  ResourceContext,
  'cloud' | 'logicalId' | 'constructPath' | 'stackName' | 'assetPath' | 'assemblyDirectory'
>;

/** One CloudFormation resource type. Properties arrive with all intrinsics resolved. */
export interface ResourceType {
  readonly type: string;
  create(properties: Members, context: ResourceContext): CreatedResource | Promise<CreatedResource>;
  /** Absent: an unchanged resource is kept, a changed one is refused by name. */
  update?(
    properties: Members,
    previous: Members,
    created: CreatedResource,
    context: ResourceContext,
  ): CreatedResource | Promise<CreatedResource>;
  remove(created: CreatedResource, properties: Members, context: ResourceContext): void | Promise<void>;
  /**
   * True: every property but Tags replaces the resource; else whether this change does. The new one is made first, the old one goes when
   * the stack is done.
   */
  readonly replacedOnChange?: boolean | ((properties: Members, previous: Members) => boolean);
  /**
   * What of these properties the laptop cloud lacks, in short noun phrases; asked of every resource before anything is deployed. Intrinsic
   * functions are resolved as far as they can be then: what only exists once created stands as `arn:…:<service>:…:<logical id>`.
   */
  refuse?(properties: Members, context: RefusalContext): readonly string[];
}

/** When and how often a fault strikes. */
export interface FaultWindow {
  fromMillis: number;
  untilMillis: number;
  /** How often it strikes; undefined: whenever called in its time. */
  times?: number;
  /** Probability with which it strikes, by the seed; undefined: 1. */
  share?: number;
}

/** A fault that the scenario injects where handlers and workflows call AWS. */
export interface Fault extends FaultWindow {
  service: string;
  /** `*`: every operation of the service. */
  operation: string;
  /** ARN (wildcards allowed) or construct path, or the end of one, of the resource that the call is about; undefined: any. */
  resource?: string;
  /** Error code; `timeout`: no answer at all. Undefined: the call succeeds, slowly. */
  error?: string;
  /** Whether the call does its work before it fails; undefined: it does not. */
  effect?: 'before' | 'after';
  /** Virtual time on top of the call's own. */
  slowMillis?: number;
  /** Of a batch, the share of entries that fail with the error while the others succeed. */
  entries?: number;
}

/** A fault on what a queue or a rule delivers. */
export interface DeliveryFault extends FaultWindow {
  /** ARN (wildcards allowed) or construct path of the queue or the rule. */
  from: string;
  /** `duplicate`: delivered again a little later. `out-of-order`: held back, so that others overtake it. */
  deliver: 'duplicate' | 'out-of-order';
  /** Longest delay of the copy, or of what is held back. */
  byMillis: number;
}

/** What becomes of one delivery, by the scenario's faults. */
export interface DeliveryFaults {
  /** How long after its time each copy arrives; undefined: once and at its time. */
  strike(fromArn: string): readonly number[] | undefined;
}

/** One entry of what happened, for the timeline and the invariants. */
export interface CloudEvent {
  atMillis: number;
  /** e.g. `sagemaker`, `states`, `alarm`, `lambda`, `sns`, `cloudformation`. */
  source: string;
  event: string;
  detail: Record<string, unknown>;
}

export interface IamReport {
  denied: { role: string; action: string; resource: string; atMillis: number }[];
  unused: { role: string; action: string; resource: string }[];
  /** Granted, and never asked for by the laptop cloud: actions of services, or roles of principals, that it does not simulate. */
  notJudged?: { role: string; action: string; resource: string }[];
}

export interface IamRegistry {
  /** `boundary`: the permissions boundary, which must allow as well. */
  putRole(role: { arn: string; name: string; trust: PolicyDocument; boundary?: PolicyDocument; tags?: Record<string, string> }): void;
  removeRole(roleArn: string): void;
  putRolePolicy(roleArn: string, policyName: string, document: PolicyDocument): void;
  removeRolePolicy(roleArn: string, policyName: string): void;
  /** Throws AwsError AccessDenied as the service would word it. */
  authorise(caller: Caller, permission: Permission, resourcePolicy: PolicyDocument | undefined): void;
  report(): IamReport;
}

export interface HttpRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: Uint8Array;
}

export interface HttpResponse {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array;
  /** A body that comes bit by bit, over virtual time: `body` is empty then. Fails as a connection that breaks. */
  chunks?: AsyncIterable<Uint8Array>;
  /** Of an answer that a function streamed: when its parts came. `body` holds all of them. */
  streamed?: StreamTimes;
}

export interface StreamTimes {
  /** Virtual epoch milliseconds of the body's first and last byte; without a body: of its end. */
  firstByteAtMillis: number;
  lastByteAtMillis: number;
  parts: { atMillis: number; bytes: Uint8Array }[];
  /** False: the connection broke off. */
  complete: boolean;
}

/** The laptop cloud as services, resources and the scenario see it. */
export interface Cloud {
  readonly clock: Clock;
  readonly random: Random;
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
  /** One request: schema check → fault → IAM → operation → schema check, after the operation's virtual latency. */
  call(service: string, operation: string, input: Members, caller: Caller): Promise<Members>;
  /** The double itself, for doubles that work hand in hand (`cloud.double<Sqs>('sqs')`). */
  double<T extends ServiceDouble>(service: string): T;
  arn(service: string, resource: string): string;
  /** Policies of a role, by name; CloudFormation's IAM resources and `sts`-like lookups use it. */
  readonly iam: IamRegistry;
  /** Plain HTTPS requests of handlers to hosts of ours that are no AWS API (CloudFormation's response URL). */
  onHttp(host: string, answer: (request: HttpRequest) => HttpResponse | Promise<HttpResponse>): void;
  /** Adds to the log; listeners hear it at once. */
  record(source: string, event: string, detail: Record<string, unknown>): void;
  readonly log: readonly CloudEvent[];
  onRecord(listener: (event: CloudEvent) => void): void;
  /** Faults on deliveries of queues and rules. */
  readonly deliveries?: DeliveryFaults;
  /** Whether the service may act as the role, by the role's trust policy; throws what the service answers. */
  assume?(roleArn: string, principal: string, sourceArn: string): void;
  /** Work under way that must end before the scenario is drained (an event in flight, an execution, a batch). Returns its end. */
  begin(what: string): () => void;
}

/** What an AWS service puts on the default event bus. The `eventbridge` double implements it. */
export interface ServiceEventSink {
  emitServiceEvent(event: { source: string; detailType: string; detail: Record<string, unknown>; resources: string[] }): void;
}

/** A line that a handler printed. The `cloudwatch` double reads metrics in embedded metric format from it. */
export interface LogSink {
  ingestLogLine(line: string, logGroup: string): void;
}

/** What a model container answers, as the scenario decides. */
export interface ContainerAnswer {
  status: number;
  body: Uint8Array;
  contentType: string;
  latencyMillis: number;
  /** An answer that comes bit by bit, after `latencyMillis`; `body` holds all of it. */
  chunks?: readonly ContainerChunk[];
  /** Why the stream ends after the last chunk as a broken one; undefined: it is complete. */
  brokenBy?: string;
}

/** A part of an answer, so long after what came before it. */
export interface ContainerChunk {
  afterMillis: number;
  body: Uint8Array;
}

/** Gives the container that SageMaker runs for a model. The scenario sets it on the `sagemaker` double. */
export type ContainerResolver = (model: {
  modelName: string;
  image?: string;
  modelDataUrl?: string;
  modelPackageName?: string;
  environment: Record<string, string>;
}) => { predict(body: Uint8Array, contentType: string): ContainerAnswer | Promise<ContainerAnswer> };
