import { armFaults } from '../../../rehearsal/world/arm-faults';
import { Laptop } from '../../../rehearsal/world/laptop';
import { scenarioSchema } from '../../../rehearsal/world/scenario-schema';

const startMillis = Date.parse('2026-03-02T09:00:00Z');
const world = { kind: 'world', principalArn: 'arn:aws:iam::123456789012:role/world' } as const;

function laptopWith(faults: object[]): Laptop {
  const scenario = scenarioSchema.parse({ title: 'faults', duration: '1h', traffic: { perMinute: 1 }, arms: {}, faults });
  const laptop = new Laptop({ startMillis, seed: 1, faults: [] });
  armFaults(laptop, scenario, startMillis);
  return laptop;
}

/** How many points CloudWatch shows ten minutes after two metrics of one value each were put. */
async function shown(faults: object[]): Promise<Record<string, number>> {
  const { cloud, clock } = laptopWith(faults);
  const period = { StartTime: new Date(startMillis), EndTime: new Date(startMillis + 3_600_000), Period: 60, Statistics: ['Sum' as const] };
  const counts: Record<string, number> = {};
  await clock.complete(
    (async () => {
      const MetricData = ['Late', 'Prompt'].map((MetricName) => ({ MetricName, Value: 1 }));
      await cloud.call('cloudwatch', 'PutMetricData', { Namespace: 'Test', MetricData }, world);
      await clock.sleep(600_000);
      for (const MetricName of ['Late', 'Prompt']) {
        const { Datapoints } = await cloud.call(
          'cloudwatch',
          'GetMetricStatistics',
          { Namespace: 'Test', MetricName, Dimensions: [], ...period },
          world,
        );
        counts[MetricName] = (Datapoints as unknown[]).length;
      }
    })(),
  );
  return counts;
}

it('shows metrics late, in the time and for the metric that a fault names', async () => {
  expect(await shown([])).toEqual({ Late: 1, Prompt: 1 });
  expect(await shown([{ at: '0s', metrics: 'delay', by: '30m', namespace: 'Test', metric: 'Late' }])).toEqual({ Late: 0, Prompt: 1 });
  expect(await shown([{ at: '0s', metrics: 'delay', by: '5m' }])).toEqual({ Late: 1, Prompt: 1 });
  expect(await shown([{ at: '30m', metrics: 'delay', by: '30m' }])).toEqual({ Late: 1, Prompt: 1 });
});

it('arms every kind of fault on an endpoint', () => {
  for (const endpoint of ['capacity', 'silent-rollback', 'rollback-failed', 'hang']) {
    expect(() => laptopWith([{ at: '0s', endpoint }])).not.toThrow();
  }
  expect(() => laptopWith([{ at: '0s', endpoint: 'burnt' }])).toThrow();
});
