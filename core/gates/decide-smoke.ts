import type { GateDecision } from './decision';
import type { GoldenTally } from './golden-tally';

/** One request, one answer: whatever it says. */
export function decideSmoke({ candidate, failures }: GoldenTally): GateDecision {
  const passed = candidate.n === 1;
  const why = Object.keys(failures)[0] ?? 'nothing was sent';
  return {
    passed,
    reason: passed ? 'the candidate answers in the dark' : `the candidate does not answer in the dark: ${why}`,
    measured: [{ name: 'answers', value: candidate.n, demanded: '1', passed, count: 1 }],
  };
}
