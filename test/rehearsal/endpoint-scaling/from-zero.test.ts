import { Duration } from 'aws-cdk-lib';
import { EndpointInstance, type ModelEndpointProps, ModelSource, ScalingTarget, Serving } from '../../../lib';
import type { AssemblyStack } from '../../../rehearsal/assembly/load';
import type { Members } from '../../../rehearsal/cloud/types';
import { EndpointLaptop } from '../endpoints/laptop';
import { assembled, bundleScaling, instances, MINUTE, pass, scaling, STACK, targets, traffic } from './scaled';

jest.setTimeout(120_000);
beforeAll(bundleScaling);

const model = ModelSource.container({ image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/model:one' });
const variant = { name: 'main', model, instance: EndpointInstance.G5_XLARGE, initialCount: 1 };
const asynchronous: ModelEndpointProps = { serving: Serving.asynchronous({ variant, concurrentPerInstance: 1 }) };

const byBacklog = scaling((each) =>
  each.scaleVariant({ minCapacity: 0, maxCapacity: 2, target: ScalingTarget.backlog(2, { scaleInCooldown: Duration.minutes(1) }) }),
);

async function inLaptop(first: AssemblyStack, test: (laptop: EndpointLaptop) => Promise<void>): Promise<void> {
  const laptop = new EndpointLaptop(STACK);
  await laptop.run(async () => {
    await laptop.deploy(first);
    await test(laptop);
  });
}

/** Requests whose inputs lie in the endpoint's own bucket. */
async function ask(laptop: EndpointLaptop, count: number): Promise<void> {
  const { AsyncInferenceConfig } = await laptop.config();
  const output = String(((AsyncInferenceConfig as Members)['OutputConfig'] as Members)['S3OutputPath']);
  const bucket = output.split('/')[2]!;
  for (let index = 0; index < count; index += 1) {
    await laptop.call('PutObject', { Bucket: bucket, Key: `requests/${index}`, Body: new TextEncoder().encode('{}') }, 's3');
    const input = { EndpointName: laptop.endpointName, InputLocation: `s3://${bucket}/requests/${index}`, ContentType: 'application/json' };
    await laptop.call('InvokeEndpointAsync', input, 'sagemaker-runtime');
  }
}

const wakeAlarms = async (laptop: EndpointLaptop): Promise<Members[]> =>
  (await laptop.call('DescribeAlarms', { AlarmNamePrefix: 'sluice-from-zero-' }, 'cloudwatch'))['MetricAlarms'] as Members[];

describe('an asynchronous endpoint', () => {
  test('that stands at zero wakes when a request waits', async () => {
    await inLaptop(assembled(asynchronous, byBacklog), async (laptop) => {
      await laptop.change([{ VariantName: 'main', DesiredInstanceCount: 0 }]);
      await ask(laptop, 1);
      await pass(laptop, 2 * MINUTE);
      expect(await instances(laptop)).toBe(0);
      await pass(laptop, 10 * MINUTE);
      expect(await instances(laptop)).toBe(1);
      // Its work is done.
      await pass(laptop, 20 * MINUTE);
      expect(await instances(laptop)).toBe(0);
    });
  });

  test('never wakes when the alarm names the variant: there is no such metric', async () => {
    await inLaptop(assembled(asynchronous, byBacklog), async (laptop) => {
      const [alarm] = await wakeAlarms(laptop);
      const { AlarmName, AlarmActions, MetricName, Namespace, Statistic, Threshold, ComparisonOperator } = alarm!;
      const rest = {
        AlarmName,
        AlarmActions,
        MetricName,
        Namespace,
        Statistic,
        Threshold,
        ComparisonOperator,
        Period: 60,
        EvaluationPeriods: 2,
      };
      const Dimensions = [
        { Name: 'EndpointName', Value: laptop.endpointName },
        { Name: 'VariantName', Value: 'main' },
      ];
      await laptop.call('PutMetricAlarm', { ...rest, Dimensions }, 'cloudwatch');
      await laptop.change([{ VariantName: 'main', DesiredInstanceCount: 0 }]);
      await ask(laptop, 1);
      await pass(laptop, 60 * MINUTE);
      expect(await instances(laptop)).toBe(0);
    });
  });

  test('takes its alarm with it', async () => {
    await inLaptop(assembled(asynchronous, byBacklog), async (laptop) => {
      expect(await wakeAlarms(laptop)).toMatchObject([{ AlarmName: `sluice-from-zero-${laptop.endpointName}-main` }]);
      await laptop.deploy(
        assembled(
          asynchronous,
          scaling((each) => each.scaleVariant({ minCapacity: 1, maxCapacity: 2 })),
        ),
      );
      expect(await wakeAlarms(laptop)).toEqual([]);
      expect(await targets(laptop)).toMatchObject([{ MinCapacity: 1 }]);
      const { ScalingPolicies } = await laptop.call(
        'DescribeScalingPolicies',
        { ServiceNamespace: 'sagemaker' },
        'application-auto-scaling',
      );
      expect(ScalingPolicies).toEqual([]);
      await laptop.destroy();
      expect(await targets(laptop)).toEqual([]);
    });
  });
});

describe('an inference component', () => {
  const shared: ModelEndpointProps = {
    serving: Serving.inferenceComponents({
      instances: { instance: EndpointInstance.G5_XLARGE, minCount: 0, maxCount: 3 },
      components: [{ name: 'summary', model, memoryMib: 1024, accelerators: 1, copies: 1 }],
    }),
  };
  const byConcurrency = scaling((each) =>
    each.scaleComponent({
      minCapacity: 0,
      maxCapacity: 2,
      target: ScalingTarget.concurrentRequests(4, { scaleInCooldown: Duration.minutes(1) }),
    }),
  );

  test('goes to zero without requests, and wakes on the first', async () => {
    await inLaptop(assembled(shared, byConcurrency), async (laptop) => {
      const [name] = Object.keys(await laptop.copies());
      await traffic(laptop, 3, 2, { InferenceComponentName: name });
      await pass(laptop, 60 * MINUTE);
      expect(await laptop.copies()).toEqual({ [name!]: 0 });
      await expect(traffic(laptop, 1, 1, { InferenceComponentName: name })).rejects.toThrow();
      await pass(laptop, 15 * MINUTE);
      expect(await laptop.copies()).toEqual({ [name!]: 1 });
      await traffic(laptop, 1, 1, { InferenceComponentName: name });
    });
  });
});
