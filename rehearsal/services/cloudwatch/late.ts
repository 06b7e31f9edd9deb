import type { Cloud } from '../../cloud/types';
import type { MetricSeries, MetricStore } from './series';

const HOUR = 3_600_000;

/** Metrics that CloudWatch shows late: between two moments, of a namespace or of one metric, by a lag and, by seed, up to a jitter more. */
export interface LateMetrics {
  fromMillis: number;
  untilMillis: number;
  lagMillis: number;
  jitterMillis?: number;
  namespace?: string;
  metricName?: string;
}

/** How long old points take to show, by the API reference of PutMetricData. */
export function lagOfAge(ageMillis: number): number {
  if (ageMillis >= 24 * HOUR) return 48 * HOUR;
  return ageMillis >= 3 * HOUR ? 2 * HOUR : 0;
}

/** Shows a write once its lag is over; a drain waits for it. */
function showLater(cloud: Cloud, lagMillis: number, show: () => void): void {
  const end = cloud.begin('a metric that arrives late');
  cloud.clock.after(lagMillis, () => {
    show();
    end();
  });
}

/** Shows an old point after hours or days. Nobody waits for it: a scenario may end before. */
export function showOld(cloud: Cloud, lagMillis: number, show: () => void): void {
  const { clock } = cloud;
  const atMillis = clock.now() + lagMillis;
  if (clock.atInBackground === undefined) clock.at(atMillis, show);
  else clock.atInBackground(atMillis, show);
}

/** Holds back what a scenario wants late. */
export function installLateness(cloud: Cloud, store: MetricStore): (rule: LateMetrics) => void {
  const rules: LateMetrics[] = [];
  const random = cloud.random.fork('cloudwatch-late-metrics');
  const ruleFor = ({ id }: MetricSeries): LateMetrics | undefined => {
    const now = cloud.clock.now();
    return rules.find(
      ({ fromMillis, untilMillis, namespace, metricName }) =>
        now >= fromMillis && now < untilMillis && (namespace ?? id.namespace) === id.namespace && (metricName ?? id.name) === id.name,
    );
  };
  return (rule) => {
    rules.push(rule);
    store.gate ??= (series, show) => {
      const late = ruleFor(series);
      if (late === undefined) return false;
      const jitter = late.jitterMillis === undefined ? 0 : random.integer(late.jitterMillis + 1);
      showLater(cloud, late.lagMillis + jitter, show);
      return true;
    };
  };
}
