import { AwsError, UnsupportedError, type Caller, type Cloud, type Members, type ServiceDouble } from '../../cloud/types';
import type { Alarm } from './alarm';
import { eventDetail } from './event-detail';
import type { AlarmHistory } from './history';
import type { MuteRules } from './mute-rules';
import { timestamp } from './reason';
import { topicMessage } from './topic-message';

const ACTIONS_BY_STATE = { ALARM: 'AlarmActions', OK: 'OKActions', INSUFFICIENT_DATA: 'InsufficientDataActions' } as const;
const LAMBDA = /^arn:[\w-]+:lambda:/;
const SNS = /^arn:[\w-]+:sns:/;
const POLICY = /^arn:[\w-]+:autoscaling:[^:]*:\d*:scalingPolicy:.+:resource\/sagemaker\//;
const MAX_ACTIONS = 5;

export function checkActions(name: string, input: Members): void {
  for (const member of Object.values(ACTIONS_BY_STATE)) {
    const actions = (input[member] ?? []) as string[];
    if (actions.length > MAX_ACTIONS)
      throw new AwsError('ValidationError', `Alarm ${name}: ${member} has ${actions.length} actions, at most ${MAX_ACTIONS}.`);
    for (const action of actions) {
      if (!LAMBDA.test(action) && !SNS.test(action) && !POLICY.test(action))
        throw new UnsupportedError(
          `Alarm ${name}: the action ${action} is not supported by the laptop cloud (${member} can be Lambda functions, SNS topics and scaling policies of SageMaker)`,
        );
    }
  }
}

/** What Application Auto Scaling offers to alarms. */
export interface ScalingPolicies extends ServiceDouble {
  /** Looks at the alarm now, and again each minute while it stays in its state. */
  alarmed(policyArn: string, alarmName: string): void;
}

/** Runs the actions that belong to an alarm's state, unless they are disabled or muted. */
export class AlarmActions {
  constructor(
    private readonly cloud: Cloud,
    private readonly history: AlarmHistory,
    private readonly mutes: MuteRules,
  ) {}

  due(alarm: Alarm): void {
    const actions = (alarm.input[ACTIONS_BY_STATE[alarm.state.value]] ?? []) as string[];
    if (!alarm.actionsEnabled || actions.length === 0) return;
    if (this.mutes.hold(alarm, (muted) => this.due(muted))) {
      this.cloud.record('alarm', 'actions-muted', { alarmName: alarm.name, state: alarm.state.value });
      this.history.held(alarm, 'Actions are muted by an alarm mute rule');
      return;
    }
    const detail = eventDetail(alarm);
    const message = topicMessage(this.cloud, alarm);
    for (const action of actions) {
      const end = this.cloud.begin(`action of alarm ${alarm.name}`);
      this.cloud.clock.after(0, () => this.act(alarm, action, detail, message).finally(end));
    }
  }

  /** CloudWatch tries once; what goes wrong is written down. */
  private async act(alarm: Alarm, action: string, detail: Members, message: Members): Promise<void> {
    try {
      if (LAMBDA.test(action)) await this.invoke(alarm, action, detail);
      else if (POLICY.test(action)) this.cloud.double<ScalingPolicies>('application-auto-scaling').alarmed(action, alarm.name);
      else await this.publish(alarm, action, message);
      this.history.acted(alarm, action);
    } catch (error) {
      if (error instanceof UnsupportedError) throw error;
      const problem = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      this.history.acted(alarm, action, problem);
      this.cloud.record('alarm', 'action-failed', { alarmName: alarm.name, action, error: problem });
    }
  }

  private async invoke(alarm: Alarm, functionArn: string, alarmData: Members): Promise<void> {
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

  private async publish(alarm: Alarm, topicArn: string, message: Members): Promise<void> {
    const caller: Caller = { kind: 'service', principal: 'cloudwatch.amazonaws.com', sourceArn: alarm.arn };
    const Subject = `${String(message.NewStateValue)}: "${alarm.name}" in ${this.cloud.region}`.slice(0, 100);
    await this.cloud.call('sns', 'Publish', { TopicArn: topicArn, Subject, Message: JSON.stringify(message) }, caller);
  }
}
