import { alarmOn, MINUTE, pass, setUp, stateOf } from './support';

const T = Date.parse('2026-03-02T09:00:00Z');
const HOUR = 60 * MINUTE;

const put = (setup: ReturnType<typeof setUp>, ageMillis: number) =>
  setup.call('PutMetricData', {
    Namespace: 'Own',
    MetricData: [{ MetricName: 'Old', Value: 1, Timestamp: new Date(setup.cloud.clock.now() - ageMillis) }],
  });
const shown = ({ cloudWatch }: ReturnType<typeof setUp>): number => cloudWatch.metric('Own', 'Old', {}).length;

test.each([
  ['younger than three hours: at once', 2 * HOUR, 0],
  ['three to twenty-four hours: two hours', 4 * HOUR, 2 * HOUR],
  ['older: forty-eight hours', 30 * HOUR, 48 * HOUR],
])('a point that is %s', async (_what, age, lag) => {
  const setup = setUp();
  await put(setup, age);
  if (lag > 0) {
    await setup.cloud.clock.run(T + lag - 1000);
    expect(shown(setup)).toBe(0);
  }
  // A scenario does not wait for it.
  expect(setup.cloud.underWay.size).toBe(0);
  await setup.cloud.clock.run(T + lag + 1000);
  expect(shown(setup)).toBe(1);
});

test.each([
  [15 * 24 * HOUR, 'two weeks old'],
  [-3 * HOUR, 'two hours ahead'],
])('a point of age %d is refused', async (age, message) => {
  await expect(put(setUp(), age)).rejects.toThrow(message);
});

test('a scenario lets a metric arrive late; the alarm sees it then, and others at once', async () => {
  const setup = setUp();
  setup.cloudWatch.putMetricAlarm(alarmOn({ EvaluationPeriods: 1 }));
  setup.cloudWatch.delayMetrics({
    fromMillis: T + MINUTE,
    untilMillis: T + 2 * MINUTE,
    lagMillis: 90_000,
    namespace: 'Sluice',
    metricName: 'Errors',
  });
  const errors = setup.cloudWatch.series('Sluice', 'Errors', { Arm: 'candidate' });
  errors.add(T, 0);
  await pass(setup, 1);
  setup.cloudWatch.putMetric('Sluice', 'Errors', { Arm: 'candidate' }, 9);
  setup.cloudWatch.putMetric('Sluice', 'Other', {}, 9);
  expect(setup.cloudWatch.metric('Sluice', 'Other', {})).toHaveLength(1);
  await setup.cloud.clock.run(T + 2 * MINUTE + 20_000);
  expect([stateOf(setup), errors.points().length]).toEqual(['OK', 1]);
  expect(setup.cloud.underWay.size).toBe(1);
  await setup.cloud.clock.run(T + 3 * MINUTE + 20_000);
  expect([stateOf(setup), errors.points().length]).toEqual(['ALARM', 2]);
});

test('the jitter comes from the seed', async () => {
  const arrivals = async (): Promise<number[]> => {
    const setup = setUp();
    setup.cloudWatch.delayMetrics({ fromMillis: T, untilMillis: T + HOUR, lagMillis: 1000, jitterMillis: 60_000, namespace: 'Own' });
    const seen: number[] = [];
    const series = setup.cloudWatch.series('Own', 'Old', {});
    for (let index = 0; index < 5; index += 1) series.addFine(T, index);
    for (let second = 1; second <= 62; second += 1) {
      await setup.cloud.clock.run(T + second * 1000);
      seen.push(series.window(T, T + MINUTE)?.count ?? 0);
    }
    return seen;
  };
  const first = await arrivals();
  expect(new Set(first).size).toBeGreaterThan(2);
  expect(first.at(-1)).toBe(5);
  expect(await arrivals()).toEqual(first);
});
