import { AwsError } from '../../cloud/types';
import type { Cloud, Members, Operation, PolicyDocument, ServiceDouble } from '../../cloud/types';
import { pageOf } from '../pages';

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
  private readonly policies = new Map<string, PolicyDocument>();

  constructor(private readonly cloud: Cloud) {
    this.operations = {
      DescribeLogGroups: {
        permissions: () => [{ action: 'logs:DescribeLogGroups', resource: cloud.arn('logs', 'log-group:*') }],
        run: (input) => this.describe(input),
      },
      CreateLogGroup: this.onGroup('CreateLogGroup', (name) => void this.createGroup(name, undefined)),
      DeleteLogGroup: this.onGroup('DeleteLogGroup', (name) => {
        this.existing(name);
        this.deleteGroup(name);
      }),
      PutRetentionPolicy: this.onGroup('PutRetentionPolicy', (name, input) => this.setRetention(name, input['retentionInDays'] as number)),
      DeleteRetentionPolicy: this.onGroup('DeleteRetentionPolicy', (name) => this.setRetention(name, undefined)),
      PutResourcePolicy: {
        permissions: () => [{ action: 'logs:PutResourcePolicy', resource: '*' }],
        run: (input) => this.putPolicy(input),
      },
      DeleteResourcePolicy: {
        permissions: () => [{ action: 'logs:DeleteResourcePolicy', resource: '*' }],
        run: ({ policyName }) => {
          this.deletePolicy(policyName as string);
          return {};
        },
      },
    };
  }

  /** Policies of the account's log groups: their statements say for which. */
  resourcePolicy(): PolicyDocument | undefined {
    if (this.policies.size === 0) return undefined;
    return { Statement: [...this.policies.values()].flatMap(({ Statement }) => Statement) };
  }

  setPolicy(name: string, document: PolicyDocument): void {
    this.policies.set(name, document);
  }

  deletePolicy(name: string): void {
    if (!this.policies.delete(name)) throw new AwsError('ResourceNotFoundException', `Policy with name [${name}] does not exist.`);
  }

  private putPolicy(input: Members): Members {
    const policyName = input['policyName'] as string;
    const policyDocument = input['policyDocument'] as string;
    this.setPolicy(policyName, JSON.parse(policyDocument) as PolicyDocument);
    return { resourcePolicy: { policyName, policyDocument, lastUpdatedTime: this.cloud.clock.now() } };
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
    this.existing(name).retentionDays = retentionDays;
  }

  deleteGroup(name: string): void {
    this.groups.delete(name);
  }

  private existing(name: string): LogGroup {
    const group = this.groups.get(name);
    if (group === undefined) throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
    return group;
  }

  private onGroup(action: string, run: (name: string, input: Members) => void): Operation {
    return {
      permissions: (input, cloud) => [
        { action: `logs:${action}`, resource: cloud.arn('logs', `log-group:${String(input['logGroupName'])}:*`) },
      ],
      run: (input) => {
        run(input['logGroupName'] as string, input);
        return {};
      },
    };
  }

  private describe(input: Members): Members {
    const prefix = (input['logGroupNamePrefix'] ?? '') as string;
    const pattern = input['logGroupNamePattern'] as string | undefined;
    if (prefix !== '' && pattern !== undefined) {
      throw new AwsError('InvalidParameterException', 'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.');
    }
    const found = pageOf({
      items: [...this.groups.values()].filter(({ name }) => name.startsWith(prefix) && name.includes(pattern ?? '')),
      keyOf: ({ name }) => name,
      limit: (input['limit'] ?? 50) as number,
      token: input['nextToken'] as string | undefined,
      listing: `DescribeLogGroups ${prefix} ${pattern ?? ''}`,
      invalidToken: () => new AwsError('InvalidParameterException', 'The specified nextToken is invalid.'),
    });
    return {
      logGroups: found.items.map(({ name, arn, createdAtMillis, retentionDays }) => ({
        logGroupName: name,
        arn: `${arn}:*`,
        logGroupArn: arn,
        creationTime: createdAtMillis,
        ...(retentionDays === undefined ? {} : { retentionInDays: retentionDays }),
      })),
      ...(found.nextToken === undefined ? {} : { nextToken: found.nextToken }),
    };
  }
}

export const createCloudWatchLogs = (cloud: Cloud): CloudWatchLogs => new CloudWatchLogs(cloud);
