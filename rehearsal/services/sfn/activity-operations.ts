import type { Cloud, Members, Operation } from '../../cloud/types';
import type { Activities } from './activities';
import { page } from './answers';
import { checkName } from './execution-input';

export function activityArn(cloud: Cloud, name: string): string {
  return cloud.arn('states', `activity:${name}`);
}

/** The API of activities. */
export function activityOperations(activities: Activities, cloud: Cloud): Record<string, Operation> {
  const own =
    (action: string) =>
    ({ activityArn: arn }: Members) => [{ action: `states:${action}`, resource: arn as string }];
  return {
    CreateActivity: {
      permissions: ({ name }) => [{ action: 'states:CreateActivity', resource: activityArn(cloud, name as string) }],
      run: ({ name }) => {
        checkName(name as string);
        return activities.create(activityArn(cloud, name as string), name as string);
      },
    },
    DeleteActivity: {
      permissions: own('DeleteActivity'),
      run: ({ activityArn: arn }) => {
        activities.remove(arn as string);
        return {};
      },
    },
    DescribeActivity: { permissions: own('DescribeActivity'), run: ({ activityArn: arn }) => activities.describe(arn as string) },
    ListActivities: {
      permissions: () => [{ action: 'states:ListActivities', resource: '*' }],
      run: (input) => {
        const items = activities.list().map((activity, place) => ({ activity, place }));
        const shown = page(input, { items, keyOf: ({ place }) => place, listing: 'ListActivities' });
        return { activities: shown.items.map(({ activity }) => activity), ...shown.next };
      },
    },
    GetActivityTask: {
      permissions: own('GetActivityTask'),
      run: ({ activityArn: arn, workerName }) => activities.take(arn as string, workerName as string | undefined),
    },
  };
}
