import type { KpiEvidence } from '../contracts';
import type { MinuteCounts } from './types';

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

/** Minutes that count towards a rollback, and those in which nothing changes any more. */
export interface CountedMinutes {
  all: MinuteCounts[];
  mature: MinuteCounts[];
}
