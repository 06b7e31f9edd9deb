import { Duration } from 'aws-cdk-lib';
import { Deployment, EndpointInstance, ModelSource, RollbackAlarm, Serving, type EndpointVariantProps } from '../../../lib';
import { model, realTime, variant } from './parts';
import type { Refused } from './refused';

const row = (name: string, message: string, deployment: () => Deployment, rest: Partial<EndpointVariantProps> = {}): Refused => ({
  name: `deployment: ${name}`,
  message,
  props: () => realTime('one', { initialCount: 4, ...rest }, { deployment: deployment() }),
});
const alarms = (count: number): RollbackAlarm[] =>
  Array.from({ length: count }, (_, index) => RollbackAlarm.modelLatency({ p95Millis: 100 + index }));

/** What native deployments cannot do. */
export const refusedDeployments: Refused[] = [
  row('a canary of more than half', 'deployment.size.percent is 51: a whole number of percent from 1 to 50 is allowed', () =>
    Deployment.blueGreenCanary({ percent: 51 }),
  ),
  row('a canary of nothing', 'deployment.size.percent is 0: a whole number of percent from 1 to 50 is allowed', () =>
    Deployment.blueGreenCanary({ percent: 0 }),
  ),
  row(
    'a canary of three instances of four',
    'deployment.size.instances is 3 of 4: 1 to 50 percent of the instances are allowed; give it in percent, or start with more instances.',
    () => Deployment.blueGreenCanary({ instances: 3 }),
  ),
  row(
    'a canary of the only instance',
    'deployment.size.instances is 1 of 1: 1 to 50 percent',
    () => Deployment.blueGreenCanary({ instances: 1 }),
    {
      initialCount: 1,
    },
  ),
  row('percent and instances', 'deployment.size is 10 % and 1 instances: one of them is allowed; choose one.', () =>
    Deployment.blueGreenCanary({ percent: 10, instances: 1 }),
  ),
  row('linear steps that are too small', 'deployment.size.percent is 9: a whole number of percent from 10 to 50 is allowed', () =>
    Deployment.blueGreenLinear({ percent: 9 }),
  ),
  row('linear steps that are too large', 'deployment.size.percent is 60: a whole number of percent from 10 to 50 is allowed', () =>
    Deployment.blueGreenLinear({ percent: 60 }),
  ),
  row('batches that are too small', 'deployment.size.percent is 4: a whole number of percent from 5 to 50 is allowed', () =>
    Deployment.rolling({ percent: 4 }),
  ),
  row('batches that are too large', 'deployment.size.percent is 75: a whole number of percent from 5 to 50 is allowed', () =>
    Deployment.rolling({ percent: 75 }),
  ),
  row('batches of three instances of four', 'deployment.size.instances is 3 of 4: 5 to 50 percent', () =>
    Deployment.rolling({ instances: 3 }),
  ),
  row('more than everything back', 'deployment.rollbackSize.percent is 120: a whole number of percent from 1 to 100 is allowed', () =>
    Deployment.rolling({ rollbackPercent: 120 }),
  ),
  row(
    'too long a wait',
    'deployment.waitSeconds is 7200: a whole number of seconds from 0 to 3600 is allowed; bake longer with a canary of AiUseCase.',
    () => Deployment.blueGreenCanary({ wait: Duration.hours(2) }),
  ),
  row('the old fleet for too long', 'deployment.terminationWaitSeconds is 3601: a whole number of seconds from 0 to 3600 is allowed', () =>
    Deployment.blueGreenAllAtOnce({ terminationWait: Duration.seconds(3601) }),
  ),
  row('too short a time-out', 'deployment.timeoutSeconds is 300: a whole number of seconds from 600 to 28800 is allowed', () =>
    Deployment.blueGreenAllAtOnce({ timeout: Duration.minutes(5) }),
  ),
  row('too long a time-out', 'deployment.timeoutSeconds is 32400: a whole number of seconds from 600 to 28800 is allowed', () =>
    Deployment.rolling({ timeout: Duration.hours(9) }),
  ),
  row(
    'waits of nine hours in all',
    'deployment waits 33000 seconds in all: the whole deployment must end within 28800 seconds; wait less, or take larger steps.',
    () => Deployment.blueGreenLinear({ percent: 10, wait: Duration.hours(1) }),
  ),
  row(
    'waits longer than its time-out',
    'deployment waits 1200 seconds in all: the whole deployment must end within 1200 seconds; wait less, take larger steps, or raise the time-out.',
    () => Deployment.blueGreenCanary({ timeout: Duration.minutes(20) }),
  ),
  row('eleven alarms', 'deployment.alarms are 11: 1 to 10 are allowed; join some in a composite alarm.', () =>
    Deployment.blueGreenCanary({ rollbackAlarms: alarms(11) }),
  ),
  {
    name: 'deployment: twelve alarms, two on each of six variants',
    message: 'deployment.alarms are 12: 1 to 10 are allowed',
    props: () => ({
      serving: Serving.realTime({ variants: Array.from({ length: 6 }, (_, index) => variant('one', { name: `v${index}` })) }),
      deployment: Deployment.blueGreenAllAtOnce({ rollbackAlarms: alarms(2) }),
    }),
  },
  {
    name: 'deployment: rolling on two variants',
    message: 'deployment is rolling on 2 variants: a rolling deployment has one variant; deploy blue/green, or leave one variant.',
    props: () => ({
      serving: Serving.realTime({ variants: [variant('one'), variant('one', { name: 'b' })] }),
      deployment: Deployment.rolling(),
    }),
  },
  {
    name: 'deployment: a canary of a serverless endpoint',
    message:
      'deployment is canary on a serverless endpoint: those have no guarded deployments; leave it out: SageMaker replaces it at once.',
    props: () => ({ serving: Serving.serverless({ model: model('one'), memoryMib: 1024 }), deployment: Deployment.blueGreenCanary() }),
  },
  {
    name: 'deployment: rolling on a serverless endpoint',
    message: 'deployment is rolling on a serverless endpoint',
    props: () => ({ serving: Serving.serverless({ model: model('one'), memoryMib: 1024 }), deployment: Deployment.rolling() }),
  },
  {
    name: 'deployment: a canary of inference components',
    message: 'deployment is canary with inference components: their copies are replaced in batches; deploy rolling.',
    props: () => ({
      serving: Serving.inferenceComponents({
        instances: { instance: EndpointInstance.G5_XLARGE },
        components: [{ name: 'chat', model: model('one'), memoryMib: 1024 }],
      }),
      deployment: Deployment.blueGreenCanary(),
    }),
  },
  row(
    'a canary on Inf1',
    'deployment is canary on Inf1: SageMaker replaces those at once, whatever is asked for, and no alarm undoes it; leave the deployment out.',
    () => Deployment.blueGreenCanary(),
    { instance: EndpointInstance.of('ml.inf1.xlarge') },
  ),
  row('a canary of a package of the Marketplace', 'deployment is canary on the AWS Marketplace', () => Deployment.blueGreenCanary(), {
    model: ModelSource.modelPackage('arn:aws:sagemaker:us-east-1:865070037744:model-package/a-sellers-model-0123456789abcdef'),
  }),
  {
    name: 'deployment: a share of errors above all requests',
    message: 'share of RollbackAlarm.serverErrors is 5: above 0 and at most 1 is allowed, such as 0.05.',
    props: () =>
      realTime('one', {}, { deployment: Deployment.blueGreenCanary({ rollbackAlarms: [RollbackAlarm.serverErrors({ share: 5 })] }) }),
  },
  {
    name: 'deployment: a latency of nothing',
    message: 'p95Millis of RollbackAlarm.modelLatency is 0: milliseconds above 0 are allowed.',
    props: () =>
      realTime('one', {}, { deployment: Deployment.blueGreenCanary({ rollbackAlarms: [RollbackAlarm.modelLatency({ p95Millis: 0 })] }) }),
  },
];
