import { AwsError, type Caller } from '../../cloud/types';
import type { LaptopCloud } from '../../kernel/cloud';
import type { DynamoDb } from '../dynamodb';
import type { RecordFilter } from './filter-criteria';
import type { LambdaFunction } from './function';
import type { Runner } from './runner';
import { ShardReader, type StuckBatch } from './shard-reader';

export interface StreamSourceSettings {
  streamArn: string;
  fromTheStart: boolean;
  batchSize: number;
  batchingWindowSeconds: number;
  reportsItemFailures: boolean;
  bisects: boolean;
  /** Infinity: until the record is gone. */
  maximumRetryAttempts: number;
  maximumRecordAgeSeconds: number;
  onFailureArn: string | undefined;
  filter: RecordFilter | undefined;
}

const ASKED_ACTIONS = ['DescribeStream', 'GetShardIterator', 'GetRecords', 'ListStreams'];

/** Lambda's pollers for a table's stream: one for each shard, and in each shard one batch after the other. */
export class StreamSource {
  private readonly readers: ShardReader[];

  constructor(
    private readonly cloud: LaptopCloud,
    runner: Runner,
    private readonly owner: LambdaFunction,
    private readonly settings: StreamSourceSettings,
  ) {
    const stream = cloud.double<DynamoDb>('dynamodb').stream(settings.streamArn);
    if (stream === undefined)
      throw new AwsError('InvalidParameterValueException', `Stream not found: ${settings.streamArn} (no table has this stream)`);
    this.readers = stream.shards.map((shard) => new ShardReader(cloud, runner, owner, settings, shard));
  }

  /** As when the mapping is made: Lambda tries, as the role, what its pollers will do. */
  start(): void {
    const caller: Caller = { kind: 'role', roleArn: this.owner.configuration.roleArn };
    try {
      for (const action of ASKED_ACTIONS)
        this.cloud.iam.authorise(caller, { action: `dynamodb:${action}`, resource: this.settings.streamArn }, undefined);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw new AwsError(
        'InvalidParameterValueException',
        'Cannot access stream. Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, and ListStreams ' +
          `Actions on your stream in IAM. (${error.message})`,
      );
    }
    for (const reader of this.readers) reader.start();
  }

  stuck(): StuckBatch[] {
    return this.readers.flatMap((reader) => reader.stuck ?? []);
  }

  stop(): void {
    for (const reader of this.readers) reader.stop();
  }
}
