import type { Clock } from '../../cloud/types';
import type { Json } from './definition';
import { Cancelled } from './errors';

/** Where states run: ends together, as an execution, a Parallel's branches or a Map's iterations do. */
export class CancelScope {
  private readonly listeners = new Set<() => void>();
  private readonly leaveParent: (() => void) | undefined;
  cancelled = false;

  constructor(parent?: CancelScope) {
    if (parent?.cancelled === true) this.cancelled = true;
    else this.leaveParent = parent?.onCancel(() => this.cancel());
  }

  /** Ends what runs inside; also called when all of it is done, so that nothing is left listening. */
  cancel(): void {
    if (this.cancelled) return;
    this.cancelled = true;
    this.leaveParent?.();
    for (const listener of [...this.listeners]) listener();
    this.listeners.clear();
  }

  onCancel(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  check(): void {
    if (this.cancelled) throw new Cancelled('cancelled');
  }

  /** The promise's outcome, or Cancelled as soon as the scope ends. */
  race<T>(work: Promise<T>): Promise<T> {
    if (this.cancelled) {
      work.catch(() => undefined);
      return Promise.reject(new Cancelled('cancelled'));
    }
    return new Promise<T>((resolve, reject) => {
      const forget = this.onCancel(() => reject(new Cancelled('cancelled')));
      work.then(
        (value) => {
          forget();
          resolve(value);
        },
        (failure: unknown) => {
          forget();
          reject(failure);
        },
      );
    });
  }

  /** Virtual sleep whose timer goes away with the scope, so that it never holds the clock. */
  sleepUntil(clock: Clock, atMillis: number): Promise<void> {
    if (this.cancelled) return Promise.reject(new Cancelled('cancelled'));
    return new Promise<void>((resolve, reject) => {
      const timer = clock.at(Math.max(atMillis, clock.now()), () => {
        forget();
        resolve();
      });
      const forget = this.onCancel(() => {
        clock.cancel(timer);
        reject(new Cancelled('cancelled'));
      });
    });
  }
}

/** Variables of a flow. Inner flows see the outer ones' values and assign only their own. */
export class Variables {
  private readonly own: Record<string, Json> = {};
  private readonly ownBytes = new Map<string, number>();

  constructor(private readonly outer?: Variables) {}

  all(): Record<string, Json> {
    return this.outer === undefined ? this.own : { ...this.outer.all(), ...this.own };
  }

  /** What this flow and those around it would hold, were these JSON texts assigned. */
  bytesWith(texts: readonly (readonly [string, string])[]): number {
    const sizes = new Map(this.ownBytes);
    for (const [name, text] of texts) sizes.set(name, Buffer.byteLength(text));
    let total = this.outer?.bytesWith([]) ?? 0;
    for (const bytes of sizes.values()) total += bytes;
    return total;
  }

  assign(values: Record<string, Json>, texts: readonly (readonly [string, string])[]): void {
    Object.assign(this.own, values);
    for (const [name, text] of texts) this.ownBytes.set(name, Buffer.byteLength(text));
  }
}
