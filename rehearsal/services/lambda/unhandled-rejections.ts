import type { VirtualClock } from '../../kernel/clock';

/** Code of a handler that ran last, and when. */
interface AtWork {
  clock: VirtualClock;
  turn: number;
  crash(error: unknown): void;
}

let last: AtWork | undefined;
let isListening = false;

/** Notes whose code runs now: a promise that fails unheard before anything else happens is its own. */
export function noteAtWork(clock: VirtualClock, crash: (error: unknown) => void): void {
  if (!isListening) {
    isListening = true;
    process.on('unhandledRejection', giveToOwner);
  }
  last = { clock, turn: clock.turns, crash };
}

/** As on Lambda such a rejection ends the function's process; any other is an error of the rehearsal. */
function giveToOwner(reason: unknown): void {
  if (last === undefined || last.clock.turns !== last.turn) throw reason;
  const error = Object.assign(
    new Error(reason instanceof Error || hasMessage(reason) ? `${nameOf(reason)}: ${reason.message}` : String(reason)),
    {
      name: 'Runtime.UnhandledPromiseRejection',
    },
  );
  last.crash(error);
}

const hasMessage = (value: unknown): value is { message: string } => typeof (value as { message?: unknown } | null)?.message === 'string';
const nameOf = (value: object): string => String((value as { name?: unknown }).name ?? 'Error');
