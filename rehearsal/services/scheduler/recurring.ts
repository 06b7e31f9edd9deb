import type { Clock, TimerHandle } from '../../cloud/types';
import type { Recurrence } from './expression';

/** One timer at a time for something that recurs, however long it runs. */
export class Recurring {
  private timer: TimerHandle | undefined;
  private stopped = false;

  constructor(
    private readonly clock: Clock,
    private readonly recurrence: Recurrence,
    private readonly untilMillis: number,
    private readonly due: (atMillis: number) => void,
    /** Called when no time is left to come. */
    private readonly over: () => void = () => undefined,
  ) {
    // One millisecond back: a rate's first time is its start itself.
    this.arm(clock.now() - 1);
  }

  stop(): void {
    this.stopped = true;
    if (this.timer !== undefined) this.clock.cancel(this.timer);
  }

  private arm(afterMillis: number): void {
    const atMillis = this.recurrence.next(afterMillis);
    if (atMillis === undefined || atMillis > this.untilMillis) return this.over();
    const action = (): void => {
      this.due(atMillis);
      if (!this.stopped) this.arm(atMillis);
    };
    this.timer = this.clock.atInBackground?.(atMillis, action) ?? this.clock.at(atMillis, action);
  }
}
