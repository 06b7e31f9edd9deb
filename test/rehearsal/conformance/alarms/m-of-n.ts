import { GUIDE, mOfN, threshold, type AlarmCase } from './case';

export const mOfNCases: AlarmCase[] = [
  {
    name: 'the guide’s figure: three of three above 3, in the third to fifth period; once more in the ninth',
    cites: GUIDE.evaluation,
    alarms: [mOfN(3, 3, { Threshold: 3 })],
    data: { m: '224442224' },
    states: 'OOOOAOOOO',
  },
  {
    name: 'DatapointsToAlarm left out is all of EvaluationPeriods',
    cites: GUIDE.evaluation,
    alarms: [threshold({ EvaluationPeriods: 2 })],
    data: { m: '0X0XX0' },
    states: 'OOOOAO',
  },
  {
    name: '4 out of 5: breaching points need not be consecutive',
    cites: GUIDE.evaluation,
    alarms: [mOfN(4, 5)],
    data: { m: '00XX0XX0X00' },
    //       the newest five:  0XX0X:3  XX0XX:4  X0XX0:3  0XX0X:3
    states: 'OOOOOOAOOOO',
  },
  {
    name: '2 out of 3: one good point does not end it, two do',
    cites: GUIDE.evaluation,
    alarms: [mOfN(2, 3)],
    data: { m: '000XX0X00' },
    states: 'OOOOAAAOO',
  },
  {
    name: '1 out of 3 holds for three periods after one breach',
    cites: GUIDE.evaluation,
    alarms: [mOfN(1, 3)],
    data: { m: '000X00000' },
    states: 'OOOAAAOOO',
  },
  {
    name: '1 out of 1 follows each minute',
    cites: GUIDE.evaluation,
    alarms: [mOfN(1, 1)],
    data: { m: '0X0XX0' },
    states: 'OAOAAO',
  },
  {
    name: 'data from before the alarm counts',
    cites: `${GUIDE.evaluation}, note on data before the alarm was created`,
    alarms: [mOfN(3, 3)],
    data: { m: '0XXX0' },
    states: '...AO',
    createdAfter: 4,
  },
  {
    name: 'a metric that never reports stays insufficient',
    cites: GUIDE.states,
    alarms: [mOfN(2, 3)],
    data: {},
    states: 'IIIII',
  },
  {
    name: 'insufficient data at the start: a first breach alone is premature for 2 out of 2',
    cites: GUIDE.premature,
    alarms: [mOfN(2, 2)],
    data: { m: '--XX0' },
    states: 'IIIAO',
  },
  {
    name: 'a first good point ends insufficient data',
    cites: GUIDE.missingTable,
    alarms: [mOfN(2, 3)],
    data: { m: '--0' },
    states: 'IIO',
  },
  {
    name: 'sparse data, every other minute: the range reaches back to two real points',
    cites: GUIDE.missingTable,
    alarms: [mOfN(2, 2)],
    data: { m: '0-X-X-0-' },
    // 0; 0-; 0-X; 0-X- has two: 0 X; -X-X: X X; X-X-: X X; -X-0: X 0; X-0-: X 0
    states: 'OOOOAAOO',
  },
  {
    name: 'sparse data with notBreaching still uses the real points of the range',
    cites: GUIDE.missingTable,
    alarms: [mOfN(2, 3, { TreatMissingData: 'notBreaching' })],
    data: { m: '00X-X---' },
    // 00X-X: newest three 0 X X; 0X-X-: 0 X X; X-X--: two real breach; -X---: one
    states: 'OOOOAAAO',
  },
  {
    name: 'recovery: breaching counts gaps as breaches only while real points are too few',
    cites: GUIDE.missingTable,
    alarms: [mOfN(2, 2, { TreatMissingData: 'breaching' })],
    data: { m: '00---00' },
    // 00-: 0 0; 00--: 0 0; 0---: one good and one filled; ---0: likewise; --00
    states: 'OOOOOOO',
  },
  {
    name: 'a period of five minutes slides each minute',
    cites: `${GUIDE.evaluation} and "Evaluation windows": the default window slides`,
    alarms: [threshold({ Period: 300, Threshold: 10 })],
    data: { m: '44440000' },
    // Sums of the last five minutes: 4 8 12 16 16 12 8 4
    states: 'OOAAAAOO',
  },
  ...(
    [
      ['GreaterThanThreshold', 'OOA'],
      ['GreaterThanOrEqualToThreshold', 'OAA'],
      ['LessThanThreshold', 'AOO'],
      ['LessThanOrEqualToThreshold', 'AAO'],
    ] as const
  ).map(([ComparisonOperator, states]) => ({
    name: `${ComparisonOperator} at 4, 5 and 6 against 5`,
    cites: 'API reference, PutMetricAlarm, ComparisonOperator',
    alarms: [threshold({ ComparisonOperator })],
    data: { m: '456' },
    states,
  })),
];
