import { AwsError } from '../../cloud/types';
import type { Caller, Cloud, Members } from '../../cloud/types';
import type { Bucket } from './bucket';
import { invalidRequest } from './errors';
import type { NotificationRule } from './notification-rules';
import { queueUrlOf } from '../queue-url';

const subject = 'Amazon S3 Notification';
/** Notifications take a moment, and overtake one another. */
const soonestMillis = 200;
const spreadMillis = 1000;
const firstRetryMillis = 1000;
const longestRetryMillis = 15 * 60_000;
/** How long trouble on the other side is waited out: AWS names no limit. */
const givesUpAfterMillis = 6 * 3_600_000;

const isRetryable = ({ statusCode, code }: AwsError): boolean =>
  statusCode >= 500 || statusCode === 429 || /Throttl|TooManyRequests|LimitExceeded|ServiceUnavailable/.test(code);

/** Delivers what a bucket tells, at least once, to functions, queues and topics. */
export class Notifier {
  private readonly random;

  constructor(private readonly cloud: Cloud) {
    this.random = cloud.random.fork('s3 notifications');
  }

  /** Draws nothing and delivers nothing before a bucket has a rule. */
  send(bucket: Bucket, rule: NotificationRule, record: Members): void {
    const s3 = record['s3'] as Members;
    const message = { Records: [{ ...record, s3: { s3SchemaVersion: s3['s3SchemaVersion'] as string, configurationId: rule.id, ...s3 } }] };
    const afterMillis = soonestMillis + this.random.integer(spreadMillis);
    for (const laterMillis of this.cloud.deliveries?.strike(bucket.arn) ?? [0]) {
      const end = this.cloud.begin(`a notification of ${bucket.name} to ${rule.arn}`);
      this.cloud.clock.after(afterMillis + laterMillis, async () => {
        try {
          await this.deliver(bucket, rule, JSON.stringify(message));
        } finally {
          end();
        }
      });
    }
  }

  /** S3 asks each destination before it keeps a configuration: queues and topics get a message, functions' policies are read. */
  async validate(bucket: Bucket, rule: NotificationRule, requestId: string, hostId: string): Promise<void> {
    if (rule.arn.endsWith('.fifo')) throw unable();
    const test = {
      Service: 'Amazon S3',
      Event: 's3:TestEvent',
      Time: new Date(this.cloud.clock.now()).toISOString(),
      Bucket: bucket.name,
      RequestId: requestId,
      HostId: hostId,
    };
    try {
      if (rule.kind === 'lambda') this.askFunction(bucket, rule.arn);
      else await this.hand(bucket, rule, JSON.stringify(test));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw unable();
    }
  }

  private askFunction(bucket: Bucket, arn: string): void {
    const lambda = this.cloud.double('lambda');
    const policy = lambda.resourcePolicy?.(arn);
    if (policy === undefined) throw invalidRequest('no policy');
    this.cloud.iam.authorise(this.callerFor(bucket), { action: 'lambda:InvokeFunction', resource: arn }, policy);
  }

  private async deliver(bucket: Bucket, rule: NotificationRule, message: string): Promise<void> {
    const deadlineMillis = this.cloud.clock.now() + givesUpAfterMillis;
    for (let retries = 0; ; retries += 1) {
      try {
        return await this.hand(bucket, rule, message);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        const waitMillis = Math.min(firstRetryMillis * 2 ** retries, longestRetryMillis);
        if (!isRetryable(error) || this.cloud.clock.now() + waitMillis > deadlineMillis) {
          const detail = { bucket: bucket.name, target: rule.arn, error: error.code, message: error.message };
          this.cloud.record('s3', 'notification-failed', detail);
          return;
        }
        await this.cloud.clock.sleep(waitMillis);
      }
    }
  }

  private callerFor(bucket: Bucket): Caller {
    return { kind: 'service', principal: 's3.amazonaws.com', sourceArn: bucket.arn };
  }

  private async hand(bucket: Bucket, { kind, arn }: NotificationRule, message: string): Promise<void> {
    const caller = this.callerFor(bucket);
    if (kind === 'lambda') {
      const Payload = new TextEncoder().encode(message);
      await this.cloud.call('lambda', 'Invoke', { FunctionName: arn, InvocationType: 'Event', Payload }, caller);
    } else if (kind === 'queue') {
      await this.cloud.call('sqs', 'SendMessage', { QueueUrl: queueUrlOf(this.cloud, arn), MessageBody: message }, caller);
    } else {
      await this.cloud.call('sns', 'Publish', { TopicArn: arn, Subject: subject, Message: message }, caller);
    }
  }
}

const unable = (): AwsError => new AwsError('InvalidArgument', 'Unable to validate the following destination configurations');
