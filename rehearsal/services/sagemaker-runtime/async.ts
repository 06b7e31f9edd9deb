import { AwsError, type Caller, type Cloud, type ContainerAnswer, type Members, type Random } from '../../cloud/types';
import { inBackground } from '../background';
import { readS3Uri, under } from '../sagemaker/s3-uri';
import type { AsyncSettings, EndpointRecord, Variant } from '../sagemaker/state';
import type { InvocationMetrics } from './metrics';
import { checkIds, chooseVariant, limited, refused } from './request';
import { AsyncBacklog } from './async-backlog';

const MINUTE = 60_000;
const MAX_INPUT_BYTES = 1_073_741_824;
const DEFAULT_TIMEOUT_SECONDS = 900;
const DEFAULT_TTL_SECONDS = 21_600;

interface Job {
  endpoint: EndpointRecord;
  settings: AsyncSettings;
  input: Members;
  inferenceId: string;
  output: { bucket: string; key: string };
  failure: { bucket: string; key: string };
  receivedAtMillis: number;
}

/** InvokeEndpointAsync: requests wait in a queue for an instance, answers go to S3, and topics hear of both. */
export class AsyncInference {
  private readonly random: Random;
  private readonly backlogs = new Map<EndpointRecord, AsyncBacklog<Job>>();
  private ticking = false;

  constructor(
    private readonly cloud: Cloud,
    private readonly metrics: InvocationMetrics,
  ) {
    this.random = cloud.random.fork('sagemaker-runtime:async');
  }

  accept(endpoint: EndpointRecord, input: Members): Members {
    checkIds(input);
    const settings = endpoint.async;
    if (settings === undefined)
      throw refused(`Endpoint ${endpoint.name} of account ${this.cloud.accountId} is not asynchronous: call InvokeEndpoint.`);
    readS3Uri('inputLocation', input.InputLocation);
    const inferenceId = (input.InferenceId ?? this.random.uuid()) as string;
    const file = this.random.uuid();
    const job: Job = {
      endpoint,
      settings,
      input,
      inferenceId,
      output: { bucket: settings.bucket, key: under(settings.prefix, `${file}.out`) },
      failure: { bucket: settings.failureBucket, key: under(settings.failurePrefix, `${file}-error.out`) },
      receivedAtMillis: this.cloud.clock.now(),
    };
    this.backlogOf(endpoint).push(job);
    const uri = ({ bucket, key }: Job['output']): string => `s3://${bucket}/${key}`;
    return {
      InferenceId: inferenceId,
      OutputLocation: uri(job.output),
      ...(settings.definition.OutputConfig?.S3FailurePath === undefined ? {} : { FailureLocation: uri(job.failure) }),
    };
  }

  private backlogOf(endpoint: EndpointRecord): AsyncBacklog<Job> {
    const known = this.backlogs.get(endpoint);
    if (known !== undefined) return known;
    const created = new AsyncBacklog<Job>(
      this.cloud,
      endpoint,
      (job, waitedMillis) => this.work(job, waitedMillis),
      (job) => this.expired(job),
    );
    this.backlogs.set(endpoint, created);
    return created;
  }

  /** Called when an asynchronous endpoint comes into service: its queue publishes its metrics each minute from now on. */
  watch(endpoint: EndpointRecord): void {
    this.backlogOf(endpoint);
    if (!this.ticking) this.nextTick();
  }

  private nextTick(): void {
    this.ticking = true;
    const { clock } = this.cloud;
    const atMillis = (Math.floor(clock.now() / MINUTE) + 1) * MINUTE;
    inBackground(clock, atMillis, () => this.tick());
  }

  private tick(): void {
    for (const [endpoint, backlog] of this.backlogs) {
      if (endpoint.async !== undefined && endpoint.status !== 'Deleting') backlog.tick();
      else {
        backlog.drop();
        this.backlogs.delete(endpoint);
      }
    }
    this.ticking = false;
    if (this.backlogs.size > 0) this.nextTick();
  }

  private async work(job: Job, waitedMillis: number): Promise<void> {
    const { endpoint } = job;
    const count = this.metrics.asyncCounter(endpoint);
    if (this.expired(job)) {
      count('ExpiredRequests');
      await this.notify(job, undefined, 'ClientError: the request expired after its time to live.');
      return;
    }
    count('TimeInBacklog', waitedMillis, 'Milliseconds');
    const variant = chooseVariant(this.cloud, this.random, endpoint, { EndpointName: endpoint.name });
    const caller: Caller = { kind: 'role', roleArn: variant.model.executionRoleArn };
    let answer: ContainerAnswer;
    try {
      answer = await this.predict(job, variant, caller);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      count('RequestDownloadFailures');
      await this.fail(job, variant, `ClientError: Unable to download the input: ${error.message}`);
      return;
    }
    if (answer.status >= 400 || answer.status === 0) {
      await this.fail(
        job,
        variant,
        `ClientError: Received server error (${answer.status}) from model: ${new TextDecoder().decode(answer.body)}`,
      );
      return;
    }
    const object = { Bucket: job.output.bucket, Key: job.output.key, Body: answer.body, ContentType: answer.contentType };
    if (!(await this.attempt(job, () => this.cloud.call('s3', 'PutObject', object, caller)))) {
      count('ResponseUploadFailures');
      return;
    }
    count('InvocationsProcessed');
    count('TotalProcessingTime', this.cloud.clock.now() - job.receivedAtMillis, 'Milliseconds');
    await this.notify(job, variant, undefined, answer);
  }

  private expired({ input, receivedAtMillis }: Job): boolean {
    return this.cloud.clock.now() - receivedAtMillis > Number(input.RequestTTLSeconds ?? DEFAULT_TTL_SECONDS) * 1000;
  }

  private async predict({ endpoint, input }: Job, variant: Variant, caller: Caller): Promise<ContainerAnswer> {
    const { bucket, key } = readS3Uri('inputLocation', input.InputLocation);
    const read = await this.cloud.call('s3', 'GetObject', { Bucket: bucket, Key: key }, caller);
    const body = read.Body as Uint8Array;
    if (body.byteLength > MAX_INPUT_BYTES) throw refused(`The input has ${body.byteLength} bytes, at most ${MAX_INPUT_BYTES}.`);
    const timeoutMillis = Number(input.InvocationTimeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1000;
    const answer = limited(await variant.container.predict(body, input.ContentType ?? 'application/octet-stream'), timeoutMillis);
    await this.cloud.clock.sleep(answer.latencyMillis);
    variant.busyMillis += answer.latencyMillis;
    this.metrics.publishAsync(endpoint, variant, answer.status, answer.latencyMillis);
    return answer;
  }

  private async fail(job: Job, variant: Variant, reason: string): Promise<void> {
    this.metrics.asyncCounter(job.endpoint)('InvocationFailures');
    const caller: Caller = { kind: 'role', roleArn: variant.model.executionRoleArn };
    const object = { Bucket: job.failure.bucket, Key: job.failure.key, Body: new TextEncoder().encode(reason) };
    if (job.settings.definition.OutputConfig?.S3FailurePath !== undefined)
      await this.attempt(job, () => this.cloud.call('s3', 'PutObject', object, caller));
    await this.notify(job, variant, reason);
  }

  /** The message that the documentation shows for both topics. */
  private async notify(job: Job, variant: Variant | undefined, failureReason: string | undefined, answer?: ContainerAnswer): Promise<void> {
    const { settings, input, endpoint } = job;
    const topic = failureReason === undefined ? settings.successTopic : settings.errorTopic;
    const roleArn = (variant ?? endpoint.variants[0])?.model.executionRoleArn;
    if (topic === undefined || roleArn === undefined) return;
    const included = settings.includeResponseIn.includes(
      failureReason === undefined ? 'SUCCESS_NOTIFICATION_TOPIC' : 'ERROR_NOTIFICATION_TOPIC',
    );
    const message = {
      awsRegion: this.cloud.region,
      eventTime: new Date(this.cloud.clock.now()).toISOString(),
      receivedTime: new Date(job.receivedAtMillis).toISOString(),
      invocationStatus: failureReason === undefined ? 'Completed' : 'Failed',
      ...(failureReason === undefined ? {} : { failureReason }),
      requestParameters: { contentType: input.ContentType, endpointName: endpoint.name, inputLocation: input.InputLocation },
      ...(answer === undefined
        ? {}
        : { responseParameters: { contentType: answer.contentType, outputLocation: `s3://${job.output.bucket}/${job.output.key}` } }),
      ...(included && answer !== undefined ? { responseBody: { content: Buffer.from(answer.body).toString('base64') } } : {}),
      inferenceId: job.inferenceId,
      eventVersion: '1.0',
      eventSource: 'aws:sagemaker',
      eventName: 'InferenceResult',
    };
    const publish = { TopicArn: topic, Message: JSON.stringify(message) };
    const told = await this.attempt(job, () => this.cloud.call('sns', 'Publish', publish, { kind: 'role', roleArn }));
    if (!told) this.metrics.asyncCounter(endpoint)('NotificationFailures');
  }

  /** On AWS the caller has gone: what fails here shows in the endpoint's log only. */
  private async attempt({ endpoint, inferenceId }: Job, call: () => Promise<unknown>): Promise<boolean> {
    try {
      await call();
      return true;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      this.cloud.record('sagemaker', 'async-lost', { endpointName: endpoint.name, inferenceId, error: error.code, message: error.message });
      return false;
    }
  }
}
