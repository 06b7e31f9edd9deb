import { App, Duration, Stack, aws_cloudwatch as cloudwatch, aws_iam as iam, aws_sagemaker as sagemaker } from 'aws-cdk-lib';
import type { CloudWatch } from '../../../rehearsal/services/cloudwatch';
import type { SageMaker } from '../../../rehearsal/services/sagemaker';
import { DoublesServer } from '../launcher/doubles';
import { ACCOUNT, REGION, bootstrap, deploy, destroy, readAssembly, temporaryFolder, type Assembly } from './support/cdk';
import { stackResources } from './support/stack';

// The types that the launcher registers, in a stack of plain CDK: made, changed and deleted by the doubles.

const doubles = new DoublesServer({ accountId: ACCOUNT, region: REGION });

beforeAll(async () => {
  await doubles.listen(Number(new URL(process.env['SLUICE_DOUBLES'] ?? '').port));
  await bootstrap();
});

afterAll(() => doubles.close());

test('SageMaker and composite alarms go to the doubles, with their references resolved', async () => {
  await deploy(assemblyOf({ threshold: 5 }));
  expect((await stackResources('lacking')).map(({ status }) => status)).toEqual(Array(7).fill('CREATE_COMPLETE'));
  const { endpoints, endpointConfigs, models } = sageMaker().liveResources();
  expect([endpoints.length, endpointConfigs.length, models.length]).toEqual([1, 1, 1]);
  expect(alarms()).toEqual(['lacking-both', 'lacking-share']);
  expect(thresholdOf('lacking-share')).toBe(5);

  await deploy(assemblyOf({ threshold: 7 }));
  expect(thresholdOf('lacking-share')).toBe(7);
  expect(sageMaker().liveResources().endpoints).toEqual(endpoints);

  await destroy(assemblyOf({ threshold: 7 }));
  expect(sageMaker().liveResources()).toMatchObject({ endpoints: [], endpointConfigs: [], models: [] });
  expect(alarms()).toEqual([]);
});

function assemblyOf({ threshold }: { threshold: number }): Assembly {
  const app = new App({ outdir: temporaryFolder(), analyticsReporting: false });
  const stack = new Stack(app, 'lacking');
  const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com') });
  const model = new sagemaker.CfnModel(stack, 'Model', {
    executionRoleArn: role.roleArn,
    primaryContainer: { image: `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/model:1` },
  });
  const config = new sagemaker.CfnEndpointConfig(stack, 'Config', {
    productionVariants: [
      { variantName: 'a', modelName: model.attrModelName, initialInstanceCount: 1, initialVariantWeight: 1, instanceType: 'ml.m5.large' },
    ],
  });
  new sagemaker.CfnEndpoint(stack, 'Endpoint', { endpointConfigName: config.attrEndpointConfigName });
  const metric = (metricName: string): cloudwatch.Metric =>
    new cloudwatch.Metric({ namespace: 'Lacking', metricName, period: Duration.minutes(1) });
  const share = new cloudwatch.Alarm(stack, 'Share', {
    alarmName: 'lacking-share',
    metric: new cloudwatch.MathExpression({ expression: 'failed / all', usingMetrics: { failed: metric('Failed'), all: metric('All') } }),
    threshold,
    evaluationPeriods: 1,
  });
  const plain = new cloudwatch.Alarm(stack, 'Plain', { metric: metric('All'), threshold: 1, evaluationPeriods: 1 });
  plain.node.addDependency(share);
  new cloudwatch.CompositeAlarm(stack, 'Both', {
    compositeAlarmName: 'lacking-both',
    alarmRule: cloudwatch.AlarmRule.fromAlarm(share, cloudwatch.AlarmState.ALARM),
  });
  return readAssembly(app.synth().directory);
}

const sageMaker = (): SageMaker => doubles.cloud.double<SageMaker>('sagemaker');
const views = (): ReturnType<CloudWatch['alarms']> => doubles.cloud.double<CloudWatch>('cloudwatch').alarms();
const alarms = (): string[] =>
  views()
    .map(({ name }) => name)
    .sort();
const thresholdOf = (name: string): number | undefined => doubles.cloud.double<CloudWatch>('cloudwatch').alarmNow(name)?.threshold;
