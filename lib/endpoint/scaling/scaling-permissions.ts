import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { acknowledge, acknowledgeResources } from '../../shared/acknowledge';

/** What a handler may scale. */
export interface ScalingReach {
  /** ARNs of endpoints, or a pattern of them. */
  readonly endpointArns: string[];
  /** Names of endpoints as CloudWatch's alarms bear them, or a pattern of them. */
  readonly endpointNames: string[];
  readonly endpointConfigArns: string[];
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
  const alarms = alarmsOf(stack, reach);
  const components = reach.componentNames.map((name) =>
    stack.formatArn({ service: 'sagemaker', resource: 'inference-component', resourceName: name }),
  );
  const statements: iam.PolicyStatementProps[] = [
    {
      actions: [
        'RegisterScalableTarget',
        'DeregisterScalableTarget',
        'PutScalingPolicy',
        'DeleteScalingPolicy',
        'PutScheduledAction',
        'DeleteScheduledAction',
      ].map((action) => `application-autoscaling:${action}`),
      resources: [scalableTargets],
      conditions: { StringEquals: { 'application-autoscaling:service-namespace': 'sagemaker' } },
    },
    {
      actions: ['DescribeScalableTargets', 'DescribeScalingPolicies', 'DescribeScheduledActions'].map(
        (action) => `application-autoscaling:${action}`,
      ),
      resources: ['*'],
    },
    { actions: ['sagemaker:DescribeEndpoint', 'sagemaker:UpdateEndpointWeightsAndCapacities'], resources: reach.endpointArns },
    ...(reach.endpointConfigArns.length === 0
      ? []
      : [{ actions: ['sagemaker:DescribeEndpointConfig'], resources: reach.endpointConfigArns }]),
    ...(components.length === 0
      ? []
      : [{ actions: ['sagemaker:DescribeInferenceComponent', 'sagemaker:UpdateInferenceComponentRuntimeConfig'], resources: components }]),
    { actions: ['cloudwatch:PutMetricAlarm', 'cloudwatch:DeleteAlarms', 'cloudwatch:DescribeAlarms'], resources: alarms },
    {
      actions: ['iam:CreateServiceLinkedRole'],
      resources: [stack.formatArn({ service: 'iam', region: '', resource: ROLE, arnFormat: ArnFormat.NO_RESOURCE_NAME })],
      conditions: { StringEquals: { 'iam:AWSServiceName': SERVICE } },
    },
  ];
  for (const statement of statements) role.addToPrincipalPolicy(new iam.PolicyStatement(statement));
  acknowledgeResources(role, "Application Auto Scaling draws its targets' ids; a condition limits them to SageMaker.", scalableTargets);
  acknowledgeResources(role, 'Alarms of target tracking end in an id that Application Auto Scaling draws.', ...alarms);
  acknowledge(role, 'Describing scalable targets knows no resources.', 'AwsSolutions-IAM5[Resource::*]');
}

/** Those of target tracking, and those that wake from zero. */
function alarmsOf(stack: Stack, { endpointNames, componentNames }: ScalingReach): string[] {
  const names = [
    ...endpointNames.flatMap((name) => [`TargetTracking-endpoint/${name}/variant/*`, `sluice-from-zero-${name}-*`]),
    ...componentNames.flatMap((name) => [`TargetTracking-inference-component/${name}-*`, `sluice-from-zero-${name}`]),
  ];
  return names.map((resourceName) =>
    stack.formatArn({ service: 'cloudwatch', resource: 'alarm', resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME }),
  );
}
