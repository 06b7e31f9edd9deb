import { ArnFormat, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { acknowledgeResources } from '../shared/acknowledge';

/**
 * Whoever changes or deletes an endpoint takes it off Application Auto Scaling first, or SageMaker does so with the caller's own permission.
 * Needed also when the charter asks for scaling no more: what was registered before stands.
 */
export function allowFreeing(role: iam.IRole | undefined, resourcePrefix: string): void {
  if (role === undefined) return;
  const stack = Stack.of(role);
  const targets = stack.formatArn({ service: 'application-autoscaling', resource: 'scalable-target', resourceName: '*' });
  const alarm = (resourceName: string): string =>
    stack.formatArn({ service: 'cloudwatch', resource: 'alarm', resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  const alarms = [
    `TargetTracking-endpoint/${resourcePrefix}-*`,
    `TargetTracking-inference-component/${resourcePrefix}-*`,
    `sluice-from-zero-${resourcePrefix}-*`,
  ].map(alarm);
  role.addToPrincipalPolicy(
    new iam.PolicyStatement({
      actions: ['application-autoscaling:DeregisterScalableTarget'],
      resources: [targets],
      conditions: { StringEquals: { 'application-autoscaling:service-namespace': 'sagemaker' } },
    }),
  );
  role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['cloudwatch:DeleteAlarms'], resources: alarms }));
  acknowledgeResources(role, "Application Auto Scaling draws its targets' ids; a condition limits them to SageMaker.", targets);
  acknowledgeResources(role, 'Alarms of scaling, named after endpoints of this use case.', ...alarms);
}
