import { GUIDE, threshold, type AlarmCase } from './case';

const percentile = (ExtendedStatistic: string, extra = {}) => threshold({ Statistic: undefined, ExtendedStatistic, ...extra });
const times = (count: number, value: number): number[] => new Array<number>(count).fill(value);
/** 1, 2, … 10. */
const ONE_TO_TEN = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
/** Goes off at exactly this value and above, so one case looks at it from both sides. */
const exactly = (statistic: string, value: number): AlarmCase[] =>
  [0, 0.001].map((above) => ({
    name: `${statistic} of 1 to 10 is ${value}, ${above === 0 ? 'not less' : 'not more'}`,
    cites: /^\w+$/.test(statistic) ? GUIDE.statistics : GUIDE.statisticsSyntax,
    alarms: [
      {
        ...threshold({ Threshold: value + above, ComparisonOperator: 'GreaterThanOrEqualToThreshold', Statistic: undefined }),
        ...(/^[A-Z][a-z]/.test(statistic) ? { Statistic: statistic } : { ExtendedStatistic: statistic }),
      },
    ],
    data: { m: [ONE_TO_TEN] },
    states: above === 0 ? 'A' : 'O',
  }));

/** Too few samples under `ignore` keep the state; `evaluate` takes them as they are. */
function lowSamples(statistic: string, fewest: number): AlarmCase[] {
  const data = { m: [times(fewest - 1, 9), times(fewest, 9), times(fewest, 1), times(fewest - 1, 9)] };
  const cites = GUIDE.lowSamples;
  return [
    {
      name: `${statistic}: fewer than ${fewest} samples are ignored`,
      cites,
      alarms: [percentile(statistic, { EvaluateLowSampleCountPercentile: 'ignore' })],
      data,
      states: 'IAOO',
    },
    {
      name: `${statistic}: fewer than ${fewest} samples are evaluated`,
      cites,
      alarms: [percentile(statistic, { EvaluateLowSampleCountPercentile: 'evaluate' })],
      data,
      states: 'AAOA',
    },
  ];
}

export const statisticsCases: AlarmCase[] = [
  ...exactly('SampleCount', 10),
  ...exactly('Sum', 55),
  ...exactly('Average', 5.5),
  ...exactly('Minimum', 1),
  ...exactly('Maximum', 10),
  // The highest value once the highest tenth is gone.
  ...exactly('p90', 9),
  // The mean, count and sum of 1 to 9.
  ...exactly('tm90', 5),
  ...exactly('tc90', 9),
  ...exactly('ts90', 45),
  // 1 to 9, and 9 in place of 10.
  ...exactly('wm90', 5.4),
  // 2 to 9.
  ...exactly('TM(10%:90%)', 5.5),
  // 9 and 10.
  ...exactly('TS(80%:)', 19),
  // Fixed boundaries: the lower one is out, the higher one in: 3, 4, 5.
  ...exactly('TC(2:5)', 3),
  ...exactly('TM(2:5)', 4),
  // 1 and 2 count as 2, 6 to 10 as 5: 2+2+3+4+5×6.
  ...exactly('WM(2:5)', 4.1),
  // 3 of 10 are at most 3.
  ...exactly('PR(:3)', 30),
  ...lowSamples('p50', 20),
  ...lowSamples('p90', 100),
  ...lowSamples('p99', 1000),
  ...lowSamples('p10', 100),
  {
    name: 'low samples without any data: missing data is treated as ever',
    cites: GUIDE.lowSamples,
    alarms: [percentile('p90', { EvaluateLowSampleCountPercentile: 'ignore', TreatMissingData: 'breaching' })],
    data: {},
    states: 'AA',
  },
  {
    name: 'no percentile of a metric with a negative value',
    cites: GUIDE.statisticSets,
    alarms: [percentile('p90')],
    data: { m: [[9, -1], [9]] },
    states: 'IA',
  },
  {
    name: 'dimensions are exact: a metric with one more is another metric',
    cites: GUIDE.dimensions,
    alarms: [threshold({ TreatMissingData: 'notBreaching' })],
    data: { m: 'XXX' },
    dimensions: { Arm: 'stable' },
    states: 'OOO',
  },
  {
    name: 'dimensions are exact: the same names and values are the same metric, in any order',
    cites: GUIDE.dimensions,
    alarms: [
      threshold({
        Dimensions: [
          { Name: 'B', Value: '2' },
          { Name: 'A', Value: '1' },
        ],
      }),
    ],
    data: { m: '0X' },
    dimensions: { A: '1', B: '2' },
    states: 'OA',
  },
];
