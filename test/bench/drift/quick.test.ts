import { cellsOf, QUICK } from '../../../bench/drift/cells';
import { worseThanKnown } from '../../../bench/drift/published';
import { type CellResult, runCell } from '../../../bench/drift/run-cell';

/** 10 000 baseline rows, as in the known figures; the other sizes are left to the bench. */
const WINDOWS = 20;
const cells = cellsOf({ ...QUICK, rows: [200, 1000] });

test('ours is no worse than what is known of the two gates, the same each time', async () => {
  const results: CellResult[] = [];
  for (const cell of cells) results.push(await runCell(cell, WINDOWS, false));
  expect(results).toHaveLength(14);
  expect(worseThanKnown(results)).toEqual([]);
  expect(await runCell(cells[2]!, WINDOWS, false)).toEqual(results[2]);
}, 60_000);

const result = (effect: 'none' | 'trivial' | 'shift', rows: number, sluice: number): CellResult => ({
  cell: { kind: 'numeric', effect, rows, baselineRows: 10_000 },
  windows: 100,
  alarms: { sluice },
});

test('a false alarm, one for a trivial move, and too few finds are worse', () => {
  expect(worseThanKnown([result('none', 200, 1)])).toEqual(['numeric, none, 200 rows beside 10000: 1 %, none is allowed']);
  expect(worseThanKnown([result('trivial', 20_000, 2)])).toEqual(['numeric, trivial, 20000 rows beside 10000: 2 %, none is allowed']);
  expect(worseThanKnown([result('shift', 1000, 80)])).toEqual(['numeric, shift, 1000 rows beside 10000: 80 %, at least 93 % is known']);
});

test('what so few windows cannot tell from the known share is not', () => {
  expect(worseThanKnown([result('shift', 1000, 90), result('shift', 200, 10), result('none', 50, 0)])).toEqual([]);
});
