import type { Members } from '../../../../rehearsal/cloud/types';
import { alarmOn, feed, MINUTE, pass, setUp, TOPIC_ARN, type Setup } from './support';

const T = Date.parse('2026-03-02T09:00:00Z');
const at = (minute: number): Date => new Date(T + minute * MINUTE);
const namesOf = (alarms: Members[]): string[] => alarms.map(({ AlarmName }) => String(AlarmName));

describe('GetMetricData', () => {
  const query = (Id: string, more: Members = {}): Members => ({
    Id,
    MetricStat: { Metric: { Namespace: 'Own', MetricName: Id }, Period: 60, Stat: 'Sum' },
    ...more,
  });
  const fill = async (setup: Setup): Promise<void> => {
    for (let minute = 0; minute < 4; minute += 1)
      for (const MetricName of ['a', 'b'])
        await setup.call('PutMetricData', {
          Namespace: 'Own',
          MetricData: [{ MetricName, Value: minute, Timestamp: at(minute) }],
        });
  };
  const range = { StartTime: at(0), EndTime: at(4), ScanBy: 'TimestampAscending' };

  test('is given page by page; what goes on is partial', async () => {
    const setup = setUp();
    await fill(setup);
    const pages: Members[] = [];
    let NextToken: string | undefined;
    do {
      const page = await setup.call('GetMetricData', {
        ...range,
        MetricDataQueries: [query('a'), query('b')],
        MaxDatapoints: 3,
        NextToken,
      });
      pages.push(page);
      NextToken = page.NextToken as string | undefined;
    } while (NextToken !== undefined);
    const shown = pages.map(({ MetricDataResults }) =>
      (MetricDataResults as Members[]).map(({ Id, Values, StatusCode }) => [Id, Values, StatusCode]),
    );
    expect(shown).toEqual([
      [['a', [0, 1, 2], 'PartialData']],
      [
        ['a', [3], 'Complete'],
        ['b', [0, 1], 'PartialData'],
      ],
      [['b', [2, 3], 'Complete']],
    ]);
    for (const token of ['x', '3', pages[0]!.NextToken as string])
      await expect(setup.call('GetMetricData', { ...range, MetricDataQueries: [query('a')], NextToken: token })).rejects.toThrow(
        'not valid',
      );
    await expect(setup.call('GetMetricData', { ...range, MetricDataQueries: [query('a')], MaxDatapoints: 0 })).rejects.toThrow(
      'MaxDatapoints',
    );
  });

  test('queries may differ in their periods; an array gives a result for each of its metrics', async () => {
    const setup = setUp();
    await fill(setup);
    const long = query('c', { MetricStat: { Metric: { Namespace: 'Own', MetricName: 'a' }, Period: 120, Stat: 'Sum' } });
    const { MetricDataResults } = await setup.call('GetMetricData', {
      ...range,
      MetricDataQueries: [
        long,
        query('a', { ReturnData: false }),
        query('b', { ReturnData: false, Label: 'second' }),
        { Id: 'e', Expression: '[a, b] * 2', Label: 'twice' },
      ],
    });
    expect((MetricDataResults as Members[]).map(({ Id, Label, Values }) => [Id, Label, Values])).toEqual([
      ['c', 'a', [1, 5]],
      ['e', 'twice a', [0, 2, 4, 6]],
      ['e', 'twice b', [0, 2, 4, 6]],
    ]);
  });

  test('a metric without data is complete and empty; newest first unless asked otherwise', async () => {
    const setup = setUp();
    await fill(setup);
    const { MetricDataResults } = await setup.call('GetMetricData', {
      ...range,
      ScanBy: undefined,
      MetricDataQueries: [query('none'), query('a')],
    });
    expect(MetricDataResults).toMatchObject([
      { Id: 'none', Values: [], StatusCode: 'Complete' },
      { Id: 'a', Values: [3, 2, 1, 0] },
    ]);
  });
});

test('GetMetricStatistics: extended statistics, the limit of points, and what must be given', async () => {
  const setup = setUp();
  await setup.call('PutMetricData', {
    Namespace: 'Own',
    MetricData: [{ MetricName: 'a', Values: [1, 2, 3, 4, 100], Timestamp: at(0), Unit: 'Seconds' }],
  });
  const input = { Namespace: 'Own', MetricName: 'a', StartTime: at(0), EndTime: at(5), Period: 300 };
  const { Datapoints } = await setup.call('GetMetricStatistics', {
    ...input,
    Statistics: ['Maximum'],
    ExtendedStatistics: ['p80', 'tm80', 'PR(2:4)'],
  });
  expect(Datapoints).toEqual([
    { Timestamp: at(0), Unit: 'Seconds', Maximum: 100, ExtendedStatistics: { p80: 4, tm80: 2.5, 'PR(2:4)': 40 } },
  ]);
  expect((await setup.call('GetMetricStatistics', { ...input, Statistics: ['Sum'], Unit: 'Count' })).Datapoints).toEqual([]);
  await expect(setup.call('GetMetricStatistics', input)).rejects.toThrow('At least one');
  const day = { ...input, Statistics: ['Sum'], Period: 60, EndTime: at(1441) };
  await expect(setup.call('GetMetricStatistics', day)).rejects.toThrow('exceeds the limit of 1440');
  await expect(setup.call('GetMetricStatistics', { ...day, EndTime: at(0) })).rejects.toThrow('StartTime must be before');
});

test('statistic sets give their single values only when all are equal', async () => {
  const setup = setUp();
  const set = (MetricName: string, Sum: number, Minimum: number): Members => ({
    MetricName,
    Timestamp: at(0),
    StatisticValues: { Sum, SampleCount: 4, Minimum, Maximum: 5 },
  });
  await setup.call('PutMetricData', { Namespace: 'Own', MetricData: [set('equal', 20, 5), set('mixed', 14, 1)] });
  const p50 = async (MetricName: string): Promise<Members> =>
    (
      await setup.call('GetMetricStatistics', {
        Namespace: 'Own',
        MetricName,
        StartTime: at(0),
        EndTime: at(1),
        Period: 60,
        ExtendedStatistics: ['p50'],
        Statistics: ['Average'],
      })
    ).Datapoints;
  expect(await p50('equal')).toEqual([{ Timestamp: at(0), Unit: 'None', Average: 5, ExtendedStatistics: { p50: 5 } }]);
  expect(await p50('mixed')).toEqual([{ Timestamp: at(0), Unit: 'None', Average: 3.5 }]);
});

test.each<[string, Members]>([
  ['StorageResolution must be 1 or 60', { Value: 1, StorageResolution: 5 }],
  ['only one of', { Value: 1, Values: [1] }],
  ['-2^360 to 2^360', { Value: 1e200 }],
  ['150', { Values: new Array<number>(151).fill(1) }],
])('PutMetricData: %s, and nothing is kept', async (message, datum) => {
  const setup = setUp();
  const input = {
    Namespace: 'Own',
    MetricData: [
      { MetricName: 'good', Value: 1 },
      { MetricName: 'bad', ...datum },
    ],
  };
  await expect(setup.call('PutMetricData', input)).rejects.toThrow(message);
  expect(setup.cloudWatch.metric('Own', 'good', {})).toEqual([]);
});

test('ListMetrics: what has data, by namespace, name and dimensions, page by page', async () => {
  const setup = setUp();
  setup.cloudWatch.putMetricAlarm(alarmOn());
  for (let index = 0; index < 501; index += 1) setup.cloudWatch.putMetric('Many', `n${index}`, {}, 1);
  setup.cloudWatch.putMetric('Own', 'a', { Arm: 'stable', UseCase: 'u' }, 1);
  setup.cloudWatch.putMetric('Own', 'a', { Arm: 'candidate' }, 1);
  const list = async (input: Members): Promise<Members> => setup.call('ListMetrics', input);
  expect((await list({ Namespace: 'Sluice' })).Metrics).toEqual([]);
  const first = await list({ Namespace: 'Many' });
  expect(first.Metrics).toHaveLength(500);
  expect((await list({ Namespace: 'Many', NextToken: first.NextToken })).Metrics).toEqual([
    { Namespace: 'Many', MetricName: 'n500', Dimensions: [] },
  ]);
  for (const input of [{ Namespace: 'Many', NextToken: '500' }, { NextToken: first.NextToken }])
    await expect(list(input)).rejects.toMatchObject({ code: 'InvalidNextToken' });
  expect((await list({ MetricName: 'a', Dimensions: [{ Name: 'UseCase' }] })).Metrics).toEqual([
    {
      Namespace: 'Own',
      MetricName: 'a',
      Dimensions: [
        { Name: 'Arm', Value: 'stable' },
        { Name: 'UseCase', Value: 'u' },
      ],
    },
  ]);
  expect((await list({ Namespace: 'Own', Dimensions: [{ Name: 'Arm', Value: 'other' }] })).Metrics).toEqual([]);
  await pass(setup, 200);
  expect((await list({ Namespace: 'Own', RecentlyActive: 'PT3H' })).Metrics).toEqual([]);
  expect((await list({ Namespace: 'Own' })).Metrics).toHaveLength(2);
});

describe('alarms', () => {
  test('kin, actions and metrics find alarms', async () => {
    const setup = setUp();
    await setup.call('PutMetricAlarm', alarmOn({ AlarmActions: [TOPIC_ARN] }));
    await setup.call('PutMetricAlarm', alarmOn({ AlarmName: 'latency', MetricName: 'Latency' }));
    await setup.call('PutCompositeAlarm', { AlarmName: 'all', AlarmRule: 'ALARM(errors) OR ALARM(latency)' });
    const describe = (input: Members): Promise<Members> => setup.call('DescribeAlarms', input);
    expect(namesOf((await describe({ ChildrenOfAlarmName: 'all' })).MetricAlarms)).toEqual(['errors', 'latency']);
    const { CompositeAlarms } = await describe({ ParentsOfAlarmName: 'errors' });
    expect(CompositeAlarms).toEqual([{ AlarmName: 'all', AlarmArn: 'arn:aws:cloudwatch:us-east-1:111111111111:alarm:all' }]);
    expect(namesOf((await describe({ ActionPrefix: 'arn:aws:sns:' })).MetricAlarms)).toEqual(['errors']);
    expect(namesOf((await describe({ AlarmTypes: ['CompositeAlarm'] })).CompositeAlarms)).toEqual(['all']);
    const first = await describe({ MaxRecords: 1 });
    expect([namesOf(first.MetricAlarms), namesOf((await describe({ MaxRecords: 1, NextToken: first.NextToken })).MetricAlarms)]).toEqual([
      ['errors'],
      ['latency'],
    ]);
    await expect(describe({ NextToken: '1' })).rejects.toMatchObject({ code: 'InvalidNextToken' });
    await setup.call('DeleteAlarms', { AlarmNames: ['errors'] });
    expect(namesOf((await describe({ NextToken: first.NextToken })).MetricAlarms)).toEqual(['latency']);
    await setup.call('PutMetricAlarm', alarmOn({ AlarmActions: [TOPIC_ARN] }));
    await expect(describe({ AlarmNames: ['errors'], AlarmNamePrefix: 'e' })).rejects.toThrow('cannot be given together');
    await expect(describe({ ChildrenOfAlarmName: 'all', StateValue: 'OK' })).rejects.toThrow('cannot be given together');
    await expect(describe({ ChildrenOfAlarmName: 'nobody' })).rejects.toThrow('does not exist');
    const forMetric = { Namespace: 'Sluice', MetricName: 'Errors', Dimensions: [{ Name: 'Arm', Value: 'candidate' }] };
    expect(namesOf((await setup.call('DescribeAlarmsForMetric', forMetric)).MetricAlarms)).toEqual(['errors']);
    expect((await setup.call('DescribeAlarmsForMetric', { ...forMetric, Period: 300 })).MetricAlarms).toEqual([]);
    expect((await setup.call('DescribeAlarmsForMetric', { ...forMetric, Dimensions: [] })).MetricAlarms).toEqual([]);
    await expect(setup.call('DeleteAlarms', { AlarmNames: ['errors', 'nobody'] })).rejects.toThrow('nobody does not exist');
    expect(setup.cloudWatch.alarms()).toHaveLength(3);
  });

  test('history: configuration, states and actions, also after the alarm is gone', async () => {
    const setup = setUp();
    await setup.call('PutMetricAlarm', alarmOn({ EvaluationPeriods: 1, AlarmActions: [TOPIC_ARN] }));
    await feed(setup, [0, 9, 9]);
    setup.cloud.stub('sns', {
      Publish: () => {
        throw new Error('gone');
      },
    });
    await feed(setup, [0, 9, 9]);
    await setup.call('DeleteAlarms', { AlarmNames: ['errors'] });
    const history = async (input: Members = {}): Promise<Members> => setup.call('DescribeAlarmHistory', { AlarmName: 'errors', ...input });
    const items = (await history({ ScanBy: 'TimestampAscending' })).AlarmHistoryItems as Members[];
    expect(items.map(({ HistoryItemType, HistorySummary }) => `${String(HistoryItemType)}: ${String(HistorySummary)}`)).toEqual([
      'ConfigurationUpdate: Alarm "errors" created',
      'StateUpdate: Alarm updated from INSUFFICIENT_DATA to OK',
      'StateUpdate: Alarm updated from OK to ALARM',
      `Action: Successfully executed action ${TOPIC_ARN}`,
      'StateUpdate: Alarm updated from ALARM to OK',
      'StateUpdate: Alarm updated from OK to ALARM',
      `Action: Failed to execute action ${TOPIC_ARN}. Error: gone`,
      'ConfigurationUpdate: Alarm "errors" deleted',
    ]);
    expect(JSON.parse(String(items[2]!.HistoryData))).toMatchObject({
      oldState: { stateValue: 'OK' },
      newState: { stateValue: 'ALARM', stateReasonData: { threshold: 5, recentDatapoints: [9], period: 60, statistic: 'Sum' } },
    });
    const newest = await history({ HistoryItemType: 'StateUpdate', MaxRecords: 3 });
    expect((newest.AlarmHistoryItems as Members[])[0]!.HistorySummary).toBe('Alarm updated from OK to ALARM');
    expect((await history({ HistoryItemType: 'StateUpdate', MaxRecords: 3, NextToken: newest.NextToken })).AlarmHistoryItems).toHaveLength(
      1,
    );
    expect((await history({ StartDate: at(1), EndDate: at(2) })).AlarmHistoryItems).toHaveLength(1);
    expect((await history({ AlarmTypes: ['CompositeAlarm'] })).AlarmHistoryItems).toEqual([]);
    await pass(setup, 31 * 24 * 60);
    expect((await history()).AlarmHistoryItems).toEqual([]);
  });

  test('a suppressed alarm says by what, and tells when it ends', async () => {
    const setup = setUp();
    setup.cloudWatch.putMetricAlarm(alarmOn({ EvaluationPeriods: 1 }));
    setup.cloudWatch.putMetricAlarm(alarmOn({ AlarmName: 'maintenance', MetricName: 'Maintenance' }));
    setup.cloudWatch.putCompositeAlarm({
      AlarmName: 'page',
      AlarmRule: 'ALARM(errors)',
      AlarmActions: [TOPIC_ARN],
      ActionsSuppressor: 'maintenance',
      ActionsSuppressorWaitPeriod: 120,
      ActionsSuppressorExtensionPeriod: 180,
    });
    await feed(setup, [0, 0, 0, 9, 9]);
    const page = async (): Promise<Members> =>
      (await setup.call('DescribeAlarms', { AlarmNames: ['page'], AlarmTypes: ['CompositeAlarm'] })).CompositeAlarms[0] as Members;
    expect(await page()).toMatchObject({
      StateValue: 'ALARM',
      ActionsSuppressedBy: 'WaitPeriod',
      ActionsSuppressedReason: 'Actions suppressed by WaitPeriod',
    });
    await feed(setup, [9, 9]);
    expect(await page()).not.toHaveProperty('ActionsSuppressedBy');
    const last = setup.emitted.filter(({ detail }) => detail.alarmName === 'page').at(-1)!.detail;
    // As the developer guide shows the event: two minutes after, ALARM before and now.
    expect(last).toMatchObject({
      state: {
        value: 'ALARM',
        timestamp: '2026-03-02T09:06:10.000+0000',
        reason: 'arn:aws:cloudwatch:us-east-1:111111111111:alarm:errors transitioned to ALARM at Monday 02 March, 2026 09:04:10 UTC',
      },
      previousState: { value: 'ALARM', timestamp: '2026-03-02T09:04:10.000+0000', actionsSuppressedBy: 'WaitPeriod' },
      configuration: { actionsSuppressor: 'maintenance', actionsSuppressorWaitPeriod: 120, actionsSuppressorExtensionPeriod: 180 },
    });
    expect(setup.acted).toHaveLength(1);
  });
});
