import { setImmediate as realSetImmediate, setTimeout as realSetTimeout, clearTimeout as realClearTimeout } from 'node:timers';
import type { Clock, TimerHandle } from '../cloud/types';
import { Heartbeat } from './heartbeat';
import { StableHeap } from './heap';

interface Timer extends TimerHandle {
  readonly atMillis: number;
  readonly action: () => void | Promise<void>;
  readonly background: boolean;
  cancelled: boolean;
  done: boolean;
}

export interface VirtualClockOptions {
  startMillis: number;
  /** How long (wall time) work that waits for something outside of virtual time may take. */
  watchdogMillis?: number;
}

/**
 * Virtual time. One action runs at a time; the next one starts when everything the last one set off is parked.
 *
 * All that code in the rehearsal can wait for is a promise, a nextTick (streams), or a timer of this clock: setTimeout, setImmediate and
 * http are virtual. Node empties the queues of promises and ticks before it goes on to the next phase of its event loop, so one real
 * setImmediate turn after an action means that nothing is left to run at this instant. What needs real time (a model behind a loopback
 * URL) says so with `hold`, and time stands still until it is let go.
 */
export class VirtualClock implements Clock {
  private currentMillis: number;
  private readonly timers = new StableHeap<Timer>();
  private nextId = 1;
  private foreground = 0;
  private readonly holds = new Set<{ what: string }>();
  private released: (() => void) | undefined;
  private failure: { error: unknown } | undefined;
  private running = false;
  private readonly watchdogMillis: number;
  /** Grows with each action: what runs until the next one was set off by it. */
  turns = 0;
  /** Shows other threads that time moves, and for whom. */
  readonly heartbeat = new Heartbeat();

  constructor(options: VirtualClockOptions) {
    this.currentMillis = options.startMillis;
    this.watchdogMillis = options.watchdogMillis ?? 30_000;
  }

  now(): number {
    return this.currentMillis;
  }

  at(atMillis: number, action: () => void | Promise<void>): TimerHandle {
    return this.schedule(atMillis, action, false);
  }

  after(delayMillis: number, action: () => void | Promise<void>): TimerHandle {
    return this.schedule(this.currentMillis + Math.max(0, delayMillis), action, false);
  }

  /** Like `at`, but `drain` does not wait for it: polls, periodic schedules. */
  atInBackground(atMillis: number, action: () => void | Promise<void>): TimerHandle {
    return this.schedule(atMillis, action, true);
  }

  cancel(handle: TimerHandle): void {
    const timer = handle as Timer;
    if (timer.cancelled || timer.done) return;
    timer.cancelled = true;
    if (!timer.background) this.foreground -= 1;
  }

  sleep(delayMillis: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(delayMillis, resolve);
    });
  }

  /** Stops virtual time until the returned function is called: for work that takes real time. */
  hold(what: string): () => void {
    const entry = { what };
    this.holds.add(entry);
    return () => {
      if (this.holds.delete(entry) && this.holds.size === 0) this.released?.();
    };
  }

  /** Ends the run with this error as soon as the work of this instant is parked. */
  fail(error: unknown): void {
    this.failure ??= { error };
  }

  /** Runs all that is due up to and at `untilMillis`; afterwards the clock shows `untilMillis`. */
  async run(untilMillis: number): Promise<void> {
    await this.exclusively(async () => {
      await this.settle();
      while (await this.step(untilMillis));
      this.currentMillis = Math.max(this.currentMillis, untilMillis);
    });
  }

  /** Runs until `finished` holds (default: no timers but background ones are left), at most up to `limitMillis`. False: not finished by then. */
  async drain(limitMillis: number = Infinity, finished: () => boolean = () => this.foreground === 0): Promise<boolean> {
    return this.exclusively(async () => {
      await this.settle();
      while (!finished()) {
        if (!(await this.step(limitMillis))) return finished();
      }
      return true;
    });
  }

  /** Runs virtual time until `work` has settled, and gives its outcome. */
  async complete<T>(work: Promise<T>): Promise<T> {
    let settled = false;
    const mark = () => {
      settled = true;
    };
    work.then(mark, mark);
    if (!(await this.drain(Infinity, () => settled))) {
      throw new Error('This work waits for something that never happens: no timer is left in virtual time, yet it has not ended.');
    }
    return work;
  }

  private schedule(atMillis: number, action: () => void | Promise<void>, background: boolean): TimerHandle {
    if (!Number.isFinite(atMillis)) throw new RangeError(`A timer's time must be a finite number of milliseconds, got ${atMillis}.`);
    const due = Math.max(atMillis, this.currentMillis);
    const timer: Timer = { id: this.nextId++, atMillis: due, action, background, cancelled: false, done: false };
    if (!background) this.foreground += 1;
    this.timers.push(due, timer);
    return timer;
  }

  private async step(untilMillis: number): Promise<boolean> {
    let timer = this.timers.peek();
    while (timer?.cancelled) {
      this.timers.pop();
      timer = this.timers.peek();
    }
    if (timer === undefined || timer.atMillis > untilMillis) return false;
    this.timers.pop();
    timer.done = true;
    if (!timer.background) this.foreground -= 1;
    this.currentMillis = timer.atMillis;
    this.heartbeat.turn();
    this.turns += 1;
    const ending = timer.action();
    if (ending !== undefined) ending.catch((error: unknown) => this.fail(error));
    await this.settle();
    return true;
  }

  private async settle(): Promise<void> {
    await turn();
    while (this.holds.size > 0) {
      this.heartbeat.running(false);
      await this.release();
      this.heartbeat.running(true);
      await turn();
    }
    if (this.failure !== undefined) {
      const { error } = this.failure;
      this.failure = undefined;
      throw error;
    }
  }

  private release(): Promise<void> {
    return new Promise((resolve, reject) => {
      const watchdog = realSetTimeout(() => {
        const names = [...this.holds].map((hold) => hold.what).join(', ');
        reject(new Error(`Not finished after ${this.watchdogMillis} ms of wall time: ${names}. It must end, or fail, sooner.`));
      }, this.watchdogMillis);
      this.released = () => {
        realClearTimeout(watchdog);
        this.released = undefined;
        resolve();
      };
    });
  }

  private async exclusively<T>(work: () => Promise<T>): Promise<T> {
    if (this.running) throw new Error('The clock runs already: only one run, drain or complete at a time.');
    this.running = true;
    this.heartbeat.running(true);
    try {
      return await work();
    } finally {
      this.running = false;
      this.heartbeat.running(false);
    }
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    realSetImmediate(resolve);
  });
}
