import { AwsError, UnsupportedError, type Cloud, type Members } from '../../cloud/types';
import { checkTarget, deliver } from '../eventbridge/targets';
import { parseSchedule } from './expression';
import { Recurring } from './recurring';

export interface ScheduleTarget {
  Arn: string;
  RoleArn: string;
  Input?: string;
  RetryPolicy?: { MaximumEventAgeInSeconds?: number; MaximumRetryAttempts?: number };
  DeadLetterConfig?: { Arn?: string };
  SqsParameters?: { MessageGroupId?: string };
}

export interface ScheduleSettings {
  Name: string;
  GroupName: string;
  ScheduleExpression: string;
  State: 'ENABLED' | 'DISABLED';
  Target: ScheduleTarget;
  FlexibleTimeWindow: { Mode: string };
  Description?: string;
  StartDate?: Date;
  EndDate?: Date;
  ScheduleExpressionTimezone?: string;
  ActionAfterCompletion?: 'NONE' | 'DELETE';
  KmsKeyArn?: string;
}

const SETTINGS = [
  'Name',
  'GroupName',
  'ScheduleExpression',
  'State',
  'Target',
  'FlexibleTimeWindow',
  'Description',
  'StartDate',
  'EndDate',
  'ScheduleExpressionTimezone',
  'ActionAfterCompletion',
  'KmsKeyArn',
] as const;
const TARGET_FIELDS = ['Arn', 'RoleArn', 'Input', 'RetryPolicy', 'DeadLetterConfig', 'SqsParameters'];
const NAME = /^[0-9a-zA-Z-_.]{1,64}$/;

function asDate(value: unknown): Date {
  return value instanceof Date ? value : new Date(value as string);
}

/** Settings from an API request or a template; refuses what AWS, or the rehearsal, does not take. */
export function readSettings(input: Members): ScheduleSettings {
  const name = input.Name as string;
  const owner = `Schedule ${name}`;
  if (!NAME.test(name)) throw new AwsError('ValidationException', `Value '${name}' at 'name' failed to satisfy constraint: ${NAME.source}`);
  for (const field of Object.keys(input))
    if (![...SETTINGS, 'ClientToken'].includes(field)) throw new UnsupportedError(`${owner}: ${field} is not supported by the rehearsal`);
  const target = input.Target as ScheduleTarget;
  for (const field of Object.keys(target))
    if (!TARGET_FIELDS.includes(field)) throw new UnsupportedError(`${owner}: Target.${field} is not supported by the rehearsal`);
  checkTarget(owner, target.Arn);
  if (target.RoleArn === undefined) throw new AwsError('ValidationException', `${owner}: Target.RoleArn is required`);
  const window = input.FlexibleTimeWindow as { Mode?: string } | undefined;
  if (window?.Mode !== 'OFF')
    throw new UnsupportedError(`${owner}: FlexibleTimeWindow ${String(window?.Mode)} is not supported by the rehearsal; OFF is`);
  const zone = (input.ScheduleExpressionTimezone as string | undefined) ?? 'UTC';
  if (zone !== 'UTC' && zone !== 'Etc/UTC')
    throw new UnsupportedError(`${owner}: time zone ${zone} is not supported by the rehearsal; UTC is`);
  parseSchedule(input.ScheduleExpression as string, 0);
  const given = Object.fromEntries(SETTINGS.filter((field) => input[field] !== undefined).map((field) => [field, input[field] as unknown]));
  return {
    ...(given as unknown as ScheduleSettings),
    GroupName: (input.GroupName as string | undefined) ?? 'default',
    State: (input.State as ScheduleSettings['State'] | undefined) ?? 'ENABLED',
    ...(input.StartDate === undefined ? {} : { StartDate: asDate(input.StartDate) }),
    ...(input.EndDate === undefined ? {} : { EndDate: asDate(input.EndDate) }),
  };
}

/** A schedule at work. */
export class Schedule {
  readonly arn: string;
  private readonly recurring: Recurring | undefined;

  constructor(
    private readonly cloud: Cloud,
    readonly settings: ScheduleSettings,
    readonly createdAtMillis: number,
    readonly modifiedAtMillis: number,
    private readonly completed: () => void,
  ) {
    this.arn = cloud.arn('scheduler', `schedule/${settings.GroupName}/${settings.Name}`);
    if (settings.State !== 'ENABLED') return;
    const startMillis = Math.max(settings.StartDate?.getTime() ?? 0, modifiedAtMillis);
    const recurrence = parseSchedule(settings.ScheduleExpression, startMillis);
    const fromStart = { ...recurrence, next: (afterMillis: number) => recurrence.next(Math.max(afterMillis, startMillis - 1)) };
    const untilMillis = settings.EndDate?.getTime() ?? Number.POSITIVE_INFINITY;
    this.recurring = new Recurring(
      cloud.clock,
      fromStart,
      untilMillis,
      (atMillis) => this.invoke(atMillis),
      () => this.finish(),
    );
  }

  stop(): void {
    this.recurring?.stop();
  }

  private finish(): void {
    if (this.settings.ActionAfterCompletion === 'DELETE') this.completed();
  }

  private invoke(atMillis: number): void {
    const { settings, cloud } = this;
    const { Target: target } = settings;
    const caller = { kind: 'role', roleArn: target.RoleArn } as const;
    const delivery = deliver(cloud, {
      from: `schedule ${settings.Name}`,
      source: 'scheduler',
      arn: target.Arn,
      payload: this.payload(new Date(atMillis).toISOString().replace('.000', '')),
      caller,
      actingFor: {
        kind: 'service',
        principal: 'scheduler.amazonaws.com',
        sourceArn: cloud.arn('scheduler', `schedule-group/${settings.GroupName}`),
      },
      ...(target.SqsParameters?.MessageGroupId === undefined ? {} : { messageGroupId: target.SqsParameters.MessageGroupId }),
      maximumAgeSeconds: target.RetryPolicy?.MaximumEventAgeInSeconds ?? 86_400,
      maximumRetries: target.RetryPolicy?.MaximumRetryAttempts ?? 185,
      deadLetterArn: target.DeadLetterConfig?.Arn,
      deadLetterCaller: caller,
      deadLetterAttributes: { SCHEDULE_ARN: this.arn, TARGET_ARN: target.Arn },
    });
    delivery.catch((failure: unknown) =>
      cloud.clock.after(0, () => {
        throw failure;
      }),
    );
  }

  private payload(time: string): string {
    const { cloud, arn } = this;
    const { Input: input } = this.settings.Target;
    if (input === undefined)
      return JSON.stringify({
        version: '0',
        id: cloud.random.uuid(),
        'detail-type': 'Scheduled Event',
        source: 'aws.scheduler',
        account: cloud.accountId,
        time,
        region: cloud.region,
        resources: [arn],
        detail: '{}',
      });
    if (!input.includes('<aws.scheduler.')) return input;
    return input
      .replaceAll('<aws.scheduler.schedule-arn>', arn)
      .replaceAll('<aws.scheduler.scheduled-time>', time)
      .replaceAll('<aws.scheduler.execution-id>', () => cloud.random.uuid())
      .replaceAll('<aws.scheduler.attempt-number>', '1');
  }
}
