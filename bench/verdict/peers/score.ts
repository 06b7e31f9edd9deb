import type { Tallies } from '../tally';

/** A rule that rolls back once its score exceeds a limit; the score never falls. So one run over a stream serves every limit. */
export interface Score {
  /** Reads the next minute; returns the score so far. */
  minute(seen: Tallies, minute: number): number;
}

/** Keeps the largest values that were ever added. */
export class Largest {
  private readonly values: number[];

  constructor(private readonly count: number) {
    this.values = Array.from({ length: count }, () => Number.NEGATIVE_INFINITY);
  }

  add(value: number): void {
    let at = this.count - 1;
    if (value <= (this.values[at] ?? 0)) return;
    for (; at > 0 && value > (this.values[at - 1] ?? 0); at--) this.values[at] = this.values[at - 1] ?? 0;
    this.values[at] = value;
  }

  /** The smallest of those kept: the `count`-th largest. */
  get last(): number {
    return this.values[this.count - 1] ?? 0;
  }
}
