import { UnsupportedError, type Caller, type Cloud, type Members, type ServiceDouble, type ServiceEventSink } from '../../cloud/types';
import type { Alarm, StateRecord } from './alarm';
import type { Dimensions } from './series';
import { readDimensions } from './queries';

const ACTIONS_BY_STATE = { ALARM: 'AlarmActions', OK: 'OKActions', INSUFFICIENT_DATA: 'InsufficientDataActions' } as const;
const LAMBDA = /^arn:[\w-]+:lambda:/;
const SNS = /^arn:[\w-]+:sns:/;

export function checkActions(name: string, input: Members): void {
  for (const member of Object.values(ACTIONS_BY_STATE)) {
    for (const action of (input[member] ?? []) as string[]) {
      if (!LAMBDA.test(action) && !SNS.test(action))
        throw new UnsupportedError(
          `Alarm ${name}: the action ${action} is not supported by the laptop cloud (${member} can be Lambda functions and SNS topics)`,
        );
    }
  }
}

/** As CloudWatch writes times in its events. */
const timestamp = (atMillis: number): string => new Date(atMillis).toISOString().replace('Z', '+0000');

const stateDetail = ({ value, reason, atMillis }: StateRecord): Record<string, unknown> => ({
  value,
  reason,
  timestamp: timestamp(atMillis),
});

function metricDetail(id: string, stat: Members, returnData: boolean): Record<string, unknown> {
  const dimensions: Dimensions = readDimensions(stat.Metric.Dimensions);
  return {
    id,
    metricStat: {
      metric: { namespace: stat.Metric.Namespace, name: stat.Metric.MetricName, dimensions },
      period: Number(stat.Period),
      stat: stat.Stat,
    },
    returnData,
  };
}

function configuration(alarm: Alarm): Record<string, unknown> {
  const { input } = alarm;
  const description = input.AlarmDescription === undefined ? {} : { description: input.AlarmDescription };
  if (alarm.kind === 'composite') return { ...description, alarmRule: input.AlarmRule };
  if (input.Metrics === undefined) {
    const stat = { Metric: input, Period: input.Period, Stat: input.Statistic ?? input.ExtendedStatistic };
    return { ...description, metrics: [metricDetail('m1', stat, true)] };
  }
  const metrics = (input.Metrics as Members[]).map((query) =>
    query.MetricStat === undefined
      ? {
          id: query.Id,
          expression: query.Expression,
          ...(query.Label === undefined ? {} : { label: query.Label }),
          returnData: query.ReturnData !== false,
        }
      : metricDetail(query.Id, query.MetricStat, query.ReturnData !== false),
  );
  return { ...description, metrics };
}

const eventDetail = (alarm: Alarm): Record<string, unknown> => ({
  alarmName: alarm.name,
  configuration: configuration(alarm),
  previousState: alarm.previous === undefined ? undefined : stateDetail(alarm.previous),
  state: stateDetail(alarm.state),
});

/** Tells the event bus of a new state, and runs the actions that belong to it. */
export class Notifications {
  constructor(private readonly cloud: Cloud) {}

  stateChanged(alarm: Alarm): void {
    const detail = eventDetail(alarm);
    this.cloud.record('alarm', 'state-changed', {
      alarmName: alarm.name,
      state: alarm.state.value,
      previous: alarm.previous?.value,
      reason: alarm.state.reason,
    });
    this.cloud.double<ServiceDouble & ServiceEventSink>('eventbridge').emitServiceEvent({
      source: 'aws.cloudwatch',
      detailType: 'CloudWatch Alarm State Change',
      resources: [alarm.arn],
      detail,
    });
    if (!alarm.actionsEnabled) return;
    const actions = (alarm.input[ACTIONS_BY_STATE[alarm.state.value]] ?? []) as string[];
    for (const action of actions) {
      const end = this.cloud.begin(`action of alarm ${alarm.name}`);
      this.cloud.clock.after(0, () => this.act(alarm, action, detail).finally(end));
    }
  }

  /** CloudWatch tries once; what goes wrong is written down. */
  private async act(alarm: Alarm, action: string, detail: Record<string, unknown>): Promise<void> {
    try {
      if (LAMBDA.test(action)) await this.invoke(alarm, action, detail);
      else await this.publish(alarm, action);
    } catch (error) {
      if (error instanceof UnsupportedError) throw error;
      this.cloud.record('alarm', 'action-failed', {
        alarmName: alarm.name,
        action,
        error: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
      });
    }
  }

  private async invoke(alarm: Alarm, functionArn: string, alarmData: Record<string, unknown>): Promise<void> {
    const event = {
      source: 'aws.cloudwatch',
      alarmArn: alarm.arn,
      accountId: this.cloud.accountId,
      time: timestamp(alarm.state.atMillis),
      region: this.cloud.region,
      alarmData,
    };
    const caller: Caller = { kind: 'service', principal: 'lambda.alarms.cloudwatch.amazonaws.com', sourceArn: alarm.arn };
    const Payload = new TextEncoder().encode(JSON.stringify(event));
    await this.cloud.call('lambda', 'Invoke', { FunctionName: functionArn, InvocationType: 'Event', Payload }, caller);
  }

  private async publish(alarm: Alarm, topicArn: string): Promise<void> {
    const caller: Caller = { kind: 'service', principal: 'cloudwatch.amazonaws.com', sourceArn: alarm.arn };
    const Subject = `${alarm.state.value}: "${alarm.name}" in ${this.cloud.region}`.slice(0, 100);
    const Message = JSON.stringify({
      AlarmName: alarm.name,
      AlarmDescription: alarm.input.AlarmDescription ?? null,
      AWSAccountId: this.cloud.accountId,
      NewStateValue: alarm.state.value,
      NewStateReason: alarm.state.reason,
      StateChangeTime: timestamp(alarm.state.atMillis),
      Region: this.cloud.region,
      AlarmArn: alarm.arn,
      OldStateValue: alarm.previous?.value,
    });
    await this.cloud.call('sns', 'Publish', { TopicArn: topicArn, Subject, Message }, caller);
  }
}
