import { Duration } from 'aws-cdk-lib';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Template } from 'aws-cdk-lib/assertions';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { EndpointAlarms, EndpointSlo, type EndpointAlarmThresholds, SloObjective } from '../../../../lib';
import { endpointOf } from '../served';

interface Alarm {
  AlarmName: string;
  AlarmDescription: string;
  AlarmActions?: unknown[];
  TreatMissingData: string;
  Metrics?: unknown[];
}

function alarmsOf(mode: Parameters<typeof endpointOf>[0], thresholds: EndpointAlarmThresholds = {}) {
  const { stack, endpoint } = endpointOf(mode);
  const topic = new Topic(stack, 'Topic');
  const alarms = new EndpointAlarms(stack, 'Alarms', { endpoint, thresholds, actions: [new SnsAction(topic)] });
  const resources = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')).map(
    ({ Properties }) => Properties as Alarm,
  );
  return { alarms, resources, names: resources.map(({ AlarmName }) => AlarmName.replace(/^Triage-\w{6}-/, '')).sort() };
}

const RUNBOOK = readFileSync(path.join(__dirname, '../../../../constructs-docs/runbooks/endpoint.md'), 'utf8');

describe('EndpointAlarms', () => {
  test.each([
    ['real-time', ['main-disk', 'main-errors', 'main-latency']],
    ['two', ['a-disk', 'a-errors', 'a-gpu-memory', 'a-latency', 'b-disk', 'b-errors', 'b-gpu-memory', 'b-latency']],
    ['async', ['main-backlog-age', 'main-disk', 'main-gpu-memory', 'main-no-capacity']],
    ['serverless', ['all-concurrency', 'all-errors', 'all-latency']],
  ] as [Parameters<typeof endpointOf>[0], string[]][])('of a %s endpoint', (mode, expected) => {
    const names = alarmsOf(mode).names.map((name) => (mode === 'serverless' ? name.replace(/^.*-(\w+)$/, 'all-$1') : name));
    expect(names).toEqual(expected);
  });

  test('of components judge requests by component, and disks by instance', () => {
    const { names } = alarmsOf('components');
    expect(names.filter((name) => /chat-(errors|latency|no-capacity)$/.test(name))).toHaveLength(3);
    expect(names.filter((name) => /-(disk|gpu-memory)$/.test(name))).toHaveLength(2);
  });

  test.each(['real-time', 'two', 'async', 'serverless', 'components'] as const)(
    'of %s have an action, a runbook that is there, few metrics, and say what missing data means',
    (mode) => {
      const { alarms, resources } = alarmsOf(mode);
      expect(alarms.alarms).toHaveLength(resources.length);
      expect(new Set(resources.map(({ AlarmName }) => AlarmName)).size).toBe(resources.length);
      for (const { AlarmActions, AlarmDescription, TreatMissingData, Metrics = [] } of resources) {
        expect(AlarmActions).toHaveLength(1);
        const section = /endpoint\.md#([\w-]+)$/.exec(AlarmDescription)![1]!;
        expect(RUNBOOK).toContain(`\n## ${section}\n`);
        expect(TreatMissingData).toBe('notBreaching');
        expect(Metrics.length).toBeLessThanOrEqual(10);
      }
    },
  );

  test('of two constructs for one endpoint overwrite nothing of each other', () => {
    const { stack, endpoint } = endpointOf('real-time');
    new EndpointAlarms(stack, 'Early', { endpoint, thresholds: { errorShare: 0.01 } });
    new EndpointAlarms(stack, 'Late', { endpoint });
    const names = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')).map(
      ({ Properties }) => (Properties as Alarm).AlarmName,
    );
    expect(new Set(names).size).toBe(6);
  });

  test.each([
    [{ diskPercent: 75 }, 'diskPercent is 75: it must be below 75, where data capture may stop'],
    [{ errorShare: 2 }, 'errorShare is 2: it must be a fraction, at most 1'],
    [{ latencyP95Millis: 0 }, 'latencyP95Millis is 0: it must be above 0'],
    [{ gpuMemoryPercent: 380 }, 'gpuMemoryPercent is 380: it must be at most 100'],
    [{ noCapacityMinutes: 7 }, 'noCapacityMinutes is 7: it must be a multiple of 5'],
  ])('refuse thresholds out of range: %j', (thresholds, message) => {
    expect(() => alarmsOf('real-time', thresholds)).toThrow(message);
  });
});

describe('EndpointSlo', () => {
  const sloOf = (mode: Parameters<typeof endpointOf>[0], rest: { variantName?: string } = {}) => {
    const { stack, endpoint } = endpointOf(mode);
    const slo = new EndpointSlo(stack, 'Slo', { endpoint, objective: SloObjective.availability(0.999), ...rest });
    return { slo, template: Template.fromStack(stack) };
  };

  test('is six alarms under two composites, with windows and burn rates of the SRE workbook', () => {
    const { template, slo } = sloOf('real-time');
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(
      ({ Properties }) => Properties as Record<string, unknown>,
    );
    const shape = alarms.map(({ Threshold, EvaluationPeriods, Metrics }) => {
      const { Period } = (Metrics as { MetricStat?: { Period: number } }[]).find(({ MetricStat }) => MetricStat !== undefined)!.MetricStat!;
      return [Threshold, (Period * Number(EvaluationPeriods)) / 60];
    });
    expect(shape.sort(([a, b], [c, d]) => Number(c) - Number(a) || Number(d) - Number(b))).toEqual([
      [14.4, 60],
      [14.4, 5],
      [6, 360],
      [6, 30],
      [1, 4320],
      [1, 360],
    ]);
    template.resourceCountIs('AWS::CloudWatch::CompositeAlarm', 2);
    expect(slo.errorBudget).toBe(0.001);
    for (const { Properties } of Object.values(template.findResources('AWS::CloudWatch::CompositeAlarm'))) {
      const section = /endpoint\.md#([\w-]+)$/.exec(String((Properties as Alarm).AlarmDescription))![1]!;
      expect(RUNBOOK).toContain(`\n## ${section}\n`);
    }
  });

  test('measures a burn rate for dashboards', () => {
    expect(sloOf('real-time').slo.metricBurnRate(Duration.hours(1)).expression).toBe('(failures / requests) / 0.001');
  });

  test.each([
    [() => SloObjective.availability(0.9), 'The objective is 0.9: it must be a fraction from 0.94'],
    [() => SloObjective.availability(1), 'The objective is 1'],
    [() => SloObjective.latency(0, 0.99), 'The objective is 0 ms: it must be above 0'],
    [() => sloOf('async'), 'is asynchronous: requests wait on purpose'],
    [() => sloOf('two'), 'has the variants a, b, asked for is none by name: say which one, with variantName'],
    [() => sloOf('two', { variantName: 'c' }), 'asked for is c'],
  ])('refuses what cannot be promised (%#)', (promise, message) => {
    expect(promise).toThrow(message);
  });
});
