/* eslint-disable awscdk/require-passing-this -- these functions construct for the endpoint that calls them */
import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledge, acknowledgeResources } from '../shared/acknowledge';
import { NETWORK_INTERFACE_ACTIONS } from '../release/model-role';
import type { AsynchronousServingProps } from './serving-props';

export interface EndpointRoleProps {
  readonly endpointName: string;
  readonly inNetwork: boolean;
  readonly role?: iam.IRole;
}

/** The role that containers of the endpoint run as: it writes its own logs and metrics. What models need is added by who makes them. */
export function createEndpointRole(scope: Construct, { endpointName, inNetwork, role: given }: EndpointRoleProps): iam.IRole {
  const role =
    given ??
    new iam.Role(scope, 'Role', {
      assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com'),
      description: `${endpointName}: model containers`,
    });
  const logGroups = ['Endpoints', 'InferenceComponents'].map((kind) =>
    Stack.of(scope).formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: `/aws/sagemaker/${kind}/${endpointName}*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    }),
  );
  role.addToPrincipalPolicy(
    new iam.PolicyStatement({
      actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'],
      resources: logGroups,
    }),
  );
  role.addToPrincipalPolicy(
    new iam.PolicyStatement({
      actions: ['cloudwatch:PutMetricData'],
      resources: ['*'],
      conditions: { StringLike: { 'cloudwatch:namespace': ['AWS/SageMaker', '/aws/sagemaker/*'] } },
    }),
  );
  if (inNetwork) role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: NETWORK_INTERFACE_ACTIONS, resources: ['*'] }));
  acknowledgeResources(
    role,
    'SageMaker names log groups after the endpoint and its components, log streams after instances.',
    ...logGroups,
  );
  acknowledge(
    role,
    'ecr:GetAuthorizationToken, cloudwatch:PutMetricData (limited by namespace) and network interfaces have no resources to name.',
    'AwsSolutions-IAM5[Resource::*]',
  );
  return role;
}

/** SageMaker encrypts volumes on the role's behalf, with grants of the key. */
export function allowVolumeKey(role: iam.IRole, key: kms.IKey): void {
  key.grantEncryptDecrypt(role);
  key.grant(role, 'kms:CreateGrant', 'kms:DescribeKey');
  acknowledge(
    role,
    'As AWS grants the use of a key.',
    'AwsSolutions-IAM5[Action::kms:GenerateDataKey*]',
    'AwsSolutions-IAM5[Action::kms:ReEncrypt*]',
  );
}

/** SageMaker writes captures as the role. */
export function allowCapture(role: iam.IRole, bucket: s3.IBucket, folder: string, key: kms.IKey | undefined): void {
  const objects = bucket.arnForObjects(`${folder}/*`);
  iam.Grant.addToPrincipal({ grantee: role, actions: ['s3:PutObject'], resourceArns: [objects] });
  for (const used of new Set([key, bucket.encryptionKey])) used?.grant(role, 'kms:Decrypt', 'kms:GenerateDataKey');
  acknowledgeResources(role, 'SageMaker names captures after endpoint, variant and time; the folder holds nothing else.', objects);
}

/** SageMaker reads requests, and writes answers and failures, as the role. */
export function allowAnswers(role: iam.IRole, bucket: s3.IBucket, { successTopic, errorTopic }: AsynchronousServingProps): void {
  const requests = bucket.arnForObjects('requests/*');
  const written = [bucket.arnForObjects('answers/*'), bucket.arnForObjects('failures/*')];
  iam.Grant.addToPrincipal({ grantee: role, actions: ['s3:GetObject'], resourceArns: [requests] });
  iam.Grant.addToPrincipal({ grantee: role, actions: ['s3:PutObject', 's3:AbortMultipartUpload'], resourceArns: written });
  iam.Grant.addToPrincipal({ grantee: role, actions: ['s3:ListBucket'], resourceArns: [bucket.bucketArn] });
  bucket.encryptionKey?.grant(role, 'kms:Decrypt', 'kms:GenerateDataKey');
  for (const topic of new Set([successTopic, errorTopic])) topic?.grantPublish(role);
  acknowledgeResources(role, 'Callers name requests, SageMaker names answers; each has a folder of its own.', requests, ...written);
}
