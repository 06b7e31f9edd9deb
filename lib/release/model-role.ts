/* eslint-disable awscdk/require-passing-this, awscdk/no-variable-construct-id -- these functions construct for the construct that calls them */
import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { acknowledge, acknowledgeResources } from '../shared/acknowledge';

export interface ModelRoleProps {
  readonly useCaseName: string;
  readonly resourcePrefix: string;
  /** What the model must read: its image and its artefact. */
  readonly statements: iam.PolicyStatement[];
  /** ARNs with wildcards among them. */
  readonly wildcards: string[];
  readonly inNetwork: boolean;
  /** Served as inference components: their logs have a place of their own. */
  readonly asComponents?: boolean;
  /** An adopted endpoint: its logs are named after it. */
  readonly existingEndpoint?: string;
  readonly encryptionKey?: kms.IKey;
}

/** The role that model containers run as: reads its own image and artefact, writes its own logs and metrics. */
export function createModelRole(scope: Construct, id: string, props: ModelRoleProps): iam.Role {
  const role = new iam.Role(scope, id, {
    assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com'),
    description: `${props.useCaseName}: model containers`,
  });
  const endpoints = [`${props.resourcePrefix}*`, ...(props.existingEndpoint === undefined ? [] : [props.existingEndpoint])];
  const names = [
    ...endpoints.map((endpoint) => `Endpoints/${endpoint}${endpoint.endsWith('*') ? '' : ':*'}`),
    ...(props.asComponents === true ? [`InferenceComponents/${props.resourcePrefix}*`] : []),
  ];
  const logGroups = names.map((name) =>
    Stack.of(scope).formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: `/aws/sagemaker/${name}`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    }),
  );
  props.statements.forEach((statement) => role.addToPolicy(statement));
  role.addToPolicy(
    new iam.PolicyStatement({
      actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents', 'logs:DescribeLogStreams'],
      resources: logGroups,
    }),
  );
  role.addToPolicy(
    new iam.PolicyStatement({
      actions: ['cloudwatch:PutMetricData'],
      resources: ['*'],
      conditions: { StringLike: { 'cloudwatch:namespace': ['AWS/SageMaker', '/aws/sagemaker/*'] } },
    }),
  );
  if (props.inNetwork) role.addToPolicy(new iam.PolicyStatement({ actions: NETWORK_INTERFACE_ACTIONS, resources: ['*'] }));
  props.encryptionKey?.grantEncryptDecrypt(role);
  acknowledgeResources(
    role,
    'Log groups of endpoints are named by SageMaker after endpoints that releases make at run time.',
    ...logGroups,
  );
  acknowledgeResources(
    role,
    'What a model package runs is in the registry, not in the template: reading is limited to the account.',
    ...props.wildcards,
  );
  acknowledge(
    role,
    'ecr:GetAuthorizationToken, cloudwatch:PutMetricData (limited by namespace) and network interfaces have no resources to name.',
    'AwsSolutions-IAM5[Resource::*]',
  );
  return role;
}

/** As the SageMaker developer guide lists them for models in a VPC; these actions know no resource before it is made. */
export const NETWORK_INTERFACE_ACTIONS = [
  'ec2:CreateNetworkInterface',
  'ec2:CreateNetworkInterfacePermission',
  'ec2:DeleteNetworkInterface',
  'ec2:DeleteNetworkInterfacePermission',
  'ec2:DescribeDhcpOptions',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
];
