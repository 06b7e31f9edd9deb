import { AwsError, UnsupportedError, type Clock, type Cloud, type Members } from '../../cloud/types';
import {
  evaluateAlarm,
  evaluationRangeMillis,
  type Alarm,
  type CompositeAlarm,
  type Evaluation,
  type MetricAlarm,
  type StateRecord,
} from './alarm';
import { readMetricAlarm } from './alarm-definition';
import { alarmsIn, holds, parseRule } from './composite-rule';
import type { AlarmState } from './missing-data';
import { checkActions, Notifications } from './notifications';
import type { MetricSeries, MetricStore } from './series';

const MINUTE = 60_000;
/** Metrics reach CloudWatch a little after the minute they belong to. */
const EVALUATED_AFTER_MILLIS = 10_000;
const MAX_CHILDREN = 100;
const MAX_NAME = 255;

type BackgroundClock = Clock & { atInBackground?: Clock['at'] };

/** All alarms. Those with something to evaluate are evaluated each virtual minute; while nothing moves, time passes freely. */
export class Alarms {
  private readonly byName = new Map<string, Alarm>();
  private readonly watched = new Map<MetricSeries, Set<MetricAlarm>>();
  private readonly notifications: Notifications;
  private ticking = false;

  constructor(
    private readonly cloud: Cloud,
    private readonly store: MetricStore,
  ) {
    this.notifications = new Notifications(cloud);
  }

  putMetricAlarm(input: Members): MetricAlarm {
    const base = this.base(input);
    const alarm: MetricAlarm = {
      ...base,
      kind: 'metric',
      definition: readMetricAlarm(this.store, base.name, input),
      restlessUntilMillis: 0,
    };
    this.replace(alarm);
    for (const series of alarm.definition.queries.series) this.watch(series, alarm);
    this.touch(alarm);
    return alarm;
  }

  putCompositeAlarm(input: Members): CompositeAlarm {
    const base = this.base(input);
    if (input.ActionsSuppressor !== undefined)
      throw new UnsupportedError(`Composite alarm ${base.name}: ActionsSuppressor is not supported by the laptop cloud`);
    const rule = parseRule(String(input.AlarmRule));
    const children = alarmsIn(rule);
    if (children.length > MAX_CHILDREN)
      throw new AwsError('ValidationError', `Composite alarm ${base.name} watches ${children.length} alarms, at most ${MAX_CHILDREN}.`);
    for (const child of children) this.get(child, base.name);
    const alarm: CompositeAlarm = { ...base, kind: 'composite', rule };
    this.replace(alarm);
    this.evaluateComposite(alarm);
    return alarm;
  }

  all(): Alarm[] {
    return [...this.byName.values()];
  }

  find(nameOrArn: string): Alarm | undefined {
    return this.byName.get(nameOrArn) ?? this.all().find(({ arn }) => arn === nameOrArn);
  }

  remove(name: string): void {
    const alarm = this.byName.get(name);
    if (alarm === undefined) throw new AwsError('ResourceNotFound', `Alarm ${name} does not exist.`, 404);
    this.byName.delete(name);
    this.unwatch(alarm);
  }

  setState(name: string, state: AlarmState, reason: string): void {
    const alarm = this.find(name);
    if (alarm === undefined) throw new AwsError('ResourceNotFound', `Alarm ${name} does not exist.`, 404);
    this.enter(alarm, { state, reason });
    if (alarm.kind === 'metric') this.touch(alarm);
  }

  arn(name: string): string {
    return this.cloud.arn('cloudwatch', `alarm:${name}`);
  }

  private base(input: Members): {
    name: string;
    arn: string;
    state: StateRecord;
    previous?: StateRecord;
    actionsEnabled: boolean;
    input: Members;
  } {
    const name = String(input.AlarmName ?? '');
    if (name === '' || name.length > MAX_NAME)
      throw new AwsError('ValidationError', `AlarmName must have 1 to ${MAX_NAME} characters, got '${name}'.`);
    checkActions(name, input);
    const known = this.byName.get(name);
    const unchecked: StateRecord = {
      value: 'INSUFFICIENT_DATA',
      reason: 'Unchecked: Initial alarm creation',
      atMillis: this.cloud.clock.now(),
    };
    return {
      name,
      arn: this.arn(name),
      state: known?.state ?? unchecked,
      ...(known?.previous === undefined ? {} : { previous: known.previous }),
      actionsEnabled: input.ActionsEnabled !== false && input.ActionsEnabled !== 'false',
      input,
    };
  }

  private get(nameOrArn: string, watcher: string): Alarm {
    const alarm = this.find(nameOrArn);
    if (alarm === undefined)
      throw new AwsError('ValidationError', `Composite alarm ${watcher} watches ${nameOrArn}, which does not exist.`);
    return alarm;
  }

  private replace(alarm: Alarm): void {
    const known = this.byName.get(alarm.name);
    if (known !== undefined) this.unwatch(known);
    this.byName.set(alarm.name, alarm);
  }

  private watch(series: MetricSeries, alarm: MetricAlarm): void {
    const watchers = this.watched.get(series);
    if (watchers !== undefined) {
      watchers.add(alarm);
      return;
    }
    const created = new Set([alarm]);
    this.watched.set(series, created);
    series.watchers.push(() => {
      for (const watcher of created) this.touch(watcher);
    });
  }

  private unwatch(alarm: Alarm): void {
    if (alarm.kind !== 'metric') return;
    for (const series of alarm.definition.queries.series) this.watched.get(series)?.delete(alarm);
  }

  /** New data: the alarm is looked at until this data has left its evaluation range. */
  private touch(alarm: MetricAlarm): void {
    alarm.restlessUntilMillis = this.cloud.clock.now() + evaluationRangeMillis(alarm.definition) + 2 * MINUTE;
    if (!this.ticking) this.tickNextMinute();
  }

  private tickNextMinute(): void {
    this.ticking = true;
    const clock: BackgroundClock = this.cloud.clock;
    const next = (Math.floor(clock.now() / MINUTE) + 1) * MINUTE + EVALUATED_AFTER_MILLIS;
    const tick = (): void => this.tick();
    if (clock.atInBackground === undefined) clock.at(next, tick);
    else clock.atInBackground(next, tick);
  }

  private tick(): void {
    const now = this.cloud.clock.now();
    const endMillis = Math.floor(now / MINUTE) * MINUTE;
    let restless = false;
    for (const alarm of this.all()) {
      if (alarm.kind !== 'metric' || alarm.restlessUntilMillis < now) continue;
      restless = true;
      const evaluation = evaluateAlarm(alarm.definition, endMillis);
      if (evaluation !== undefined) this.enter(alarm, evaluation);
    }
    this.ticking = false;
    if (restless) this.tickNextMinute();
  }

  private enter(alarm: Alarm, { state, reason }: Evaluation): void {
    if (alarm.state.value === state) return;
    alarm.previous = alarm.state;
    alarm.state = { value: state, reason, atMillis: this.cloud.clock.now() };
    this.notifications.stateChanged(alarm);
    for (const other of this.all()) {
      if (other.kind !== 'composite' || other === alarm) continue;
      if (alarmsIn(other.rule).some((child) => child === alarm.name || child === alarm.arn)) this.evaluateComposite(other);
    }
  }

  private evaluateComposite(alarm: CompositeAlarm): void {
    const stateOf = (child: string): AlarmState => this.find(child)?.state.value ?? 'INSUFFICIENT_DATA';
    const state = holds(alarm.rule, stateOf) ? 'ALARM' : 'OK';
    const causes = alarmsIn(alarm.rule).map((child) => `${this.find(child)?.arn ?? child} is ${stateOf(child)}`);
    this.enter(alarm, { state, reason: `${causes.join(', ')}: the rule is ${state === 'ALARM' ? 'met' : 'not met'}` });
  }
}
