import { nullCells, QUICK } from '../../../bench/verdict/cells';
import type { NullCell } from '../../../bench/verdict/cells';
import { allowedShare, quickVerdict } from '../../../bench/verdict/judged';
import { PeekedZTest } from '../../../bench/verdict/peers/pooled-tests';
import type { JudgeFactory } from '../../../bench/verdict/run-cell';
import { runCell } from '../../../bench/verdict/run-cell';

const DAYS = 40;
const cells: NullCell[] = nullCells({ ...QUICK, nullDays: DAYS }).filter(
  ({ kpi, perMinute, scenario }) => perMinute === 20 && ['conversion-10', 'cost'].includes(kpi) && ['flat', 'ramp'].includes(scenario),
);

/** A significance test on everything so far, read at each look. */
const peeking: JudgeFactory = ({ kpi, values }) => {
  const test = new PeekedZTest(kpi.better, values === undefined);
  return { minute: (judged) => test.minute(judged) > 1.645 };
};

test('the quick form covers every KPI and scenario at both rates', () => {
  expect(nullCells(QUICK)).toHaveLength(48);
});

test('it ends with 0 for the e-process, the same each time', () => {
  const results = cells.map((cell) => runCell(cell));
  expect(quickVerdict(results)).toMatchObject({ exitCode: 0 });
  expect(runCell(cells[0] as NullCell)).toEqual(results[0]);
});

test('it ends with 1 and names the cells for a judge that peeks', () => {
  const { text, exitCode } = quickVerdict(cells.map((cell) => runCell(cell, peeking)));
  expect(exitCode).toBe(1);
  expect(text).toContain('BROKEN null conversion-10 20 flat');
  expect(text).toContain('The guarantee of core/verdict is broken');
});

test('one false rollback too many is noticed', () => {
  const result = (alarms: number) => ({
    ...runCell({ ...(cells[0] as NullCell), repetitions: 1 }),
    outcomes: { ours: { days: 400, alarms } },
  });
  expect(allowedShare(400)).toBeCloseTo(0.0714, 4);
  expect(quickVerdict([result(28)]).exitCode).toBe(0);
  expect(quickVerdict([result(29)]).exitCode).toBe(1);
});
