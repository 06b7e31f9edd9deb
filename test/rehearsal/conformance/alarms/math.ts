import { GUIDE, onMath, type AlarmCase } from './case';

const rate = (expression: string, extra = {}) => onMath(expression, ['errors', 'requests'], { Threshold: 0.5, ...extra });

export const mathCases: AlarmCase[] = [
  {
    name: 'an error rate',
    cites: GUIDE.mathAlarms,
    alarms: [rate('errors / requests')],
    data: { errors: '0463', requests: '8888' },
    // 0, 0.5, 0.75, 0.375
    states: 'OOAO',
  },
  {
    name: 'a missing value in arithmetic is 0',
    cites: GUIDE.mathArithmetic,
    alarms: [rate('errors / requests')],
    data: { errors: '6-6', requests: '888' },
    states: 'AOA',
  },
  {
    name: 'a division by zero is dropped: missing data',
    cites: GUIDE.mathArithmetic,
    alarms: [rate('errors / requests', { TreatMissingData: 'missing' })],
    data: { errors: '66666', requests: '80000' },
    // The last data point stays in the range of three for two more evaluations.
    states: 'AAAII',
  },
  {
    name: 'a missing divisor is 0: dropped',
    cites: GUIDE.mathArithmetic,
    alarms: [rate('errors / requests', { TreatMissingData: 'notBreaching' })],
    data: { errors: '6666', requests: '----' },
    states: 'OOOO',
  },
  {
    name: 'the example of comparisons: metric1 < metric2 gives 0, 0, 1, 0',
    cites: GUIDE.mathOperators,
    alarms: [onMath('m1 < m2', ['m1', 'm2'], { Threshold: 0.5 })],
    data: { m1: [30, 20, 0, 0], m2: [20, undefined, 20, undefined] },
    states: 'OOAO',
  },
  {
    name: 'the example of comparisons: metric1 >= 30 gives 1, 0, 0, 0',
    cites: GUIDE.mathOperators,
    alarms: [onMath('m1 >= 30', ['m1'], { Threshold: 0.5 })],
    data: { m1: [30, 20, 0, 0] },
    states: 'AOOO',
  },
  {
    name: 'the example of logic: metric1 > 15 AND metric2 > 15 gives 1, 0, 0, 0',
    cites: GUIDE.mathOperators,
    alarms: [onMath('m1 > 15 AND m2 > 15', ['m1', 'm2'], { Threshold: 0.5 })],
    data: { m1: [30, 20, 0, 0], m2: [20, undefined, 20, undefined] },
    states: 'AOOO',
  },
  {
    name: 'IF(metric1, metric2, metric3), the example: 30, 0, 20, -, -',
    cites: GUIDE.mathIf,
    alarms: [onMath('IF(m1, m2, m3)', ['m1', 'm2', 'm3'], { Threshold: 15 })],
    data: { m1: [1, 1, 0, 0, undefined], m2: [30, undefined, 0, 0, 30], m3: [0, 0, 20, undefined, 20] },
    // The dropped points leave the 20 as the newest that is known.
    states: 'AOAAA',
  },
  {
    name: 'IF(metric1, scalar2, metric3), the example: 5, 5, 20, -, -',
    cites: GUIDE.mathIf,
    alarms: [onMath('IF(m1, 5, m3)', ['m1', 'm3'], { Threshold: 15 })],
    data: { m1: [1, 1, 0, 0, undefined], m3: [0, 0, 20, undefined, 20] },
    states: 'OOAAA',
  },
  {
    name: 'IF(metric1, metric2, scalar3), the example: 30, 0, 5, 5, -',
    cites: GUIDE.mathIf,
    alarms: [onMath('IF(m1, m2, 5)', ['m1', 'm2'], { Threshold: 15 })],
    data: { m1: [1, 1, 0, 0, undefined], m2: [30, undefined, 0, 0, 30] },
    states: 'AOOOO',
  },
  {
    name: 'IF without a value for false drops the point: a rate only where there is traffic',
    cites: GUIDE.mathIf,
    alarms: [rate('IF(requests > 5, errors / requests)', { TreatMissingData: 'notBreaching' })],
    data: { errors: '77700', requests: '44800' },
    // Nothing, nothing, 0.875, which stays in the range.
    states: 'OOAAA',
  },
  {
    name: 'FILL with a number leaves no gap to treat',
    cites: GUIDE.mathFunctions,
    alarms: [onMath('FILL(m, 0)', ['m'], { TreatMissingData: 'breaching' })],
    data: { m: 'X--X-' },
    states: 'AOOAO',
  },
  {
    name: 'FILL with REPEAT goes on with the last value of the range',
    cites: GUIDE.mathFunctions,
    alarms: [onMath('FILL(m, REPEAT)', ['m'])],
    data: { m: '0X----' },
    // Nothing is left to repeat once the range of three is empty.
    states: 'OAAAII',
  },
  {
    name: 'SUM of METRICS adds minute by minute',
    cites: GUIDE.mathFunctions,
    alarms: [onMath('SUM(METRICS())', ['m1', 'm2'])],
    data: { m1: '3342', m2: '234-' },
    states: 'OAAO',
  },
  {
    name: 'METRICS with a text takes the ids that contain it',
    cites: GUIDE.mathFunctions,
    alarms: [onMath('SUM(METRICS("err"))', ['err1', 'err2', 'other'])],
    data: { err1: '33', err2: '23', other: '99' },
    states: 'OA',
  },
  {
    name: 'AVG of an array counts missing values as 0',
    cites: GUIDE.mathFunctions,
    alarms: [onMath('AVG([m1, m2])', ['m1', 'm2'])],
    data: { m1: '999', m2: '929' },
    states: 'AAA',
  },
  {
    name: 'AVG of an array with a gap',
    cites: GUIDE.mathFunctions,
    alarms: [onMath('AVG([m1, m2])', ['m1', 'm2'])],
    data: { m1: '9X9', m2: '9-0' },
    // 9, 5, 4.5
    states: 'AOO',
  },
  {
    name: 'MAX and MIN of an array',
    cites: GUIDE.mathFunctions,
    alarms: [onMath('MAX([m1, m2]) - MIN([m1, m2])', ['m1', 'm2'])],
    data: { m1: '999', m2: '393' },
    states: 'AOA',
  },
  {
    name: 'DIFF: the change since the value before',
    cites: GUIDE.mathFunctions,
    alarms: [onMath('DIFF(m)', ['m'])],
    data: { m: '01889' },
    // -, 1, 7, 0, 1
    states: 'IOAOO',
  },
  {
    name: 'RATE: the change per second',
    cites: GUIDE.mathFunctions,
    alarms: [onMath('RATE(m)', ['m'], { Threshold: 1 })],
    data: { m: [0, 60, 121, 180] },
    // -, 1, 1.017, 0.983
    states: 'IOAO',
  },
  {
    name: 'RATE over a gap divides by the time in between',
    cites: GUIDE.mathFunctions,
    alarms: [onMath('RATE(m)', ['m'], { Threshold: 1, TreatMissingData: 'notBreaching' })],
    // 120 and 121 in two minutes.
    data: { m: [0, undefined, 120, undefined, 241] },
    states: 'OOOOA',
  },
  {
    name: 'PERIOD is in seconds',
    cites: GUIDE.mathFunctions,
    alarms: [onMath('m / PERIOD(m)', ['m'], { Threshold: 1 })],
    data: { m: [60, 61] },
    states: 'OA',
  },
  {
    name: 'ABS, CEIL and FLOOR of each data point',
    cites: GUIDE.mathFunctions,
    alarms: [onMath('ABS(FLOOR(m)) + CEIL(m)', ['m'], { Threshold: 1.5 })],
    // 1+0, 0+1, 1+2
    data: { m: [-0.5, 0.5, 1.2] },
    states: 'OOA',
  },
  {
    name: 'LOG10 of zero is no data',
    cites: GUIDE.mathFunctions,
    alarms: [onMath('LOG10(m)', ['m'], { Threshold: 1.5, TreatMissingData: 'notBreaching' })],
    data: { m: [0, 10, 100] },
    states: 'OOA',
  },
  {
    name: 'FIRST of SORT is the top metric',
    cites: GUIDE.mathFunctions,
    alarms: [onMath('FIRST(SORT(METRICS(), SUM, DESC))', ['m1', 'm2'])],
    data: { m1: '11', m2: '19' },
    states: 'OA',
  },
  {
    name: 'TIME_SERIES of a number has a value in every period',
    cites: GUIDE.mathFunctions,
    alarms: [onMath('m - TIME_SERIES(3)', ['m'])],
    data: { m: '89' },
    states: 'OA',
  },
  {
    name: 'MINUTE is the minute of the time stamp, also without data',
    cites: GUIDE.mathFunctions,
    alarms: [onMath('MINUTE(m)', ['m'], { Threshold: 9.5 })],
    // The first step is the minute 0 of an hour.
    data: {},
    states: 'OOOOOOOOOOAA',
  },
];
