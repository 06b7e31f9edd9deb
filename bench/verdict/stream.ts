import { QUEUE_MINUTES } from '../../core/verdict';
import type { Kpi } from './kpis';
import type { Random } from './random';
import type { Arrival } from './young';
import type { Tallies } from './tally';
import { emptyTallies, UNITS } from './tally';
import type { Scenario } from './traffic';

/** Mean delay of an outcome in the late scenario, and the attribution window: what comes later is lost. */
export const DELAY_MINUTES = 180;
export const WINDOW_MINUTES = 720;
/** Requests of a session, on average: each is followed by another one in the next minute with this probability. */
export const SESSION_REQUESTS = 5;
export const GOES_ON = 1 - 1 / SESSION_REQUESTS;

export interface StreamOptions {
  kpi: Kpi;
  scenario: Scenario;
  /** Requests. */
  perMinute: number;
  /** Binary: the candidate's odds over the control's; values: the factor of each value. */
  factor: number;
  /** Whether dashboards watch: what only they need is left out otherwise. */
  watched: boolean;
}

/** One simulated day, minute by minute. The same stream shows itself to the e-process by exposure and to dashboards by arrival. */
export abstract class Stream {
  /** Units by their minute of exposure, complete: `lag` minutes after it. */
  readonly judged: Tallies = emptyTallies();
  /** What a dashboard counts in this minute. */
  readonly seen: Tallies = emptyTallies();
  /** Young minutes: outcomes that arrive in this minute, of the last exposures within the window. */
  arrived: Arrival[] = [];
  minute = -1;
  candidateRequests = 0;
  /** Minutes until the outcomes of an exposure are in. */
  readonly lag: number;

  constructor(
    protected readonly random: Random,
    protected readonly options: StreamOptions,
  ) {
    this.lag = options.scenario.late && !options.scenario.young ? WINDOW_MINUTES + QUEUE_MINUTES : 0;
  }

  /** Minute of exposure that `judged` tells of; negative while there is none. */
  get judgedMinute(): number {
    return this.minute - this.lag;
  }

  next(): void {
    this.minute += 1;
    this.pass();
    this.candidateRequests += this.options.scenario.sticky && !this.options.watched ? 0 : (this.seen.candidate[UNITS] ?? 0);
  }

  protected abstract pass(): void;
}
