import { AwsError } from '../../cloud/types';
import type { LaptopCloud } from '../../kernel/cloud';
import type { StreamEntry, StreamShard } from '../dynamodb/streams';
import { sendTo } from './destinations';
import type { LambdaFunction } from './function';
import type { Runner } from './runner';
import type { StreamSourceSettings } from './stream-source';

/** Lambda asks a shard four times a second. */
const POLL_MILLIS = 250;
const FIRST_RETRY_MILLIS = 1000;
const LONGEST_RETRY_MILLIS = 60_000;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A batch that failed last time it was tried, and is tried on. */
export interface StuckBatch {
  constructPath: string;
  functionName: string;
  streamArn: string;
  records: number;
  failures: number;
  sinceMillis: number;
}

type Outcome = { ok: true } | { ok: false; failedFrom: number; why: string };

/** Reads one shard in order: a batch that fails holds up all that comes after it. */
export class ShardReader {
  private position: number;
  private busy = false;
  private stopped = false;
  private stopListening: () => void = () => undefined;
  /** The batch that holds up this shard now. */
  stuck: StuckBatch | undefined;

  constructor(
    private readonly cloud: LaptopCloud,
    private readonly runner: Runner,
    private readonly owner: LambdaFunction,
    private readonly settings: StreamSourceSettings,
    private readonly shard: StreamShard,
  ) {
    this.position = settings.fromTheStart ? shard.firstPosition : shard.nextPosition;
  }

  start(): void {
    this.stopListening = this.shard.onRecord(() => this.wake());
    this.wake();
  }

  stop(): void {
    this.stopped = true;
    this.stopListening();
  }

  private wake(): void {
    if (this.busy || this.stopped || this.position >= this.shard.nextPosition) return;
    this.busy = true;
    const done = this.cloud.begin(`stream records for ${this.owner.constructPath || this.owner.name}`);
    this.cloud.clock.after(POLL_MILLIS, async () => {
      try {
        while (!this.stopped && this.position < this.shard.nextPosition) await this.readBatch();
      } finally {
        this.busy = false;
        done();
      }
    });
  }

  private async readBatch(): Promise<void> {
    const { batchSize, batchingWindowSeconds, filter } = this.settings;
    if (batchingWindowSeconds > 0 && this.shard.nextPosition - this.position < batchSize)
      await this.cloud.clock.sleep(batchingWindowSeconds * 1000);
    const entries = this.shard.read(this.position, batchSize);
    const last = entries.at(-1);
    if (last === undefined) {
      // What was not read within a day is gone.
      this.position = Math.max(this.position, this.shard.firstPosition);
      if (this.shard.read(this.position, 1).length === 0) this.position = this.shard.nextPosition;
      return;
    }
    const wanted = filter === undefined ? entries : entries.filter(({ record }) => filter(record));
    if (wanted.length > 0) await this.process(wanted);
    this.stuck = undefined;
    this.position = last.position + 1;
  }

  /** Until the batch is done or given up. */
  private async process(batch: readonly StreamEntry[]): Promise<void> {
    const { maximumRetryAttempts, bisects } = this.settings;
    let entries = batch;
    for (let failures = 0; ;) {
      const outcome = await this.invoke(entries);
      if (outcome.ok || this.stopped) return;
      failures += 1;
      this.noteStuck(entries.length);
      const left = entries.filter(({ position }) => position >= outcome.failedFrom);
      // Where the function said which record failed, the batch is cut there, and not in its middle.
      const isCut = left.length < entries.length;
      entries = left;
      if (failures > maximumRetryAttempts) return this.giveUp(entries, 'RetryAttemptsExhausted', failures);
      entries = await this.withoutOld(entries, failures);
      if (entries.length === 0) return;
      await this.cloud.clock.sleep(Math.min(FIRST_RETRY_MILLIS * 2 ** (failures - 1), LONGEST_RETRY_MILLIS));
      if (!bisects || isCut || entries.length < 2) continue;
      const half = Math.floor(entries.length / 2);
      await this.process(entries.slice(0, half));
      entries = entries.slice(half);
      failures = 0;
    }
  }

  private noteStuck(records: number): void {
    const { constructPath, name: functionName } = this.owner;
    const sinceMillis = this.stuck?.sinceMillis ?? this.cloud.clock.now();
    const failures = (this.stuck?.failures ?? 0) + 1;
    this.stuck = { constructPath, functionName, streamArn: this.settings.streamArn, records, failures, sinceMillis };
  }

  private async withoutOld(entries: readonly StreamEntry[], failures: number): Promise<readonly StreamEntry[]> {
    const oldestMillis = this.cloud.clock.now() - this.settings.maximumRecordAgeSeconds * 1000;
    const old = entries.filter(({ position, atMillis }) => atMillis < oldestMillis || position < this.shard.firstPosition);
    if (old.length > 0) await this.giveUp(old, 'RecordAgeExceeded', failures);
    return entries.slice(old.length);
  }

  private async invoke(entries: readonly StreamEntry[]): Promise<Outcome> {
    const first = entries[0]?.position ?? 0;
    const caller = { kind: 'role', roleArn: this.owner.configuration.roleArn } as const;
    try {
      this.cloud.iam.authorise(caller, { action: 'dynamodb:GetRecords', resource: this.settings.streamArn }, undefined);
      const result = await this.runner.invoke(this.owner, encoder.encode(JSON.stringify({ Records: entries.map(({ record }) => record) })));
      if (result.functionError !== undefined) return { ok: false, failedFrom: first, why: result.functionError };
      const failedFrom = this.settings.reportsItemFailures ? firstFailure(result.payload, entries) : undefined;
      return failedFrom === undefined ? { ok: true } : { ok: false, failedFrom, why: 'batchItemFailures' };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      this.cloud.record('lambda', 'poll-failed', { function: this.owner.name, error: error.code, message: error.message });
      return { ok: false, failedFrom: first, why: error.code };
    }
  }

  private async giveUp(entries: readonly StreamEntry[], condition: string, approximateInvokeCount: number): Promise<void> {
    const { owner, cloud } = this;
    const { onFailureArn, streamArn } = this.settings;
    const destination = onFailureArn === undefined ? {} : { destination: onFailureArn };
    const { name, constructPath } = owner;
    cloud.record('lambda', 'event-dropped', { function: name, constructPath, condition, records: entries.length, ...destination });
    if (onFailureArn === undefined) return;
    const time = (entry: StreamEntry | undefined): string => new Date(entry?.atMillis ?? 0).toISOString();
    const number = (entry: StreamEntry | undefined): unknown => entry?.record.dynamodb?.SequenceNumber;
    const body = {
      requestContext: { requestId: `${name}-${owner.requests}`, functionArn: owner.arn, condition, approximateInvokeCount },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      version: '1.0',
      timestamp: new Date(cloud.clock.now()).toISOString(),
      DDBStreamBatchInfo: {
        shardId: this.shard.id,
        startSequenceNumber: number(entries[0]),
        endSequenceNumber: number(entries.at(-1)),
        approximateArrivalOfFirstRecord: time(entries[0]),
        approximateArrivalOfLastRecord: time(entries.at(-1)),
        batchSize: entries.length,
        streamArn,
      },
    };
    await sendTo(cloud, owner, onFailureArn, JSON.stringify(body), 'Lambda Function Invocation Result - Failure');
  }
}

/** Position from which the function wants its records again; a report that names no record of the batch fails all of it. */
function firstFailure(payload: Uint8Array, entries: readonly StreamEntry[]): number | undefined {
  const report = JSON.parse(decoder.decode(payload)) as { batchItemFailures?: { itemIdentifier?: unknown }[] | null } | null;
  const failures = report?.batchItemFailures ?? [];
  if (failures.length === 0) return undefined;
  const positions = failures.map(
    (failure) =>
      entries.find(({ record }) => record.dynamodb?.SequenceNumber === failure.itemIdentifier)?.position ?? entries[0]?.position ?? 0,
  );
  return Math.min(...positions);
}
