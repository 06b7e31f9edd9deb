import { alarmOn, feed, LAMBDA_ARN, MINUTE, pass, setUp, stateOf, TOPIC_ARN } from './support';

test('an alarm goes off when M of N periods breach, and recovers', async () => {
  const setup = setUp();
  setup.cloudWatch.putMetricAlarm(alarmOn({ EvaluationPeriods: 3, DatapointsToAlarm: 2 }));
  await feed(setup, [0, 0, 0, 6, 0]);
  expect(stateOf(setup)).toBe('OK');
  await feed(setup, [7, 1]);
  expect(stateOf(setup)).toBe('ALARM');
  expect(setup.cloudWatch.alarms()[0]!.reason).toBe(
    'Threshold Crossed: 2 out of the last 3 datapoints [7.0 (02/03/26 09:05:00), 6.0 (02/03/26 09:03:00)] were ' +
      'greater than or equal to the threshold (5.0) (minimum 2 datapoints for OK -> ALARM transition).',
  );
  await feed(setup, [0, 0, 0]);
  expect(stateOf(setup)).toBe('OK');
  expect(setup.emitted.map(({ detail }) => detail.state.value)).toEqual(['OK', 'ALARM', 'OK']);
});

test('several values in a minute are one data point of the statistic', async () => {
  const setup = setUp();
  setup.cloudWatch.putMetricAlarm(alarmOn({ EvaluationPeriods: 1, Statistic: undefined, ExtendedStatistic: 'p90', Threshold: 9 }));
  for (let value = 1; value <= 10; value += 1) setup.cloudWatch.putMetric('Sluice', 'Errors', { Arm: 'candidate' }, value);
  await pass(setup, 2);
  expect(stateOf(setup)).toBe('ALARM');
});

test('a percentile of few samples keeps the state when asked to', async () => {
  const setup = setUp();
  const percentile = { EvaluationPeriods: 1, Statistic: undefined, ExtendedStatistic: 'p90', EvaluateLowSampleCountPercentile: 'ignore' };
  setup.cloudWatch.putMetricAlarm(alarmOn(percentile));
  await feed(setup, [50]);
  expect(stateOf(setup)).toBe('INSUFFICIENT_DATA');
  await pass(setup, 5);
  for (let index = 0; index < 101; index += 1) setup.cloudWatch.putMetric('Sluice', 'Errors', { Arm: 'candidate' }, 50);
  await pass(setup, 2);
  expect(stateOf(setup)).toBe('ALARM');
});

test.each([
  ['missing', 'INSUFFICIENT_DATA'],
  ['ignore', 'ALARM'],
  ['breaching', 'ALARM'],
  ['notBreaching', 'OK'],
])('when the metric stops while in ALARM, %s leads to %s', async (TreatMissingData, expected) => {
  const setup = setUp();
  setup.cloudWatch.putMetricAlarm(alarmOn({ TreatMissingData }));
  await feed(setup, [9, 9, 9]);
  expect(stateOf(setup)).toBe('ALARM');
  await pass(setup, 15);
  expect(stateOf(setup)).toBe(expected);
});

test('without any data notBreaching is OK at the first look', async () => {
  const setup = setUp();
  setup.cloudWatch.putMetricAlarm(alarmOn({ TreatMissingData: 'notBreaching' }));
  expect(stateOf(setup)).toBe('INSUFFICIENT_DATA');
  await pass(setup, 2);
  expect(stateOf(setup)).toBe('OK');
  expect(setup.cloudWatch.alarms()[0]!.reason).toContain(
    'no datapoints were received for 2 periods and 2 missing datapoints were treated as [NonBreaching]',
  );
});

test('while nothing moves, no timer is left', async () => {
  const setup = setUp();
  setup.cloudWatch.putMetricAlarm(alarmOn());
  await feed(setup, [1, 2]);
  await pass(setup, 20);
  expect(setup.cloud.clock.pending).toBe(0);
});

test('a period longer than a minute slides', async () => {
  const setup = setUp();
  setup.cloudWatch.putMetricAlarm(alarmOn({ Period: 300, EvaluationPeriods: 1, Threshold: 10 }));
  await feed(setup, [0, 0, 0, 4, 4]);
  expect(stateOf(setup)).toBe('OK');
  await feed(setup, [4, 0]);
  expect(stateOf(setup)).toBe('ALARM');
});

test('a metric of other dimensions is another metric', async () => {
  const setup = setUp();
  setup.cloudWatch.putMetricAlarm(alarmOn({ TreatMissingData: 'notBreaching' }));
  await feed(setup, [9, 9, 9], 'Errors', { Arm: 'stable' });
  expect(stateOf(setup)).toBe('OK');
});

test('metric math: an error rate', async () => {
  const setup = setUp();
  const metric = (Id: string, MetricName: string) => ({
    Id,
    ReturnData: false,
    MetricStat: { Metric: { Namespace: 'Sluice', MetricName, Dimensions: [{ Name: 'Arm', Value: 'candidate' }] }, Period: 60, Stat: 'Sum' },
  });
  setup.cloudWatch.putMetricAlarm({
    AlarmName: 'rate',
    Metrics: [
      { Id: 'rate', Expression: 'IF(requests > 5, FILL(errors, 0) / requests, 0)' },
      metric('errors', 'Errors'),
      metric('requests', 'Requests'),
    ],
    EvaluationPeriods: 1,
    Threshold: 0.1,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'notBreaching',
  });
  setup.cloudWatch.putMetric('Sluice', 'Errors', { Arm: 'candidate' }, 3);
  await feed(setup, [4, 100, 10], 'Requests');
  expect(stateOf(setup, 'rate')).toBe('OK');
  setup.cloudWatch.putMetric('Sluice', 'Errors', { Arm: 'candidate' }, 3);
  await feed(setup, [10, 10, undefined], 'Requests');
  expect(setup.emitted.map(({ detail }) => detail.state.value)).toEqual(['OK', 'ALARM', 'OK']);
  expect(setup.emitted[1]!.detail.configuration).toEqual({
    metrics: [
      { id: 'rate', expression: 'IF(requests > 5, FILL(errors, 0) / requests, 0)', returnData: true },
      expect.objectContaining({ id: 'errors', returnData: false }),
      expect.objectContaining({ id: 'requests', returnData: false }),
    ],
  });
});

describe('what a state change sets off', () => {
  test('an event as CloudWatch words it', async () => {
    const setup = setUp();
    setup.cloudWatch.putMetricAlarm(alarmOn({ AlarmDescription: 'too many' }));
    await feed(setup, [9, 9, 9]);
    const event = setup.emitted.at(-1)!;
    expect(event).toMatchObject({
      source: 'aws.cloudwatch',
      detailType: 'CloudWatch Alarm State Change',
      resources: ['arn:aws:cloudwatch:us-east-1:111111111111:alarm:errors'],
      detail: {
        alarmName: 'errors',
        state: { value: 'ALARM', timestamp: expect.stringMatching(/^2026-03-02T09:0\d:10\.000\+0000$/) },
        previousState: { value: expect.stringMatching(/OK|INSUFFICIENT_DATA/) },
        configuration: {
          description: 'too many',
          metrics: [
            {
              id: 'm1',
              metricStat: { metric: { namespace: 'Sluice', name: 'Errors', dimensions: { Arm: 'candidate' } }, period: 60, stat: 'Sum' },
              returnData: true,
            },
          ],
        },
      },
    });
  });

  test('actions: a function and a topic, each called by CloudWatch for this alarm', async () => {
    const setup = setUp();
    setup.cloudWatch.putMetricAlarm(alarmOn({ AlarmActions: [LAMBDA_ARN, TOPIC_ARN] }));
    await feed(setup, [9, 9, 9]);
    const [invoke, publish] = setup.acted;
    expect(setup.acted).toHaveLength(2);
    const sourceArn = 'arn:aws:cloudwatch:us-east-1:111111111111:alarm:errors';
    expect(invoke).toMatchObject({
      input: { FunctionName: LAMBDA_ARN, InvocationType: 'Event' },
      caller: { kind: 'service', principal: 'lambda.alarms.cloudwatch.amazonaws.com', sourceArn },
    });
    expect(JSON.parse(new TextDecoder().decode(invoke!.input.Payload))).toMatchObject({
      source: 'aws.cloudwatch',
      alarmArn: sourceArn,
      alarmData: { alarmName: 'errors', state: { value: 'ALARM' } },
    });
    expect(publish).toMatchObject({ input: { TopicArn: TOPIC_ARN }, caller: { principal: 'cloudwatch.amazonaws.com' } });
    expect(JSON.parse(publish!.input.Message)).toMatchObject({ AlarmName: 'errors', NewStateValue: 'ALARM' });
    expect(setup.cloud.underWay.size).toBe(0);
  });

  test('an action that is refused is written down', async () => {
    const setup = setUp();
    setup.cloud.stub('sns', {
      Publish: () => {
        throw new Error('not allowed');
      },
    });
    setup.cloudWatch.putMetricAlarm(alarmOn({ AlarmActions: [TOPIC_ARN] }));
    await feed(setup, [9, 9, 9]);
    expect(setup.cloud.log.find(({ event }) => event === 'action-failed')?.detail).toMatchObject({
      action: TOPIC_ARN,
      error: 'Error: not allowed',
    });
  });

  test('disabled actions do not run, but the event goes out', async () => {
    const setup = setUp();
    setup.cloudWatch.putMetricAlarm(alarmOn({ AlarmActions: [TOPIC_ARN], ActionsEnabled: false }));
    await feed(setup, [9, 9, 9]);
    expect(setup.acted).toEqual([]);
    expect(setup.emitted.at(-1)!.detail.state.value).toBe('ALARM');
  });
});

describe('composite alarms', () => {
  test('follow their children at once', async () => {
    const setup = setUp();
    setup.cloudWatch.putMetricAlarm(alarmOn());
    const latency = setup.cloudWatch.putMetricAlarm(
      alarmOn({ AlarmName: 'latency', MetricName: 'Latency', TreatMissingData: 'notBreaching' }),
    );
    setup.cloudWatch.putCompositeAlarm({
      AlarmName: 'unhealthy',
      AlarmRule: `(ALARM("errors") AND NOT OK(errors)) OR ALARM("${latency.arn}") AND FALSE`,
      AlarmActions: [TOPIC_ARN],
    });
    expect(stateOf(setup, 'unhealthy')).toBe('OK');
    await feed(setup, [9, 9, 9]);
    expect(stateOf(setup, 'unhealthy')).toBe('ALARM');
    expect(setup.acted).toHaveLength(1);
    const [child, parent] = setup.emitted.slice(-2);
    expect(parent!.detail).toMatchObject({ alarmName: 'unhealthy', configuration: { alarmRule: expect.stringContaining('errors') } });
    expect(parent!.detail.state.timestamp).toBe(child!.detail.state.timestamp);
  });

  test.each([
    ['ALARM("nobody")', 'does not exist'],
    ['ALARM("errors") AND', 'not a complete expression'],
    ['ALARM errors', 'cannot be read'],
    ['(OK("errors")', 'not a complete expression'],
  ])('the rule %s is refused', (AlarmRule, message) => {
    const setup = setUp();
    setup.cloudWatch.putMetricAlarm(alarmOn());
    expect(() => setup.cloudWatch.putCompositeAlarm({ AlarmName: 'c', AlarmRule })).toThrow(message);
  });
});

test.each<[string, object]>([
  ['ComparisonOperator', { ComparisonOperator: 'Above' }],
  ['DatapointsToAlarm', { DatapointsToAlarm: 3 }],
  ['EvaluationPeriods', { EvaluationPeriods: 0 }],
  ['multiple of 60', { Period: 90 }],
  ['TreatMissingData', { TreatMissingData: 'guess' }],
  ['Threshold', { Threshold: undefined }],
  ['86400', { Period: 600, EvaluationPeriods: 200 }],
  ['not both', { ExtendedStatistic: 'p99' }],
  ['exactly one of Metrics', { MetricName: undefined, Metrics: [] }],
  ['statistic', { Statistic: 'Median' }],
])('an alarm with a wrong %s is refused', (message, extra) => {
  expect(() => setUp().cloudWatch.putMetricAlarm(alarmOn(extra))).toThrow(message);
});

test.each<[string, object]>([
  ['anomaly detection', { ComparisonOperator: 'LessThanLowerThreshold' }],
  ['not supported by the laptop cloud', { AlarmActions: ['arn:aws:automate:us-east-1:ec2:stop'] }],
])('unsupported, by name: %s', (message, extra) => {
  expect(() => setUp().cloudWatch.putMetricAlarm(alarmOn(extra))).toThrow(
    expect.objectContaining({ name: 'UnsupportedError', message: expect.stringContaining(message) }),
  );
});

test('a day of minutes under ten alarms', async () => {
  const setup = setUp();
  for (let index = 0; index < 10; index += 1)
    setup.cloudWatch.putMetricAlarm(alarmOn({ AlarmName: `alarm-${index}`, EvaluationPeriods: 5 }));
  const series = setup.cloudWatch.series('Sluice', 'Errors', { Arm: 'candidate' });
  const start = setup.cloud.clock.now();
  for (let minute = 0; minute < 1440; minute += 1)
    setup.cloud.clock.at(start + minute * MINUTE, () => series.add(setup.cloud.clock.now(), 1));
  await pass(setup, 1440);
  expect(stateOf(setup, 'alarm-9')).toBe('OK');
});
