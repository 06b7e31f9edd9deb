import { GUIDE, mOfN, threshold, type AlarmCase } from './case';

/** The data points of a row, oldest first, and what each treatment makes of them; K: the state is kept. Then, without any new data, the next evaluations. */
interface Row {
  points: string;
  missing: string;
  ignore: string;
  breaching: string;
  notBreaching: string;
}

/** 3 out of 3. The first column of each treatment is the guide's table; the ones after follow as its text says. */
const THREE_OF_THREE: Row[] = [
  // Then - X - X -: both real points breach, the oldest is the fourth newest: old enough not to be premature.
  { points: '0-X-X', missing: 'OA', ignore: 'OO', breaching: 'OA', notBreaching: 'OO' },
  // "The next time this alarm is evaluated, if the data is still missing it will go to ALARM."
  { points: '0----', missing: 'OI', ignore: 'OO', breaching: 'OA', notBreaching: 'OO' },
  { points: '-----', missing: 'II', ignore: 'KK', breaching: 'AA', notBreaching: 'OO' },
  // Then X X - X -: three real points are left.
  { points: '0XX-X', missing: 'AA', ignore: 'AA', breaching: 'AA', notBreaching: 'AA' },
  // The breaching point leaves the evaluation range of five at the fourth evaluation.
  { points: '--X--', missing: 'AAAI', ignore: 'KKKK', breaching: 'AAAA', notBreaching: 'OOOO' },
];

/** 2 out of 3. */
const TWO_OF_THREE: Row[] = [
  // Then - X - X -: two real points breach, which is enough whatever the third is.
  { points: '0-X-X', missing: 'AA', ignore: 'AA', breaching: 'AA', notBreaching: 'AA' },
  // Then 0 X 0 X -: the three newest real points are X 0 X.
  { points: '00X0X', missing: 'AA', ignore: 'AA', breaching: 'AA', notBreaching: 'AA' },
  { points: '0-X--', missing: 'OA', ignore: 'OO', breaching: 'AA', notBreaching: 'OO' },
  // The good point leaves the evaluation range at the sixth evaluation.
  { points: '----0', missing: 'OOOOOI', ignore: 'OOOOOO', breaching: 'AAAAAA', notBreaching: 'OOOOOO' },
  { points: '---X-', missing: 'AAAAI', ignore: 'KKKKK', breaching: 'AAAAA', notBreaching: 'OOOOO' },
];

/** What the section on premature transitions says, 3 out of 3; the table of the guide's 2020 edition has the first row, too. */
const PREMATURE: Row[] = [
  { points: '----X', missing: 'IIAAAI', ignore: 'KKKKKK', breaching: 'AAAAAA', notBreaching: 'OOOOOO' },
  { points: '---X-', missing: 'IAAAI', ignore: 'KKKKK', breaching: 'AAAAA', notBreaching: 'OOOOO' },
  { points: '---X0', missing: 'O', ignore: 'O', breaching: 'O', notBreaching: 'O' },
  { points: '--X-0', missing: 'O', ignore: 'O', breaching: 'O', notBreaching: 'O' },
  { points: 'X----', missing: 'AI', ignore: 'KK', breaching: 'AA', notBreaching: 'OO' },
];

const TREATMENTS = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;
const STARTS = { OK: 'O', ALARM: 'A', INSUFFICIENT_DATA: 'I' } as const;

/** Kept states are looked at from each state that could be kept. */
function expand(table: string, cites: string, rows: Row[], datapoints: number): AlarmCase[] {
  return rows.flatMap(({ points, ...outcomes }) =>
    TREATMENTS.flatMap((TreatMissingData) =>
      (Object.keys(STARTS) as (keyof typeof STARTS)[])
        .filter((start) => start === 'OK' || outcomes[TreatMissingData].includes('K'))
        .map((startState) => {
          const states = outcomes[TreatMissingData].replaceAll('K', STARTS[startState]);
          const before = points.length;
          return {
            name: `${table}: ${[...points].join(' ')}, ${TreatMissingData}, from ${startState}`,
            cites,
            alarms: [mOfN(datapoints, 3, { TreatMissingData })],
            data: { m: points.padEnd(before - 1 + states.length, '-') },
            states: '.'.repeat(before - 1) + states,
            createdAfter: before,
            startState,
          };
        }),
    ),
  );
}

export const missingDataCases: AlarmCase[] = [
  ...expand('table of 3 out of 3', GUIDE.missingTable, THREE_OF_THREE, 3),
  ...expand('table of 2 out of 3', GUIDE.missingTable, TWO_OF_THREE, 2),
  ...expand('premature transitions', GUIDE.premature, PREMATURE, 3),
  {
    name: 'the default is missing: all points of the range missing is insufficient data',
    cites: GUIDE.missing,
    alarms: [threshold()],
    data: { m: '0----X0' },
    // The range is three points: the good one is still in it for two more evaluations.
    states: 'OOOIIAO',
  },
  {
    name: 'errors alone are reported: notBreaching is OK while there are none',
    cites: GUIDE.missing,
    alarms: [threshold({ TreatMissingData: 'notBreaching' })],
    data: { m: '--X----' },
    // One real point is all that one evaluation period needs, as long as it is in the range.
    states: 'OOAAAOO',
  },
  {
    name: 'a metric that should always report: breaching alarms when it stops',
    cites: GUIDE.missing,
    alarms: [threshold({ TreatMissingData: 'breaching' })],
    data: { m: '00-----0' },
    states: 'OOOOAAAO',
  },
  {
    name: 'ignore keeps ALARM when the metric stops, and lets go when it is good again',
    cites: GUIDE.missing,
    alarms: [threshold({ TreatMissingData: 'ignore' })],
    data: { m: '0X-----0' },
    states: 'OAAAAAAO',
  },
  {
    name: 'the last points are evaluated again after the metric stopped',
    cites: `${GUIDE.missingTable}, note on re-evaluation`,
    alarms: [mOfN(2, 2)],
    data: { m: '00XX----' },
    // 0 X X -, X X - -, then X - - - with one old breaching point, then nothing.
    states: 'OOOAAAAI',
  },
  {
    name: 'alarms on AWS/DynamoDB ignore missing data by default',
    cites: GUIDE.dynamo,
    alarms: [threshold({ Namespace: 'AWS/DynamoDB' })],
    data: {},
    states: 'OOOO',
    startState: 'OK',
  },
];
