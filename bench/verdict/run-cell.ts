import { QUEUE_MINUTES } from '../../core/verdict';
import type { Cell, EffectCell } from './cells';
import { EFFECTS, labelOf } from './cells';
import { CALIBRATED, kayentaJudges, KAYENTA, limitOf, promotionJudge, rollbackJudge, SCORED, scoreOf, streamOf, worldOf } from './judges';
import type { Scored, World } from './judges';
import { KPIS, MARGIN } from './kpis';
import type { Judge } from './ours';
import type { Alarms, Runner } from './race';
import { judgeRunner, kayentaRunner, promotionRunner, race, scoreRunner, youngRunner } from './race';
import type { StreamOptions } from './stream';
import type { Scenario } from './traffic';
import { DAY_MINUTES, SCENARIOS } from './traffic';
import { factorForRatio } from './value-table';
import { YoungRollback } from './young';

export const OURS = 'ours';
const Z = 1.959963984540054;
/** A step must have been open this long before it may promote. */
const BAKE_MINUTES = 30;

/** Of one policy in one cell. */
export interface Outcome {
  days: number;
  alarms: number;
  /** Candidate requests until the alarm: the median over all days, an alarm that never came being the longest; missing where it is that. */
  medianExposed?: number;
  /** 95 % interval of that median, by ranks. */
  medianExposedLow?: number;
  medianExposedHigh?: number;
  medianMinute?: number;
  /** Calibrated limit, in the score's unit; `impossible`: no limit keeps to 5 %. */
  limit?: number | 'impossible';
}

export interface CellResult {
  label: string;
  cell: Cell;
  outcomes: Record<string, Outcome>;
}

/** Lets a test put another judge in the place of ours. */
export type JudgeFactory = (world: World, scenario: Scenario) => Judge;

export function runCell(cell: Cell, judgeOf: JudgeFactory = rollbackJudge): CellResult {
  const label = labelOf(cell);
  const world = worldOf(KPIS[cell.kpi]);
  const scenario = cell.kind === 'null' ? SCENARIOS[cell.scenario] : SCENARIOS.flat;
  const factor = factorOf(cell, world);
  const limits = cell.kind === 'effect' ? calibratedLimits(cell, world) : asTheyCome(world);
  const alarms = new Map<string, Alarms[string][]>();
  for (let day = 1; day <= cell.repetitions; day++) {
    const runners: Runner[] = [ourRunner(cell, world, scenario, judgeOf)];
    if (day <= cell.peerRepetitions) runners.push(...scoreRunners(world, scenario, cell.perMinute, limits));
    if (day <= cell.kayentaRepetitions)
      kayentaJudges(world).forEach((judge, index) => runners.push(kayentaRunner(KAYENTA[index] ?? '', judge)));
    const options: StreamOptions = { kpi: world.kpi, scenario, perMinute: cell.perMinute, factor, watched: runners.length > 1 };
    const said = race(streamOf(world, label, day, options), runners);
    for (const { name } of runners) pushTo(alarms, name, said[name]);
  }
  const outcomes: Record<string, Outcome> = {};
  for (const [name, days] of alarms) outcomes[name] = { ...outcomeOf(days), ...(cell.kind === 'effect' ? limitText(name, limits) : {}) };
  for (const [name, limit] of limits) if (limit === 'impossible') outcomes[name] = { days: 0, alarms: 0, limit };
  return { label, cell, outcomes };
}

function pushTo<T>(lists: Map<string, T[]>, name: string, value: T): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [value]);
  else list.push(value);
}

function ourRunner(cell: Cell, world: World, scenario: Scenario, judgeOf: JudgeFactory): Runner {
  if (cell.kind === 'promotion') return promotionRunner(OURS, promotionJudge(world), BAKE_MINUTES, QUEUE_MINUTES);
  return scenario.young ? youngRunner(OURS, new YoungRollback(world.kpi)) : judgeRunner(OURS, judgeOf(world, scenario));
}

/** Binary: odds ratio; values: factor of each value. */
function factorOf(cell: Cell, { kpi }: World): number {
  if (cell.kind === 'effect') {
    const { rate, factor } = EFFECTS[cell.effect] ?? {};
    return rate === undefined ? (factor ?? 1) : (rate * (1 - kpi.level)) / ((1 - rate) * kpi.level);
  }
  if (cell.kind === 'null' || cell.candidate === 'same') return 1;
  const ratio = kpi.better === 'lower' ? 1 + MARGIN : 1 - MARGIN;
  return kpi.type === 'value' ? factorForRatio(kpi, ratio) : ratio;
}

type Limits = Map<Scored, number | 'impossible'>;

const asTheyCome = (world: World): Limits => new Map(SCORED.map((name) => [name, limitOf(name, world)]));

function scoreRunners(world: World, scenario: Scenario, perMinute: number, limits: Limits): Runner[] {
  return [...limits].flatMap(([name, limit]) =>
    limit === 'impossible' ? [] : [scoreRunner(name, scoreOf(name, world, scenario, perMinute), limit)],
  );
}

/** The limit that 5 % of days without a change exceed, from days of their own. */
function calibratedLimits(cell: EffectCell, world: World): Limits {
  const limits = asTheyCome(world);
  const scores = new Map<Scored, number[]>(CALIBRATED.map((name) => [name, []]));
  const options: StreamOptions = { kpi: world.kpi, scenario: SCENARIOS.flat, perMinute: cell.perMinute, factor: 1, watched: true };
  for (let day = 1; day <= cell.calibrationRepetitions; day++) {
    const stream = streamOf(world, `calibration ${cell.kpi} ${cell.perMinute}`, day, options);
    const watching = CALIBRATED.map((name) => ({ name, score: scoreOf(name, world, SCENARIOS.flat, cell.perMinute), last: 0 }));
    for (let minute = 0; minute < DAY_MINUTES; minute++) {
      stream.next();
      for (const one of watching) one.last = one.score.minute(stream.seen, minute);
    }
    for (const { name, last } of watching) scores.get(name)?.push(last);
  }
  for (const [name, days] of scores) limits.set(name, limitFor(days, worstPossible(name, world)));
  return limits;
}

/** Exceeded by at most 5 % of the days. Where even the worst level there is comes too often, no limit helps. */
function limitFor(days: number[], worst: number): number | 'impossible' {
  const sorted = days.toSorted((a, b) => a - b);
  const limit = sorted[Math.ceil(0.95 * sorted.length) - 1] ?? 0;
  return limit >= worst ? 'impossible' : limit;
}

/** Nothing converts, or every request fails. */
function worstPossible(name: Scored, { kpi, values }: World): number {
  if (name === 'z-test') return Number.POSITIVE_INFINITY;
  if (kpi.better === 'higher') return 0;
  return values === undefined ? 1 : Number.POSITIVE_INFINITY;
}

function limitText(name: string, limits: Limits): Pick<Outcome, 'limit'> {
  const limit = limits.get(name as Scored);
  return limit === undefined ? {} : { limit };
}

function outcomeOf(days: Alarms[string][]): Outcome {
  const came = days.filter((alarm) => alarm !== undefined);
  const exposed = came.map((alarm) => alarm.exposed).sort((a, b) => a - b);
  const minutes = came.map(({ minute }) => minute + 1).sort((a, b) => a - b);
  const middle = (days.length - 1) / 2;
  const error = (Z * Math.sqrt(days.length)) / 2;
  return {
    days: days.length,
    alarms: came.length,
    medianExposed: exposed[Math.floor(middle)],
    medianExposedLow: exposed[Math.max(0, Math.floor(middle - error))],
    medianExposedHigh: exposed[Math.ceil(middle + error)],
    medianMinute: minutes[Math.floor(middle)],
  };
}
