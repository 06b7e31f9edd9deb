import type { TableRow } from '../tables';
import { armsOf } from './arms';
import { Counter } from './counts';
import { completePolicies } from './policy';
import { type BacktestResult, judgeHistory } from './result';
import { Surveyor } from './survey';
import type { BacktestPlan } from './types';

export { checkColumns, columnNames } from './columns';
export { parseKpi } from './kpi-text';
export { BACKTEST_SCHEMA } from './result';
export type { BacktestResult, BacktestSeries, KpiResult } from './result';
export type { MarginOutcome, Moment } from './margins';
export type { BacktestPlan, Columns, KpiColumn, RowCounts } from './types';

/** Margins that are tried besides the policy's own. */
export const TRIED_MARGINS = [0.05, 0.1, 0.2, 0.3];

/** The policy of `plan` over a history, which is read twice. `rows` gives its rows from the beginning. */
export async function backtest(plan: BacktestPlan, rows: (reading: 1 | 2) => AsyncIterable<TableRow>): Promise<BacktestResult> {
  const surveyor = new Surveyor(plan);
  for await (const entry of rows(1)) surveyor.add(entry);
  const survey = surveyor.finish();
  const arms = armsOf(survey, plan.columns.arm, plan);
  const policies = completePolicies(plan, survey, arms);
  const counter = new Counter(
    plan,
    policies.map(({ policy }) => policy),
    arms,
    survey,
  );
  for await (const entry of rows(2)) counter.add(entry);
  return judgeHistory({ plan, arms, survey, policies, feed: counter.feed, rows: counter.rows });
}
