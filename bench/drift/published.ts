import type { Cell } from './cells';
import { type CellResult, OURS } from './run-cell';

/** What the two-gate rule is known to do with 10 000 baseline rows: shares of windows, at most or at least. */
const KNOWN: (Pick<Cell, 'effect' | 'rows'> & { atLeast: number })[] = [
  { effect: 'shift', rows: 200, atLeast: 0.15 },
  { effect: 'shift', rows: 1000, atLeast: 0.93 },
  { effect: 'shift', rows: 5000, atLeast: 1 },
  { effect: 'scale', rows: 1000, atLeast: 1 },
  { effect: 'scale', rows: 5000, atLeast: 1 },
  { effect: 'scale', rows: 20_000, atLeast: 1 },
];

/** Cells in which ours is worse than that: any alarm where nothing, or nothing that matters, moved; too few where something did. */
export function worseThanKnown(results: CellResult[]): string[] {
  return results.flatMap(({ cell, windows, alarms }) => {
    const share = (alarms[OURS] ?? 0) / windows;
    const name = `${cell.kind}, ${cell.effect}, ${cell.rows} rows beside ${cell.baselineRows}: ${percentText(share)}`;
    if (cell.effect === 'none' || cell.effect === 'trivial') return share > 0 ? [`${name}, none is allowed`] : [];
    const known = KNOWN.find(
      (one) => cell.kind === 'numeric' && cell.baselineRows === 10_000 && one.effect === cell.effect && one.rows === cell.rows,
    );
    if (known === undefined) return [];
    // Beyond what so few windows can tell from it.
    const error = 1.96 * Math.sqrt((known.atLeast * (1 - known.atLeast)) / windows);
    return share < known.atLeast - error ? [`${name}, at least ${percentText(known.atLeast)} is known`] : [];
  });
}

export const percentText = (share: number): string => `${Number((100 * share).toFixed(1))} %`;
