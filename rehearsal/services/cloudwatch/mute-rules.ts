import { AwsError, type Clock, type Cloud, type Members } from '../../cloud/types';
import type { Alarm } from './alarm';
import { paged } from './paging';
import { readSchedule, type ReadSchedule } from './mute-schedule';

const MAX_TARGETS = 100;
const MAX_NAME = 255;
const DEFAULT_PAGE = 50;

type Status = 'SCHEDULED' | 'ACTIVE' | 'EXPIRED';

export interface MuteRule {
  name: string;
  arn: string;
  input: Members;
  targets: ReadonlySet<string>;
  schedule: ReadSchedule;
  startMillis: number;
  expireMillis: number;
  updatedAtMillis: number;
}

/** Actions of an alarm that wait for the end of a mute window. */
interface Held {
  /** The state whose actions were muted last. */
  state: string;
  act: (alarm: Alarm) => void;
}

/** Alarm mute rules: windows in which the actions of alarms do not run. States change as ever. */
export class MuteRules {
  private readonly byName = new Map<string, MuteRule>();
  private readonly held = new Map<string, Held>();

  constructor(
    private readonly cloud: Cloud,
    private readonly findAlarm: (name: string) => Alarm | undefined,
  ) {}

  put(input: Members): MuteRule {
    const name = String(input.Name ?? '');
    if (name === '' || name.length > MAX_NAME)
      throw new AwsError('ValidationError', `The Name of an alarm mute rule must have 1 to ${MAX_NAME} characters, got '${name}'.`);
    const where = `alarm mute rule ${name}`;
    const targets = ((input.MuteTargets as Members | undefined)?.AlarmNames ?? []) as string[];
    if (targets.length > MAX_TARGETS)
      throw new AwsError('ValidationError', `${where} has ${targets.length} targets, at most ${MAX_TARGETS}.`);
    for (const target of targets) {
      if (this.findAlarm(target) === undefined)
        throw new AwsError('ValidationError', `${where}: there is no alarm ${target}; a mute rule targets alarms that exist.`);
    }
    const schedule = readSchedule(where, ((input.Rule as Members | undefined)?.Schedule ?? {}) as Members);
    const rule: MuteRule = {
      name,
      arn: this.arn(name),
      input,
      targets: new Set(targets),
      schedule,
      startMillis: schedule.momentOf(input.StartDate) ?? Number.NEGATIVE_INFINITY,
      expireMillis: schedule.momentOf(input.ExpireDate) ?? Number.POSITIVE_INFINITY,
      updatedAtMillis: this.cloud.clock.now(),
    };
    if (rule.startMillis >= rule.expireMillis) throw new AwsError('ValidationError', `${where}: StartDate must be before ExpireDate.`);
    this.byName.set(name, rule);
    this.releaseUnmuted();
    return rule;
  }

  /** Deleting what is not there is no error. What the rule muted is unmuted at once. */
  remove(name: string): void {
    if (this.byName.delete(name)) this.releaseUnmuted();
  }

  arn(name: string): string {
    return this.cloud.arn('cloudwatch', `alarm-mute-rule:${name}`);
  }

  /** Keeps the actions of a muted alarm until its window ends; false: it is not muted. */
  hold(alarm: Alarm, act: (alarm: Alarm) => void): boolean {
    const until = this.mutedUntil(alarm.name);
    if (until === undefined) return false;
    const held = this.held.get(alarm.name);
    this.held.set(alarm.name, { state: alarm.state.value, act });
    if (held === undefined) this.releaseAt(until);
    return true;
  }

  statusOf(rule: MuteRule): Status {
    const now = this.cloud.clock.now();
    if (now >= rule.expireMillis || rule.schedule.over(now)) return 'EXPIRED';
    return this.windowEnd(rule) === undefined ? 'SCHEDULED' : 'ACTIVE';
  }

  describe(name: string): Members {
    const rule = this.byName.get(name);
    if (rule === undefined) throw new AwsError('ResourceNotFoundException', `Alarm mute rule ${name} does not exist.`, 404);
    const { Description, Rule, MuteTargets, StartDate, ExpireDate } = rule.input;
    const given = Object.entries({ Description, Rule, MuteTargets, StartDate, ExpireDate }).filter(([, value]) => value !== undefined);
    return { Name: name, ...Object.fromEntries(given), ...this.summary(rule) };
  }

  list(input: Members): Members {
    const statuses = input.Statuses as string[] | undefined;
    const matching = [...this.byName.values()]
      .filter(({ targets }) => input.AlarmName === undefined || targets.has(String(input.AlarmName)))
      .filter((rule) => statuses === undefined || statuses.includes(this.statusOf(rule)));
    const { page, next } = paged('ListAlarmMuteRules', input, { items: matching, keyOf: ({ name }) => name, size: DEFAULT_PAGE });
    return { AlarmMuteRuleSummaries: page.map((rule) => this.summary(rule)), ...next };
  }

  private summary(rule: MuteRule): Members {
    return {
      AlarmMuteRuleArn: rule.arn,
      Status: this.statusOf(rule),
      MuteType: rule.schedule.muteType,
      LastUpdatedTimestamp: new Date(rule.updatedAtMillis),
      ...(rule.expireMillis === Number.POSITIVE_INFINITY ? {} : { ExpireDate: new Date(rule.expireMillis) }),
    };
  }

  private windowEnd({ schedule, startMillis, expireMillis }: MuteRule): number | undefined {
    const now = this.cloud.clock.now();
    const start = schedule.newestStart(now);
    if (start === undefined || start < startMillis) return undefined;
    const end = Math.min(start + schedule.durationMillis, expireMillis);
    return now < end ? end : undefined;
  }

  private mutedUntil(alarmName: string): number | undefined {
    let until: number | undefined;
    for (const rule of this.byName.values()) {
      if (!rule.targets.has(alarmName)) continue;
      const end = this.windowEnd(rule);
      if (end !== undefined && (until === undefined || end > until)) until = end;
    }
    return until;
  }

  private releaseAt(atMillis: number): void {
    const clock: Clock = this.cloud.clock;
    const release = (): void => this.releaseUnmuted();
    if (clock.atInBackground === undefined) clock.at(atMillis, release);
    else clock.atInBackground(atMillis, release);
  }

  /** Runs what was held for alarms that are muted no more and still in the state that was muted. */
  private releaseUnmuted(): void {
    for (const [name, held] of [...this.held]) {
      const until = this.mutedUntil(name);
      if (until !== undefined) {
        this.releaseAt(until);
        continue;
      }
      this.held.delete(name);
      const alarm = this.findAlarm(name);
      if (alarm?.state.value === held.state) held.act(alarm);
    }
  }
}
