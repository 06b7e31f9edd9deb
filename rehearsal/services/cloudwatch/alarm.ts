import type { Members } from '../../cloud/types';
import { comparisonInWords, type MetricAlarmDefinition } from './alarm-definition';
import type { Rule } from './composite-rule';
import { judge, type AlarmState } from './missing-data';
import type { TimeSeries } from './math/evaluate';
import { fewestSamples } from './statistics';

/** CloudWatch reads further back than the evaluation periods; the user guide's tables show two more. */
const FURTHER_BACK = 2;

export interface StateRecord {
  value: AlarmState;
  reason: string;
  atMillis: number;
}

interface AlarmBase {
  name: string;
  arn: string;
  state: StateRecord;
  previous?: StateRecord;
  actionsEnabled: boolean;
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
}

export type Alarm = MetricAlarm | CompositeAlarm;

export interface Evaluation {
  state: AlarmState;
  reason: string;
}

export const evaluationRangeMillis = ({ evaluationPeriods, periodSeconds }: MetricAlarmDefinition): number =>
  (evaluationPeriods + FURTHER_BACK) * periodSeconds * 1000;

/** What the alarm says of the periods that end at `endMillis`; undefined: the state is kept. */
export function evaluateAlarm(definition: MetricAlarmDefinition, endMillis: number): Evaluation | undefined {
  const periodMillis = definition.periodSeconds * 1000;
  const grid: number[] = [];
  for (let back = definition.evaluationPeriods + FURTHER_BACK; back >= 1; back -= 1) grid.push(endMillis - back * periodMillis);
  const values = definition.queries.values(definition.watched, grid, periodMillis);
  if (definition.ignoreLowSamples && tooFewSamples(definition, grid, periodMillis)) return undefined;
  const points = grid.map((t) => {
    const value = values.get(t);
    return value === undefined ? undefined : definition.breaches(value);
  });
  const state = judge(points, definition);
  return state === undefined ? undefined : { state, reason: reasonFor(definition, state, values) };
}

function tooFewSamples({ watched }: MetricAlarmDefinition, grid: number[], periodMillis: number): boolean {
  if (watched.kind !== 'metric' || watched.statistic.kind !== 'percentile') return false;
  const fewest = fewestSamples(watched.statistic.fraction);
  return grid.some((t) => {
    const bucket = watched.series.window(t, t + periodMillis);
    return bucket !== undefined && bucket.count < fewest;
  });
}

const twoDigits = (value: number): string => String(value).padStart(2, '0');

function moment(t: number): string {
  const date = new Date(t);
  const day = `${twoDigits(date.getUTCDate())}/${twoDigits(date.getUTCMonth() + 1)}/${twoDigits(date.getUTCFullYear() % 100)}`;
  return `${day} ${twoDigits(date.getUTCHours())}:${twoDigits(date.getUTCMinutes())}:${twoDigits(date.getUTCSeconds())}`;
}

const decimal = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value));

/** In CloudWatch's words. */
function reasonFor(definition: MetricAlarmDefinition, state: AlarmState, values: TimeSeries): string {
  const { evaluationPeriods, datapointsToAlarm, treatMissingData, threshold, comparison } = definition;
  const recent = [...values].slice(-evaluationPeriods);
  const missing = evaluationPeriods - recent.length;
  if (state === 'INSUFFICIENT_DATA') return `Insufficient Data: ${missing} datapoint${missing === 1 ? ' was' : 's were'} unknown.`;
  if (recent.length === 0) {
    const treated = treatMissingData === 'breaching' ? 'Breaching' : 'NonBreaching';
    return (
      `Threshold Crossed: no datapoints were received for ${missing} period${missing === 1 ? '' : 's'} and ` +
      `${missing} missing datapoint${missing === 1 ? ' was' : 's were'} treated as [${treated}].`
    );
  }
  const wanted = state === 'ALARM';
  const matching = recent.filter(([, value]) => definition.breaches(value) === wanted).reverse();
  const shown = matching.map(([t, value]) => `${decimal(value)} (${moment(t)})`).join(', ');
  const crossed = `${matching.length} out of the last ${evaluationPeriods} datapoints [${shown}] ${matching.length === 1 ? 'was' : 'were'}`;
  const needed = wanted ? datapointsToAlarm : evaluationPeriods - datapointsToAlarm + 1;
  return (
    `Threshold Crossed: ${crossed} ${wanted ? '' : 'not '}${comparisonInWords(comparison)} the threshold (${decimal(threshold)}) ` +
    `(minimum ${needed} datapoint${needed === 1 ? '' : 's'} for ${wanted ? 'OK -> ALARM' : 'ALARM -> OK'} transition).`
  );
}
