import type { Clock } from '../../cloud/types';

/** A handler as runtimes before nodejs24.x take it: it answers by a promise, by its callback, or by methods of the context. */
export type CallbackHandler = (event: unknown, context: object, callback: (error: unknown, value?: unknown) => void) => unknown;

const LONGEST_LOOK_MILLIS = 1000;

const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as { then?: unknown } | null | undefined)?.then === 'function';

/**
 * What a handler that returns no promise answers: what it calls back with, or null once nothing is left that it could wait for. What it
 * returns is lost, as on Lambda.
 */
export function answerOf(handler: CallbackHandler, event: unknown, context: object, clock: Clock, waits: () => boolean): Promise<unknown> {
  return new Promise((resolve, reject) => {
    let answered = false;
    const done = (error: unknown, value?: unknown): void => {
      answered = true;
      if (error === undefined || error === null) resolve(value);
      else reject(error as Error);
    };
    const ways = { done, succeed: (value: unknown) => done(null, value), fail: (error: unknown) => done(error ?? 'handled') };
    const result = handler(event, Object.assign(context, ways), done);
    if (isPromise(result)) {
      result.then((value) => done(null, value), reject);
      return;
    }
    const look = (afterMillis: number): void => {
      clock.after(afterMillis, () => {
        if (answered) return;
        if (waits()) look(Math.min(2 * afterMillis, LONGEST_LOOK_MILLIS));
        else done(null, null);
      });
    };
    look(1);
  });
}
