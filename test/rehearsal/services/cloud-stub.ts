import type {
  Call,
  Cloud,
  CloudEvent,
  Clock,
  CreatedResource,
  Members,
  Random,
  ResourceContext,
  ResourceType,
  ServiceDouble,
  TimerHandle,
} from '../../../rehearsal/cloud/types';

interface StubTimer {
  id: number;
  atMillis: number;
  action: () => void | Promise<void>;
}

/** Virtual time that a test moves by hand. */
export class StubClock implements Clock {
  private timers: StubTimer[] = [];
  private nextId = 1;

  constructor(private millis = Date.UTC(2026, 2, 2, 9)) {}

  now(): number {
    return this.millis;
  }

  at(atMillis: number, action: () => void | Promise<void>): TimerHandle {
    const timer = { id: this.nextId++, atMillis, action };
    this.timers.push(timer);
    return timer;
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

  /** Runs everything due in that time, in order, and what it promised. */
  async advance(byMillis: number): Promise<void> {
    const until = this.millis + byMillis;
    for (;;) {
      const due = this.timers.filter((timer) => timer.atMillis <= until).sort((a, b) => a.atMillis - b.atMillis || a.id - b.id)[0];
      if (due === undefined) break;
      this.cancel(due);
      this.millis = Math.max(this.millis, due.atMillis);
      await due.action();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.millis = until;
  }
}

function stubRandom(label: string): Random {
  let state = [...label].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) >>> 0, 7);
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const bytes = (count: number): Uint8Array => Uint8Array.from({ length: count }, () => Math.floor(next() * 256));
  return {
    next,
    integer: (below) => Math.floor(next() * below),
    fork: (fork) => stubRandom(`${label}/${fork}`),
    uuid: () =>
      Buffer.from(bytes(16))
        .toString('hex')
        .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
    bytes,
  };
}

export interface StubCloud extends Cloud {
  readonly clock: StubClock;
  add(double: ServiceDouble): void;
  underWay(): string[];
  /** Every call that doubles made of one another. */
  readonly calls: { service: string; operation: string; input: Members; caller: unknown }[];
}

export function stubCloud(): StubCloud {
  const doubles = new Map<string, ServiceDouble>();
  const log: CloudEvent[] = [];
  const underWay = new Map<symbol, string>();
  const clock = new StubClock();
  const cloud: StubCloud = {
    clock,
    random: stubRandom('stub'),
    accountId: '123456789012',
    region: 'eu-central-1',
    partition: 'aws',
    log,
    calls: [],
    add: (double) => void doubles.set(double.service, double),
    async call(service, operation, input, caller) {
      cloud.calls.push({ service, operation, input, caller });
      const run = doubles.get(service)?.operations[operation]?.run;
      if (run === undefined) throw new Error(`no double for ${service} ${operation}`);
      return run(input, { caller, requestId: 'request', cloud });
    },
    double: (service) => {
      const double = doubles.get(service);
      if (double === undefined) throw new Error(`no double for ${service}`);
      return double as never;
    },
    arn: (service, resource) => `arn:aws:${service}:eu-central-1:123456789012:${resource}`,
    iam: {
      putRole: () => undefined,
      removeRole: () => undefined,
      putRolePolicy: () => undefined,
      removeRolePolicy: () => undefined,
      authorise: () => undefined,
      report: () => ({ denied: [], unused: [] }),
    },
    onHttp: () => undefined,
    record: (source, event, detail) => void log.push({ atMillis: clock.now(), source, event, detail }),
    onRecord: () => undefined,
    underWay: () => [...underWay.values()],
    begin: (what) => {
      const key = Symbol(what);
      underWay.set(key, what);
      return () => void underWay.delete(key);
    },
  };
  return cloud;
}

const worldCall = (cloud: Cloud): Call => ({
  caller: { kind: 'world', principalArn: 'arn:aws:iam::123456789012:user/test' },
  requestId: 'request',
  cloud,
});

/** Runs one operation of a double; what it throws arrives as a rejection. */
export async function run(cloud: Cloud, double: ServiceDouble, operation: string, input: Members): Promise<Members> {
  const found = double.operations[operation];
  if (found === undefined) throw new Error(`${double.service} has no ${operation}`);
  return found.run(input, worldCall(cloud));
}

export function stubContext(cloud: Cloud, logicalId: string): ResourceContext {
  return {
    cloud,
    logicalId,
    constructPath: `stack/${logicalId}`,
    stackName: 'stack',
    stackId: cloud.arn('cloudformation', 'stack/stack/1'),
    physicalName: (maxLength = 63) => `stack-${logicalId}-x1`.slice(0, maxLength),
    assetPath: () => undefined,
  };
}

export async function create(
  cloud: Cloud,
  types: readonly ResourceType[],
  type: string,
  logicalId: string,
  properties: Members,
): Promise<CreatedResource> {
  const found = types.find((candidate) => candidate.type === type);
  if (found === undefined) throw new Error(`no resource type ${type}`);
  return found.create(properties, stubContext(cloud, logicalId));
}
