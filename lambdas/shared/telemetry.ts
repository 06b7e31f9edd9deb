import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, type MetricUnit } from '@aws-lambda-powertools/metrics';

export const logger = new Logger();

const metrics = new Metrics();
// Powertools adds the dimension `service`, which no alarm or dashboard of ours names.
metrics.clearDefaultDimensions();

export type MetricValue = [name: string, unit: (typeof MetricUnit)[keyof typeof MetricUnit], value: number];

/** One line in embedded metric format. */
export function emit(dimensions: Record<string, string>, values: MetricValue[]): void {
  if (values.length === 0) {
    return;
  }
  for (const [name, value] of Object.entries(dimensions)) {
    metrics.addDimension(name, value);
  }
  for (const [name, unit, value] of values) {
    metrics.addMetric(name, unit, value);
  }
  metrics.publishStoredMetrics();
}
