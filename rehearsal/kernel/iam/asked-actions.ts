import type { ServiceDouble } from '../../cloud/types';
import { coversAction } from './policy';

/** How IAM names the services whose SDK client has another name. */
const prefixes: Record<string, string> = {
  'application-auto-scaling': 'application-autoscaling',
  'cloudwatch-logs': 'logs',
  eventbridge: 'events',
  'sagemaker-runtime': 'sagemaker',
  'secrets-manager': 'secretsmanager',
  sfn: 'states',
};

/** Actions that are asked for and are not named like an operation. */
const named = [
  'bedrock:InvokeModel',
  'dynamodb:ConditionCheckItem',
  'dynamodb:DescribeStream',
  'dynamodb:GetRecords',
  'dynamodb:GetShardIterator',
  'dynamodb:ListStreams',
  'execute-api:Invoke',
  'iam:CreateServiceLinkedRole',
  'iam:PassRole',
  'kms:Decrypt',
  'kms:GenerateDataKey',
  'lambda:InvokeFunction',
  'lambda:InvokeFunctionUrl',
  'logs:CreateLogGroup',
  'logs:CreateLogStream',
  'logs:PutLogEvents',
  's3:BypassGovernanceRetention',
  's3:DeleteObjectVersion',
  's3:DeleteObjectVersionTagging',
  's3:GetBucketNotification',
  's3:GetObjectVersion',
  's3:GetObjectVersionAttributes',
  's3:GetObjectVersionTagging',
  's3:ListAllMyBuckets',
  's3:ListBucket',
  's3:ListBucketMultipartUploads',
  's3:ListBucketVersions',
  's3:ListMultipartUploadParts',
  's3:PutBucketNotification',
  's3:PutObjectLegalHold',
  's3:PutObjectTagging',
  's3:PutObjectVersionTagging',
];

/** Every action that the laptop cloud may ask for: of others it cannot say that nobody uses them. */
export function askedActions(doubles: Iterable<ServiceDouble>): ReadonlySet<string> {
  const operations = [...doubles].flatMap(({ service, operations }) =>
    Object.keys(operations).map((operation) => `${prefixes[service] ?? service}:${operation}`),
  );
  return new Set([...operations, ...named]);
}

export function mayBeAsked(pattern: string, asked: ReadonlySet<string>): boolean {
  if (asked.has(pattern)) return true;
  for (const action of asked) if (coversAction(pattern, action)) return true;
  return false;
}
