import { Console } from 'node:console';
import { createHash, webcrypto } from 'node:crypto';
import type { Random } from '../../cloud/types';
import { createAwsLambda } from './aws-lambda';
import { createFetch } from './fetch';
import type { SandboxHost } from './host';
import type { LineStream } from './process';
import type { SandboxTimers } from './timers';
import { timerFunctions } from './timers';

const realDate = Date;

/** `Date` on virtual time: a Proxy, so that `instanceof Date` and `Date()` hold. */
export function createDate(nowMillis: () => number): DateConstructor {
  return new Proxy(realDate, {
    construct: (target, parameters, newTarget) =>
      Reflect.construct(target, parameters.length === 0 ? [nowMillis()] : parameters, newTarget) as object,
    apply: () => new realDate(nowMillis()).toString(),
    get: (target, key) => (key === 'now' ? nowMillis : (Reflect.get(target, key) as unknown)),
  });
}

/** `Intl` on virtual time, in Lambda's time zone: only what formats the present, or guesses a zone, differs from the real one. */
export function createIntl(nowMillis: () => number): typeof Intl {
  const make = (newTarget: unknown, [locales, options]: unknown[]): Intl.DateTimeFormat => {
    const zoned = { timeZone: 'UTC', ...(options as object | undefined) };
    const made = Reflect.construct(Intl.DateTimeFormat, [locales, zoned], newTarget as never) as Intl.DateTimeFormat;
    const { format } = made;
    return Object.defineProperties(made, {
      format: { value: (date?: Date | number) => format(date ?? nowMillis()) },
      formatToParts: { value: (date?: Date | number) => Intl.DateTimeFormat.prototype.formatToParts.call(made, date ?? nowMillis()) },
    });
  };
  const DateTimeFormat = new Proxy(Intl.DateTimeFormat, {
    construct: (_target, parameters, newTarget) => make(newTarget, parameters),
    apply: (target, _this, parameters) => make(target, parameters),
  });
  return Object.create(Intl, { DateTimeFormat: { value: DateTimeFormat, configurable: true, writable: true } }) as typeof Intl;
}

/** `Event` whose time stamp counts virtual milliseconds. */
export function createEvent(sinceStart: () => number): typeof Event {
  return new Proxy(Event, {
    construct: (target, parameters, newTarget) =>
      Object.defineProperty(Reflect.construct(target, parameters, newTarget) as Event, 'timeStamp', { value: sinceStart() }),
  });
}

export function createMath(random: Random): Math {
  const descriptors = Object.getOwnPropertyDescriptors(Math);
  return Object.create(Object.prototype, {
    ...descriptors,
    random: { value: () => random.next(), configurable: true, writable: true },
  }) as Math;
}

export function createPerformance(host: SandboxHost): Record<string, unknown> {
  const startMillis = host.clock.now();
  const now = () => host.clock.now() - startMillis;
  const mark = (name: string) => ({ name, entryType: 'mark', startTime: now(), duration: 0 });
  const nothing = () => undefined;
  const none = () => [];
  return {
    now,
    timeOrigin: startMillis,
    mark,
    measure: mark,
    clearMarks: nothing,
    clearMeasures: nothing,
    getEntries: none,
    getEntriesByName: none,
    getEntriesByType: none,
    toJSON: () => ({ timeOrigin: startMillis }),
  };
}

/** `AbortSignal` whose `timeout` runs on virtual time. */
export function createAbortSignal(timers: SandboxTimers): typeof AbortSignal {
  // Nearly every such signal fires after its request is long done: one reason serves them all.
  let reason: DOMException | undefined;
  const timeout = (delayMillis: number): AbortSignal => {
    const controller = new AbortController();
    const abort = () => controller.abort((reason ??= new DOMException('The operation was aborted due to timeout', 'TimeoutError')));
    timers.set(abort, delayMillis, []);
    return controller.signal;
  };
  return new Proxy(AbortSignal, { get: (target, key) => (key === 'timeout' ? timeout : (Reflect.get(target, key) as unknown)) });
}

/** Libraries look at what is there when they load: only a call is refused, but for digests. */
export function createSubtle(host: SandboxHost): Record<string, unknown> {
  const digest = async (algorithm: string | { name: string }, data: ArrayBuffer | ArrayBufferView): Promise<ArrayBuffer> => {
    const name = (typeof algorithm === 'string' ? algorithm : algorithm.name).replace('-', '').toLowerCase();
    const bytes = ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data);
    return new Uint8Array(createHash(name).update(bytes).digest()).buffer;
  };
  const names = Object.getOwnPropertyNames(Object.getPrototypeOf(webcrypto.subtle)).filter((name) => name !== 'constructor');
  const refusals = names.map((name) => {
    const refused = (): never => {
      throw host.unsupported(`crypto.subtle.${name}`);
    };
    return [name, refused] as const;
  });
  return { ...Object.fromEntries(refusals), digest };
}

/** The Web Crypto global: only its randomness, which is the sandbox's own. */
export function createWebCrypto(host: SandboxHost): Record<string, unknown> {
  return {
    getRandomValues: <T extends ArrayBufferView>(target: T): T => {
      new Uint8Array(target.buffer, target.byteOffset, target.byteLength).set(host.random.bytes(target.byteLength));
      return target;
    },
    randomUUID: () => host.random.uuid(),
    subtle: createSubtle(host),
  };
}

/** Everything that shadows a global of this process inside a sandbox, by name. */
export function createGlobals(
  host: SandboxHost,
  timers: SandboxTimers,
  process: NodeJS.Process,
  streams: { stdout: LineStream; stderr: LineStream },
): Record<string, unknown> {
  const refuse = (name: string) =>
    function refused(): never {
      throw host.unsupported(name);
    };
  const startMillis = host.clock.now();
  const given: Record<string, unknown> = {
    process,
    console: new Console({ stdout: streams.stdout as never, stderr: streams.stderr as never, colorMode: false }),
    Date: createDate(() => host.clock.now()),
    Math: createMath(host.random.fork('math')),
    Intl: createIntl(() => host.clock.now()),
    Event: createEvent(() => host.clock.now() - startMillis),
    performance: createPerformance(host),
    crypto: createWebCrypto(host),
    AbortSignal: createAbortSignal(timers),
    queueMicrotask: (callback: () => void) => queueMicrotask(() => timers.guard(callback, [])),
    awslambda: createAwsLambda(),
    fetch: createFetch(host, timers),
    WebSocket: refuse('WebSocket'),
    EventSource: refuse('EventSource'),
    XMLHttpRequest: undefined,
    MessageChannel: refuse('MessageChannel'),
    BroadcastChannel: refuse('BroadcastChannel'),
    ...timerFunctions(timers),
  };
  // Reads of other globals go through; what code writes stays in its sandbox.
  const all = Object.create(globalThis, Object.getOwnPropertyDescriptors(given)) as Record<string, unknown>;
  return { ...given, globalThis: Object.assign(all, { globalThis: all, global: all }), global: all };
}

/** The names of `createGlobals`, in the order in which compiled code takes them. */
export const globalNames = [
  'process',
  'console',
  'Date',
  'Math',
  'Intl',
  'Event',
  'performance',
  'crypto',
  'AbortSignal',
  'queueMicrotask',
  'awslambda',
  'fetch',
  'WebSocket',
  'EventSource',
  'XMLHttpRequest',
  'MessageChannel',
  'BroadcastChannel',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
  'clearImmediate',
  'globalThis',
  'global',
] as const;
