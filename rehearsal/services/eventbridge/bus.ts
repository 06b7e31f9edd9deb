import { AwsError, UnsupportedError, type Cloud, type PolicyDocument } from '../../cloud/types';
import { checkTargetInput, targetPayload, type TargetInput } from './input';
import { compilePattern, type EventPattern } from './pattern';
import { checkTarget, deliver } from './targets';

const onceAtItsTime: readonly number[] = [0];

/** From PutEvents to the target's invocation: AWS speaks of half a second. */
const DELIVERY_MILLIS = 500;

export interface Target extends TargetInput {
  Id: string;
  Arn: string;
  RoleArn?: string;
  RetryPolicy?: { MaximumEventAgeInSeconds?: number; MaximumRetryAttempts?: number };
  DeadLetterConfig?: { Arn?: string };
  SqsParameters?: { MessageGroupId?: string };
}

export const TARGET_FIELDS: readonly string[] = [
  'Id',
  'Arn',
  'RoleArn',
  'RetryPolicy',
  'DeadLetterConfig',
  'SqsParameters',
  'Input',
  'InputPath',
  'InputTransformer',
];

export interface RuleSettings {
  name: string;
  eventPattern?: unknown;
  scheduleExpression?: string;
  description?: string;
  enabled: boolean;
  targets: Target[];
}

export interface Rule extends RuleSettings {
  arn: string;
  bus: Bus;
  matches: EventPattern | undefined;
}

export interface Bus {
  name: string;
  arn: string;
  rules: Map<string, Rule>;
  policy: PolicyDocument | undefined;
}

/** An event as targets see it. */
export interface EventEnvelope {
  version: '0';
  id: string;
  'detail-type': string;
  source: string;
  account: string;
  time: string;
  region: string;
  resources: string[];
  detail: unknown;
}

function checkTargets(owner: string, targets: readonly Target[]): void {
  for (const target of targets) {
    for (const field of Object.keys(target))
      if (!TARGET_FIELDS.includes(field))
        throw new UnsupportedError(
          `${owner}: field ${field} of a target is not supported by the rehearsal; supported are ${TARGET_FIELDS.join(', ')}`,
        );
    checkTarget(owner, target.Arn, 'rule');
    checkTargetInput(target);
    if (target.Arn.split(':')[2] === 'states' && target.RoleArn === undefined)
      throw new AwsError('ValidationException', `RoleArn is required for target ${target.Arn}.`);
  }
}

/** Makes a rule of its settings; refuses patterns and targets that AWS, or the rehearsal, would not take. */
export function makeRule(cloud: Cloud, bus: Bus, settings: RuleSettings): Rule {
  if (settings.eventPattern === undefined && settings.scheduleExpression === undefined)
    throw new AwsError('ValidationException', 'Parameter(s) EventPattern or ScheduleExpression must be specified.');
  checkTargets(`Rule ${settings.name}`, settings.targets);
  const path = bus.name === 'default' ? settings.name : `${bus.name}/${settings.name}`;
  return {
    ...settings,
    bus,
    arn: cloud.arn('events', `rule/${path}`),
    matches: settings.eventPattern === undefined ? undefined : compilePattern(settings.eventPattern),
  };
}

/** Sends an event to the targets of every rule on the bus that matches it. */
export function route(cloud: Cloud, bus: Bus, event: EventEnvelope): void {
  for (const rule of bus.rules.values()) if (rule.enabled && rule.matches?.(event) === true) fire(cloud, rule, event);
}

/** Starts the delivery to each target of a rule. */
export function fire(cloud: Cloud, rule: Rule, event: EventEnvelope): void {
  // An application's own events come by the thousand; the log keeps those of the services.
  if (event.source.startsWith('aws.'))
    cloud.record('eventbridge', 'matched', { rule: rule.name, source: event.source, detailType: event['detail-type'] });
  const copies = cloud.deliveries?.strike(rule.arn) ?? onceAtItsTime;
  for (const target of rule.targets) for (const laterMillis of copies) send(cloud, rule, target, event, laterMillis);
}

function send(cloud: Cloud, rule: Rule, target: Target, event: EventEnvelope, laterMillis: number): void {
  const facts = { ruleArn: rule.arn, ruleName: rule.name, ingestionTime: new Date(cloud.clock.now()).toISOString() };
  const done = cloud.begin(`event ${event.id} of rule ${rule.name}`);
  const byService = { kind: 'service', principal: 'events.amazonaws.com', sourceArn: rule.arn } as const;
  cloud.clock.after(DELIVERY_MILLIS + laterMillis, async () => {
    try {
      await deliver(cloud, {
        from: `rule ${rule.name}`,
        source: 'eventbridge',
        arn: target.Arn,
        payload: targetPayload(event, target, facts),
        caller: target.RoleArn === undefined ? byService : { kind: 'role', roleArn: target.RoleArn },
        actingFor: byService,
        ...(target.SqsParameters?.MessageGroupId === undefined ? {} : { messageGroupId: target.SqsParameters.MessageGroupId }),
        maximumAgeSeconds: target.RetryPolicy?.MaximumEventAgeInSeconds ?? 86_400,
        maximumRetries: target.RetryPolicy?.MaximumRetryAttempts ?? 185,
        deadLetterArn: target.DeadLetterConfig?.Arn,
        deadLetterCaller: byService,
        deadLetterAttributes: { RULE_ARN: rule.arn, TARGET_ARN: target.Arn },
      });
    } finally {
      done();
    }
  });
}
