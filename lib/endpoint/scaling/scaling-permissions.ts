import { ArnFormat, Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { acknowledge, acknowledgeResources } from '../../shared/acknowledge';
import { sagemakerArn } from '../../shared/sagemaker-arn';

/** What a handler may scale. */
export interface ScalingReach {
  /** ARNs of endpoints, or a pattern of them. */
  readonly endpointArns: string[];
  /** Names of endpoints, or a pattern of them. */
  readonly endpointNames: string[];
  readonly componentNames: string[];
}

const SERVICE = 'sagemaker.application-autoscaling.amazonaws.com';
const ROLE = `role/aws-service-role/${SERVICE}/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint`;

/**
 * Application Auto Scaling names its targets by ids that it draws, so they are limited to SageMaker by condition. It asks whether the caller
 * may do at SageMaker and CloudWatch what it does for it.
 */
export function allowScaling(role: iam.IRole, reach: ScalingReach): void {
  const stack = Stack.of(role);
  const scalableTargets = stack.formatArn({ service: 'application-autoscaling', resource: 'scalable-target', resourceName: '*' });
  const configs = sagemakerArn(stack, 'endpoint-config', '*');
  const tracking = alarmArn(stack, 'TargetTracking-*');
  const wake = wakeAlarms(reach).map((name) => alarmArn(stack, name));
  const components = reach.componentNames.map((name) =>
    stack.formatArn({
      service: 'sagemaker',
      resource: 'inference-component',
      resourceName: Token.isUnresolved(name) ? name : name.toLowerCase(),
    }),
  );
  const statements: iam.PolicyStatementProps[] = [
    {
      actions: CHANGES.map((action) => `application-autoscaling:${action}`),
      resources: [scalableTargets],
      conditions: { StringEquals: { 'application-autoscaling:service-namespace': 'sagemaker' } },
    },
    { actions: [...LOOKS.map((action) => `application-autoscaling:${action}`), 'cloudwatch:DescribeAlarms'], resources: ['*'] },
    { actions: ['sagemaker:DescribeEndpoint', 'sagemaker:UpdateEndpointWeightsAndCapacities'], resources: reach.endpointArns },
    { actions: ['sagemaker:DescribeEndpointConfig'], resources: [configs] },
    ...(components.length === 0
      ? []
      : [{ actions: ['sagemaker:DescribeInferenceComponent', 'sagemaker:UpdateInferenceComponentRuntimeConfig'], resources: components }]),
    { actions: ['cloudwatch:PutMetricAlarm', 'cloudwatch:DeleteAlarms'], resources: [tracking, ...wake] },
    {
      actions: ['iam:CreateServiceLinkedRole'],
      resources: [stack.formatArn({ service: 'iam', region: '', resource: ROLE, arnFormat: ArnFormat.NO_RESOURCE_NAME })],
      conditions: { StringEquals: { 'iam:AWSServiceName': SERVICE } },
    },
  ];
  for (const statement of statements) role.addToPrincipalPolicy(new iam.PolicyStatement(statement));
  acknowledgeResources(role, "Application Auto Scaling draws its targets' ids; a condition limits them to SageMaker.", scalableTargets);
  acknowledgeResources(role, 'Application Auto Scaling tries the permission on a config whose name it makes up.', configs);
  acknowledgeResources(role, 'Alarms of target tracking end in an id that Application Auto Scaling draws.', tracking);
  acknowledgeResources(role, "A variant's alarm bears its name after the endpoint's.", ...wake);
  acknowledge(role, 'Describing scalable targets and alarms knows no resources.', 'AwsSolutions-IAM5[Resource::*]');
}

const CHANGES = [
  'RegisterScalableTarget',
  'DeregisterScalableTarget',
  'PutScalingPolicy',
  'DeleteScalingPolicy',
  'PutScheduledAction',
  'DeleteScheduledAction',
];
const LOOKS = ['DescribeScalableTargets', 'DescribeScalingPolicies', 'DescribeScheduledActions'];

const alarmArn = (stack: Stack, resourceName: string): string =>
  stack.formatArn({ service: 'cloudwatch', resource: 'alarm', resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });

/** Those that wake from zero. */
const wakeAlarms = ({ endpointNames, componentNames }: ScalingReach): string[] => [
  ...endpointNames.map((name) => `sluice-from-zero-${name}-*`),
  ...componentNames.map((name) => `sluice-from-zero-${name}`),
];
