import { AwsError, UnsupportedError, type Cloud, type Members, type ServiceDouble, type ServiceEventSink } from '../../cloud/types';
import { AlarmActions, checkActions } from './actions';
import type { Alarm, CompositeAlarm, MetricAlarm, StateRecord } from './alarm';
import { readMetricAlarm } from './alarm-definition';
import { alarmsIn, holds, parseRule } from './composite-rule';
import { EvaluationLoop } from './evaluation-loop';
import { eventDetail } from './event-detail';
import { AlarmHistory } from './history';
import type { AlarmState } from './missing-data';
import { MuteRules } from './mute-rules';
import { longDate, timestamp, type Reason } from './reason';
import type { MetricStore } from './series';
import { Suppression } from './suppression';

const MAX_CHILDREN = 100;
const MAX_NAME = 255;

const wrong = (message: string): AwsError => new AwsError('ValidationError', message);

/** All alarms: their definitions, their states, and what a change of state sets off. */
export class Alarms {
  readonly history: AlarmHistory;
  readonly mutes: MuteRules;
  private readonly byName = new Map<string, Alarm>();
  private readonly byArn = new Map<string, Alarm>();
  private readonly loop: EvaluationLoop;
  private readonly actions: AlarmActions;
  private readonly suppression: Suppression;

  constructor(
    private readonly cloud: Cloud,
    private readonly store: MetricStore,
  ) {
    this.history = new AlarmHistory(cloud.clock);
    this.mutes = new MuteRules(cloud, (name) => this.byName.get(name));
    this.actions = new AlarmActions(cloud, this.history, this.mutes);
    this.loop = new EvaluationLoop(cloud, (alarm, { state, explain }) => this.enter(alarm, state, explain()));
    this.suppression = new Suppression(
      cloud,
      (alarm) => this.stateOf(alarm),
      (alarm) => this.resumeActions(alarm),
    );
  }

  putMetricAlarm(input: Members): MetricAlarm {
    const base = this.base(input);
    const definition = readMetricAlarm(this.store, base.name, input);
    const alarm: MetricAlarm = { ...base, kind: 'metric', definition, restlessUntilMillis: 0 };
    this.replace(alarm);
    this.loop.watch(alarm);
    return alarm;
  }

  putCompositeAlarm(input: Members): CompositeAlarm {
    const base = this.base(input);
    const { name } = base;
    if (input.ActionConfiguration !== undefined)
      throw new UnsupportedError(`alarm ${name}: ActionConfiguration changes what actions say, which the laptop cloud does not have`);
    const rule = parseRule(String(input.AlarmRule));
    const children = alarmsIn(rule);
    if (children.length > MAX_CHILDREN) throw wrong(`Composite alarm ${name} watches ${children.length} alarms, at most ${MAX_CHILDREN}.`);
    for (const child of children) this.checkChild(child, name);
    const alarm: CompositeAlarm = { ...base, kind: 'composite', rule, children, ...this.suppressorOf(name, input) };
    this.replace(alarm);
    this.evaluateComposite(alarm);
    return alarm;
  }

  all(): Alarm[] {
    return [...this.byName.values()];
  }

  find(nameOrArn: string): Alarm | undefined {
    return this.byName.get(nameOrArn) ?? this.byArn.get(nameOrArn);
  }

  remove(name: string): void {
    const alarm = this.byName.get(name);
    if (alarm === undefined) throw new AwsError('ResourceNotFound', `Alarm ${name} does not exist.`, 404);
    this.forget(alarm);
    this.byName.delete(name);
    this.byArn.delete(alarm.arn);
    this.history.configured(alarm, 'deleted');
  }

  /** Lasts until the next evaluation, for a composite alarm until a child changes its state. */
  setState(name: string, state: AlarmState, reason: string, reasonData?: string): void {
    const alarm = this.find(name);
    if (alarm === undefined) throw new AwsError('ResourceNotFound', `Alarm ${name} does not exist.`, 404);
    if (alarm.state.value !== state) this.enter(alarm, state, { reason, ...(reasonData === undefined ? {} : { reasonData }) });
    if (alarm.kind === 'metric') this.loop.touch(alarm);
  }

  arn(name: string): string {
    return this.cloud.arn('cloudwatch', `alarm:${name}`);
  }

  private stateOf(nameOrArn: string): AlarmState {
    return this.find(nameOrArn)?.state.value ?? 'INSUFFICIENT_DATA';
  }

  private base(input: Members) {
    const name = String(input.AlarmName ?? '');
    if (name === '' || name.length > MAX_NAME) throw wrong(`AlarmName must have 1 to ${MAX_NAME} characters, got '${name}'.`);
    checkActions(name, input);
    const known = this.byName.get(name);
    const now = this.cloud.clock.now();
    const unchecked: StateRecord = {
      value: 'INSUFFICIENT_DATA',
      reason: 'Unchecked: Initial alarm creation',
      atMillis: now,
      enteredAtMillis: now,
    };
    return {
      name,
      arn: this.arn(name),
      state: known?.state ?? unchecked,
      ...(known?.previous === undefined ? {} : { previous: known.previous }),
      actionsEnabled: input.ActionsEnabled !== false && input.ActionsEnabled !== 'false',
      updatedAtMillis: now,
      input,
    };
  }

  private suppressorOf(name: string, input: Members): Pick<CompositeAlarm, 'suppressor'> {
    if (input.ActionsSuppressor === undefined) return {};
    const alarm = String(input.ActionsSuppressor);
    if (this.find(alarm) === undefined) throw wrong(`Composite alarm ${name}: the suppressor ${alarm} does not exist.`);
    const millis = (member: string): number => {
      const seconds = Number(input[member] ?? Number.NaN);
      if (!Number.isInteger(seconds) || seconds < 0)
        throw wrong(
          `Composite alarm ${name}: ${member} must be given in whole seconds with ActionsSuppressor, got ${String(input[member])}.`,
        );
      return seconds * 1000;
    };
    const waitMillis = millis('ActionsSuppressorWaitPeriod');
    return { suppressor: { alarm, waitMillis, extensionMillis: millis('ActionsSuppressorExtensionPeriod') } };
  }

  private checkChild(child: string, watcher: string): void {
    const alarm = this.find(child);
    if (alarm === undefined) throw wrong(`Composite alarm ${watcher} watches ${child}, which does not exist.`);
    if (this.reaches(alarm, watcher))
      throw new UnsupportedError(`Composite alarm ${watcher} and ${child} watch each other; the laptop cloud evaluates no cycles`);
  }

  private reaches(alarm: Alarm, name: string): boolean {
    if (alarm.name === name) return true;
    if (alarm.kind !== 'composite') return false;
    return alarm.children.some((child) => {
      const found = this.find(child);
      return found !== undefined && this.reaches(found, name);
    });
  }

  private replace(alarm: Alarm): void {
    const known = this.byName.get(alarm.name);
    if (known !== undefined) this.forget(known);
    this.byName.set(alarm.name, alarm);
    this.byArn.set(alarm.arn, alarm);
    this.history.configured(alarm, known === undefined ? 'created' : 'updated');
  }

  private forget(alarm: Alarm): void {
    if (alarm.kind === 'metric') this.loop.unwatch(alarm);
    else this.suppression.forget(alarm);
  }

  private enter(alarm: Alarm, value: AlarmState, why: Reason): void {
    const now = this.cloud.clock.now();
    alarm.previous = alarm.state;
    alarm.state = { value, ...why, atMillis: now, enteredAtMillis: now };
    const suppressedBy = alarm.kind === 'composite' ? this.suppression.entered(alarm) : undefined;
    if (suppressedBy !== undefined) alarm.state.suppressedBy = suppressedBy;
    this.history.stateChanged(alarm);
    this.cloud.record('alarm', 'state-changed', {
      alarmName: alarm.name,
      state: value,
      previous: alarm.previous.value,
      reason: why.reason,
    });
    this.emit(alarm);
    if (suppressedBy === undefined) this.actions.due(alarm);
    this.tellComposites(alarm, alarm.previous.value);
  }

  private emit(alarm: Alarm): void {
    this.cloud.double<ServiceDouble & ServiceEventSink>('eventbridge').emitServiceEvent({
      source: 'aws.cloudwatch',
      detailType: 'CloudWatch Alarm State Change',
      resources: [alarm.arn],
      detail: eventDetail(alarm),
    });
  }

  private tellComposites(changed: Alarm, from: AlarmState): void {
    const is = (nameOrArn: string): boolean => nameOrArn === changed.name || nameOrArn === changed.arn;
    for (const other of this.all()) {
      if (other.kind !== 'composite' || other === changed) continue;
      if (other.suppressor !== undefined && is(other.suppressor.alarm))
        this.suppression.suppressorChanged(other, from, changed.state.value);
      if (other.children.some(is)) this.evaluateComposite(other, changed);
    }
  }

  private evaluateComposite(alarm: CompositeAlarm, trigger?: Alarm): void {
    const state = holds(alarm.rule, (child) => this.stateOf(child)) ? 'ALARM' : 'OK';
    if (alarm.state.value === state) return;
    this.enter(
      alarm,
      state,
      trigger === undefined ? { reason: `${alarm.arn} was created and its alarm rule evaluates to ${state}` } : reasonOf(trigger),
    );
  }

  /** A suppression ended: the state is told anew, without it, and its actions run. */
  private resumeActions(alarm: CompositeAlarm): void {
    alarm.previous = alarm.state;
    const { value, reason, reasonData, enteredAtMillis } = alarm.state;
    const data = reasonData === undefined ? {} : { reasonData };
    alarm.state = { value, reason, ...data, enteredAtMillis, atMillis: this.cloud.clock.now() };
    this.cloud.record('alarm', 'suppression-ended', { alarmName: alarm.name, state: value });
    this.emit(alarm);
    this.actions.due(alarm);
  }
}

function reasonOf({ arn, state }: Alarm): Reason {
  return {
    reason: `${arn} transitioned to ${state.value} at ${longDate(state.atMillis)}`,
    reasonData: JSON.stringify({ triggeringAlarms: [{ arn, state: { value: state.value, timestamp: timestamp(state.atMillis) } }] }),
  };
}
