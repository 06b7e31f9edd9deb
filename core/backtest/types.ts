import type { KpiPolicy, RolloutPolicy } from '../contracts';

/** Where the columns of a row go. */
export interface Columns {
  arm: string;
  time: string;
  unit?: string;
  /** When the outcomes of the row were observed; without it they count as seen at once. */
  observed?: string;
  /** Each row is one outcome: this column names its KPI. Otherwise every KPI has a column of its own. */
  kpi?: string;
}

/** A KPI as it is judged, and the column with its outcome. `cap`, `typical` and the window may still be missing: the history then says. */
export interface KpiColumn {
  policy: KpiPolicy;
  column: string;
  /** The window is not declared: it is taken from the delays seen. */
  windowFromHistory?: boolean;
}

export interface BacktestPlan {
  columns: Columns;
  kpis: KpiColumn[];
  rollout: RolloutPolicy;
  /** Values of the arm column; missing: found by their names. */
  candidate?: string;
  control?: string;
  /** Intended share of the candidate among both arms. Missing: the sample ratio is not checked. */
  share?: number;
  /** Margins that are tried besides the policy's own. */
  margins: number[];
  /** Strata that all looks together may go over, default 2.5 million: it bounds the time. */
  mostWork?: number;
}

/** One row, understood. */
export interface RowFacts {
  arm: string;
  exposedMillis: number;
  observedMillis?: number;
  unit?: string;
  /** One for each KPI, in their order; undefined: no outcome. */
  values: (number | undefined)[];
  /** The only KPI that the row speaks of, where a column names it; -1: none of ours … */
  onlyKpi?: number;
  /** … but this one. */
  otherKpi?: string;
}

export interface BadRow {
  line: number;
  problem: string;
}

export interface RowCounts {
  read: number;
  /** Of the two arms, understood and counted. */
  used: number;
  bad: number;
  /** The first bad rows. */
  badSamples: BadRow[];
  otherArms: number;
  otherKpis: number;
  /** Outcomes observed after their window: production refuses them. */
  late: number;
  /** Further outcomes of a unit that has one: the first stands. */
  repeated: number;
  /** Rows of a unit that was in the other arm before: counted there. */
  crossedOver: number;
}
