import { AwsError, UnsupportedError, type Caller, type Cloud, type LogSink, type ServiceDouble } from '../../cloud/types';
import type { EventEnvelope } from './bus';
import type { EventBridge } from './double';

export interface Invocation {
  arn: string;
  /** Text that the target receives. */
  payload: string;
  caller: Caller;
  messageGroupId?: string;
  /** Attributes of an SQS message, for dead letters. */
  messageAttributes?: Record<string, string>;
}

const KINDS: Record<string, (cloud: Cloud, invocation: Invocation) => Promise<unknown>> = {
  lambda: (cloud, { arn, payload, caller }) =>
    cloud.call('lambda', 'Invoke', { FunctionName: arn, InvocationType: 'Event', Payload: Buffer.from(payload) }, caller),
  sqs: sendMessage,
  sns: (cloud, { arn, payload, caller }) => cloud.call('sns', 'Publish', { TopicArn: arn, Message: payload }, caller),
  states: (cloud, { arn, payload, caller }) => cloud.call('sfn', 'StartExecution', { stateMachineArn: arn, input: payload }, caller),
};

/** Targets of rules alone. */
const RULE_KINDS: typeof KINDS = {
  ...KINDS,
  events: async (cloud, { arn, payload, caller }) =>
    cloud.double<EventBridge>('eventbridge').forward(arn, JSON.parse(payload) as EventEnvelope, caller),
  logs: async (cloud, { arn, payload, caller }) => {
    const groupArn = arn.replace(/:\*$/, '');
    const policy = cloud.double('cloudwatch-logs').resourcePolicy?.(groupArn);
    for (const action of ['logs:CreateLogStream', 'logs:PutLogEvents'])
      cloud.iam.authorise(caller, { action, resource: `${groupArn}:log-stream:events` }, policy);
    cloud.double<ServiceDouble & LogSink>('cloudwatch').ingestLogLine(payload, groupArn.split(':').slice(6).join(':'));
  },
};

const queueUrls = new WeakMap<Cloud, Map<string, string>>();

/** Queues are named by ARN here and by URL in SQS's API. A URL does not change while its queue exists. */
async function queueUrl(cloud: Cloud, arn: string): Promise<string> {
  const known = queueUrls.get(cloud) ?? new Map<string, string>();
  queueUrls.set(cloud, known);
  const found = known.get(arn);
  if (found !== undefined) return found;
  const service: Caller = { kind: 'world', principalArn: `arn:${cloud.partition}:iam::${cloud.accountId}:root` };
  const { QueueUrl: url } = await cloud.call('sqs', 'GetQueueUrl', { QueueName: arn.split(':').at(-1) ?? '' }, service);
  known.set(arn, url as string);
  return url as string;
}

async function sendMessage(cloud: Cloud, { arn, payload, caller, messageGroupId, messageAttributes }: Invocation): Promise<void> {
  const attributes = Object.entries(messageAttributes ?? {}).map(
    ([key, value]) => [key, { DataType: 'String', StringValue: value }] as const,
  );
  const message = {
    QueueUrl: await queueUrl(cloud, arn),
    MessageBody: payload,
    ...(messageGroupId === undefined ? {} : { MessageGroupId: messageGroupId }),
    ...(attributes.length === 0 ? {} : { MessageAttributes: Object.fromEntries(attributes) }),
  };
  await cloud.call('sqs', 'SendMessage', message, caller);
}

/** What cannot be invoked of these targets, if any: `kinds` says whose targets they are. */
export const unknownTarget = (arn: string, kinds: 'rule' | 'schedule'): string | undefined => {
  const service = arn.split(':')[2] ?? '';
  return service in (kinds === 'rule' ? RULE_KINDS : KINDS) ? undefined : service;
};

/** Refuses a target that the rehearsal cannot invoke, at load. */
export function checkTarget(owner: string, arn: string, kinds: 'rule' | 'schedule' = 'schedule'): void {
  if (unknownTarget(arn, kinds) === undefined) return;
  const supported = Object.keys(kinds === 'rule' ? RULE_KINDS : KINDS).join(', ');
  throw new UnsupportedError(`${owner}: target ${arn} is not supported by the rehearsal; supported are ${supported}`);
}

export async function invokeTarget(cloud: Cloud, invocation: Invocation): Promise<void> {
  const invoke = RULE_KINDS[invocation.arn.split(':')[2] ?? ''];
  if (invoke === undefined) throw new UnsupportedError(`target ${invocation.arn} is not supported by the rehearsal`);
  await invoke(cloud, invocation);
}

export interface Delivery extends Invocation {
  /** e.g. `rule nightly`, for the log. */
  from: string;
  /** The source in the log: `eventbridge` or `scheduler`. */
  source: string;
  /** The service that delivers, and for what: a role must let it in. */
  actingFor: Extract<Caller, { kind: 'service' }>;
  maximumAgeSeconds: number;
  maximumRetries: number;
  deadLetterArn: string | undefined;
  deadLetterCaller: Caller;
  /** Attributes that AWS puts on the dead letter. */
  deadLetterAttributes: Record<string, string>;
}

const FIRST_RETRY_MILLIS = 1000;
const LONGEST_RETRY_MILLIS = 15 * 60_000;

/** Missing permissions and missing targets are not tried again; trouble on the other side is. */
function isRetryable(failure: AwsError): boolean {
  return (
    failure.statusCode >= 500 || failure.statusCode === 429 || /Throttl|TooManyRequests|LimitExceeded|ServiceUnavailable/.test(failure.code)
  );
}

/** Delivers once, with retries by the target's policy, and to the dead-letter queue when that is over. */
export async function deliver(cloud: Cloud, delivery: Delivery): Promise<void> {
  const done = cloud.begin(`${delivery.from} to ${delivery.arn}`);
  const deadlineMillis = cloud.clock.now() + delivery.maximumAgeSeconds * 1000;
  try {
    for (let retries = 0; ; retries += 1) {
      try {
        const { caller, actingFor } = delivery;
        if (caller.kind === 'role') cloud.assume?.(caller.roleArn, actingFor.principal, actingFor.sourceArn);
        return await invokeTarget(cloud, delivery);
      } catch (failure) {
        if (!(failure instanceof AwsError)) throw failure;
        const waitMillis = Math.min(FIRST_RETRY_MILLIS * 2 ** retries, LONGEST_RETRY_MILLIS);
        const exhausted = !isRetryable(failure)
          ? 'NotRetryable'
          : retries >= delivery.maximumRetries
            ? 'MaximumRetryAttempts'
            : cloud.clock.now() + waitMillis > deadlineMillis
              ? 'MaximumEventAgeInSeconds'
              : undefined;
        if (exhausted !== undefined) return await giveUp(cloud, delivery, failure, retries, exhausted);
        await cloud.clock.sleep(waitMillis);
      }
    }
  } finally {
    done();
  }
}

async function giveUp(cloud: Cloud, delivery: Delivery, failure: AwsError, retries: number, exhausted: string): Promise<void> {
  const detail = { from: delivery.from, target: delivery.arn, error: failure.code, message: failure.message, retries };
  const kept = delivery.deadLetterArn === undefined ? {} : { deadLetterArn: delivery.deadLetterArn };
  cloud.record(delivery.source, 'delivery-failed', { ...detail, ...kept });
  if (delivery.deadLetterArn === undefined) return;
  try {
    await sendMessage(cloud, {
      arn: delivery.deadLetterArn,
      payload: delivery.payload,
      caller: delivery.deadLetterCaller,
      messageAttributes: {
        ...delivery.deadLetterAttributes,
        ERROR_CODE: failure.code,
        ERROR_MESSAGE: failure.message,
        RETRY_ATTEMPTS: String(retries),
        ...(exhausted === 'NotRetryable' ? {} : { EXHAUSTED_RETRY_CONDITION: exhausted }),
      },
    });
  } catch (lost) {
    if (!(lost instanceof AwsError)) throw lost;
    cloud.record(delivery.source, 'dead-letter-failed', { ...detail, error: lost.code, message: lost.message });
  }
}
