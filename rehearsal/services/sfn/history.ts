import type { Clock } from '../../cloud/types';
import { StateError } from './errors';

export interface HistoryEvent {
  id: number;
  previousEventId: number;
  atMillis: number;
  type: string;
  /** The SDK's member for the details, e.g. `stateEnteredEventDetails`; absent when the type has none. */
  detailsMember?: string;
  details?: Record<string, unknown>;
}

const HISTORY_LIMIT_EVENTS = 25_000;

/** Several event types share one details member. */
function detailsMemberOf(type: string): string {
  if (type.endsWith('StateEntered')) return 'stateEnteredEventDetails';
  if (type.endsWith('StateExited')) return 'stateExitedEventDetails';
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
}

/** The position in one line of states; branches and iterations have their own. */
export interface Thread {
  previousEventId: number;
}

export class History {
  readonly events: HistoryEvent[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly limit = HISTORY_LIMIT_EVENTS,
  ) {}

  /** Refuses the event that would pass the limit, except those that end the execution. */
  add(thread: Thread, type: string, details?: Record<string, unknown>): number {
    if (this.events.length >= this.limit - 1 && !type.startsWith('Execution'))
      throw new StateError('States.Runtime', `The execution reached the maximum number of history events (${HISTORY_LIMIT_EVENTS}).`, {
        terminal: true,
        recorded: true,
      });
    const id = this.events.length + 1;
    this.events.push({
      id,
      previousEventId: thread.previousEventId,
      atMillis: this.clock.now(),
      type,
      ...(details === undefined ? {} : { detailsMember: detailsMemberOf(type), details }),
    });
    thread.previousEventId = id;
    return id;
  }
}
