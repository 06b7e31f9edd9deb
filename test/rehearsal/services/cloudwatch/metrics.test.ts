import type { ResourceContext } from '../../../../rehearsal/cloud/types';
import { cloudWatchResources } from '../../../../rehearsal/services/cloudwatch';
import { alarmOn, feed, pass, setUp, stateOf } from './support';

const T = Date.parse('2026-03-02T09:00:00Z');

describe('embedded metric format', () => {
  const line = (extra: object = {}, directive: object = {}): string =>
    JSON.stringify({
      _aws: {
        Timestamp: T,
        CloudWatchMetrics: [
          {
            Namespace: 'Sluice',
            Dimensions: [['UseCase', 'Arm'], ['UseCase']],
            Metrics: [{ Name: 'LatencyMillis', Unit: 'Milliseconds' }, { Name: 'Requests' }],
            ...directive,
          },
        ],
      },
      UseCase: 'triage',
      Arm: 'stable',
      LatencyMillis: [10, 30],
      Requests: 1,
      ...extra,
    });

  test('every dimension set gets every value', () => {
    const { cloudWatch } = setUp();
    cloudWatch.ingestLogLine(line(), '/aws/lambda/gateway');
    cloudWatch.ingestLogLine('plain text about "_aws" metrics', '/aws/lambda/gateway');
    cloudWatch.ingestLogLine('{"message":"hello"}', '/aws/lambda/gateway');
    const expected = [{ t: T, sum: 40, count: 2, min: 10, max: 30 }];
    expect(cloudWatch.metric('Sluice', 'LatencyMillis', { Arm: 'stable', UseCase: 'triage' })).toEqual(expected);
    expect(cloudWatch.metric('Sluice', 'LatencyMillis', { UseCase: 'triage' })).toEqual(expected);
    expect(cloudWatch.metric('Sluice', 'Requests', { UseCase: 'triage' })[0]!.sum).toBe(1);
    expect(cloudWatch.metric('Sluice', 'LatencyMillis', {})).toEqual([]);
  });

  test.each([
    ['dimension Arm', line({ Arm: 7 })],
    ['metric Requests', line({ Requests: 'one' })],
    ['Namespace', line({}, { Namespace: '' })],
    ['list of lists', line({}, { Dimensions: ['UseCase'] })],
    ['Timestamp', JSON.stringify({ _aws: { CloudWatchMetrics: [] } })],
  ])('a wrong %s is counted and told', (problem, wrong) => {
    const { cloud, cloudWatch } = setUp();
    cloudWatch.ingestLogLine(wrong, '/aws/lambda/gateway');
    expect(cloudWatch.metric('AWS/Logs', 'EMFParsingErrors', { LogGroupName: '/aws/lambda/gateway' })[0]!.sum).toBe(1);
    expect(cloud.log[0]).toMatchObject({ event: 'emf-rejected', detail: { problem: expect.stringContaining(problem) } });
  });
});

describe('operations', () => {
  test('metric data put is metric data got', async () => {
    const setup = setUp();
    const Dimensions = [{ Name: 'Arm', Value: 'stable' }];
    await setup.call('PutMetricData', {
      Namespace: 'Own',
      MetricData: [
        { MetricName: 'Size', Dimensions, Values: [1, 3], Counts: [2, 1], Timestamp: new Date(T) },
        { MetricName: 'Size', Dimensions, Value: 9, Timestamp: new Date(T + 120_000) },
        { MetricName: 'Sets', StatisticValues: { Sum: 10, SampleCount: 4, Minimum: 1, Maximum: 5 }, Timestamp: new Date(T) },
      ],
    });
    const metric = { Namespace: 'Own', MetricName: 'Size', Dimensions };
    const range = { StartTime: new Date(T), EndTime: new Date(T + 180_000) };
    const data = await setup.call('GetMetricData', {
      ...range,
      ScanBy: 'TimestampAscending',
      MetricDataQueries: [
        { Id: 'm1', MetricStat: { Metric: metric, Period: 60, Stat: 'Sum' }, ReturnData: false },
        { Id: 'filled', Expression: 'FILL(m1, 0)', Label: 'Filled' },
        { Id: 'p50', MetricStat: { Metric: metric, Period: 60, Stat: 'p50' } },
      ],
    });
    const at = (minute: number): Date => new Date(T + minute * 60_000);
    expect(data.MetricDataResults).toEqual([
      { Id: 'filled', Label: 'Filled', Timestamps: [at(0), at(1), at(2)], Values: [5, 0, 9], StatusCode: 'Complete' },
      { Id: 'p50', Label: 'Size', Timestamps: [at(0), at(2)], Values: [1, 9], StatusCode: 'Complete' },
    ]);
    const statistics = await setup.call('GetMetricStatistics', {
      ...range,
      Namespace: 'Own',
      MetricName: 'Sets',
      Period: 60,
      Statistics: ['Average', 'Maximum'],
    });
    expect(statistics.Datapoints).toEqual([{ Timestamp: at(0), Unit: 'None', Average: 2.5, Maximum: 5 }]);
  });

  test.each([
    ['reserved', { Namespace: 'AWS/Lambda', MetricData: [] }],
    ['2 values, but 1 counts', { Namespace: 'Own', MetricData: [{ MetricName: 'A', Values: [1, 2], Counts: [1] }] }],
    ['neither Value', { Namespace: 'Own', MetricData: [{ MetricName: 'A' }] }],
    ['at most 1000', { Namespace: 'Own', MetricData: Array.from({ length: 1001 }, () => ({ MetricName: 'A', Value: 1 })) }],
  ])('PutMetricData: %s', async (message, input) => {
    await expect(setUp().call('PutMetricData', input)).rejects.toThrow(message);
  });

  test.each([
    [
      'depends on itself',
      [
        { Id: 'a', Expression: 'b', Period: 60 },
        { Id: 'b', Expression: 'a' },
      ],
    ],
    ["no query has the id 'z'", [{ Id: 'a', Expression: 'z + 1', Period: 60 }]],
    [
      'unique',
      [
        { Id: 'a', Expression: '1', Period: 60 },
        { Id: 'a', Expression: '2' },
      ],
    ],
    ['lower-case', [{ Id: 'A', Expression: '1', Period: 60 }]],
  ])('GetMetricData: %s', async (message, MetricDataQueries) => {
    const input = { MetricDataQueries, StartTime: new Date(T), EndTime: new Date(T + 60_000) };
    await expect(setUp().call('GetMetricData', input)).rejects.toThrow(message);
  });

  test('alarms are put, described, set, disabled and deleted', async () => {
    const setup = setUp();
    await setup.call('PutMetricAlarm', alarmOn());
    await setup.call('DisableAlarmActions', { AlarmNames: ['errors'] });
    await setup.call('SetAlarmState', { AlarmName: 'errors', StateValue: 'ALARM', StateReason: 'a drill' });
    const { MetricAlarms } = await setup.call('DescribeAlarms', { StateValue: 'ALARM' });
    expect(MetricAlarms).toEqual([
      expect.objectContaining({ AlarmName: 'errors', StateReason: 'a drill', ActionsEnabled: false, Threshold: 5 }),
    ]);
    // A state set by hand lasts until the next evaluation.
    await feed(setup, [0, 0, 0]);
    expect(stateOf(setup)).toBe('OK');
    await setup.call('DeleteAlarms', { AlarmNames: ['errors'] });
    expect((await setup.call('DescribeAlarms', {})).MetricAlarms).toEqual([]);
    await expect(setup.call('DeleteAlarms', { AlarmNames: ['errors'] })).rejects.toThrow('does not exist');
  });

  test('the namespace is a condition of PutMetricData', () => {
    const { cloud, cloudWatch } = setUp();
    expect(cloudWatch.operations.PutMetricData!.permissions({ Namespace: 'Own' }, cloud)).toEqual([
      { action: 'cloudwatch:PutMetricData', resource: '*', context: { 'cloudwatch:namespace': 'Own' } },
    ]);
  });
});

describe('CloudFormation resources', () => {
  const type = (name: string) => cloudWatchResources.find((one) => one.type === `AWS::CloudWatch::${name}`)!;
  const contextOf = ({ cloud }: ReturnType<typeof setUp>, logicalId: string) =>
    ({ cloud, logicalId, physicalName: () => `stack-${logicalId}` }) as unknown as ResourceContext;

  test('alarms get a name, keep it over updates, and go', async () => {
    const setup = setUp();
    const context = contextOf(setup, 'Errors');
    const properties = alarmOn({ AlarmName: undefined });
    const created = await type('Alarm').create(properties, context);
    expect(created).toEqual({ ref: 'stack-Errors', attributes: { Arn: 'arn:aws:cloudwatch:us-east-1:111111111111:alarm:stack-Errors' } });
    const composite = await type('CompositeAlarm').create(
      { AlarmRule: `ALARM("${String(created.attributes.Arn)}")` },
      contextOf(setup, 'All'),
    );
    await feed(setup, [3, 3, 3]);
    expect(stateOf(setup, 'stack-Errors')).toBe('OK');
    const stricter = { ...properties, Threshold: 2 };
    expect(await type('Alarm').update!(stricter, properties, created, context)).toEqual(created);
    await pass(setup, 1);
    expect(stateOf(setup, 'stack-Errors')).toBe('ALARM');
    expect(stateOf(setup, 'stack-All')).toBe('ALARM');
    const renamed = await type('Alarm').update!({ ...stricter, AlarmName: 'new' }, stricter, created, context);
    expect(renamed.ref).toBe('new');
    await type('CompositeAlarm').remove(composite, {}, context);
    await type('Alarm').remove(renamed, stricter, context);
    expect(setup.cloudWatch.alarms()).toEqual([]);
  });

  test('a dashboard body must be JSON with widgets', async () => {
    const setup = setUp();
    const context = contextOf(setup, 'Board');
    const created = await type('Dashboard').create({ DashboardBody: '{"widgets":[{"type":"text"}]}' }, context);
    expect(setup.cloudWatch.dashboards().get('stack-Board')).toEqual({ widgets: [{ type: 'text' }] });
    expect(() => type('Dashboard').create({ DashboardBody: '{"widgets":' }, context)).toThrow('not valid JSON');
    expect(() => type('Dashboard').create({ DashboardBody: '{}' }, context)).toThrow('widgets');
    await type('Dashboard').remove(created, {}, context);
    expect(setup.cloudWatch.dashboards().size).toBe(0);
  });
});
