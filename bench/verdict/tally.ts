/** Counts of one arm: units, sum and sum of squares of what was observed (binary: both are the outcomes), then the tilts. */
export type Tally = Float64Array;

export const UNITS = 0;
export const SUM = 1;
export const SQUARES = 2;
export const TILTS = 3;
export const TALLY_LENGTH = 8;

/** The candidate, and the control in two parts: as much traffic as the candidate has, and the rest. */
export interface Tallies {
  candidate: Tally;
  equal: Tally;
  rest: Tally;
}

export function emptyTallies(): Tallies {
  const tally = (): Tally => new Float64Array(TALLY_LENGTH);
  return { candidate: tally(), equal: tally(), rest: tally() };
}

export function clear({ candidate, equal, rest }: Tallies): void {
  candidate.fill(0);
  equal.fill(0);
  rest.fill(0);
}

/** One field of the whole control. */
export function ofControl({ equal, rest }: Tallies, field: number): number {
  return (equal[field] ?? 0) + (rest[field] ?? 0);
}
