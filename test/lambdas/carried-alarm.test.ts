import { fakeClient, fakeLedger, START } from './support';
import { ledgerKeys } from '../../core/contracts';
import { alarmReaderOf, isCarried } from '../../lambdas/rollback/carried-alarm';

const MINUTE = 60_000;
const NAME = 'p-rollback-candidate-failures';

const MATH = {
  AlarmName: NAME,
  Threshold: 0.3,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  Metrics: [
    { Id: 'share', Expression: 'failures / requests', ReturnData: true },
    { Id: 'failures', ReturnData: false, MetricStat: { Metric: { MetricName: 'Failures' }, Period: 900, Stat: 'Sum' } },
  ],
};

function reader(alarm: object | undefined, values: number[]) {
  const { client, sent } = fakeClient<never>({
    DescribeAlarms: () => ({ MetricAlarms: alarm === undefined ? [] : [alarm] }),
    GetMetricData: () => ({ MetricDataResults: [{ Id: 'share', Values: values }] }),
  });
  return { reader: alarmReaderOf(client), sent };
}

describe('what an alarm would say of another time', () => {
  test('is asked in one period over all of its metrics', async () => {
    const { reader: alarms, sent } = reader(MATH, [0.5]);
    expect(await alarms.breachesSince(NAME, START, START + 4 * MINUTE)).toBe(true);
    const { MetricDataQueries, StartTime, EndTime } = sent[1]!.input;
    const period = (Number(EndTime) - Number(StartTime)) / 1000;
    expect(Number(StartTime)).toBeGreaterThanOrEqual(START - 2 * MINUTE);
    expect(MetricDataQueries).toEqual([
      MATH.Metrics[0],
      { ...MATH.Metrics[1], MetricStat: { ...MATH.Metrics[1]!.MetricStat, Period: period } },
    ]);
  });

  test('is no for values that do not breach, and for none', async () => {
    expect(await reader(MATH, [0.1]).reader.breachesSince(NAME, START, START)).toBe(false);
    expect(await reader(MATH, []).reader.breachesSince(NAME, START, START)).toBe(false);
  });

  test('works for an alarm on a single metric', async () => {
    const single = { Namespace: 'Own', MetricName: 'Errors', Statistic: 'Sum', Threshold: 3, ComparisonOperator: 'GreaterThanThreshold' };
    const { reader: alarms, sent } = reader(single, [4]);
    expect(await alarms.breachesSince(NAME, START, START)).toBe(true);
    expect(sent[1]?.input['MetricDataQueries']).toMatchObject([{ MetricStat: { Metric: { MetricName: 'Errors' }, Stat: 'Sum' } }]);
  });

  test.each([
    ['an alarm that is gone, or composite', undefined],
    ['a band', { ...MATH, ComparisonOperator: 'GreaterThanUpperThreshold' }],
    ['an alarm without a metric', { Threshold: 1, ComparisonOperator: 'GreaterThanThreshold' }],
  ])('is not known of %s', async (_, alarm) => {
    expect(await reader(alarm, [1]).reader.breachesSince(NAME, START, START)).toBeUndefined();
  });
});

test('whatever cannot be read counts against the candidate', async () => {
  const fake = fakeLedger();
  await fake.ledger.put(ledgerKeys.release('r2-00000002'), { id: 'r2-00000002', canaryStartedAt: new Date(START).toISOString() });
  await fake.ledger.put(ledgerKeys.release('r1-00000001'), {
    id: 'r1-00000001',
    openedSteps: [{ weight: 0.05 }],
    endedAt: new Date(START - MINUTE).toISOString(),
  });
  const parts = (breach: () => Promise<boolean>) => ({ ledger: fake.ledger, alarms: { breachesSince: breach } });
  expect(
    await isCarried(
      parts(async () => false),
      NAME,
      'r2-00000002',
      START + MINUTE,
    ),
  ).toBe(true);
  const failing = parts(() => Promise.reject(new Error('throttled')));
  expect(await isCarried(failing, NAME, 'r2-00000002', START + MINUTE)).toBe(false);
  expect(
    await isCarried(
      parts(async () => false),
      NAME,
      'r3-unknown',
      START,
    ),
  ).toBe(false);
});
