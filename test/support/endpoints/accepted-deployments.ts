import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Deployment, RollbackAlarm, Serving } from '../../../lib';
import type { Accepted } from './accepted';
import { realTime, variant } from './parts';

const row = (name: string, deployment: () => Deployment, initialCount = 4): Accepted => ({
  name,
  props: (_stack, tag) => realTime(tag, { initialCount }, { deployment: deployment() }),
});

const BRIEF = { wait: Duration.minutes(1), terminationWait: Duration.seconds(0) };

/** How an update replaces instances. */
export const deployments: Accepted[] = [
  row('all at once', () => Deployment.blueGreenAllAtOnce()),
  row('all at once, without a wait', () => Deployment.blueGreenAllAtOnce({ terminationWait: Duration.seconds(0) })),
  row('a canary', () => Deployment.blueGreenCanary()),
  row('the largest canary', () => Deployment.blueGreenCanary({ percent: 50, ...BRIEF })),
  row('the smallest canary', () => Deployment.blueGreenCanary({ percent: 1, ...BRIEF })),
  row('a canary of two instances of four', () => Deployment.blueGreenCanary({ instances: 2, ...BRIEF })),
  row('the longest waits of a canary', () => Deployment.blueGreenCanary({ wait: Duration.hours(1), terminationWait: Duration.hours(1) })),
  row('linear in ten steps', () => Deployment.blueGreenLinear({ percent: 10, ...BRIEF })),
  row('linear in two steps', () => Deployment.blueGreenLinear({ percent: 50, ...BRIEF })),
  row('linear by one instance of four', () => Deployment.blueGreenLinear({ instances: 1, ...BRIEF })),
  row('rolling', () => Deployment.rolling()),
  row('rolling in the smallest batches', () => Deployment.rolling({ percent: 5, wait: Duration.seconds(30) })),
  row('rolling by two instances of four', () => Deployment.rolling({ instances: 2, wait: Duration.minutes(2) })),
  row('rolling, and back in batches', () => Deployment.rolling({ percent: 50, rollbackPercent: 25, wait: Duration.minutes(1) })),
  row('a time-out', () => Deployment.blueGreenCanary({ ...BRIEF, timeout: Duration.minutes(10) })),
  row('the longest time-out', () => Deployment.rolling({ timeout: Duration.hours(8) })),
  row('no alarm at all', () => Deployment.blueGreenCanary({ ...BRIEF, rollbackAlarms: [] })),
  row('an alarm on latency', () =>
    Deployment.blueGreenCanary({ ...BRIEF, rollbackAlarms: [RollbackAlarm.modelLatency({ p95Millis: 500 })] }),
  ),
  {
    name: 'ten alarms on five variants',
    props: (_stack, tag) => ({
      serving: Serving.realTime({ variants: Array.from({ length: 5 }, (_, index) => variant(tag, { name: `v${index}` })) }),
      deployment: Deployment.blueGreenAllAtOnce({
        rollbackAlarms: [RollbackAlarm.serverErrors({ share: 0.01 }), RollbackAlarm.modelLatency({ p95Millis: 500, minutes: 3 })],
      }),
    }),
  },
  {
    name: 'an alarm of its own',
    props: (stack, tag) => {
      const metric = new cloudwatch.Metric({ namespace: 'Orders', metricName: 'Refused', statistic: 'Sum' });
      const alarm = new cloudwatch.Alarm(stack, 'Refused', { metric, threshold: 10, evaluationPeriods: 1 });
      return realTime(tag, {}, { deployment: Deployment.blueGreenCanary({ percent: 50, rollbackAlarms: [RollbackAlarm.of(alarm)] }) });
    },
  },
  {
    name: 'a canary of two variants',
    props: (_stack, tag) => ({
      serving: Serving.realTime({ variants: [variant(tag), variant(tag, { name: 'dark', weight: 0 })] }),
      deployment: Deployment.blueGreenCanary({ percent: 50, ...BRIEF }),
    }),
  },
];
