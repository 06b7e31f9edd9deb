import type { Judge } from './ours';
import type { KayentaJudge } from './peers/kayenta';
import type { Score } from './peers/score';
import type { Stream } from './stream';
import type { YoungRollback } from './young';
import { DAY_MINUTES } from './traffic';

/** When a policy rolled back, and how many requests the candidate had answered by then. */
export interface Alarm {
  minute: number;
  exposed: number;
}

export type Alarms = Record<string, Alarm | undefined>;

export interface Runner {
  name: string;
  /** True once it rolls back. */
  minute(stream: Stream): boolean;
}

/** All runners watch the same day; each is asked until it has decided, and the day ends when all have. */
export function race(stream: Stream, runners: Runner[]): Alarms {
  const alarms: Alarms = {};
  let undecided = runners;
  for (let minute = 0; minute < DAY_MINUTES && undecided.length > 0; minute++) {
    stream.next();
    let decided = false;
    for (const runner of undecided) {
      if (runner.minute(stream)) {
        alarms[runner.name] = { minute, exposed: stream.candidateRequests };
        decided = true;
      }
    }
    if (decided) undecided = undecided.filter(({ name }) => alarms[name] === undefined);
  }
  return alarms;
}

export const judgeRunner = (name: string, judge: Judge): Runner => ({
  name,
  minute: (stream) => stream.judgedMinute >= 0 && judge.minute(stream.judged, stream.judgedMinute),
});

export const youngRunner = (name: string, judge: YoungRollback): Runner => ({
  name,
  minute: ({ judged, arrived, minute }) => judge.minute(judged, arrived, minute),
});

/** Acts on what the judge says once a step has been open long enough, and `delayMinutes` after the exposure. */
export function promotionRunner(name: string, judge: Judge, fromMinute: number, delayMinutes: number): Runner {
  let passedAt = Number.POSITIVE_INFINITY;
  return {
    name,
    minute: ({ judged, minute }) => {
      if (judge.minute(judged, minute) && minute >= fromMinute) passedAt = Math.min(passedAt, minute);
      return minute >= passedAt + delayMinutes;
    },
  };
}

export const scoreRunner = (name: string, score: Score, limit: number): Runner => ({
  name,
  minute: ({ seen, minute }) => score.minute(seen, minute) > limit,
});

export const kayentaRunner = (name: string, judge: KayentaJudge): Runner => ({
  name,
  minute: ({ seen, minute }) => judge.minute(seen, minute),
});
