import type { KpiPolicy } from '../contracts';
import { describeCell, happenedOf, isAbsent, numberOf, timeOf } from './cells';
import type { BacktestPlan, RowFacts } from './types';

const TIME_ALLOWED = 'allowed: ISO 8601 such as 2026-03-02T09:05:00Z, or seconds, ms, µs or ns since 1970';

/** What a row says, or what is wrong with it. */
export function readRow(row: Record<string, unknown>, { columns, kpis }: Pick<BacktestPlan, 'columns' | 'kpis'>): RowFacts | string {
  const armCell = row[columns.arm];
  if (isAbsent(armCell)) return `no ${columns.arm}: a row must say which arm it belongs to`;
  const exposedMillis = timeOf(row[columns.time]);
  if (exposedMillis === undefined) return badTime(columns.time, row[columns.time]);
  const facts: RowFacts = { arm: cellText(armCell), exposedMillis, values: [] };
  if (columns.unit !== undefined) {
    if (isAbsent(row[columns.unit])) return `no ${columns.unit}: a row must say which unit it belongs to`;
    facts.unit = cellText(row[columns.unit]);
  }
  if (columns.kpi !== undefined) {
    const name = row[columns.kpi];
    if (isAbsent(name)) return `no ${columns.kpi}: a row must say which KPI it speaks of`;
    facts.onlyKpi = kpis.findIndex(({ policy }) => policy.name === name);
    if (facts.onlyKpi < 0) return { ...facts, otherKpi: cellText(name) };
  }
  return withOutcomes(row, facts, { columns, kpis });
}

function withOutcomes(
  row: Record<string, unknown>,
  facts: RowFacts,
  { columns, kpis }: Pick<BacktestPlan, 'columns' | 'kpis'>,
): RowFacts | string {
  let any = false;
  for (const [index, { policy, column }] of kpis.entries()) {
    const cell = facts.onlyKpi === undefined || facts.onlyKpi === index ? row[column] : undefined;
    const value = isAbsent(cell) ? undefined : outcomeOf(policy, cell);
    if (typeof value === 'string') return `${column}: ${value}`;
    any ||= value !== undefined;
    facts.values.push(value);
  }
  if (columns.observed === undefined || !any) return facts;
  const observedCell = row[columns.observed];
  // Not yet observed when the history was written: as if there were no outcome.
  if (isAbsent(observedCell)) return { ...facts, values: facts.values.map(() => undefined) };
  const observedMillis = timeOf(observedCell);
  if (observedMillis === undefined) return badTime(columns.observed, observedCell);
  if (observedMillis < facts.exposedMillis) {
    return `${columns.observed} ${describeCell(observedCell)} lies before ${columns.time} ${describeCell(row[columns.time])}`;
  }
  return { ...facts, observedMillis };
}

/** A number, or what is wrong. */
function outcomeOf({ type, name }: KpiPolicy, cell: unknown): number | string {
  if (type === 'binary') return happenedOf(cell) ?? `${describeCell(cell)} is no outcome of ${name}: true, false, 1, 0, yes or no`;
  const value = numberOf(cell);
  if (value === undefined) return `${describeCell(cell)} is no number, as ${name} (${type}) needs`;
  if (value < 0) return `${value} is below 0: ${name} (${type}) takes values from 0`;
  if (type === 'count' && !Number.isInteger(value)) return `${value} is no whole number, as ${name} (count) needs`;
  return value;
}

const badTime = (column: string, cell: unknown): string =>
  isAbsent(cell) ? `no ${column}: a row must say when` : `${column}: ${describeCell(cell)} is no time; ${TIME_ALLOWED}`;

const cellText = (cell: unknown): string =>
  typeof cell === 'string' ? cell.trim() : typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
