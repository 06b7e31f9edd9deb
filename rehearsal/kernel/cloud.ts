import { UnsupportedError } from '../cloud/types';
import type {
  Caller,
  Cloud,
  CloudEvent,
  Fault,
  HttpRequest,
  HttpResponse,
  Members,
  Operation,
  PolicyDocument,
  Random,
  ServiceDouble,
} from '../cloud/types';
import type { VirtualClock } from './clock';
import { checkConstraints } from './constraints';
import { Constructs } from './constructs';
import { CredentialStore } from './credentials';
import { DeliveryPlan, FaultPlan } from './faults';
import { HttpRouter } from './http-router';
import { askedActions, mayBeAsked } from './iam/asked-actions';
import { RoleTrust } from './iam/assumed-role';
import { Encryption } from './iam/encryption';
import { PolicyEngine } from './iam/registry';
import { hasServiceModel, operationSchema } from './service-registry';
import { answerProblem, validateMembers } from './wire/validate';

export interface CloudOptions {
  clock: VirtualClock;
  random: Random;
  accountId?: string;
  region?: string;
  /** Called once the cloud exists: doubles may keep it, and find each other through it. */
  doubles: (cloud: LaptopCloud) => ServiceDouble[];
  faults?: Fault[];
}

const defaultLatencyMillis = 5;

export class LaptopCloud implements Cloud {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
  readonly iam: PolicyEngine;
  readonly trust: RoleTrust;
  readonly encryption: Encryption;
  readonly constructs = new Constructs();
  readonly credentials = new CredentialStore();
  readonly router: HttpRouter;
  readonly log: CloudEvent[] = [];
  readonly faults: FaultPlan;
  readonly deliveries: DeliveryPlan;
  private readonly doubles = new Map<string, ServiceDouble>();
  private readonly listeners: ((event: CloudEvent) => void)[] = [];
  private readonly underWay = new Set<{ what: string }>();
  private calls = 0;
  private askedActions: ReadonlySet<string> | undefined;

  constructor(options: CloudOptions) {
    this.clock = options.clock;
    this.random = options.random;
    this.accountId = options.accountId ?? '123456789012';
    this.region = options.region ?? 'eu-west-1';
    this.partition = this.region.startsWith('cn-') ? 'aws-cn' : 'aws';
    this.iam = new PolicyEngine(this.accountId, this.region, () => this.clock.now());
    this.router = new HttpRouter(this, this.credentials);
    this.trust = new RoleTrust(this.iam, (role, service) => this.record('iam', 'trust-not-known', { role, service }));
    this.encryption = new Encryption(this.iam, this.region, this.accountId, {
      policyOf: (keyArn) => (this.isKeyOfStacks(keyArn) ? { policy: this.resourcePolicy(keyArn) } : undefined),
      unknown: (key) => this.record('iam', 'key-policy-not-known', { key }),
    });
    this.faults = new FaultPlan(options.faults ?? [], this.random, this.constructs, this.clock);
    this.deliveries = new DeliveryPlan(this.random, this.constructs, this.clock);
    for (const double of options.doubles(this)) this.doubles.set(double.service, double);
    this.iam.aliasesOf = (keyArn) =>
      (this.doubles.get('kms') as { aliasesOf?(arn: string): string[] } | undefined)?.aliasesOf?.(keyArn) ?? [];
    this.iam.mayBeAsked = (action) => mayBeAsked(action, (this.askedActions ??= askedActions(this.doubles.values())));
  }

  async call(service: string, operation: string, input: Members, caller: Caller): Promise<Members> {
    this.calls += 1;
    const requestId = `call-${this.calls}`;
    try {
      const found = this.operationOf(service, operation);
      const modelled = hasServiceModel(service);
      if (modelled) {
        validateMembers(operationSchema(service, operation).input, input, service);
        checkConstraints(service, operation, input);
      }
      await this.clock.sleep(found.latencyMillis?.(input) ?? defaultLatencyMillis);
      const serve = async (asked: Members): Promise<Members> => {
        this.authorise(found, service, operation, asked, caller);
        const output = await found.run(asked, { caller, requestId, cloud: this });
        if (modelled) checkAnswer(service, operation, output);
        return output;
      };
      const strike = this.faults.strike(service, operation, () => found.permissions(input, this));
      return strike === undefined ? await serve(input) : await strike.apply(input, serve);
    } catch (error) {
      if (error instanceof UnsupportedError) this.refuseUnsupported(error);
      throw error;
    }
  }

  private authorise(found: Operation, service: string, operation: string, input: Members, caller: Caller): void {
    for (const permission of found.permissions(input, this)) {
      this.iam.authorise(caller, permission, this.resourcePolicy(permission.resource), service);
      if (permission.action === 'iam:PassRole') this.trust.checkPassed(permission, input, (of, resource) => this.arn(of, resource));
      if (this.encryption.inUse) this.encryption.authorise(caller, permission, operation);
    }
  }

  assume(roleArn: string, principal: string, sourceArn: string): void {
    this.trust.check(roleArn, principal, sourceArn);
  }

  double<T extends ServiceDouble>(service: string): T {
    const found = this.doubles.get(service);
    if (found === undefined) {
      throw new UnsupportedError(`The laptop cloud has no service "${service}". It has: ${[...this.doubles.keys()].sort().join(', ')}.`);
    }
    return found as T;
  }

  hasDouble(service: string): boolean {
    return this.doubles.has(service);
  }

  arn(service: string, resource: string): string {
    const region = regionless.has(service) ? '' : this.region;
    const account = service === 's3' ? '' : this.accountId;
    return `arn:${this.partition}:${service}:${region}:${account}:${resource}`;
  }

  onHttp(host: string, answer: (request: HttpRequest) => HttpResponse | Promise<HttpResponse>): void {
    this.router.onHost(host, answer);
  }

  /** One HTTPS request of a handler. What nobody answers stops the rehearsal. */
  answerHttp(request: HttpRequest): Promise<HttpResponse> {
    return this.answerAs(request);
  }

  /** One HTTPS request of the scenario's world, signed by a principal or by nobody: to an API, a function URL, a presigned URL. */
  requestHttp(request: HttpRequest, signer?: { principalArn: string }): Promise<HttpResponse> {
    return this.answerAs(request, signer === undefined ? undefined : { kind: 'world', principalArn: signer.principalArn });
  }

  private async answerAs(request: HttpRequest, signer?: Caller): Promise<HttpResponse> {
    try {
      return await this.router.answer(request, signer);
    } catch (error) {
      if (error instanceof UnsupportedError) this.refuseUnsupported(error);
      throw error;
    }
  }

  record(source: string, event: string, detail: Record<string, unknown>): void {
    const entry = { atMillis: this.clock.now(), source, event, detail };
    this.log.push(entry);
    for (const listener of this.listeners) listener(entry);
  }

  onRecord(listener: (event: CloudEvent) => void): void {
    this.listeners.push(listener);
  }

  begin(what: string): () => void {
    const entry = { what };
    this.underWay.add(entry);
    return () => {
      this.underWay.delete(entry);
    };
  }

  idle(): boolean {
    return this.underWay.size === 0;
  }

  /** What is still under way, for a drain that does not end. */
  workUnderWay(): string[] {
    return [...this.underWay].map((entry) => entry.what);
  }

  /** Ends the rehearsal: what the laptop cloud lacks is never skipped, whoever catches the error. */
  refuseUnsupported(error: UnsupportedError): void {
    this.record('rehearsal', 'unsupported', { message: error.message });
    this.clock.fail(error);
  }

  private operationOf(service: string, operation: string): Operation {
    const { operations } = this.double(service);
    const found = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
    if (found === undefined) {
      throw new UnsupportedError(
        `The laptop cloud's ${service} does not have the operation ${operation}. It has: ${Object.keys(operations).sort().join(', ')}.`,
      );
    }
    return found;
  }

  private isKeyOfStacks(keyArn: string): boolean {
    return (this.doubles.get('kms') as { hasKey?(arn: string): boolean } | undefined)?.hasKey?.(keyArn) ?? false;
  }

  private resourcePolicy(resourceArn: string): PolicyDocument | undefined {
    if (resourceArn === '*') return undefined;
    const service = doublesByArnService[resourceArn.split(':')[2] ?? ''];
    const double = service === undefined ? undefined : this.doubles.get(service);
    return double?.resourcePolicy?.(resourceArn);
  }
}

/** Services whose ARNs name no region. */
const regionless = new Set(['iam', 's3']);

const doublesByArnService: Record<string, string> = {
  sqs: 'sqs',
  sns: 'sns',
  s3: 's3',
  lambda: 'lambda',
  kms: 'kms',
  secretsmanager: 'secrets-manager',
  events: 'eventbridge',
  dynamodb: 'dynamodb',
  logs: 'cloudwatch-logs',
};

export function createCloud(options: CloudOptions): LaptopCloud {
  return new LaptopCloud(options);
}

function checkAnswer(service: string, operation: string, output: Members): void {
  const problem = answerProblem(operationSchema(service, operation).output, output);
  if (problem !== undefined)
    throw new TypeError(`The double of ${service} answered ${operation} in a shape that AWS does not use: ${problem}`);
}
