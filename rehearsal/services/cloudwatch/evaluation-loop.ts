import type { Clock, Cloud } from '../../cloud/types';
import { evaluateAlarm, restMillis, type Evaluation, type MetricAlarm } from './alarm';
import type { MetricSeries } from './series';

const MINUTE = 60_000;
const MINUTE_SECONDS = 60;
/** Metrics reach CloudWatch a little after the minute they belong to. */
const EVALUATED_AFTER_MILLIS = 10_000;
/** High-resolution alarms are looked at that often. */
const SHORT_MILLIS = 10_000;

const isShort = ({ definition }: MetricAlarm): boolean => definition.periodSeconds < MINUTE_SECONDS;

/** Evaluates each minute the alarms that have something to evaluate, those of high resolution every ten seconds. While nothing moves, time passes freely. */
export class EvaluationLoop {
  private readonly watched = new Map<MetricSeries, Set<MetricAlarm>>();
  private readonly alarms = new Set<MetricAlarm>();
  private changed: MetricSeries[] = [];
  private tickAtMillis = Number.POSITIVE_INFINITY;

  constructor(
    private readonly cloud: Cloud,
    private readonly enter: (alarm: MetricAlarm, evaluation: Evaluation) => void,
  ) {}

  watch(alarm: MetricAlarm): void {
    this.alarms.add(alarm);
    for (const series of alarm.definition.queries.series) {
      const watchers = this.watched.get(series);
      if (watchers === undefined) this.watched.set(series, new Set([alarm]));
      else watchers.add(alarm);
      series.listener ??= (moved) => {
        this.changed.push(moved);
        this.tickSoon(this.anyShort(this.watched.get(moved)!));
      };
    }
    this.touch(alarm);
  }

  unwatch(alarm: MetricAlarm): void {
    this.alarms.delete(alarm);
    for (const series of alarm.definition.queries.series) this.watched.get(series)?.delete(alarm);
  }

  /** The alarm is looked at until what it knows has left its evaluation range. */
  touch(alarm: MetricAlarm): void {
    alarm.restlessUntilMillis = this.cloud.clock.now() + restMillis(alarm.definition) + 2 * MINUTE;
    this.tickSoon(isShort(alarm));
  }

  private anyShort(alarms: Iterable<MetricAlarm>): boolean {
    for (const alarm of alarms) if (isShort(alarm)) return true;
    return false;
  }

  private tickSoon(short: boolean): void {
    const clock: Clock = this.cloud.clock;
    const now = clock.now();
    const next = short
      ? (Math.floor(now / SHORT_MILLIS) + 1) * SHORT_MILLIS
      : (Math.floor(now / MINUTE) + 1) * MINUTE + EVALUATED_AFTER_MILLIS;
    if (next >= this.tickAtMillis) return;
    this.tickAtMillis = next;
    const tick = (): void => {
      if (this.tickAtMillis === next) this.tick();
    };
    if (clock.atInBackground === undefined) clock.at(next, tick);
    else clock.atInBackground(next, tick);
  }

  private tick(): void {
    this.tickAtMillis = Number.POSITIVE_INFINITY;
    const now = this.cloud.clock.now();
    this.takeChanges();
    const onTheMinute = now % MINUTE === EVALUATED_AFTER_MILLIS;
    let restless = false;
    let short = false;
    for (const alarm of this.alarms) {
      if (alarm.restlessUntilMillis < now) continue;
      restless = true;
      const step = isShort(alarm) ? SHORT_MILLIS : MINUTE;
      if (step === SHORT_MILLIS) short = true;
      else if (!onTheMinute) continue;
      const evaluation = evaluateAlarm(alarm.definition, Math.floor(now / step) * step);
      if (evaluation !== undefined && evaluation.state !== alarm.state.value) this.enter(alarm, evaluation);
    }
    if (restless) this.tickSoon(short);
  }

  private takeChanges(): void {
    const changed = this.changed;
    this.changed = [];
    for (const series of changed) {
      series.changed = false;
      for (const alarm of this.watched.get(series)!)
        alarm.restlessUntilMillis = this.cloud.clock.now() + restMillis(alarm.definition) + 2 * MINUTE;
    }
  }
}
