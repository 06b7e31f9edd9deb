import type { GateMeasure } from '../contracts';

/** What a gate says of a candidate. */
export interface GateDecision {
  passed: boolean;
  /** A sentence for people. */
  reason: string;
  measured: GateMeasure[];
  worstLines?: number[];
}

/** A measure with what there is to say about it. */
export interface Finding {
  measure: GateMeasure;
  words: string;
}

/** All that failed, in words; of a gate that passed, all that was measured. */
export function decided(findings: Finding[], join: (parts: string[]) => string): GateDecision {
  const failed = findings.filter(({ measure }) => !measure.passed);
  const said = failed.length > 0 ? failed : findings;
  return {
    passed: failed.length === 0,
    reason: join(said.map(({ words }) => words).filter((words) => words !== '')),
    measured: findings.map(({ measure }) => measure),
  };
}

/** A gate that could not measure anything. */
export const undecided = (reason: string): GateDecision => ({ passed: false, reason, measured: [] });
