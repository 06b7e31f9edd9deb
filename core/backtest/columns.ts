import { didYouMean } from '../charter/suggest';
import { BadInputError } from '../errors';
import type { BacktestPlan } from './types';

type Wanted = Pick<BacktestPlan, 'columns' | 'kpis'>;

const MOST_SHOWN = 40;

/** Columns that every row must have; the others may be missing from rows without an outcome. */
const rowColumns = ({ columns }: Wanted): [string, string | undefined][] => [
  ['--arm-column', columns.arm],
  ['--time-column', columns.time],
  ['--unit-column', columns.unit],
  ['--kpi-column', columns.kpi],
];

const allColumns = (wanted: Wanted): [string, string | undefined][] => [
  ...rowColumns(wanted),
  ['--observed-column', wanted.columns.observed],
  ...wanted.kpis.map(({ policy, column }): [string, string] => [`KPI ${policy.name}`, column]),
];

/** Names of all columns that are read. */
export const columnNames = (wanted: Wanted): string[] => [
  ...new Set(allColumns(wanted).flatMap(([, column]) => (column === undefined ? [] : [column]))),
];

/** Refuses a history without a column that is asked for. */
export function checkColumns(wanted: Wanted, names: string[], which: 'row' | 'all' = 'all'): void {
  const missing = (which === 'row' ? rowColumns(wanted) : allColumns(wanted)).filter(
    ([, column]) => column !== undefined && !names.includes(column),
  );
  if (missing.length === 0) return;
  const lines = missing.map(([who, column]) => {
    const hint = didYouMean(column ?? '', names);
    return `${who}: there is no column ${JSON.stringify(column)}${hint === undefined ? '' : `; ${hint}`}`;
  });
  const said = missing.some(([who]) => who.startsWith('KPI'))
    ? '\n  say it:  --value-column KPI=COLUMN; of a charter, --kpi chooses KPIs'
    : '';
  throw new BadInputError(`${lines.join('\n')}\n  columns: ${columnsText(names)}${said}`);
}

export const columnsText = (names: string[]): string =>
  names.length <= MOST_SHOWN ? names.join(', ') : `${names.slice(0, MOST_SHOWN).join(', ')}, … (${names.length})`;
