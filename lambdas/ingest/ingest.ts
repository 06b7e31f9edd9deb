import { createHash } from 'node:crypto';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { KpiPolicy } from '../../core/contracts';
import type { Keyring } from '../../core/decision-id';
import type { Ledger } from '../shared/ledger';
import type { ArmsReader } from './arms';
import { attributeDecision } from './attribution';
import { countAll } from './count';
import { readEvent, type Rules } from './event';
import { type Entry, entriesOf } from './message';
import { keepRejected, withoutCountedBefore } from './rejected';
import { type Published, tally } from './tally';
import { keepTruths, type TruthFiles } from './truths';
import type { Rejection, Work } from './work';

export interface IngestParts {
  useCase: string;
  kpis: KpiPolicy[];
  retentionDays: number;
  counterShards: number;
  ledger: Ledger;
  arms: ArmsReader;
  now(): number;
  keyring(nowMillis: number): Promise<Keyring>;
  /** Where truth is kept; missing: nowhere. */
  truths?: TruthFiles;
  publish(line: Published): void;
}

const DAY_SECONDS = 86_400;

/** Counts a batch exactly once; what cannot be counted now is reported and comes again. */
export async function ingest(parts: IngestParts, { Records }: SQSEvent): Promise<SQSBatchResponse> {
  const { useCase, kpis, ledger } = parts;
  const nowMillis = parts.now();
  const keyring = await parts.keyring(nowMillis);
  const entries = Records.flatMap(entriesOf);
  const control = await parts.arms.covering(entries, kpis, nowMillis);
  const read = entries.map((entry) => readEntry(entry, { useCase, kpis, keyring, control }));
  const works = read.filter((one): one is Work => one.kind !== 'rejected');
  const expiresAt = Math.floor(nowMillis / 1000) + parts.retentionDays * DAY_SECONDS;
  const counted = await countAll(ledger, works, { kpis, expiresAt, shard: shardOf(Records[0]?.messageId ?? '', parts.counterShards) });

  const refused = [...read.filter((one): one is Rejection => one.kind === 'rejected'), ...counted.refused];
  const { kept, duplicates: lateCopies } = await withoutCountedBefore(ledger, refused);
  const lost = new Set(await keepRejected(ledger, kept, expiresAt));
  const rejections = kept.filter((one) => !lost.has(one));
  tally({ useCase, kpis, counted, rejections, lateCopies }).forEach((line) => parts.publish(line));
  const unkept = parts.truths === undefined ? [] : await keepTruths(parts.truths, counted, refused);
  // A message of many events comes again as a whole: those of its events that were counted are duplicates then.
  const failed = new Set([...counted.failed, ...lost, ...unkept].map(({ messageId }) => messageId));
  return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })) };
}

function readEntry(entry: Entry, rules: Rules): Work | Rejection {
  if (entry.kind === 'rejected') {
    return entry;
  }
  if (entry.kind === 'event') {
    return readEvent(entry, rules);
  }
  const { messageId, decision, body, arrivedAtMillis } = entry;
  const of = attributeDecision(decision, rules);
  return 'reason' in of
    ? { kind: 'rejected', messageId, ...of, eventId: decision.decisionId, body, arrivedAtMillis }
    : { kind: 'decision', messageId, decision, of };
}

/** One shard per batch, so that its counts add up in few items; another for the next batch, so that batches rarely conflict. */
function shardOf(messageId: string, counterShards: number): number {
  return createHash('sha256').update(messageId).digest().readUInt32BE(0) % counterShards;
}
