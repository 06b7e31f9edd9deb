import type { Members } from '../../../../rehearsal/cloud/types';
import { alarmOn, LAMBDA_ARN, setUp, TOPIC_ARN } from './support';

const T = new Date('2026-03-02T09:00:00Z');
const unsupported = (message: string) =>
  expect.objectContaining({ name: 'UnsupportedError', message: expect.stringContaining(message) as string });
const metric = (Id: string, Period = 60, more: Members = {}): Members => ({
  Id,
  MetricStat: { Metric: { Namespace: 'Own', MetricName: Id }, Period, Stat: 'Sum' },
  ...more,
});
const onMetrics = (Metrics: Members[]): Members =>
  alarmOn({ MetricName: undefined, Namespace: undefined, Statistic: undefined, Period: undefined, Metrics });

describe('not simulated, refused by name', () => {
  test.each<[string, Members]>([
    ['ThresholdMetricId needs anomaly detection', alarmOn({ ThresholdMetricId: 'ad1' })],
    ['LessThanLowerThreshold needs anomaly detection', alarmOn({ ComparisonOperator: 'LessThanLowerThreshold' })],
    ['EvaluationWindow asks for a wall clock window', alarmOn({ EvaluationWindow: { WallClockWindow: {} } })],
    ['WarmUpConfiguration', alarmOn({ WarmUpConfiguration: {} })],
    ['EvaluationCriteria asks for a PromQL alarm', alarmOn({ EvaluationCriteria: {} })],
    ['EvaluationInterval', alarmOn({ EvaluationInterval: 60 })],
    ['ActionConfiguration', alarmOn({ ActionConfiguration: {} })],
    ['ssm', alarmOn({ AlarmActions: ['arn:aws:ssm:us-east-1:111111111111:opsitem:1'] })],
    ['autoscaling', alarmOn({ OKActions: ['arn:aws:autoscaling:us-east-1:111111111111:scalingPolicy:1'] })],
    ['Metrics Insights', onMetrics([{ Id: 'q1', Expression: 'SELECT AVG(x) FROM y', Period: 60 }])],
    ['AccountId', onMetrics([metric('m1', 60, { AccountId: '222222222222' })])],
    ['SEARCH', onMetrics([{ Id: 'e1', Expression: 'SUM(SEARCH("x", "Sum", 60))', Period: 60 }])],
    [
      'ANOMALY_DETECTION_BAND',
      onMetrics([{ Id: 'e1', Expression: 'ANOMALY_DETECTION_BAND(m1)' }, metric('m1', 60, { ReturnData: false })]),
    ],
  ])('an alarm: %s', (message, input) => {
    expect(() => setUp().cloudWatch.putMetricAlarm(input)).toThrow(unsupported(message));
  });

  test('a sliding evaluation window is the default, and allowed', () => {
    expect(setUp().cloudWatch.putMetricAlarm(alarmOn({ EvaluationWindow: { SlidingWindow: {} } })).name).toBe('errors');
  });

  test('composite alarms that watch each other', () => {
    const { cloudWatch } = setUp();
    cloudWatch.putMetricAlarm(alarmOn());
    cloudWatch.putCompositeAlarm({ AlarmName: 'a', AlarmRule: 'ALARM(errors)' });
    cloudWatch.putCompositeAlarm({ AlarmName: 'b', AlarmRule: 'ALARM(a)' });
    expect(() => cloudWatch.putCompositeAlarm({ AlarmName: 'a', AlarmRule: 'ALARM(b)' })).toThrow(unsupported('watch each other'));
    expect(() => cloudWatch.putCompositeAlarm({ AlarmName: 'c', AlarmRule: 'TRUE', ActionConfiguration: {} })).toThrow(
      unsupported('ActionConfiguration'),
    );
  });

  test.each<[string, string, Members]>([
    [
      'mixes the periods 60, 300',
      'GetMetricData',
      { MetricDataQueries: [metric('m1'), metric('m2', 300), { Id: 'e1', Expression: 'm1 + m2' }] },
    ],
    ['dynamic label', 'GetMetricData', { MetricDataQueries: [metric('m1', 60, { Label: '${LAST}' })] }],
    ['EntityMetricData', 'PutMetricData', { Namespace: 'Own', EntityMetricData: [] }],
    ['ListMetrics of other accounts', 'ListMetrics', { IncludeLinkedAccounts: true }],
  ])('%s', async (message, operation, input) => {
    await expect(setUp().call(operation, { StartTime: T, EndTime: new Date(T.getTime() + 60_000), ...input })).rejects.toThrow(
      unsupported(message),
    );
  });

  test('a metric of several units that is read in one', async () => {
    const setup = setUp();
    for (const Unit of ['Seconds', 'Count'])
      await setup.call('PutMetricData', { Namespace: 'Own', MetricData: [{ MetricName: 'A', Value: 1, Unit }] });
    const read = {
      Namespace: 'Own',
      MetricName: 'A',
      Period: 60,
      Statistics: ['Sum'],
      StartTime: T,
      EndTime: new Date(T.getTime() + 60_000),
    };
    await expect(setup.call('GetMetricStatistics', { ...read, Unit: 'Count' })).rejects.toThrow(unsupported('several units'));
    expect((await setup.call('GetMetricStatistics', read)).Datapoints).toHaveLength(1);
  });

  test.each([
    'PutAnomalyDetector',
    'PutInsightRule',
    'PutMetricStream',
    'PutLogAlarm',
    'GetMetricWidgetImage',
    'DescribeAlarmContributors',
  ])('the operation %s', async (operation) => {
    await expect(setUp().call(operation, {})).rejects.toThrow(unsupported(operation));
  });
});

describe('refused as AWS does', () => {
  test.each<[string, Members]>([
    [
      'same Period',
      onMetrics([metric('m1', 60, { ReturnData: false }), metric('m2', 300, { ReturnData: false }), { Id: 'e1', Expression: 'm1 + m2' }]),
    ],
    ['at most 10', onMetrics(Array.from({ length: 11 }, (_one, index) => metric(`m${index}`)))],
    ['gives a number', onMetrics([{ Id: 'e1', Expression: 'SUM(m1)' }, metric('m1', 60, { ReturnData: false })])],
    ['gives several time series', onMetrics([{ Id: 'e1', Expression: 'METRICS()' }, metric('m1', 60, { ReturnData: false })])],
    ['no metric gives a Period', onMetrics([{ Id: 'e1', Expression: 'TIME_SERIES(1)' }])],
    ['10, 20, 30 or a multiple of 60', alarmOn({ Period: 5 })],
    ['at most 5', alarmOn({ AlarmActions: new Array<string>(6).fill(TOPIC_ARN) })],
    ['DatapointsToAlarm', alarmOn({ DatapointsToAlarm: 0 })],
    ['604800', alarmOn({ Period: 3600, EvaluationPeriods: 169 })],
    ['EvaluationPeriods', alarmOn({ EvaluationPeriods: undefined })],
    ['EvaluateLowSampleCountPercentile', alarmOn({ EvaluateLowSampleCountPercentile: 'maybe' })],
    ['ComparisonOperator', alarmOn({ ComparisonOperator: 'constructor' })],
    ...['tm101', 'TM(90%:10%)', 'TM(1:2%)', 'TM(:)', 'PR(10%:)', 'p101', 'tm', 'median'].map((stat): [string, Members] => [
      'is not valid',
      alarmOn({ Statistic: undefined, ExtendedStatistic: stat }),
    ]),
  ])('an alarm: %s', (message, input) => {
    expect(() => setUp().cloudWatch.putMetricAlarm(input)).toThrow(
      expect.objectContaining({ name: 'ValidationError', message: expect.stringContaining(message) }),
    );
  });

  test.each<[string, Members]>([
    ['does not exist', { ActionsSuppressor: 'nobody', ActionsSuppressorWaitPeriod: 1, ActionsSuppressorExtensionPeriod: 1 }],
    ['ActionsSuppressorWaitPeriod', { ActionsSuppressor: 'errors', ActionsSuppressorExtensionPeriod: 1 }],
    [
      'ActionsSuppressorExtensionPeriod',
      { ActionsSuppressor: 'errors', ActionsSuppressorWaitPeriod: 1, ActionsSuppressorExtensionPeriod: 0.5 },
    ],
    ['AT_LEAST takes 1 to 2', { AlarmRule: 'AT_LEAST(3, ALARM, (errors, errors))' }],
    ['AT_LEAST takes 1 to 100%', { AlarmRule: 'AT_LEAST(0%, ALARM, (errors))' }],
    ['cannot be read', { AlarmRule: 'AT_LEAST(1, ALARM, (errors,))' }],
    ['cannot be read', { AlarmRule: 'AT_LEAST(1, BROKEN, (errors))' }],
    ['at most 100', { AlarmRule: Array.from({ length: 101 }, (_one, index) => `ALARM(a${index})`).join(' OR ') }],
  ])('a composite alarm: %s', (message, input) => {
    const { cloudWatch } = setUp();
    cloudWatch.putMetricAlarm(alarmOn());
    expect(() =>
      cloudWatch.putCompositeAlarm({ AlarmName: 'c', AlarmRule: 'ALARM(errors)', AlarmActions: [LAMBDA_ARN], ...input }),
    ).toThrow(message);
  });
});
