import type { Tallies } from '../tally';
import { SUM, UNITS } from '../tally';
import { Largest } from './score';
import type { Score } from './score';

/** How bad a level is: larger is worse, whichever direction is good. */
export type Badness = (level: number) => number;

const PERIOD_MINUTES = 5;
const ALARM_PERIODS = 3;
const FLAGGER_FAILED_CHECKS = 5;
const ARGO_FAILURE_LIMIT = 3;

/** Candidate's level per period of five minutes; missing without traffic. */
class Period {
  private units = 0;
  private sum = 0;

  /** Undefined within the period, NaN for one without data. */
  minute({ candidate }: Tallies, minute: number): number | undefined {
    this.units += candidate[UNITS] ?? 0;
    this.sum += candidate[SUM] ?? 0;
    if (minute % PERIOD_MINUTES !== PERIOD_MINUTES - 1) return undefined;
    const level = this.units === 0 ? Number.NaN : this.sum / this.units;
    this.units = 0;
    this.sum = 0;
    return level;
  }
}

/** CloudWatch alarm, 2 of 3 periods of five minutes, missing data left out: its score is the second worst of the last three periods. */
export class CloudWatchAlarm implements Score {
  private readonly period = new Period();
  private readonly recent: number[] = [];
  private score = Number.NEGATIVE_INFINITY;

  constructor(private readonly badness: Badness) {}

  minute(seen: Tallies, minute: number): number {
    const level = this.period.minute(seen, minute);
    if (level === undefined) return this.score;
    this.recent.push(Number.isNaN(level) ? Number.NEGATIVE_INFINITY : this.badness(level));
    if (this.recent.length > ALARM_PERIODS) this.recent.shift();
    const [, second = Number.NEGATIVE_INFINITY] = this.recent.toSorted((a, b) => b - a);
    this.score = Math.max(this.score, second);
    return this.score;
  }
}

/** Flagger: a check each minute of that minute's level, five failed checks in all; a minute without values is a failed check. */
export class FlaggerChecks implements Score {
  private readonly worst = new Largest(FLAGGER_FAILED_CHECKS);

  constructor(private readonly badness: Badness) {}

  minute({ candidate }: Tallies): number {
    const units = candidate[UNITS] ?? 0;
    this.worst.add(units === 0 ? Number.POSITIVE_INFINITY : this.badness((candidate[SUM] ?? 0) / units));
    return this.worst.last;
  }
}

/** Argo Rollouts: a measurement each five minutes, failed once more than `failureLimit` = 3 measurements are; no data is no failure. */
export class ArgoAnalysis implements Score {
  private readonly period = new Period();
  private readonly worst = new Largest(ARGO_FAILURE_LIMIT + 1);

  constructor(private readonly badness: Badness) {}

  minute(seen: Tallies, minute: number): number {
    const level = this.period.minute(seen, minute);
    if (level !== undefined && !Number.isNaN(level)) this.worst.add(this.badness(level));
    return this.worst.last;
  }
}
