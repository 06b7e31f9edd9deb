import type { Cloud, Members, ResourceContext, ResourceType } from '../../cloud/types';
import { UnsupportedError } from '../../cloud/types';
import { Scheduler } from './double';
import type { Schedule } from './schedules';

export { Scheduler } from './double';

export function createScheduler(cloud: Cloud): Scheduler {
  return new Scheduler(cloud);
}

function scheduler(context: ResourceContext): Scheduler {
  return context.cloud.double<Scheduler>('scheduler');
}

function made(schedule: Schedule): { ref: string; attributes: Record<string, unknown> } {
  return { ref: schedule.settings.Name, attributes: { Arn: schedule.arn, GroupName: schedule.settings.GroupName } };
}

const scheduleResource: ResourceType = {
  type: 'AWS::Scheduler::Schedule',
  create: (properties, context) =>
    made(scheduler(context).create({ ...properties, Name: (properties.Name as string | undefined) ?? context.physicalName(64) })),
  update: (properties, previous, created, context) => {
    for (const replacing of ['Name', 'GroupName'])
      if (properties[replacing] !== previous[replacing])
        throw new UnsupportedError(
          `${context.constructPath}: replacing a schedule by changing its ${replacing} is not supported by the rehearsal`,
        );
    return made(scheduler(context).update({ ...properties, Name: created.ref }));
  },
  remove: (created, _properties, context) => scheduler(context).removeIfThere(created.attributes.GroupName as string, created.ref),
};

function refuseUnknown(properties: Members, known: readonly string[], context: ResourceContext): void {
  for (const property of Object.keys(properties))
    if (!known.includes(property))
      throw new UnsupportedError(`${context.constructPath}: property ${property} is not supported by the rehearsal`);
}

const scheduleGroupResource: ResourceType = {
  type: 'AWS::Scheduler::ScheduleGroup',
  create: (properties, context) => {
    refuseUnknown(properties, ['Name', 'Tags'], context);
    const group = scheduler(context).addGroup((properties.Name as string | undefined) ?? context.physicalName(64));
    return { ref: group.name, attributes: { Arn: group.arn, State: 'ACTIVE' } };
  },
  remove: (created, _properties, context) => scheduler(context).removeGroupIfThere(created.ref),
};

export const schedulerResources: ResourceType[] = [scheduleResource, scheduleGroupResource];
