import type { Stack } from 'aws-cdk-lib';
import { EndpointInstance, type ModelEndpoint, type ModelEndpointProps, ModelSource, Serving } from '../../../lib';
import type { Members } from '../../../rehearsal/cloud/types';
import type { CloudWatch } from '../../../rehearsal/services/cloudwatch';
import { EndpointLaptop } from '../endpoints/laptop';
import { assembled, MINUTE, pass, STACK } from '../endpoint-scaling/scaled';

export const model = ModelSource.container({ image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/model:one' });

export const realTime = (instance = EndpointInstance.M5_LARGE): ModelEndpointProps => ({
  serving: Serving.realTime({ variants: [{ name: 'main', model, instance, initialCount: 1 }] }),
});

/** An endpoint whose metrics a test writes, and the states of its alarms. */
export class Watched {
  constructor(readonly laptop: EndpointLaptop) {}

  static async inLaptop(
    props: ModelEndpointProps,
    add: (stack: Stack, endpoint: ModelEndpoint) => void,
    test: (watched: Watched) => Promise<void>,
  ): Promise<void> {
    const laptop = new EndpointLaptop(STACK);
    await laptop.run(async () => {
      await laptop.deploy(assembled(props, add));
      await test(new Watched(laptop));
    });
  }

  /** In each of some minutes the same values of each metric, as SageMaker publishes them. */
  async publish(
    minutes: number,
    metrics: Record<string, number[]>,
    namespace = 'AWS/SageMaker',
    dimensions?: Record<string, string>,
  ): Promise<void> {
    const cloudWatch = this.laptop.cloud.double<CloudWatch>('cloudwatch');
    const of = dimensions ?? { EndpointName: this.laptop.endpointName, VariantName: 'main' };
    for (let minute = 0; minute < minutes; minute += 1) {
      for (const [name, values] of Object.entries(metrics))
        for (const value of values) cloudWatch.putMetric(namespace, name, of, value, 'None');
      await pass(this.laptop, MINUTE);
    }
  }

  /** Ends of the names of alarms that are raised now. */
  async raised(): Promise<string[]> {
    const answer = await this.laptop.call(
      'DescribeAlarms',
      { AlarmTypes: ['MetricAlarm', 'CompositeAlarm'], StateValue: 'ALARM' },
      'cloudwatch',
    );
    const alarms = [...(answer['MetricAlarms'] as Members[]), ...(answer['CompositeAlarms'] as Members[])];
    return alarms.map(({ AlarmName }) => String(AlarmName).slice(this.laptop.endpointName.length + 8)).sort();
  }
}

export const repeat = (value: number, count: number): number[] => Array.from({ length: count }, () => value);
