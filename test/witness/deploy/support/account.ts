import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { DescribeKeyCommand, KMSClient, ListKeysCommand } from '@aws-sdk/client-kms';
import { LambdaClient, ListEventSourceMappingsCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { ListSubscriptionsCommand, ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { ACCOUNT, ENDPOINT, REGION } from './cdk';
import { query, valuesOf } from './query';

export const CLIENT = { endpoint: ENDPOINT, region: REGION, credentials: { accessKeyId: ACCOUNT, secretAccessKey: 'test' } };

export const dynamo = new DynamoDBClient(CLIENT);
export const lambda = new LambdaClient(CLIENT);
export const events = new EventBridgeClient(CLIENT);
export const sqs = new SQSClient(CLIENT);
export const sns = new SNSClient(CLIENT);
export const sfn = new SFNClient(CLIENT);
export const s3 = new S3Client({ ...CLIENT, forcePathStyle: true });
const logs = new CloudWatchLogsClient(CLIENT);
const cloudWatch = new CloudWatchClient(CLIENT);
const scheduler = new SchedulerClient(CLIENT);
const secrets = new SecretsManagerClient(CLIENT);
const kms = new KMSClient(CLIENT);

type Names = (string | undefined)[] | undefined;

/** Everything in the account that a stack can leave behind, as `<kind> <name>`. */
export async function inventory(): Promise<string[]> {
  const kinds: [string, Promise<Names>][] = [
    ['table', dynamo.send(new ListTablesCommand({})).then((all) => all.TableNames)],
    ['function', lambda.send(new ListFunctionsCommand({ MaxItems: 1000 })).then((all) => all.Functions?.map((one) => one.FunctionName))],
    ['source', lambda.send(new ListEventSourceMappingsCommand({})).then((all) => all.EventSourceMappings?.map((one) => one.UUID))],
    ['rule', events.send(new ListRulesCommand({})).then((all) => all.Rules?.map((one) => one.Name))],
    ['queue', sqs.send(new ListQueuesCommand({ MaxResults: 1000 })).then((all) => all.QueueUrls)],
    ['topic', sns.send(new ListTopicsCommand({})).then((all) => all.Topics?.map((one) => one.TopicArn))],
    ['subscription', sns.send(new ListSubscriptionsCommand({})).then((all) => all.Subscriptions?.map((one) => one.Endpoint))],
    ['machine', sfn.send(new ListStateMachinesCommand({})).then((all) => all.stateMachines?.map((one) => one.name))],
    ['bucket', s3.send(new ListBucketsCommand({})).then((all) => all.Buckets?.map((one) => one.Name))],
    ['log group', logGroups()],
    ['alarm', cloudWatch.send(new DescribeAlarmsCommand({})).then((all) => all.MetricAlarms?.map((one) => one.AlarmName))],
    ['dashboard', dashboards()],
    ['schedule', scheduler.send(new ListSchedulesCommand({ MaxResults: 100 })).then((all) => all.Schedules?.map((one) => one.Name))],
    ['secret', secrets.send(new ListSecretsCommand({})).then((all) => all.SecretList?.map((one) => one.Name))],
    ['key', keysInUse()],
    ['role', roles()],
  ];
  const listed = await Promise.all(kinds.map(async ([kind, names]) => ((await names) ?? []).map((name) => `${kind} ${String(name)}`)));
  return listed.flat().sort();
}

/** A key that waits for its deletion is on its way out. */
async function keysInUse(): Promise<string[]> {
  const { Keys = [] } = await kms.send(new ListKeysCommand({}));
  const described = await Promise.all(Keys.map(({ KeyId }) => kms.send(new DescribeKeyCommand({ KeyId }))));
  return described.flatMap(({ KeyMetadata: key }) =>
    key === undefined || key.KeyManager === 'AWS' || key.KeyState === 'PendingDeletion' ? [] : [String(key.KeyId)],
  );
}

async function roles(): Promise<string[]> {
  return valuesOf(await query('iam', { Action: 'ListRoles', Version: '2010-05-08', MaxItems: '1000' }), 'RoleName');
}

/** Asked by the older protocol: in the newer one MiniStack gives times that no client can read. */
async function dashboards(): Promise<string[]> {
  return valuesOf(await query('monitoring', { Action: 'ListDashboards', Version: '2010-08-01' }), 'DashboardName');
}

/** Those that say how long they keep: MiniStack makes one without for a function that still writes when its own is gone, AWS does not. */
async function logGroups(): Promise<Names> {
  const { logGroups: groups = [] } = await logs.send(new DescribeLogGroupsCommand({ limit: 50 }));
  return groups.filter(({ retentionInDays }) => retentionInDays !== undefined).map(({ logGroupName }) => logGroupName);
}
