import type { Cloud, LogSink, Members, Operation, ServiceDouble } from '../../cloud/types';
import type { Alarm } from './alarm';
import { alarmOperations, muteOperations } from './alarm-operations';
import { alarmNow, type AlarmNow } from './alarm-now';
import { Alarms } from './alarms';
import { EmfError } from './emf';
import { EmfPublisher } from './emf-publisher';
import { installLateness, type LateMetrics } from './late';
import { metricOperations } from './metric-operations';
import type { AlarmState } from './missing-data';
import type { MuteRule, MuteRules } from './mute-rules';
import { MetricStore, type Dimensions, type MetricPoint, type MetricSeries } from './series';

/** An alarm as the scenario's report and invariants see it. */
export interface AlarmView {
  name: string;
  arn: string;
  state: AlarmState;
  reason: string;
  sinceMillis: number;
}

/** Metrics, alarms, mute rules, and dashboards that are kept. */
export class CloudWatch implements ServiceDouble, LogSink {
  readonly service = 'cloudwatch';
  readonly operations: Record<string, Operation>;
  /** Metrics that the scenario wants late. */
  readonly delayMetrics: (rule: LateMetrics) => void;
  private readonly store = new MetricStore();
  private readonly registry: Alarms;
  private readonly emf: EmfPublisher;
  private readonly boards = new Map<string, unknown>();

  constructor(private readonly cloud: Cloud) {
    this.registry = new Alarms(cloud, this.store);
    this.emf = new EmfPublisher(cloud, this.store);
    this.delayMetrics = installLateness(cloud, this.store);
    this.operations = { ...metricOperations(this.store), ...alarmOperations(this.registry), ...muteOperations(this.registry) };
  }

  /** A metric to write to often: look it up once, then `add`. */
  series(namespace: string, name: string, dimensions: Dimensions, unit = 'None'): MetricSeries {
    const series = this.store.series(namespace, name, dimensions);
    series.units.add(unit);
    return series;
  }

  /** A metric that somebody looks at or has written to; services need not publish what nobody asks for. */
  existing(namespace: string, name: string, dimensions: Dimensions): MetricSeries | undefined {
    return this.store.find(namespace, name, dimensions);
  }

  /** Grows with each new metric. */
  get seriesCount(): number {
    return this.store.size;
  }

  putMetric(namespace: string, name: string, dimensions: Dimensions, value: number, unit = 'None'): void {
    this.series(namespace, name, dimensions, unit).add(this.cloud.clock.now(), value);
  }

  ingestLogLine(line: string, logGroup: string): void {
    try {
      this.emf.publish(line);
    } catch (error) {
      if (!(error instanceof EmfError)) throw error;
      this.putMetric('AWS/Logs', error.metric, { LogGroupName: logGroup }, 1, 'Count');
      this.cloud.record('cloudwatch', 'emf-rejected', { logGroup, problem: error.message });
    }
  }

  /** By the minute, oldest first; `t` is epoch milliseconds. */
  metric(namespace: string, name: string, dimensions: Dimensions): MetricPoint[] {
    return this.store.find(namespace, name, dimensions)?.points() ?? [];
  }

  alarms(): AlarmView[] {
    return this.registry
      .all()
      .map(({ name, arn, state }) => ({ name, arn, state: state.value, reason: state.reason, sinceMillis: state.enteredAtMillis }));
  }

  /** A metric alarm as whoever scales by it sees it; undefined: there is none. */
  alarmNow(name: string): AlarmNow | undefined {
    const alarm = this.registry.find(name);
    return alarm?.kind === 'metric' ? alarmNow(alarm, this.cloud.clock.now()) : undefined;
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

  putMuteRule(input: Members): MuteRule {
    return this.registry.mutes.put(input);
  }

  get muteRules(): MuteRules {
    return this.registry.mutes;
  }
}

export const createCloudWatch = (cloud: Cloud): CloudWatch => new CloudWatch(cloud);
