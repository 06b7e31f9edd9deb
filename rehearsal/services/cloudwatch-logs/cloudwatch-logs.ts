import { AwsError } from '../../cloud/types';
import type { Cloud, Members, Operation, ServiceDouble } from '../../cloud/types';

export interface LogGroup {
  readonly name: string;
  readonly arn: string;
  readonly createdAtMillis: number;
  retentionDays: number | undefined;
}

/** Log groups as names with a retention. What handlers print is read by the `cloudwatch` double; no log is kept here. */
export class CloudWatchLogs implements ServiceDouble {
  readonly service = 'cloudwatch-logs';
  readonly operations: Record<string, Operation>;
  private readonly groups = new Map<string, LogGroup>();

  constructor(private readonly cloud: Cloud) {
    this.operations = {
      DescribeLogGroups: {
        permissions: () => [{ action: 'logs:DescribeLogGroups', resource: cloud.arn('logs', 'log-group:*') }],
        run: (input) => this.describe(input),
      },
    };
  }

  createGroup(name: string, retentionDays: number | undefined): LogGroup {
    if (this.groups.has(name)) throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists');
    const group: LogGroup = {
      name,
      arn: this.cloud.arn('logs', `log-group:${name}`),
      createdAtMillis: this.cloud.clock.now(),
      retentionDays,
    };
    this.groups.set(name, group);
    return group;
  }

  setRetention(name: string, retentionDays: number | undefined): void {
    const group = this.groups.get(name);
    if (group === undefined) throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
    group.retentionDays = retentionDays;
  }

  deleteGroup(name: string): void {
    this.groups.delete(name);
  }

  private describe(input: Members): Members {
    const prefix = (input['logGroupNamePrefix'] ?? '') as string;
    const found = [...this.groups.values()]
      .filter(({ name }) => name.startsWith(prefix))
      .sort((left, right) => (left.name < right.name ? -1 : 1));
    const start = Number(input['nextToken'] ?? 0);
    const end = start + Number(input['limit'] ?? 50);
    return {
      logGroups: found.slice(start, end).map(({ name, arn, createdAtMillis, retentionDays }) => ({
        logGroupName: name,
        arn: `${arn}:*`,
        logGroupArn: arn,
        creationTime: createdAtMillis,
        ...(retentionDays === undefined ? {} : { retentionInDays: retentionDays }),
      })),
      ...(end < found.length ? { nextToken: String(end) } : {}),
    };
  }
}

export const createCloudWatchLogs = (cloud: Cloud): CloudWatchLogs => new CloudWatchLogs(cloud);
