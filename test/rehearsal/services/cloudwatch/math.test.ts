import { evaluate, type Value } from '../../../../rehearsal/services/cloudwatch/math/evaluate';
import { parseExpression } from '../../../../rehearsal/services/cloudwatch/math/parse';

const GRID = [0, 1, 2, 3];
const SERIES: Record<string, Map<number, number>> = {
  m1: new Map([
    [0, 10],
    [1, 20],
    [3, 40],
  ]),
  m2: new Map([
    [0, 2],
    [1, 0],
    [2, 5],
    [3, 8],
  ]),
  errors_b: new Map([[2, 1]]),
};

function value(source: string): Value {
  return evaluate(parseExpression(source), {
    grid: GRID,
    metricIds: Object.keys(SERIES),
    lookup: (id) => {
      const series = SERIES[id];
      if (series === undefined) throw new Error(`no ${id}`);
      return series;
    },
  });
}
const points = (source: string): Record<number, number> => Object.fromEntries(value(source) as Map<number, number>);

test.each<[string, Record<number, number>]>([
  ['m1 + m2', { 0: 12, 1: 20, 3: 48 }],
  ['m1 / m2', { 0: 5, 3: 5 }],
  ['100 * m2 / m1 - 1', { 0: 19, 1: -1, 3: 19 }],
  ['-(m2 - 8) ^ 2', { 0: 36, 1: 64, 2: 9, 3: 0 }],
  ['m2 >= 5', { 0: 0, 1: 0, 2: 1, 3: 1 }],
  ['m2 > 1 AND m1 > 15', { 0: 0, 1: 0, 3: 1 }],
  ['m2 == 0 || m1 == 10', { 0: 1, 1: 1, 3: 0 }],
  ['FILL(m1, 0)', { 0: 10, 1: 20, 2: 0, 3: 40 }],
  ['FILL(m1, REPEAT)', { 0: 10, 1: 20, 2: 20, 3: 40 }],
  ['FILL(errors_b, m2)', { 0: 2, 1: 0, 2: 1, 3: 8 }],
  ['IF(m2 > 4, m2)', { 2: 5, 3: 8 }],
  ['IF(FILL(m1, 0) >= 20, m2, -1)', { 0: -1, 1: 0, 2: -1, 3: 8 }],
  ['SUM([m1, m2])', { 0: 12, 1: 20, 2: 5, 3: 48 }],
  ['MAX(METRICS())', { 0: 10, 1: 20, 2: 5, 3: 40 }],
  ['SUM(METRICS("errors"))', { 2: 1 }],
  ['m2 / MAX(m2)', { 0: 0.25, 1: 0, 2: 0.625, 3: 1 }],
  ['ABS(0 - m2) + CEIL(0.2) + FLOOR(1.9)', { 0: 4, 1: 2, 2: 7, 3: 10 }],
])('%s', (source, expected) => {
  expect(points(source)).toEqual(expected);
});

test.each([
  ['m1 +', 'expected a value, found the end'],
  ['m1 m2', 'expected end, found "m2"'],
  ['(m1', 'expected ), found the end'],
  ['m1 ? 2', 'cannot be read at character 3'],
  ['IF(m1)', 'IF takes a condition'],
  ['FILL(m1)', 'FILL takes'],
  ['m9 + 1', 'no m9'],
  ['METRICS() + [m1]', 'different length'],
])('%s is refused', (source, message) => {
  expect(() => value(source)).toThrow(message);
});

test.each(['SEARCH("x", "Sum", 60)', 'ANOMALY_DETECTION_BAND(m1)', 'FILL(m1, LINEAR)'])('%s is not supported, by name', (source) => {
  expect(() => value(source)).toThrow(expect.objectContaining({ name: 'UnsupportedError' }));
});
