import { AwsError, UnsupportedError, type Cloud, type Members } from '../../cloud/types';
import { MAX_DIMENSIONS } from './emf';
import { lagOfAge, showOld } from './late';
import { readDimensions } from './queries';
import type { MetricSeries, MetricStore } from './series';

const HOUR = 3_600_000;
const OLDEST_MILLIS = 14 * 24 * HOUR;
const NEWEST_MILLIS = 2 * HOUR;
const MAX_METRICS_PER_PUT = 1000;
const MAX_VALUES = 150;
const MOST = 2 ** 360;

const wrong = (message: string): AwsError => new AwsError('InvalidParameterValue', message);

/** PutMetricData: all of it, or none. */
export function putMetricData(cloud: Cloud, store: MetricStore, input: Members): Members {
  const data = (input.MetricData ?? []) as Members[];
  if (input.EntityMetricData !== undefined)
    throw new UnsupportedError('PutMetricData with EntityMetricData is not supported by the laptop cloud');
  if (data.length > MAX_METRICS_PER_PUT) throw wrong(`PutMetricData got ${data.length} metrics, at most ${MAX_METRICS_PER_PUT}.`);
  const namespace = String(input.Namespace);
  if (namespace.startsWith('AWS/')) throw wrong(`Namespace ${namespace} is reserved: it must not start with AWS/.`);
  const writes = data.map((datum) => readDatum(cloud.clock.now(), store, namespace, datum));
  for (const { show, lagMillis } of writes) {
    if (lagMillis === 0) show();
    else showOld(cloud, lagMillis, show);
  }
  return {};
}

function readDatum(now: number, store: MetricStore, namespace: string, datum: Members): { show: () => void; lagMillis: number } {
  const where = `metric ${String(datum.MetricName)}`;
  const dimensions = (datum.Dimensions ?? []) as Members[];
  if (dimensions.length > MAX_DIMENSIONS) throw wrong(`${where} has ${dimensions.length} dimensions, at most ${MAX_DIMENSIONS}.`);
  const atMillis = datum.Timestamp instanceof Date ? datum.Timestamp.getTime() : now;
  const age = now - atMillis;
  if (age > OLDEST_MILLIS || age < -NEWEST_MILLIS)
    throw wrong(`${where}: the parameter Timestamp must not be more than two weeks old or two hours ahead.`);
  const resolution = Number(datum.StorageResolution ?? 60);
  if (resolution !== 1 && resolution !== 60) throw wrong(`${where}: StorageResolution must be 1 or 60, got ${resolution}.`);
  const values = readValues(where, datum);
  const series = store.series(namespace, String(datum.MetricName), readDimensions(dimensions));
  const show = (): void => {
    series.units.add(String(datum.Unit ?? 'None'));
    write(series, atMillis, values, resolution === 1);
  };
  return { show, lagMillis: lagOfAge(age) };
}

type Values = { values: number[]; counts: number[] } | { summary: { sum: number; count: number; min: number; max: number } };

function readValues(where: string, datum: Members): Values {
  const set = datum.StatisticValues as Members | undefined;
  const given = [datum.Value, datum.Values, set].filter((one) => one !== undefined).length;
  if (given === 0) throw wrong(`${where} has neither Value, Values nor StatisticValues.`);
  if (given > 1) throw new AwsError('InvalidParameterCombination', `${where}: give only one of Value, Values and StatisticValues.`);
  if (set !== undefined) return { summary: { sum: set.Sum, count: set.SampleCount, min: set.Minimum, max: set.Maximum } };
  const values = (datum.Values ?? [datum.Value]) as number[];
  const counts = (datum.Counts ?? values.map(() => 1)) as number[];
  if (values.length > MAX_VALUES) throw wrong(`${where} has ${values.length} values, at most ${MAX_VALUES}.`);
  if (counts.length !== values.length) throw wrong(`${where} has ${values.length} values, but ${counts.length} counts.`);
  for (const value of values)
    if (!(Math.abs(value) <= MOST)) throw wrong(`${where}: the value ${value} is not supported: a number from -2^360 to 2^360.`);
  return { values, counts };
}

function write(series: MetricSeries, atMillis: number, given: Values, fine: boolean): void {
  if ('summary' in given) {
    series.addSummary(atMillis, given.summary, fine);
    return;
  }
  given.values.forEach((value, index) => {
    if (fine) series.addFine(atMillis, value, given.counts[index]);
    else series.add(atMillis, value, given.counts[index]);
  });
}
