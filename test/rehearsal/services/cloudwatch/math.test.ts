import { kindOf } from '../../../../rehearsal/services/cloudwatch/math/check';
import { evaluate } from '../../../../rehearsal/services/cloudwatch/math/evaluate';
import { parseExpression } from '../../../../rehearsal/services/cloudwatch/math/parse';
import { isList, type Value } from '../../../../rehearsal/services/cloudwatch/math/value';

const MINUTE = 60_000;
const START = Date.parse('2026-03-02T09:00:00Z');
const GRID = [0, 1, 2, 3].map((minute) => START + minute * MINUTE);
const _ = Number.NaN;
const SERIES: Record<string, number[]> = { m1: [10, 20, _, 40], m2: [2, 0, 5, 8], errors_b: [_, _, 1, _], none: [_, _, _, _] };

function value(source: string): Value {
  const expression = parseExpression(source);
  const known = (id: string): number[] => {
    const series = SERIES[id];
    if (series === undefined) throw new Error(`no ${id}`);
    return series;
  };
  kindOf(expression, (id) => {
    known(id);
    return 'TS';
  });
  const metrics = Object.keys(SERIES).map((id) => ({ id, label: `label of ${id}` }));
  return evaluate(expression, { grid: GRID, periodSeconds: 60, metrics, lookup: known });
}

test.each<[string, number | number[]]>([
  ['m1 + m2', [12, 20, 5, 48]],
  ['m1 + none', [10, 20, _, 40]],
  ['m1 / m2', [5, _, 0, 5]],
  ['100 * m2 / m1 - 1', [19, -1, _, 19]],
  ['-(m2 - 8) ^ 2', [36, 64, 9, 0]],
  ['2 ^ 3 + 1 * 2', 10],
  ['m2 >= 5', [0, 0, 1, 1]],
  ['m2 > 1 AND m1 > 15', [0, 0, 0, 1]],
  ['m2 == 0 || m1 == 10', [1, 1, 0, 0]],
  ['m2 != 0 && m2 <= 5', [1, 0, 1, 0]],
  ['FILL(m1, 0)', [10, 20, 0, 40]],
  ['FILL(m1, REPEAT)', [10, 20, 20, 40]],
  ['FILL(m1, LINEAR)', [10, 20, 30, 40]],
  ['FILL(errors_b, LINEAR)', [_, _, 1, _]],
  ['FILL(errors_b, REPEAT)', [_, _, 1, 1]],
  ['FILL(errors_b, m2)', [2, 0, 1, 8]],
  ['FILL(m1, MIN(m1))', [10, 20, 10, 40]],
  ['IF(m2 > 4, m2)', [_, _, 5, 8]],
  ['IF(FILL(m1, 0) >= 20, m2, -1)', [-1, 0, -1, 8]],
  ['IF(1, m2, m1)', [2, 0, 5, 8]],
  ['IF(0, m2)', [_, _, _, _]],
  ['SUM([m1, m2])', [12, 20, 5, 48]],
  ['AVG([m1, m2])', [6, 10, 2.5, 24]],
  ['MAX(METRICS())', [10, 20, 5, 40]],
  ['MIN([m1, m2])', [2, 0, 5, 8]],
  ['STDDEV([m1, m2])', [4, 10, 0, 16]],
  ['SUM(METRICS("errors"))', [_, _, 1, _]],
  ['m2 / MAX(m2)', [0.25, 0, 0.625, 1]],
  ['SUM(m1) / DATAPOINT_COUNT(m1) + m2 * 0', [70 / 3, 70 / 3, 70 / 3, 70 / 3]],
  ['AVG(m1)', 70 / 3],
  ['STDDEV(m2)', Math.sqrt((1.75 ** 2 + 3.75 ** 2 + 1.25 ** 2 + 4.25 ** 2) / 4)],
  ['DATAPOINT_COUNT(none)', 0],
  ['DATAPOINT_COUNT([m1, m2])', [2, 2, 1, 2]],
  ['METRIC_COUNT(METRICS())', 4],
  ['ABS(0 - m2) + CEIL(m2 / 4) + FLOOR(m2 / 4)', [3, 0, 8, 12]],
  ['LOG(m2)', [Math.log(2), _, Math.log(5), Math.log(8)]],
  ['LOG10(m1)', [1, Math.log10(20), _, Math.log10(40)]],
  ['DIFF(m1)', [_, 10, _, 20]],
  ['DIFF_TIME(m1)', [_, 60, _, 120]],
  ['RATE(m1)', [_, 10 / 60, _, 20 / 120]],
  ['RUNNING_SUM(m1)', [10, 30, _, 70]],
  ['m2 / PERIOD(m1)', [2 / 60, 0, 5 / 60, 8 / 60]],
  ['TIME_SERIES(MAX(m1))', [40, 40, 40, 40]],
  ['MINUTE(none)', [0, 1, 2, 3]],
  ['HOUR(m1)', [9, 9, 9, 9]],
  // 2 March 2026 is a Monday.
  ['DAY(m1)', [1, 1, 1, 1]],
  ['DATE(m1) * 10000 + MONTH(m1) * 1000000 + YEAR(m1)', [3022026, 3022026, 3022026, 3022026]],
  ['EPOCH(m1)', GRID.map((t) => t / 1000)],
  ['FIRST(SORT([m1, m2], AVG, ASC))', [2, 0, 5, 8]],
  ['LAST(SORT([m1, m2], MAX, ASC))', [10, 20, _, 40]],
  ['FIRST(SLICE(SORT(METRICS(), SUM, DESC), 1))', [2, 0, 5, 8]],
  ['METRIC_COUNT(SLICE(METRICS(), 1, 3))', 2],
  ['METRIC_COUNT(SORT(METRICS(), SUM, DESC, 3))', 3],
  ['METRIC_COUNT(REMOVE_EMPTY(METRICS()))', 3],
])('%s', (source, expected) => {
  expect(value(source)).toEqual(expected);
});

test('an array keeps the labels of its metrics', () => {
  const result = value('METRICS() * 2');
  expect(isList(result) && result.list.map(({ label, points }) => [label, points[0]])).toEqual([
    ['label of m1', 20],
    ['label of m2', 4],
    ['label of errors_b', _],
    ['label of none', _],
  ]);
});

test.each([
  ['m1 +', 'expected a value, found the end'],
  ['m1 m2', 'expected end, found "m2"'],
  ['(m1', 'expected ), found the end'],
  ['m1 ? 2', 'cannot be read at character 3'],
  ['IF(m1)', 'IF takes 2 to 3 arguments, got 1'],
  ['FILL(m1)', 'FILL takes 2 arguments, got 1'],
  ['FILL(m1, [m2])', 'FILL does not take TS, TS[]'],
  ['m9 + 1', 'no m9'],
  ['METRICS() + [m1]', 'different length'],
  ['[m1, 2]', 'an array holds time series only'],
  ['"text" + 1', 'stands where a value is needed'],
  ['SUM(3)', 'SUM does not take S'],
  ['FIRST(m1)', 'FIRST does not take TS'],
  ['IF(METRICS(), 1, 0)', 'IF does not take TS[]'],
  ['PERIOD(m1 + 1)', 'PERIOD takes a metric'],
  ['SORT(METRICS(), BEST, ASC)', 'no BEST'],
  ['sum([m1, m2])', 'there is no function sum; functions are written in uppercase: SUM'],
  ['EXP(m1)', 'there is no function EXP'],
  ['constructor(m1)', 'there is no function constructor'],
])('%s is refused', (source, message) => {
  expect(() => value(source)).toThrow(message);
});

test.each([
  ['SEARCH("{AWS/EC2,InstanceId} CPU", "Average", 300)', 'SEARCH'],
  ['ANOMALY_DETECTION_BAND(m1, 2)', 'ANOMALY_DETECTION_BAND'],
  ['INSIGHT_RULE_METRIC("rule", "Sum")', 'INSIGHT_RULE_METRIC'],
  ['100 * m1 / SERVICE_QUOTA(m1)', 'SERVICE_QUOTA'],
  ["DB_PERF_INSIGHTS('RDS', 'db-1', 'x')", 'DB_PERF_INSIGHTS'],
  ["LAMBDA('source', 'x')", 'LAMBDA'],
])('%s is not supported, by name', (source, name) => {
  expect(() => value(source)).toThrow(expect.objectContaining({ name: 'UnsupportedError', message: expect.stringContaining(name) }));
});
