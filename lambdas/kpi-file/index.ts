import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSEvent } from 'aws-lambda';
import { CLIENT, lean } from '../shared/client';
import { required, requiredNumber } from '../shared/env';
import { KpiQueue } from '../shared/kpi-queue';
import { Ledger } from '../shared/ledger';
import { emit, logger } from '../shared/telemetry';
import { keepRows } from './keep';
import { type KpiFileParts, readFile } from './kpi-file';
import { type FileProgress, progressOf } from './progress';
import { resultOf } from './result';

const useCase = required('USE_CASE');
const observationQueueUrl = required('OBSERVATION_QUEUE_URL');
const workQueueUrl = required('WORK_QUEUE_URL');
const retentionDays = requiredNumber('RETENTION_DAYS');
const s3 = lean(new S3Client(CLIENT));
const sqs = lean(new SQSClient(CLIENT));
const ledger = new Ledger(lean(new DynamoDBClient(CLIENT)), required('LEDGER_TABLE'));
const queue = new KpiQueue(sqs, observationQueueUrl);
/** Left for sending what is held, keeping bad rows and calling the next chunk. */
const RESERVED_MILLIS = 40_000;

const partsOf = (context: Pick<Context, 'getRemainingTimeInMillis'>): KpiFileParts => ({
  useCase,
  s3,
  send: (events, options) => queue.send(events, options),
  hasTime: () => context.getRemainingTimeInMillis() > RESERVED_MILLIS,
  backlog: async () => {
    const AttributeNames = ['ApproximateNumberOfMessages' as const];
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: observationQueueUrl, AttributeNames }));
    return Number(Attributes?.ApproximateNumberOfMessages ?? 0);
  },
  goOn: async (progress, DelaySeconds) => {
    await sqs.send(new SendMessageCommand({ QueueUrl: workQueueUrl, MessageBody: JSON.stringify(progress), DelaySeconds }));
  },
  keep: (rows) => keepRows(ledger, rows, retentionDays),
  measure,
  conclude: async (progress) => conclude(progress),
});

/** Which KPIs the charter has is known only where events are counted. */
function measure(rejected: FileProgress['rejected']): void {
  const reasons = Object.entries(rejected);
  const total = reasons.reduce((sum, [, count]) => sum + count, 0);
  if (total > 0) emit({ UseCase: useCase, Kpi: 'unknown' }, [['KpiRejected', 'Count', total]]);
  for (const [Reason, count] of reasons) emit({ UseCase: useCase, Reason }, [['KpiRejected', 'Count', count]]);
}

async function conclude(progress: FileProgress): Promise<void> {
  const result = resultOf(progress, new Date().toISOString());
  await s3.send(
    new PutObjectCommand({
      Bucket: progress.bucket,
      Key: `${progress.key}.result.json`,
      Body: `${JSON.stringify(result, null, 2)}\n`,
      ContentType: 'application/json',
    }),
  );
  logger.info('A KPI file is read', { ...result });
}

export const handler = async (event: SQSEvent, context: Context): Promise<void> => {
  for (const record of event.Records) await readFile(partsOf(context), progressOf(record));
};
