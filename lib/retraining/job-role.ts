/* eslint-disable awscdk/require-passing-this -- this function constructs for the construct that calls it */
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
  /** Of the images that train and that answer. */
  readonly repositories: string[];
  readonly inNetwork: boolean;
  readonly encryptionKey?: kms.IKey;
}

/** What trains, and what answers while a model is evaluated: data sets and models of runs, logs of jobs, and nothing else. */
export function createJobRole(scope: Construct, props: JobRoleProps): iam.Role {
  const stack = Stack.of(scope);
  const { bucket, useCaseName, encryptionKey } = props;
  const role = new iam.Role(scope, 'JobRole', {
    assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
    }),
    description: `${useCaseName}: training and evaluation jobs`,
  });
  const { training, models } = DRIFT_FOLDERS;
  const [data, made, answers] = [`${training}/*`, `${models}/*`, `${training}/*/answers/*`].map((path) => bucket.arnForObjects(path));
  const logGroups = ['TrainingJobs', 'TransformJobs'].map((name) =>
    stack.formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: `/aws/sagemaker/${name}:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    }),
  );
  const statements: iam.PolicyStatementProps[] = [
    { actions: ['s3:GetObject'], resources: [data as string, made as string] },
    { actions: ['s3:PutObject', 's3:AbortMultipartUpload'], resources: [made as string, answers as string] },
    {
      actions: ['s3:ListBucket'],
      resources: [bucket.bucketArn],
      conditions: { StringLike: { 's3:prefix': [`${training}/*`, `${models}/*`] } },
    },
    { actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'], resources: logGroups },
    {
      actions: ['cloudwatch:PutMetricData'],
      resources: ['*'],
      conditions: { StringLike: { 'cloudwatch:namespace': ['AWS/SageMaker', '/aws/sagemaker/*'] } },
    },
    ...(props.inNetwork ? [{ actions: NETWORK_INTERFACE_ACTIONS, resources: ['*'] }] : []),
  ];
  for (const statement of statements) role.addToPolicy(new iam.PolicyStatement(statement));
  for (const statement of repositoryAccess(props.repositories)) role.addToPolicy(statement);
  encryptionKey?.grantEncryptDecrypt(role);
  acknowledgeResources(
    role,
    'Data sets, models and answers of runs, which are numbered as they begin.',
    data as string,
    made as string,
    answers as string,
  );
  acknowledgeResources(role, 'SageMaker names the log streams of its jobs.', ...logGroups);
  acknowledgeResources(
    role,
    'The image names no repository that is known before the deploy.',
    ...props.repositories.filter((arn) => arn.endsWith('*')),
  );
  acknowledge(
    role,
    'ecr:GetAuthorizationToken, cloudwatch:PutMetricData (limited by namespace) and network interfaces have no resources to name.',
    'AwsSolutions-IAM5[Resource::*]',
  );
  return role;
}
