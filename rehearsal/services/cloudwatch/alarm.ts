import type { Members } from '../../cloud/types';
import type { MetricAlarmDefinition } from './alarm-definition';
import type { Rule } from './composite-rule';
import { judge, type AlarmState } from './missing-data';
import { reasonFor, type Reason } from './reason';
import { fewestSamples } from './statistics';

export type SuppressedBy = 'Alarm' | 'WaitPeriod' | 'ExtensionPeriod';

export interface StateRecord extends Reason {
  value: AlarmState;
  /** When this was last updated, and when the value was entered. */
  atMillis: number;
  enteredAtMillis: number;
  suppressedBy?: SuppressedBy;
}

interface AlarmBase {
  name: string;
  arn: string;
  state: StateRecord;
  previous?: StateRecord;
  actionsEnabled: boolean;
  updatedAtMillis: number;
  input: Members;
}

export interface MetricAlarm extends AlarmBase {
  kind: 'metric';
  definition: MetricAlarmDefinition;
  /** Until then its state may change without new data. */
  restlessUntilMillis: number;
}

export interface CompositeAlarm extends AlarmBase {
  kind: 'composite';
  rule: Rule;
  /** Names or ARNs of the alarms that the rule watches. */
  children: string[];
  suppressor?: { alarm: string; waitMillis: number; extensionMillis: number };
}

export type Alarm = MetricAlarm | CompositeAlarm;

export interface Evaluation {
  state: AlarmState;
  /** Words are found only when the state changes. */
  explain(): Reason;
}

/** How long data moves an alarm: until it has left the evaluation range. */
export const restMillis = ({ evaluationRange, periodSeconds, queries }: MetricAlarmDefinition): number =>
  queries.followsTheClock ? Number.POSITIVE_INFINITY : evaluationRange * periodSeconds * 1000;

/** What the alarm says of the periods that end at `endMillis`; undefined: the state is kept. */
export function evaluateAlarm(definition: MetricAlarmDefinition, endMillis: number): Evaluation | undefined {
  const { periodSeconds, evaluationRange } = definition;
  const grid: number[] = [];
  for (let back = evaluationRange; back >= 1; back -= 1) grid.push(endMillis - back * periodSeconds * 1000);
  const values = definition.queries.points(definition.watched, grid, periodSeconds);
  if (definition.ignoreLowSamples && tooFewSamples(definition, grid, values)) return undefined;
  const state = judge(
    values.map((value) => (Number.isNaN(value) ? undefined : definition.breaches(value))),
    definition,
  );
  return state === undefined ? undefined : { state, explain: () => reasonFor(definition, state, grid, values, endMillis) };
}

/** Samples behind the data points that are judged. Without any, missing data is treated as always. */
function tooFewSamples({ watched, evaluationPeriods, periodSeconds }: MetricAlarmDefinition, grid: number[], values: number[]): boolean {
  if (watched.kind !== 'metric' || watched.statistic.kind !== 'percentile') return false;
  let samples = 0;
  let judged = 0;
  for (let index = grid.length - 1; index >= 0 && judged < evaluationPeriods; index -= 1) {
    if (Number.isNaN(values[index])) continue;
    judged += 1;
    samples += watched.series.window(grid[index]!, grid[index]! + periodSeconds * 1000)?.count ?? 0;
  }
  return judged > 0 && samples < fewestSamples(watched.statistic.fraction);
}
