import { BadInputError } from '../errors';
import type { TableRow } from '../tables';
import { checkColumns, columnNames, columnsText } from './columns';
import { ValueProfile } from './profile';
import { readRow } from './row';
import type { BacktestPlan, BadRow, RowFacts } from './types';
import { UnitTable } from './units';

const MINUTE_MILLIS = 60_000;
const MOST_ARMS = 50;
const MOST_SAMPLES = 5;
const MOST_OTHER_KPIS = 20;
/** A column of every row that none of the first rows has is not there. */
const ROWS_TO_FIND_COLUMNS = 1000;

/** What one arm value looks like. */
export interface ArmSurvey {
  rows: number;
  firstMillis: number;
  lastMillis: number;
  /** One for each KPI: outcomes, or for binary ones a 1 for each that happened. */
  values: ValueProfile[];
  /** One for each KPI: units that could have the outcome. */
  exposed: number[];
  /** One for each KPI: minutes from exposure to outcome. */
  delays: ValueProfile[];
}

export interface Survey {
  read: number;
  bad: number;
  badSamples: BadRow[];
  arms: Map<string, ArmSurvey>;
  units?: UnitTable;
}

/** The first of two readings: which arms there are, when, what values are usual, and where each unit was first exposed. */
export class Surveyor {
  private readonly columns = new Set<string>();
  private readonly wanted: string[];
  private readonly otherKpis = new Set<string>();
  private readonly armIndex = new Map<string, number>();
  readonly survey: Survey;

  constructor(private readonly plan: Pick<BacktestPlan, 'columns' | 'kpis'>) {
    this.survey = { read: 0, bad: 0, badSamples: [], arms: new Map() };
    this.wanted = columnNames(plan);
    if (plan.columns.unit !== undefined) this.survey.units = new UnitTable();
  }

  add(entry: TableRow): void {
    const { survey, plan } = this;
    survey.read += 1;
    if ('problem' in entry) return this.bad(entry.line, entry.problem);
    this.findColumns(entry.row);
    const facts = readRow(entry.row, plan);
    if (typeof facts === 'string') return this.bad(entry.line, facts);
    this.take(facts);
  }

  /** Says what is wrong with the history as a whole. */
  finish(): Survey {
    const { read, bad, badSamples } = this.survey;
    if (read === 0) throw new BadInputError('the history has no rows\n  allowed: one row for each unit (or outcome), of two arms');
    // Nothing could be read at all: then that is what is wrong.
    if (this.columns.size > 0) checkColumns(this.plan, [...this.columns]);
    if (bad === read) {
      throw new BadInputError(
        [`none of the ${read} rows can be used`, ...badSamples.map(({ line, problem }) => `  line ${line}: ${problem}`)].join('\n'),
      );
    }
    if (this.plan.columns.kpi !== undefined) this.checkNamedKpis(this.plan.columns.kpi);
    return this.survey;
  }

  /** Until each has been seen once. */
  private findColumns(row: Record<string, unknown>): void {
    if (this.wanted.every((column) => this.columns.has(column))) return;
    for (const column of Object.keys(row)) this.columns.add(column);
    if (this.survey.read === ROWS_TO_FIND_COLUMNS) checkColumns(this.plan, [...this.columns], 'row');
  }

  private checkNamedKpis(column: string): void {
    const arms = [...this.survey.arms.values()];
    for (const [index, { policy }] of this.plan.kpis.entries()) {
      if (arms.some(({ exposed }) => (exposed[index] ?? 0) > 0)) continue;
      throw new BadInputError(
        `KPI ${policy.name}: column ${column} never names it\n  it names: ${[...this.otherKpis].join(', ') || 'other KPIs of the policy'}`,
      );
    }
  }

  private bad(line: number, problem: string): void {
    this.survey.bad += 1;
    if (this.survey.badSamples.length < MOST_SAMPLES) this.survey.badSamples.push({ line, problem });
  }

  private take(facts: RowFacts): void {
    if (facts.otherKpi !== undefined) {
      if (this.otherKpis.size < MOST_OTHER_KPIS) this.otherKpis.add(facts.otherKpi);
      return;
    }
    const arm = this.armOf(facts.arm);
    arm.rows += 1;
    arm.firstMillis = Math.min(arm.firstMillis, facts.exposedMillis);
    arm.lastMillis = Math.max(arm.lastMillis, facts.exposedMillis);
    if (facts.unit !== undefined) {
      this.survey.units?.meet(facts.unit, Math.floor(facts.exposedMillis / MINUTE_MILLIS), this.armIndex.get(facts.arm) ?? 0);
    }
    const delayMinutes = facts.observedMillis === undefined ? undefined : (facts.observedMillis - facts.exposedMillis) / MINUTE_MILLIS;
    for (const [index, { policy }] of this.plan.kpis.entries()) {
      if (facts.onlyKpi !== undefined && facts.onlyKpi !== index) continue;
      arm.exposed[index] = (arm.exposed[index] ?? 0) + 1;
      const value = facts.values[index];
      if (value === undefined) continue;
      // Of a binary outcome only that it happened counts: a 0 says no more than no row.
      if (policy.type !== 'binary' || value === 1) arm.values[index]?.add(value);
      if (delayMinutes !== undefined) arm.delays[index]?.add(delayMinutes);
    }
  }

  private armOf(name: string): ArmSurvey {
    const known = this.survey.arms.get(name);
    if (known !== undefined) return known;
    if (this.armIndex.size === MOST_ARMS) {
      const { arm } = this.plan.columns;
      const some = [...this.armIndex.keys()].slice(0, 5).join(', ');
      throw new BadInputError(
        `column ${arm} has more than ${MOST_ARMS} values: ${some}, …\n  allowed: a column with the arm of each row, such as A and B\n  Is another column meant? There are: ${columnsText([...this.columns])}`,
      );
    }
    this.armIndex.set(name, this.armIndex.size);
    const profiles = (): ValueProfile[] => this.plan.kpis.map(() => new ValueProfile());
    const made: ArmSurvey = {
      rows: 0,
      firstMillis: Number.POSITIVE_INFINITY,
      lastMillis: Number.NEGATIVE_INFINITY,
      values: profiles(),
      exposed: this.plan.kpis.map(() => 0),
      delays: profiles(),
    };
    this.survey.arms.set(name, made);
    return made;
  }
}
