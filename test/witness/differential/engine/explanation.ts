import type { Outcome } from './outcome';

/** One call of a case as both sides saw it. */
export interface Difference {
  operation: string;
  input: unknown;
  ours: Outcome;
  witness: Outcome;
  /** What was asked before, in the same case. */
  before: readonly { operation: string; input: unknown; ours: Outcome }[];
}

/** A difference that stays: one of the two is wrong, and AWS's documentation says which. */
export interface Explanation {
  /** The areas whose cases show it: one by name, or all whose names begin so. */
  area: string;
  title: string;
  right: 'ours' | 'witness' | 'neither' | 'both';
  /** Page and section of AWS's documentation, and its words. */
  documented: string;
  /** As narrow as can be. */
  applies(difference: Difference): boolean;
  /** True: the sides hold different things from here on, so the rest of the case says nothing. */
  endsCase?: boolean;
}
