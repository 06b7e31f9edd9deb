import type { Cloud, Members, Permission } from '../../cloud/types';
import { TRACKING_ALARM } from './tracking-alarms';

const SLR_SERVICE = 'sagemaker.application-autoscaling.amazonaws.com';

/** As which Application Auto Scaling changes counts. */
export const serviceLinkedRole = ({ partition, accountId }: Cloud): string =>
  `arn:${partition}:iam::${accountId}:role/aws-service-role/${SLR_SERVICE}/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint`;

/** The first scalable target of an account creates the role, with the caller's own permission. */
export const toCreateRole = (cloud: Cloud): Permission => ({
  action: 'iam:CreateServiceLinkedRole',
  resource: serviceLinkedRole(cloud),
  context: { 'iam:AWSServiceName': SLR_SERVICE },
});

/** Of the operation itself. */
export const toScale = (cloud: Cloud, action: string, input: Members, targetId = '*'): Permission => ({
  action: `application-autoscaling:${action}`,
  resource: cloud.arn('application-autoscaling', `scalable-target/${targetId}`),
  context: {
    'application-autoscaling:service-namespace': String(input.ServiceNamespace),
    'application-autoscaling:scalable-dimension': String(input.ScalableDimension),
  },
});

/** Who registers a target must be allowed to do at SageMaker what the service-linked role will do: Application Auto Scaling tries it. */
export function toRegister(cloud: Cloud, input: Members): Permission[] {
  const [kind = '', name = ''] = String(input.ResourceId).split('/');
  const arn = cloud.arn('sagemaker', `${kind}/${name.toLowerCase()}`);
  if (kind === 'inference-component')
    return ['DescribeInferenceComponent', 'UpdateInferenceComponentRuntimeConfig'].map((action) => ({
      action: `sagemaker:${action}`,
      resource: arn,
    }));
  return [
    { action: 'sagemaker:DescribeEndpoint', resource: arn },
    // Tried with a name that Application Auto Scaling makes up: a policy for certain configs is not enough.
    {
      action: 'sagemaker:DescribeEndpointConfig',
      resource: cloud.arn('sagemaker', 'endpoint-config/7f4e1944-1817-4891-9bef-e055a90787a4'),
    },
    { action: 'sagemaker:UpdateEndpointWeightsAndCapacities', resource: arn },
  ];
}

/** Who puts or deletes a policy must be allowed to do with alarms what the service-linked role will do. */
export function toKeepAlarms(cloud: Cloud, actions: string[]): Permission[] {
  const alarms = cloud.arn('cloudwatch', `alarm:${TRACKING_ALARM}*`);
  return actions.map((action) => ({ action: `cloudwatch:${action}`, resource: action === 'DescribeAlarms' ? '*' : alarms }));
}
