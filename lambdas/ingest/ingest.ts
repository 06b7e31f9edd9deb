import { createHash } from 'node:crypto';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { KpiPolicy } from '../../core/contracts';
import type { Keyring } from '../../core/decision-id';
import type { Ledger } from '../shared/ledger';
import { logger } from '../shared/telemetry';
import { countAll } from './count';
import { readMessage, type Rejection, type Work } from './message';
import { asRejection, keepRejected, withoutCountedBefore } from './rejected';
import { type Published, tally } from './tally';

export interface IngestParts {
  useCase: string;
  kpis: KpiPolicy[];
  retentionDays: number;
  counterShards: number;
  ledger: Ledger;
  now(): number;
  keyring(nowMillis: number): Promise<Keyring>;
  publish(line: Published): void;
}

const DAY_SECONDS = 86_400;

/** Counts a batch exactly once; what cannot be counted now is reported and comes again. */
export async function ingest(parts: IngestParts, { Records }: SQSEvent): Promise<SQSBatchResponse> {
  const { useCase, kpis, ledger } = parts;
  const nowMillis = parts.now();
  const keyring = await parts.keyring(nowMillis);
  const messages = Records.map((record) => readMessage(record, { useCase, kpis, keyring }));
  const kpiNames = kpis.map(({ name }) => name);
  const expiresAt = Math.floor(nowMillis / 1000) + parts.retentionDays * DAY_SECONDS;
  const works = messages.filter((message): message is Work => message.kind !== 'rejected');
  const counted = await countAll(ledger, works, { kpiNames, expiresAt, shard: shardOf(Records[0]?.messageId ?? '', parts.counterShards) });

  const refused = [...messages.filter((message) => message.kind === 'rejected'), ...counted.alreadyObserved.map(asRejection)];
  const { kept, duplicates } = await withoutCountedBefore(ledger, refused);
  const lost = await keepAll(ledger, kept, expiresAt);
  tally(
    useCase,
    kpiNames,
    counted,
    kept.filter((one) => !lost.includes(one)),
    duplicates,
  ).forEach((line) => parts.publish(line));
  return { batchItemFailures: [...counted.failed, ...lost].map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

/** Those that could not be kept come again. */
async function keepAll(ledger: Ledger, rejections: Rejection[], expiresAt: number): Promise<Rejection[]> {
  const results = await Promise.allSettled(rejections.map((rejection) => keepRejected(ledger, rejection, expiresAt)));
  return rejections.filter((_, index) => {
    const result = results[index];
    if (result?.status === 'rejected') {
      logger.warn('A rejected event could not be kept', { error: result.reason as Error });
    }
    return result?.status === 'rejected';
  });
}

/** One shard per batch, so that its counts add up in few items; another for the next batch, so that batches rarely conflict. */
function shardOf(messageId: string, counterShards: number): number {
  return createHash('sha256').update(messageId).digest().readUInt32BE(0) % counterShards;
}
