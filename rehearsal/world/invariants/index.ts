import type { History } from '../history';
import { incidentOpened, noReleaseStuck } from './endings';
import { evidenceComplete } from './evidence';
import { everyDecisionRecorded, kpiExactlyOnce } from './records';
import { leastPrivilege, noSilentDrift, nothingLeftRunning } from './resources';
import { gatedTraffic, oneCandidate, rollbackTakesHold } from './traffic';

/** Returns what breaks it, a sentence each; nothing when it holds. */
export type InvariantCheck = (history: History) => string[];

export interface InvariantResult {
  name: string;
  held: boolean;
  /** The first violations, in words. */
  violations?: string[];
}

export const INVARIANTS: Record<string, InvariantCheck> = {
  'gated-traffic': gatedTraffic,
  'one-candidate': oneCandidate,
  'rollback-takes-hold': rollbackTakesHold,
  'kpi-exactly-once': kpiExactlyOnce,
  'every-decision-recorded': everyDecisionRecorded,
  'evidence-complete': evidenceComplete,
  'no-silent-drift': noSilentDrift,
  'incident-opened': incidentOpened,
  'no-release-stuck': noReleaseStuck,
  'nothing-left-running': nothingLeftRunning,
  'least-privilege': leastPrivilege,
};

const VIOLATIONS_SHOWN = 5;

export function checkInvariants(history: History): InvariantResult[] {
  return Object.entries(INVARIANTS).map(([name, check]) => {
    const violations = check(history);
    return violations.length === 0 ? { name, held: true } : { name, held: false, violations: violations.slice(0, VIOLATIONS_SHOWN) };
  });
}
