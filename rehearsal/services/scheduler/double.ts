import { AwsError, type Cloud, type Members, type Operation, type Permission, type ServiceDouble } from '../../cloud/types';
import { pageOf } from '../pages';
import { ClientTokens } from './client-tokens';
import { readSettings, Schedule, type ScheduleSettings } from './schedules';

interface Group {
  name: string;
  arn: string;
  createdAtMillis: number;
}

function keyOf(groupName: string, name: string): string {
  return `${groupName}/${name}`;
}

function groupOf(input: Members): string {
  return (input.GroupName as string | undefined) ?? 'default';
}

/** Creating or changing a schedule hands its target's role to the service. */
function withPassRole(action: string): (input: Members, cloud: Cloud) => Permission[] {
  return (input, cloud) => [
    ...onSchedule(action)(input, cloud),
    {
      action: 'iam:PassRole',
      resource: (input.Target as { RoleArn: string }).RoleArn,
      context: { 'iam:PassedToService': 'scheduler.amazonaws.com' },
    },
  ];
}

function onSchedule(action: string): (input: Members, cloud: Cloud) => Permission[] {
  return (input, cloud) => [
    { action: `scheduler:${action}`, resource: cloud.arn('scheduler', `schedule/${keyOf(groupOf(input), input.Name as string)}`) },
  ];
}

function onGroup(action: string): (input: Members, cloud: Cloud) => Permission[] {
  return (input, cloud) => [{ action: `scheduler:${action}`, resource: cloud.arn('scheduler', `schedule-group/${String(input.Name)}`) }];
}

function onAll(action: string): () => Permission[] {
  return () => [{ action: `scheduler:${action}`, resource: '*' }];
}

/** Amazon EventBridge Scheduler: schedules in groups, invoking targets with the targets' roles. */
export class Scheduler implements ServiceDouble {
  readonly service = 'scheduler';
  readonly operations: Record<string, Operation>;
  private readonly schedules = new Map<string, Schedule>();
  private readonly groups = new Map<string, Group>();

  private readonly tokens: ClientTokens;

  constructor(private readonly cloud: Cloud) {
    this.tokens = new ClientTokens(cloud.clock);
    this.addGroup('default');
    this.operations = {
      CreateSchedule: {
        permissions: withPassRole('CreateSchedule'),
        run: this.once('CreateSchedule', (input) => ({ ScheduleArn: this.create(input).arn })),
      },
      UpdateSchedule: {
        permissions: withPassRole('UpdateSchedule'),
        run: this.once('UpdateSchedule', (input) => ({ ScheduleArn: this.update(input).arn })),
      },
      GetSchedule: {
        permissions: onSchedule('GetSchedule'),
        run: (input) => this.describe(this.find(groupOf(input), input.Name as string)),
      },
      DeleteSchedule: {
        permissions: onSchedule('DeleteSchedule'),
        run: this.once('DeleteSchedule', (input) => {
          this.remove(groupOf(input), input.Name as string);
          return {};
        }),
      },
      ListSchedules: { permissions: onAll('ListSchedules'), run: (input) => this.list(input) },
      CreateScheduleGroup: {
        permissions: onGroup('CreateScheduleGroup'),
        run: this.once('CreateScheduleGroup', (input) => ({ ScheduleGroupArn: this.addGroup(input.Name as string).arn })),
      },
      GetScheduleGroup: { permissions: onGroup('GetScheduleGroup'), run: (input) => this.describeGroup(input.Name as string) },
      DeleteScheduleGroup: {
        permissions: onGroup('DeleteScheduleGroup'),
        run: this.once('DeleteScheduleGroup', (input) => {
          this.removeGroup(input.Name as string);
          return {};
        }),
      },
    };
  }

  private once(operation: string, run: (input: Members) => Members): Operation['run'] {
    return (input) => this.tokens.once(operation, input, run);
  }

  create(input: Members): Schedule {
    const settings = readSettings(input);
    const key = keyOf(settings.GroupName, settings.Name);
    if (!this.groups.has(settings.GroupName)) throw notFound(`Schedule group ${settings.GroupName}`);
    if (this.schedules.has(key)) throw new AwsError('ConflictException', `Schedule ${settings.Name} already exists.`, 409);
    return this.start(settings, this.cloud.clock.now());
  }

  /** Replaces every setting: what is not given falls back to its default, as on AWS. */
  update(input: Members): Schedule {
    const settings = readSettings(input);
    const earlier = this.find(settings.GroupName, settings.Name);
    earlier.stop();
    return this.start(settings, earlier.createdAtMillis);
  }

  remove(groupName: string, name: string): void {
    this.find(groupName, name).stop();
    this.schedules.delete(keyOf(groupName, name));
  }

  addGroup(name: string): Group {
    if (this.groups.has(name)) throw new AwsError('ConflictException', `Schedule group ${name} already exists.`, 409);
    const group = { name, arn: this.cloud.arn('scheduler', `schedule-group/${name}`), createdAtMillis: this.cloud.clock.now() };
    this.groups.set(name, group);
    return group;
  }

  removeGroup(name: string): void {
    if (!this.groups.has(name)) throw notFound(`Schedule group ${name}`);
    if (name === 'default') throw new AwsError('ValidationException', 'The default schedule group cannot be deleted.');
    for (const { settings } of [...this.schedules.values()]) if (settings.GroupName === name) this.remove(name, settings.Name);
    this.groups.delete(name);
  }

  /** CloudFormation takes what is gone already for deleted. */
  removeIfThere(groupName: string, name: string): void {
    if (this.schedules.has(keyOf(groupName, name))) this.remove(groupName, name);
  }

  removeGroupIfThere(name: string): void {
    if (this.groups.has(name)) this.removeGroup(name);
  }

  /** Every schedule there is; for scenarios and invariants. */
  allSchedules(): readonly Schedule[] {
    return [...this.schedules.values()];
  }

  private start(settings: ScheduleSettings, createdAtMillis: number): Schedule {
    const key = keyOf(settings.GroupName, settings.Name);
    const schedule = new Schedule(this.cloud, settings, createdAtMillis, this.cloud.clock.now(), () => this.schedules.delete(key));
    this.schedules.set(key, schedule);
    return schedule;
  }

  private find(groupName: string, name: string): Schedule {
    const schedule = this.schedules.get(keyOf(groupName, name));
    if (schedule === undefined) throw notFound(`Schedule ${name}`);
    return schedule;
  }

  private describe(schedule: Schedule): Members {
    return {
      ...schedule.settings,
      Arn: schedule.arn,
      CreationDate: new Date(schedule.createdAtMillis),
      LastModificationDate: new Date(schedule.modifiedAtMillis),
    };
  }

  private describeGroup(name: string): Members {
    const group = this.groups.get(name);
    if (group === undefined) throw notFound(`Schedule group ${name}`);
    return {
      Name: name,
      Arn: group.arn,
      State: 'ACTIVE',
      CreationDate: new Date(group.createdAtMillis),
      LastModificationDate: new Date(group.createdAtMillis),
    };
  }

  private list(input: Members): Members {
    const matching = this.allSchedules().filter(
      ({ settings }) =>
        (input.GroupName === undefined || settings.GroupName === input.GroupName) &&
        settings.Name.startsWith((input.NamePrefix as string | undefined) ?? '') &&
        (input.State === undefined || settings.State === input.State),
    );
    const { items, nextToken } = pageOf({
      items: matching,
      keyOf: ({ settings }) => keyOf(settings.GroupName, settings.Name),
      limit: (input.MaxResults as number | undefined) ?? 100,
      token: input.NextToken as string | undefined,
      listing: `ListSchedules ${JSON.stringify([input.GroupName, input.NamePrefix, input.State])}`,
      invalidToken: (token) => new AwsError('ValidationException', `Invalid NextToken '${token}'`),
    });
    const shown = items.map((schedule) => {
      const { Name, GroupName, State, Target, CreationDate, LastModificationDate, Arn } = this.describe(schedule);
      return {
        Name,
        GroupName,
        State,
        Target: { Arn: (Target as { Arn: string }).Arn },
        CreationDate,
        LastModificationDate,
        Arn,
      } as Members;
    });
    return { Schedules: shown, ...(nextToken === undefined ? {} : { NextToken: nextToken }) };
  }
}

function notFound(what: string): AwsError {
  return new AwsError('ResourceNotFoundException', `${what} does not exist.`, 404);
}
