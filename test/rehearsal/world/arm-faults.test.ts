import type { EventBridge } from '../../../rehearsal/services/eventbridge';
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

const alarm = {
  AlarmName: 'toy-rollback-errors',
  Namespace: 'Test',
  MetricName: 'Errors',
  Statistic: 'Sum',
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 0,
  ComparisonOperator: 'GreaterThanThreshold',
};

it('mutes the alarms that there are, or those of a name, for a while', async () => {
  const mutedAt = async (minute: number, faults: object[]): Promise<unknown> => {
    const { cloudWatch, clock } = laptopWith(faults);
    cloudWatch.putMetricAlarm(alarm);
    cloudWatch.putMetricAlarm({ ...alarm, AlarmName: 'toy-cost' });
    await clock.run(startMillis + minute * 60_000);
    const { AlarmMuteRuleSummaries } = cloudWatch.muteRules.list({ AlarmName: alarm.AlarmName, Statuses: ['ACTIVE'] });
    return (AlarmMuteRuleSummaries as unknown[]).length;
  };
  const muted = { at: '90s', alarm: 'mute', for: '10m' };
  expect(await mutedAt(1, [muted])).toBe(0);
  expect(await mutedAt(5, [muted])).toBe(1);
  expect(await mutedAt(20, [muted])).toBe(0);
  expect(await mutedAt(5, [{ ...muted, name: 'rollback' }])).toBe(1);
  expect(await mutedAt(5, [{ ...muted, name: 'cost' }])).toBe(0);
  await expect(mutedAt(5, [{ ...muted, name: 'latency' }])).rejects.toThrow(
    /faults\[0\]\.name: there is no such alarm[\s\S]*toy-rollback-errors/,
  );
});

it('switches a rule off, and on again', async () => {
  const { cloud, clock } = laptopWith([{ at: '5m', rule: 'Rollback/AlarmRule', state: 'disabled', for: '10m' }]);
  const bridge = cloud.double<EventBridge>('eventbridge');
  const { arn } = bridge.putRule(undefined, { name: 'alarms', eventPattern: { source: ['aws.cloudwatch'] }, enabled: true, targets: [] });
  cloud.constructs.note('toy/Toy/Rollback/AlarmRule', arn);
  const enabledAt = async (minute: number): Promise<boolean | undefined> => {
    await clock.run(startMillis + minute * 60_000);
    return bridge.bus('default').rules.get('alarms')?.enabled;
  };
  expect([await enabledAt(4), await enabledAt(6), await enabledAt(16)]).toEqual([true, false, true]);
});

it('fills the disks of the endpoints that there are, so that capture stops, for as long as it says', async () => {
  const laptop = laptopWith([{ at: '1h', capture: 'stops', for: '2h' }]);
  laptop.sageMaker.setContainers(() => ({
    predict: () => ({ status: 200, body: new Uint8Array(), contentType: 'text/plain', latencyMillis: 1 }),
  }));
  laptop.sageMaker.seedEndpoint({ endpointName: 'live' });
  const { clock, sageMaker } = laptop;
  const disk = async (hours: number): Promise<number> => {
    await clock.run(startMillis + hours * 3_600_000);
    return sageMaker.findEndpoint('live')!.diskPercent;
  };
  const before = await disk(0.9);
  expect([await disk(1.1), await disk(2.9)]).toEqual([80, 80]);
  expect(await disk(3.1)).toBe(before);
});
