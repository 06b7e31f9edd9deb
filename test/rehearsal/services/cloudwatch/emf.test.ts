import { setUp } from './support';

const T = Date.parse('2026-03-02T09:00:00Z');
const HOUR = 3_600_000;
const GROUP = '/aws/lambda/gateway';

interface Parts {
  root?: object;
  directive?: object;
  timestamp?: unknown;
}
const line = ({ root = {}, directive = {}, timestamp = T }: Parts = {}): string =>
  JSON.stringify({
    _aws: {
      Timestamp: timestamp,
      CloudWatchMetrics: [{ Namespace: 'Own', Dimensions: [['Arm']], Metrics: [{ Name: 'Requests', Unit: 'Count' }], ...directive }],
    },
    Arm: 'stable',
    Requests: 1,
    ...root,
  });

const sums = ({ cloudWatch }: ReturnType<typeof setUp>, name: string, dimensions: Record<string, string> = { Arm: 'stable' }): number[] =>
  cloudWatch.metric('Own', name, dimensions).map(({ sum }) => sum);

test('lines with the same directives go where their own dimensions and values say', () => {
  const setup = setUp();
  for (const [Arm, Requests] of [
    ['stable', 1],
    ['candidate', 5],
    ['stable', 2],
  ])
    setup.cloudWatch.ingestLogLine(line({ root: { Arm, Requests } }), GROUP);
  expect(sums(setup, 'Requests')).toEqual([3]);
  expect(sums(setup, 'Requests', { Arm: 'candidate' })).toEqual([5]);
});

test('a line is read the same by the short way and the long way', () => {
  const setup = setUp();
  const text = line();
  setup.cloudWatch.ingestLogLine(text, GROUP);
  // A prefix, another order of members, white space, an escaped bracket in a name: none fits the short way.
  setup.cloudWatch.ingestLogLine(`2026-03-02T09:00:00Z request-1 INFO ${text}`, GROUP);
  setup.cloudWatch.ingestLogLine(JSON.stringify({ Arm: 'stable', Requests: 1, ...(JSON.parse(text) as object) }), GROUP);
  setup.cloudWatch.ingestLogLine(JSON.stringify(JSON.parse(text), undefined, 1).replaceAll('\n', ' '), GROUP);
  expect(sums(setup, 'Requests')).toEqual([4]);
  setup.cloudWatch.ingestLogLine(line({ directive: { Metrics: [{ Name: 'a"]}b\\' }] }, root: { 'a"]}b\\': 7 } }), GROUP);
  expect(sums(setup, 'a"]}b\\')).toEqual([7]);
});

test('a second _aws is the one that counts', () => {
  const setup = setUp();
  const other = line({ directive: { Metrics: [{ Name: 'Other' }] }, root: { Other: 9 } });
  setup.cloudWatch.ingestLogLine(`${line().slice(0, -1)},${other.slice(1)}`, GROUP);
  expect([sums(setup, 'Requests'), sums(setup, 'Other')]).toEqual([[], [9]]);
});

test('StorageResolution 1 is kept by the second', async () => {
  const setup = setUp();
  setup.cloudWatch.ingestLogLine(line({ directive: { Metrics: [{ Name: 'Requests', StorageResolution: 1 }] } }), GROUP);
  const { MetricDataResults } = await setup.call('GetMetricData', {
    StartTime: new Date(T),
    EndTime: new Date(T + 60_000),
    MetricDataQueries: [
      {
        Id: 'm1',
        MetricStat: {
          Metric: { Namespace: 'Own', MetricName: 'Requests', Dimensions: [{ Name: 'Arm', Value: 'stable' }] },
          Period: 10,
          Stat: 'Sum',
        },
      },
    ],
  });
  expect(MetricDataResults[0]).toMatchObject({ Timestamps: [new Date(T)], Values: [1] });
});

const names = (count: number): string[] => Array.from({ length: count }, (_one, index) => `n${index}`);
const named = (count: number, value: unknown): object => Object.fromEntries(names(count).map((name) => [name, value]));

test('the limits themselves are allowed', () => {
  const setup = setUp();
  setup.cloudWatch.ingestLogLine(line({ directive: { Metrics: names(100).map((Name) => ({ Name })) }, root: named(100, 1) }), GROUP);
  setup.cloudWatch.ingestLogLine(line({ directive: { Dimensions: [names(30)] }, root: named(30, 'x') }), GROUP);
  setup.cloudWatch.ingestLogLine(line({ root: { Requests: new Array<number>(100).fill(1) } }), GROUP);
  setup.cloudWatch.ingestLogLine(line({ root: { Arm: 'x'.repeat(1024) } }), GROUP);
  setup.cloudWatch.ingestLogLine(line({ directive: { Dimensions: [[]] } }), GROUP);
  expect(setup.cloud.log).toEqual([]);
  expect(sums(setup, 'Requests')).toEqual([100]);
  expect(sums(setup, 'Requests', {})).toEqual([1]);
});

test.each<[string, string, string]>([
  ['101 metrics, at most 100', 'EMFValidationErrors', line({ directive: { Metrics: names(101).map((Name) => ({ Name })) } })],
  ['31 names, at most 30', 'EMFValidationErrors', line({ directive: { Dimensions: [names(31)] } })],
  ['101 values, at most 100', 'EMFValidationErrors', line({ root: { Requests: new Array<number>(101).fill(1) } })],
  ['1025 characters, at most 1024', 'EMFValidationErrors', line({ root: { Arm: 'x'.repeat(1025) } })],
  ['256 characters, at most 255', 'EMFValidationErrors', line({ directive: { Namespace: 'x'.repeat(256) } })],
  [
    'StorageResolution must be 1 or 60',
    'EMFValidationErrors',
    line({ directive: { Metrics: [{ Name: 'Requests', StorageResolution: 5 }] } }),
  ],
  ['two weeks old', 'EMFValidationErrors', line({ timestamp: T - 15 * 24 * HOUR })],
  ['two hours ahead', 'EMFValidationErrors', line({ timestamp: T + 3 * HOUR })],
  ['at most 1048576', 'EMFParsingErrors', line({ root: { text: 'é'.repeat(600_000) } })],
  ['Timestamp', 'EMFParsingErrors', line({ timestamp: 'now' })],
  ['must be an object', 'EMFParsingErrors', JSON.stringify({ _aws: { Timestamp: T, CloudWatchMetrics: [null] } })],
  ['Metrics must be a list', 'EMFParsingErrors', line({ directive: { Metrics: 'Requests' } })],
  ['needs a Name', 'EMFParsingErrors', line({ directive: { Metrics: [{}] } })],
  ['list of lists', 'EMFParsingErrors', line({ directive: { Dimensions: [[1]] } })],
  ['metric Requests', 'EMFParsingErrors', line({ root: { Requests: null } })],
])('recorded as what it is: %s (%s)', (problem, metric, wrong) => {
  const { cloud, cloudWatch } = setUp();
  cloudWatch.ingestLogLine(wrong, GROUP);
  expect(cloud.log).toMatchObject([{ event: 'emf-rejected', detail: { logGroup: GROUP, problem: expect.stringContaining(problem) } }]);
  expect(cloudWatch.metric('AWS/Logs', metric, { LogGroupName: GROUP })).toMatchObject([{ sum: 1 }]);
  expect(cloudWatch.metric('Own', 'Requests', { Arm: 'stable' })).toEqual([]);
});

test('more kinds of lines than are remembered are read all the same', () => {
  const setup = setUp();
  for (const round of [1, 2])
    for (const Name of names(40))
      setup.cloudWatch.ingestLogLine(line({ directive: { Metrics: [{ Name }] }, root: { [Name]: round } }), GROUP);
  for (const name of names(40)) expect(sums(setup, name)).toEqual([3]);
});
