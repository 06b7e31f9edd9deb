import { allCells, labelOf } from '../../../bench/verdict/cells';
import type { Cell } from '../../../bench/verdict/cells';
import { reportOf } from '../../../bench/verdict/report';
import type { CellResult, Outcome } from '../../../bench/verdict/run-cell';
import { runCell } from '../../../bench/verdict/run-cell';

const SIZE = {
  nullDays: 2,
  effectDays: 2,
  promotionDays: 2,
  peerDays: () => 1,
  kayentaDays: () => 1,
  calibrationDays: 3,
  rates: [20],
};

const resultOf = (cell: Cell, outcomes: Record<string, Outcome>): CellResult => ({ label: labelOf(cell), cell, outcomes });
const cells = allCells({ ...SIZE, rates: [20, 200, 2000] });

test('every cell of a full run finds its place, whatever the order of the work', () => {
  const results = cells.map((cell, index) => resultOf(cell, { ours: { days: 1000, alarms: index % 40, medianExposed: 100 + index } }));
  const report = reportOf(results);
  expect(report).toContain('None of the');
  const sluice = report.split('\n').filter((line) => line.startsWith('| **Sluice**'));
  // Four scenarios and the effects.
  expect(sluice).toHaveLength(5);
  expect(sluice.every((line) => !line.slice(0, 40).includes('–'))).toBe(true);
  expect(report).not.toMatch(/undefined|NaN|20\d\d-\d\d/);
});

test('a cell above 5 % is named at the top and stands out', () => {
  const broken = cells.find((cell) => labelOf(cell) === 'null cost 200 ramp') as Cell;
  const report = reportOf(cells.map((cell) => resultOf(cell, { ours: { days: 1000, alarms: cell === broken ? 80 : 30 } })));
  expect(report).toContain('null cost 200 ramp: 8.0 % (6.5 to 9.8)');
  expect(report).toContain('**8.0 (6.5 to 9.8)**');
});

test('what is never found, and what no limit helps', () => {
  const effect = cells.find((cell) => labelOf(cell) === 'effect errors 20 errors-to-1') as Cell;
  const report = reportOf([
    resultOf(effect, {
      ours: { days: 100, alarms: 40 },
      flagger: { days: 0, alarms: 0, limit: 'impossible' },
      'z-test': { days: 100, alarms: 99, medianExposed: 7 },
    }),
    resultOf(cells[0] as Cell, { ours: { days: 100, alarms: 1 } }),
  ]);
  expect(report).toContain('– (40 %)');
  expect(report).toContain('impossible');
  expect(report).toContain('7 (99 %)');
});

test('calibrated limits: rules that cannot be set are said to be impossible, the others keep to 5 % on the days they were set on', () => {
  const { outcomes } = runCell({
    ...{ kind: 'effect', kpi: 'errors', effect: 'errors-to-10', perMinute: 20, repetitions: 3, peerRepetitions: 3 },
    ...{ kayentaRepetitions: 0, calibrationRepetitions: 20 },
  });
  // At one candidate request a minute, minutes without any are failed checks.
  expect(outcomes['flagger']).toMatchObject({ limit: 'impossible' });
  expect(outcomes['cloudwatch']).toMatchObject({ days: 3, alarms: 3 });
  expect(outcomes['ours']).toMatchObject({ days: 3, alarms: 3 });
});
