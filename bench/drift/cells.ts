/** What the window's rows are beside the baseline's. */
export const EFFECTS = ['none', 'trivial', 'shift', 'scale'] as const;
export type Effect = (typeof EFFECTS)[number];

export type Kind = 'numeric' | 'categorical';

export interface Cell {
  kind: Kind;
  effect: Effect;
  baselineRows: number;
  rows: number;
}

export interface Size {
  rows: number[];
  baselineRows: number[];
  /** Windows of one feature in each cell. */
  repetitions: number;
}

/** Features of a use case: as many windows of one feature are judged at once. */
export const FEATURES = 20;

export const FULL: Size = { rows: [50, 200, 1000, 5000, 20_000], baselineRows: [1000, 10_000], repetitions: 200 };
export const QUICK: Size = { rows: [50, 200, 1000, 5000], baselineRows: [10_000], repetitions: 40 };

export function cellsOf({ rows, baselineRows }: Size): Cell[] {
  return baselineRows.flatMap((baseline) =>
    rows.flatMap((n): Cell[] => [
      ...EFFECTS.map((effect): Cell => ({ kind: 'numeric', effect, baselineRows: baseline, rows: n })),
      // There is no scale of categories.
      ...(['none', 'trivial', 'shift'] as const).map((effect): Cell => ({ kind: 'categorical', effect, baselineRows: baseline, rows: n })),
    ]),
  );
}

export const labelOf = ({ kind, effect, baselineRows, rows }: Cell): string => `${kind}/${effect}/${baselineRows}/${rows}`;
