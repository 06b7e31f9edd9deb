import type { Caller, Members, PolicyStatement, ServiceDouble } from '../../../../rehearsal/cloud/types';
import { createApplicationAutoScaling } from '../../../../rehearsal/services/application-autoscaling';
import { createCloudWatch } from '../../../../rehearsal/services/cloudwatch';
import { createSageMaker, type SageMaker } from '../../../../rehearsal/services/sagemaker';
import { createTestCloud } from '../../support/harness';

const ROLE = 'arn:aws:iam::123456789012:role/Scaling';
const LINKED =
  'arn:aws:iam::123456789012:role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint';
const caller: Caller = { kind: 'role', roleArn: ROLE };

const scaling: PolicyStatement = {
  Effect: 'Allow',
  Action: ['application-autoscaling:RegisterScalableTarget', 'application-autoscaling:PutScalingPolicy'],
  Resource: 'arn:aws:application-autoscaling:eu-west-1:123456789012:scalable-target/*',
  Condition: {
    StringEquals: {
      'application-autoscaling:service-namespace': 'sagemaker',
      'application-autoscaling:scalable-dimension': 'sagemaker:variant:DesiredInstanceCount',
    },
  },
};
const endpoint: PolicyStatement = {
  Effect: 'Allow',
  Action: ['sagemaker:DescribeEndpoint', 'sagemaker:UpdateEndpointWeightsAndCapacities'],
  Resource: 'arn:aws:sagemaker:eu-west-1:123456789012:endpoint/live',
};
const configs: PolicyStatement = { Effect: 'Allow', Action: 'sagemaker:DescribeEndpointConfig', Resource: '*' };
const linked: PolicyStatement = {
  Effect: 'Allow',
  Action: 'iam:CreateServiceLinkedRole',
  Resource: LINKED,
  Condition: { StringEquals: { 'iam:AWSServiceName': 'sagemaker.application-autoscaling.amazonaws.com' } },
};

/** A role with these statements, and an endpoint that it may scale. */
function setUp(statements: PolicyStatement[]) {
  const bus = { service: 'eventbridge', operations: {}, emitServiceEvent: () => undefined } as ServiceDouble;
  const test = createTestCloud((cloud) => [createApplicationAutoScaling(cloud), createCloudWatch(cloud), createSageMaker(cloud), bus]);
  const sageMaker = test.cloud.double<SageMaker>('sagemaker');
  sageMaker.setContainers(() => ({
    predict: () => ({ status: 200, body: new Uint8Array(0), contentType: 'text/plain', latencyMillis: 1 }),
  }));
  sageMaker.seedEndpoint({ endpointName: 'Live', variantName: 'a' });
  test.cloud.iam.putRole({ arn: ROLE, name: 'Scaling', trust: { Statement: [] } });
  test.cloud.iam.putRolePolicy(ROLE, 'policy', { Statement: statements });
  const call = (operation: string, input: Members): Promise<Members> =>
    test.run(() =>
      test.cloud.call(
        'application-auto-scaling',
        operation,
        {
          ServiceNamespace: 'sagemaker',
          ResourceId: 'endpoint/Live/variant/a',
          ScalableDimension: 'sagemaker:variant:DesiredInstanceCount',
          ...input,
        },
        caller,
      ),
    );
  return { ...test, call };
}

const register = { MinCapacity: 1, MaxCapacity: 2 };
const policy = {
  PolicyName: 'p',
  PolicyType: 'TargetTrackingScaling',
  TargetTrackingScalingPolicyConfiguration: {
    TargetValue: 20,
    PredefinedMetricSpecification: { PredefinedMetricType: 'SageMakerVariantInvocationsPerInstance' },
  },
};

test('a role that may do all of it registers a target; a policy needs alarms as well', async () => {
  const { call } = setUp([scaling, endpoint, configs, linked]);
  await call('RegisterScalableTarget', register);
  await expect(call('PutScalingPolicy', policy)).rejects.toThrow('cloudwatch:DescribeAlarms');
});

test('alarms of target tracking are enough for a policy', async () => {
  const alarms: PolicyStatement[] = [
    { Effect: 'Allow', Action: 'cloudwatch:DescribeAlarms', Resource: '*' },
    {
      Effect: 'Allow',
      Action: ['cloudwatch:PutMetricAlarm', 'cloudwatch:DeleteAlarms'],
      Resource: 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:TargetTracking-*',
    },
  ];
  const { call } = setUp([scaling, endpoint, configs, linked, ...alarms]);
  await call('RegisterScalableTarget', register);
  expect((await call('PutScalingPolicy', policy)).Alarms).toHaveLength(2);
});

test.each<[string, PolicyStatement[]]>([
  ['application-autoscaling:RegisterScalableTarget', [endpoint, configs, linked]],
  ['sagemaker:DescribeEndpoint', [scaling, configs, linked]],
  [
    'sagemaker:DescribeEndpointConfig',
    [scaling, endpoint, { ...configs, Resource: 'arn:aws:sagemaker:*:*:endpoint-config/live-*' }, linked],
  ],
  ['iam:CreateServiceLinkedRole', [scaling, endpoint, configs]],
])('without %s nothing is registered', async (action, statements) => {
  await expect(setUp(statements).call('RegisterScalableTarget', register)).rejects.toThrow(`not authorized to perform: ${action}`);
});
