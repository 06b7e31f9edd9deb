import { setImmediate as turn } from 'node:timers/promises';
import {
  UnsupportedError,
  type Caller,
  type Clock,
  type Cloud,
  type CloudEvent,
  type IamRegistry,
  type Members,
  type Random,
  type ServiceDouble,
  type TimerHandle,
} from '../../../rehearsal/cloud/types';

/** Virtual time for tests of one double: no kernel, no wire. */
export class FakeClock implements Clock {
  private timers: { id: number; atMillis: number; action: () => void | Promise<void> }[] = [];
  private nextId = 1;
  private failure: { error: unknown } | undefined;

  constructor(private millis: number) {}

  now(): number {
    return this.millis;
  }

  at(atMillis: number, action: () => void | Promise<void>): TimerHandle {
    const timer = { id: this.nextId++, atMillis: Math.max(atMillis, this.millis), action };
    const after = this.timers.findIndex((other) => other.atMillis > timer.atMillis);
    this.timers.splice(after === -1 ? this.timers.length : after, 0, timer);
    return { id: timer.id };
  }

  after(delayMillis: number, action: () => void | Promise<void>): TimerHandle {
    return this.at(this.millis + delayMillis, action);
  }

  cancel(handle: TimerHandle): void {
    this.timers = this.timers.filter((timer) => timer.id !== handle.id);
  }

  sleep(delayMillis: number): Promise<void> {
    return new Promise((resolve) => this.after(delayMillis, resolve));
  }

  get pending(): number {
    return this.timers.length;
  }

  /** Runs everything due up to `untilMillis` (default: until no timer is left). */
  async run(untilMillis = Number.POSITIVE_INFINITY): Promise<void> {
    await turn();
    for (let next = this.timers[0]; next !== undefined && next.atMillis <= untilMillis; next = this.timers[0]) {
      this.timers.shift();
      this.millis = next.atMillis;
      const ending = next.action();
      if (ending !== undefined) ending.catch((error: unknown) => (this.failure ??= { error }));
      await turn();
      if (this.failure !== undefined) {
        const { error } = this.failure;
        this.failure = undefined;
        throw error;
      }
    }
    if (Number.isFinite(untilMillis)) this.millis = Math.max(this.millis, untilMillis);
  }
}

class FakeRandom implements Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  integer(below: number): number {
    return Math.floor(this.next() * below);
  }

  fork(label: string): Random {
    let seed = this.state;
    for (const letter of label) seed = (Math.imul(seed, 31) + letter.charCodeAt(0)) >>> 0;
    return new FakeRandom(seed);
  }

  uuid(): string {
    const hex = Buffer.from(this.bytes(16)).toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
  }

  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.integer(256));
  }
}

export interface RecordedCall {
  service: string;
  operation: string;
  input: Members;
  caller: Caller;
  atMillis: number;
}

/** What IAM is asked and answers; everything is allowed unless a test says otherwise. */
export type Authorise = (caller: Caller, action: string, resource: string) => void;

/** A cloud whose `call` goes straight to the doubles. */
export class FakeCloud implements Cloud {
  readonly clock: FakeClock;
  readonly random: Random = new FakeRandom(1);
  readonly accountId = '111111111111';
  readonly region = 'us-east-1';
  readonly partition = 'aws';
  readonly log: CloudEvent[] = [];
  readonly calls: RecordedCall[] = [];
  readonly underWay = new Set<string>();
  authorise: Authorise = () => undefined;
  private readonly doubles = new Map<string, ServiceDouble>();
  private readonly listeners: ((event: CloudEvent) => void)[] = [];

  constructor(startMillis = Date.parse('2026-03-02T09:00:00Z')) {
    this.clock = new FakeClock(startMillis);
  }

  add<T extends ServiceDouble>(double: T): T {
    this.doubles.set(double.service, double);
    return double;
  }

  /** A service of one test: operations by name, without permissions. */
  stub(service: string, operations: Record<string, (input: Members, caller: Caller) => Members | Promise<Members>>): void {
    this.add({
      service,
      operations: Object.fromEntries(
        Object.entries(operations).map(([name, run]) => [name, { permissions: () => [], run: (input, call) => run(input, call.caller) }]),
      ),
    });
  }

  get iam(): IamRegistry {
    throw new Error('the fake cloud has no IAM registry');
  }

  async call(service: string, operation: string, input: Members, caller: Caller): Promise<Members> {
    this.calls.push({ service, operation, input, caller, atMillis: this.clock.now() });
    const found = this.double(service).operations[operation];
    if (found === undefined) throw new UnsupportedError(`${service} has no ${operation}`);
    await this.clock.sleep(found.latencyMillis?.(input) ?? 5);
    for (const permission of found.permissions(input, this)) this.authorise(caller, permission.action, permission.resource);
    return found.run(input, { caller, requestId: 'request', cloud: this });
  }

  double<T extends ServiceDouble>(service: string): T {
    const found = this.doubles.get(service);
    if (found === undefined) throw new UnsupportedError(`no service ${service}`);
    return found as T;
  }

  arn(service: string, resource: string): string {
    return `arn:aws:${service}:${this.region}:${this.accountId}:${resource}`;
  }

  onHttp(): void {
    throw new Error('the fake cloud has no HTTP');
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
    this.underWay.add(what);
    return () => this.underWay.delete(what);
  }
}

/** Person in front of the cloud, whom no policy binds. */
export const world: Caller = { kind: 'world', principalArn: 'arn:aws:iam::111111111111:user/tester' };
