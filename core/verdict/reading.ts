import type { KpiEvidence } from '../contracts';
import type { StratumMinutes } from './strata';
import type { ControlArm, MinuteCounts } from './types';

/** What the counters of one KPI say. */
export interface Reading extends Pick<
  KpiEvidence,
  | 'candidateUnits'
  | 'candidateEvents'
  | 'controlUnits'
  | 'controlEvents'
  | 'candidateMean'
  | 'controlMean'
  | 'ratio'
  | 'tolerated'
  | 'burnIn'
> {
  logRollback: number;
  logPromotion: number;
  /** Only where the KPI must improve. */
  logImprovement?: number;
}

/** Minutes of exposure, and from which on they are too young for anything to be proven in the candidate's favour. */
export interface CountedMinutes {
  minutes: MinuteCounts[];
  stratumMinutes: number;
  control: ControlArm;
  lastMatureStart: number;
}

/** Of something per stratum, what belongs to mature ones. */
export function matureOf<T>(ofStrata: T[], cut: StratumMinutes[], { lastMatureStart }: CountedMinutes): T[] {
  return ofStrata.filter((_, index) => (cut[index]?.start ?? Number.POSITIVE_INFINITY) <= lastMatureStart);
}
