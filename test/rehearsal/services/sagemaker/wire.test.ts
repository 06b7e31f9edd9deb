import { CloudWatchClient, DescribeAlarmsCommand, GetMetricDataCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DescribeEndpointCommand,
  ListEndpointsCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import type { ServiceDouble } from '../../../../rehearsal/cloud/types';
import { createCloudWatch } from '../../../../rehearsal/services/cloudwatch';
import { createSageMaker, type SageMaker } from '../../../../rehearsal/services/sagemaker';
import { createSageMakerRuntime } from '../../../../rehearsal/services/sagemaker-runtime';
import { createTestCloud, sdkClient, startMillis } from '../../support/harness';

const MINUTE = 60_000;

function setUp(status = 200) {
  const bus = { service: 'eventbridge', operations: {}, emitServiceEvent: () => undefined } as ServiceDouble;
  const test = createTestCloud((cloud) => [createSageMaker(cloud), createSageMakerRuntime(cloud), createCloudWatch(cloud), bus]);
  test.cloud.double<SageMaker>('sagemaker').setContainers(({ environment }) => ({
    predict: () => ({ status, body: Buffer.from(environment.NAME ?? ''), contentType: 'application/json', latencyMillis: 20 }),
  }));
  return { ...test, sageMaker: sdkClient(test.cloud, SageMakerClient), runtime: sdkClient(test.cloud, SageMakerRuntimeClient) };
}

type Setup = ReturnType<typeof setUp>;

async function deploy({ run, clock, sageMaker }: Setup): Promise<void> {
  await run(async () => {
    await sageMaker.send(
      new CreateModelCommand({
        ModelName: 'm',
        ExecutionRoleArn: 'arn:aws:iam::111111111111:role/Model',
        PrimaryContainer: { Image: 'i', Environment: { NAME: 'one' } },
      }),
    );
    const variant = {
      VariantName: 'a',
      ModelName: 'm',
      InstanceType: 'ml.g5.xlarge',
      InitialInstanceCount: 1,
      InitialVariantWeight: 0,
    } as const;
    await sageMaker.send(new CreateEndpointConfigCommand({ EndpointConfigName: 'c', ProductionVariants: [variant] }));
    await sageMaker.send(new CreateEndpointCommand({ EndpointName: 'Live', EndpointConfigName: 'c' }));
  });
  const creating = await run(() => sageMaker.send(new DescribeEndpointCommand({ EndpointName: 'Live' })));
  expect(creating.PendingDeploymentSummary?.EndpointConfigName).toBe('c');
  await clock.run(clock.now() + 9 * MINUTE);
}

test('SDK clients see an endpoint come into service, list it and invoke it', async () => {
  const setup = setUp();
  await deploy(setup);
  const { run, sageMaker, runtime } = setup;
  const endpoint = await run(() => sageMaker.send(new DescribeEndpointCommand({ EndpointName: 'Live' })));
  expect(endpoint).toMatchObject({ EndpointStatus: 'InService', ProductionVariants: [{ CurrentWeight: 0 }] });
  expect(endpoint.CreationTime!.getTime()).toBeGreaterThanOrEqual(startMillis);
  const listed = await run(() => sageMaker.send(new ListEndpointsCommand({ NameContains: 'live' })));
  expect(listed.Endpoints).toHaveLength(1);
  const answer = await run(() =>
    runtime.send(new InvokeEndpointCommand({ EndpointName: 'Live', TargetVariant: 'a', Body: '{}', InferenceId: 'id' })),
  );
  expect(Buffer.from(answer.Body!).toString()).toBe('one');
  expect(answer.InvokedProductionVariant).toBe('a');
});

test('errors arrive as the exceptions that the SDK knows', async () => {
  const setup = setUp(500);
  await deploy(setup);
  const { run, sageMaker, runtime } = setup;
  await expect(run(() => sageMaker.send(new DescribeEndpointCommand({ EndpointName: 'none' })))).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining('Could not find endpoint'),
  });
  const failing = run(() => runtime.send(new InvokeEndpointCommand({ EndpointName: 'Live', TargetVariant: 'a', Body: '{}' })));
  await expect(failing).rejects.toMatchObject({
    name: 'ModelError',
    OriginalStatusCode: 500,
    OriginalMessage: 'one',
    $metadata: { httpStatusCode: 424 },
  });
});

test('alarms and metric data by the SDK', async () => {
  const setup = setUp();
  await deploy(setup);
  const { run, clock, cloud, runtime } = setup;
  const client = sdkClient(cloud, CloudWatchClient);
  const metric = {
    Namespace: 'AWS/SageMaker',
    MetricName: 'Invocations',
    Dimensions: [
      { Name: 'EndpointName', Value: 'Live' },
      { Name: 'VariantName', Value: 'a' },
    ],
  };
  const alarm = {
    ...metric,
    AlarmName: 'busy',
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  } as const;
  await run(() => client.send(new PutMetricAlarmCommand(alarm)));
  await run(() => runtime.send(new InvokeEndpointCommand({ EndpointName: 'Live', TargetVariant: 'a', Body: '{}' })));
  await clock.run(clock.now() + 2 * MINUTE);
  const { MetricAlarms } = await run(() => client.send(new DescribeAlarmsCommand({ AlarmNames: ['busy'] })));
  expect(MetricAlarms).toMatchObject([{ AlarmName: 'busy', StateValue: 'ALARM' }]);
  const StartTime = new Date(startMillis);
  const EndTime = new Date(clock.now());
  const query = { Id: 'm1', MetricStat: { Metric: metric, Period: 60, Stat: 'Sum' } };
  const { MetricDataResults } = await run(() => client.send(new GetMetricDataCommand({ StartTime, EndTime, MetricDataQueries: [query] })));
  expect(MetricDataResults![0]!.Values).toEqual([1]);
});
