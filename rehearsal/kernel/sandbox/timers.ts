import { promisify } from 'node:util';
import type { TimerHandle } from '../../cloud/types';
import type { SandboxHost } from './host';

type Callback = (...parameters: unknown[]) => void;

/** What setTimeout gives: an object that also works as a number, as in Node. */
class SandboxTimer {
  handle: TimerHandle | undefined;
  dueMillis = 0;

  constructor(
    private readonly owner: SandboxTimers,
    readonly callback: Callback,
    readonly parameters: unknown[],
    readonly delayMillis: number,
    readonly repeats: boolean,
    readonly id: number,
  ) {}

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }

  refresh(): this {
    this.owner.restart(this);
    return this;
  }

  close(): this {
    this.owner.clear(this);
    return this;
  }

  [Symbol.toPrimitive](): number {
    return this.id;
  }

  [Symbol.dispose](): void {
    this.owner.clear(this);
  }
}

/** Timers of one sandbox on virtual time. Between two invocations they stand still, as everything does in a frozen Lambda environment. */
export class SandboxTimers {
  private readonly active = new Map<number, SandboxTimer>();
  private nextId = 1;
  private frozen = false;
  private disposed = false;
  private waiting: (() => void)[] = [];

  constructor(private readonly host: SandboxHost) {}

  get activeCount(): number {
    return this.active.size;
  }

  set(callback: Callback, delayMillis: unknown, parameters: unknown[], repeats = false): SandboxTimer {
    if (typeof callback !== 'function') throw new TypeError('The "callback" argument must be of type function.');
    const delay = Number(delayMillis);
    // As Node: no delay below one millisecond, none that does not fit 31 bits.
    const timer = new SandboxTimer(this, callback, parameters, delay >= 1 && delay <= 2_147_483_647 ? delay : 1, repeats, this.nextId++);
    this.start(timer, timer.delayMillis);
    return timer;
  }

  setImmediate(callback: Callback, parameters: unknown[]): SandboxTimer {
    const timer = new SandboxTimer(this, callback, parameters, 0, false, this.nextId++);
    this.start(timer, 0);
    return timer;
  }

  clear(timer: unknown): void {
    const found = timer instanceof SandboxTimer ? timer : this.active.get(Number(timer));
    if (found?.handle !== undefined) this.host.clock.cancel(found.handle);
    if (found !== undefined) this.active.delete(found.id);
  }

  restart(timer: SandboxTimer): void {
    if (!this.active.has(timer.id)) return;
    this.clear(timer);
    this.start(timer, timer.delayMillis);
  }

  freeze(): void {
    if (this.frozen) return;
    this.frozen = true;
    for (const timer of this.active.values()) if (timer.handle !== undefined) this.host.clock.cancel(timer.handle);
  }

  thaw(): void {
    if (!this.frozen) return;
    this.frozen = false;
    for (const timer of this.active.values()) this.schedule(timer);
    const { waiting } = this;
    this.waiting = [];
    for (const resume of waiting) resume();
  }

  /** Nothing of this sandbox runs any more. */
  dispose(): void {
    this.freeze();
    this.disposed = true;
    this.active.clear();
  }

  /** Resolves when the sandbox may run; at once unless it is frozen. */
  async thawed(): Promise<void> {
    if (this.frozen) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** Runs a callback of the sandbox's code; what it throws has no caller to go to. */
  guard(callback: Callback, parameters: unknown[]): void {
    if (this.disposed) return;
    this.host.working?.();
    try {
      callback(...parameters);
    } catch (error) {
      this.host.crash(error);
    }
  }

  private start(timer: SandboxTimer, delayMillis: number): void {
    if (this.disposed) return;
    timer.dueMillis = this.host.clock.now() + delayMillis;
    this.active.set(timer.id, timer);
    if (!this.frozen) this.schedule(timer);
  }

  private schedule(timer: SandboxTimer): void {
    timer.handle = this.host.clock.at(timer.dueMillis, () => {
      if (timer.repeats) this.start(timer, timer.delayMillis);
      else this.active.delete(timer.id);
      this.guard(timer.callback, timer.parameters);
    });
  }
}

/** The functions by their global names. */
export function timerFunctions(timers: SandboxTimers): Record<string, (...parameters: never[]) => unknown> {
  const setTimeout = (callback: Callback, delayMillis?: number, ...parameters: unknown[]) => timers.set(callback, delayMillis, parameters);
  const setImmediate = (callback: Callback, ...parameters: unknown[]) => timers.setImmediate(callback, parameters);
  const clear = (timer: unknown) => timers.clear(timer);
  Object.assign(setTimeout, { [promisify.custom]: promisedTimers(timers)['setTimeout'] });
  Object.assign(setImmediate, { [promisify.custom]: promisedTimers(timers)['setImmediate'] });
  return {
    setTimeout,
    setInterval: (callback: Callback, delayMillis?: number, ...parameters: unknown[]) =>
      timers.set(callback, delayMillis, parameters, true),
    setImmediate,
    clearTimeout: clear,
    clearInterval: clear,
    clearImmediate: clear,
  };
}

/** `node:timers/promises`. */
export function promisedTimers(timers: SandboxTimers): Record<string, unknown> {
  const wait = (start: (done: () => void) => SandboxTimer, value: unknown, signal: AbortSignal | undefined) =>
    new Promise((resolve, reject) => {
      const fail = () =>
        reject(Object.assign(new Error('The operation was aborted', { cause: signal?.reason }), { name: 'AbortError', code: 'ABORT_ERR' }));
      if (signal?.aborted) return fail();
      const timer = start(() => resolve(value));
      signal?.addEventListener('abort', () => {
        timers.clear(timer);
        fail();
      });
    });
  const setTimeout = (delayMillis?: number, value?: unknown, options?: { signal?: AbortSignal }) =>
    wait((done) => timers.set(done, delayMillis, []), value, options?.signal);
  return {
    setTimeout,
    setImmediate: (value?: unknown, options?: { signal?: AbortSignal }) =>
      wait((done) => timers.setImmediate(done, []), value, options?.signal),
    scheduler: { wait: (delayMillis: number, options?: { signal?: AbortSignal }) => setTimeout(delayMillis, undefined, options) },
  };
}
