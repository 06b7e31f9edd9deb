import type { Cloud, LogSink, Members, Operation, ServiceDouble } from '../../cloud/types';
import type { Alarm } from './alarm';
import { Alarms } from './alarms';
import { EmfError, readEmf, type MetricWrite } from './emf';
import { cloudWatchOperations } from './operations';
import { MetricStore, type Dimensions, type MetricPoint, type MetricSeries } from './series';
import type { AlarmState } from './missing-data';

/** An alarm as the scenario's report and invariants see it. */
export interface AlarmView {
  name: string;
  arn: string;
  state: AlarmState;
  reason: string;
  sinceMillis: number;
}

/** Metrics by the minute, alarms, and dashboards that are kept. */
export class CloudWatch implements ServiceDouble, LogSink {
  readonly service = 'cloudwatch';
  readonly operations: Record<string, Operation>;
  private readonly store = new MetricStore();
  private readonly registry: Alarms;
  private readonly boards = new Map<string, unknown>();

  constructor(private readonly cloud: Cloud) {
    this.registry = new Alarms(cloud, this.store);
    this.operations = cloudWatchOperations(this.store, this.registry);
  }

  /** A metric to write to often: look it up once, then `add`. */
  series(namespace: string, name: string, dimensions: Dimensions, unit = 'None'): MetricSeries {
    const series = this.store.series(namespace, name, dimensions);
    series.units.add(unit);
    return series;
  }

  putMetric(namespace: string, name: string, dimensions: Dimensions, value: number, unit = 'None'): void {
    this.series(namespace, name, dimensions, unit).add(this.cloud.clock.now(), value);
  }

  ingestLogLine(line: string, logGroup: string): void {
    let writes: MetricWrite[];
    try {
      writes = readEmf(line);
    } catch (error) {
      if (!(error instanceof EmfError)) throw error;
      this.putMetric('AWS/Logs', 'EMFParsingErrors', { LogGroupName: logGroup }, 1, 'Count');
      this.cloud.record('cloudwatch', 'emf-rejected', { logGroup, problem: error.message });
      return;
    }
    for (const { namespace, name, dimensions, unit, values, atMillis } of writes) {
      const series = this.series(namespace, name, dimensions, unit);
      for (const value of values) series.add(atMillis, value);
    }
  }

  /** By the minute, oldest first; `t` is epoch milliseconds. */
  metric(namespace: string, name: string, dimensions: Dimensions): MetricPoint[] {
    return this.store.find(namespace, name, dimensions)?.points() ?? [];
  }

  alarms(): AlarmView[] {
    return this.registry
      .all()
      .map(({ name, arn, state }) => ({ name, arn, state: state.value, reason: state.reason, sinceMillis: state.atMillis }));
  }

  /** Bodies of the dashboards, by name. */
  dashboards(): Map<string, unknown> {
    return this.boards;
  }

  /** As CloudFormation calls them. */
  putMetricAlarm(input: Members): Alarm {
    return this.registry.putMetricAlarm(input);
  }

  putCompositeAlarm(input: Members): Alarm {
    return this.registry.putCompositeAlarm(input);
  }

  removeAlarm(name: string): void {
    this.registry.remove(name);
  }
}

export const createCloudWatch = (cloud: Cloud): CloudWatch => new CloudWatch(cloud);
