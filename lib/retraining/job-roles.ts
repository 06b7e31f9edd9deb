/* eslint-disable awscdk/require-passing-this, awscdk/no-variable-construct-id -- these functions construct for the construct that calls them */
import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { DRIFT_FOLDERS } from '../../core/drift/places';
import { repositoryAccess } from '../model/model-source';
import { NETWORK_INTERFACE_ACTIONS } from '../release/model-role';
import { acknowledge, acknowledgeResources } from '../shared/acknowledge';

export interface JobRoleProps {
  readonly useCaseName: string;
  readonly bucket: s3.IBucket;
  /** Of the image that runs. */
  readonly repository: string;
  readonly inNetwork: boolean;
  readonly encryptionKey?: kms.IKey;
}

const { training, models } = DRIFT_FOLDERS;

/** What trains: rows for training come in, what it makes goes out. It sees neither what is evaluated on nor what is evaluated. */
export const createTrainingRole = (scope: Construct, props: JobRoleProps): iam.Role =>
  createRole(scope, 'TrainingRole', props, {
    description: 'training jobs',
    logs: 'TrainingJobs',
    reads: [`${training}/*/train.jsonl`],
    writes: [`${training}/*/output/*`],
  });

/** The new model while it is evaluated: requests without their truth come in, answers go out. */
export const createEvaluationRole = (scope: Construct, props: JobRoleProps): iam.Role =>
  createRole(scope, 'EvaluationRole', props, {
    description: 'new models under evaluation',
    logs: 'TransformJobs',
    reads: [`${models}/*/model.tar.gz`, `${training}/*/evaluation-requests.jsonl`],
    writes: [`${training}/*/answers/*`],
  });

interface Access {
  description: string;
  logs: string;
  reads: string[];
  writes: string[];
}

function createRole(
  scope: Construct,
  id: string,
  { useCaseName, bucket, repository, inNetwork, encryptionKey }: JobRoleProps,
  access: Access,
) {
  const stack = Stack.of(scope);
  const role = new iam.Role(scope, id, {
    assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
    }),
    description: `${useCaseName}: ${access.description}`,
  });
  const [reads, writes] = [access.reads, access.writes].map((paths) => paths.map((path) => bucket.arnForObjects(path))) as [
    string[],
    string[],
  ];
  const logGroup = stack.formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: `/aws/sagemaker/${access.logs}:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const statements: iam.PolicyStatementProps[] = [
    { actions: ['s3:GetObject'], resources: reads },
    { actions: ['s3:PutObject', 's3:AbortMultipartUpload'], resources: writes },
    {
      actions: ['s3:ListBucket'],
      resources: [bucket.bucketArn],
      conditions: { StringLike: { 's3:prefix': [`${training}/*`, `${models}/*`] } },
    },
    { actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'], resources: [logGroup] },
    {
      actions: ['cloudwatch:PutMetricData'],
      resources: ['*'],
      conditions: { StringLike: { 'cloudwatch:namespace': ['AWS/SageMaker', '/aws/sagemaker/*'] } },
    },
    ...(inNetwork ? [{ actions: NETWORK_INTERFACE_ACTIONS, resources: ['*'] }] : []),
  ];
  for (const statement of statements) role.addToPolicy(new iam.PolicyStatement(statement));
  for (const statement of repositoryAccess([repository])) role.addToPolicy(statement);
  encryptionKey?.grantEncryptDecrypt(role);
  acknowledgeResources(role, 'Data sets, models and answers of runs, which are numbered as they begin.', ...reads, ...writes);
  acknowledgeResources(role, 'SageMaker names the log streams of its jobs.', logGroup);
  if (repository.endsWith('*')) acknowledgeResources(role, 'The image names no repository that is known before the deploy.', repository);
  acknowledge(
    role,
    'ecr:GetAuthorizationToken, cloudwatch:PutMetricData (limited by namespace) and network interfaces have no resources to name.',
    'AwsSolutions-IAM5[Resource::*]',
  );
  return role;
}
