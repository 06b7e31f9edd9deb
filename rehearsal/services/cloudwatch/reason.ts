import { comparisonInWords, type MetricAlarmDefinition } from './alarm-definition';
import type { AlarmState } from './missing-data';

export interface Reason {
  reason: string;
  /** JSON, as CloudWatch puts it in events. */
  reasonData?: string;
}

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

const twoDigits = (value: number): string => String(value).padStart(2, '0');

function moment(t: number): string {
  const date = new Date(t);
  const day = `${twoDigits(date.getUTCDate())}/${twoDigits(date.getUTCMonth() + 1)}/${twoDigits(date.getUTCFullYear() % 100)}`;
  return `${day} ${twoDigits(date.getUTCHours())}:${twoDigits(date.getUTCMinutes())}:${twoDigits(date.getUTCSeconds())}`;
}

/** As in `Friday 04 August, 2023 12:54:46 UTC`. */
export function longDate(t: number): string {
  const date = new Date(t);
  const day = `${DAYS[date.getUTCDay()]} ${twoDigits(date.getUTCDate())} ${MONTHS[date.getUTCMonth()]}, ${date.getUTCFullYear()}`;
  return `${day} ${date.toISOString().slice(11, 19)} UTC`;
}

/** As CloudWatch writes times in its events. */
export const timestamp = (atMillis: number): string => new Date(atMillis).toISOString().replace('Z', '+0000');

const decimal = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value));

export function reasonFor(
  definition: MetricAlarmDefinition,
  state: AlarmState,
  grid: number[],
  values: number[],
  endMillis: number,
): Reason {
  const recent = grid
    .flatMap((t, index) => (Number.isNaN(values[index]) ? [] : [{ t, value: values[index]! }]))
    .slice(-definition.evaluationPeriods);
  return { reason: inWords(definition, state, recent), reasonData: dataOf(definition, recent, endMillis) };
}

/** In CloudWatch's words. */
function inWords(definition: MetricAlarmDefinition, state: AlarmState, recent: { t: number; value: number }[]): string {
  const { evaluationPeriods, datapointsToAlarm, treatMissingData, threshold, comparison } = definition;
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
  const matching = recent.filter(({ value }) => definition.breaches(value) === wanted).reverse();
  const shown = matching.map(({ t, value }) => `${decimal(value)} (${moment(t)})`).join(', ');
  const crossed = `${matching.length} out of the last ${evaluationPeriods} datapoints [${shown}] ${matching.length === 1 ? 'was' : 'were'}`;
  const needed = wanted ? datapointsToAlarm : evaluationPeriods - datapointsToAlarm + 1;
  return (
    `Threshold Crossed: ${crossed} ${wanted ? '' : 'not '}${comparisonInWords(comparison)} the threshold (${decimal(threshold)}) ` +
    `(minimum ${needed} datapoint${needed === 1 ? '' : 's'} for ${wanted ? 'OK -> ALARM' : 'ALARM -> OK'} transition).`
  );
}

function dataOf(
  { watched, periodSeconds, threshold, input }: MetricAlarmDefinition,
  recent: { t: number; value: number }[],
  endMillis: number,
): string {
  const statistic = (input.Statistic ?? input.ExtendedStatistic) as string | undefined;
  return JSON.stringify({
    version: '1.0',
    queryDate: timestamp(endMillis),
    ...(recent[0] === undefined ? {} : { startDate: timestamp(recent[0].t) }),
    ...(watched.kind === 'metric' && statistic !== undefined ? { statistic } : {}),
    period: periodSeconds,
    recentDatapoints: recent.map(({ value }) => value),
    threshold,
  });
}
