import type { S3Client } from '@aws-sdk/client-s3';
import type { RejectedEvent } from '../../core/contracts';
import { formatOf } from '../../core/tables';
import { type Chunk, type ChunkParts, readChunk } from './chunk';
import { fileSource, unpacked, UnreadableFile } from './file-source';
import { type FileProgress, rejectedSince } from './progress';

export interface KpiFileParts extends ChunkParts {
  s3: S3Client;
  /** Messages that wait in the observation queue. */
  backlog(): Promise<number>;
  /** Calls this handler again, for the rest. */
  goOn(progress: FileProgress, delaySeconds: number): Promise<void>;
  keep(rows: RejectedEvent[]): Promise<void>;
  /** Bad rows of this chunk, by reason. */
  measure(rejected: FileProgress['rejected']): void;
  /** Writes the result beside the file. */
  conclude(progress: FileProgress): Promise<void>;
}

/** An invocation reads this many rows at most: what fails is read again. */
const CHUNK_ROWS = 100_000;
/** A file stands aside while so much waits to be counted: decisions and live events come first. */
const BUSY_MESSAGES = 400;
const WAIT_SECONDS = 30;
/** Ten minutes; then a chunk goes anyway, so that every file ends. */
const MOST_WAITS = 20;

/** Reads one chunk of a dropped file and sends its rows as KPI events; the next chunk is another invocation. */
export async function readFile(parts: KpiFileParts, before: FileProgress): Promise<void> {
  if (before.waits < MOST_WAITS && (await parts.backlog()) > BUSY_MESSAGES) {
    await parts.goOn({ ...before, waits: before.waits + 1 }, WAIT_SECONDS);
    return;
  }
  const { progress, bad, finished } = await chunkOf(parts, before);
  await parts.keep(bad);
  parts.measure(rejectedSince(before, progress));
  await (finished ? parts.conclude(progress) : parts.goOn(progress, 0));
}

async function chunkOf(parts: KpiFileParts, before: FileProgress): Promise<Chunk> {
  const kind = formatOf(before.key);
  if (kind === undefined) {
    return unreadable(before, 'the name says no format: allowed are .csv, .jsonl, .ndjson (each also with .gz) and .parquet');
  }
  try {
    const source = fileSource(parts.s3, before);
    const bytes = kind.compressed ? await unpacked(source) : source;
    return await readChunk(parts, { format: kind.format, bytes }, before, CHUNK_ROWS);
  } catch (error) {
    if (error instanceof UnreadableFile) return unreadable(before, error.message);
    throw error;
  }
}

/** The file as a whole is one rejection; it stays where it is. */
function unreadable(before: FileProgress, detail: string): Chunk {
  const { bucket, key, etag, droppedAt } = before;
  const file = `s3://${bucket}/${key}`;
  const bad: RejectedEvent = {
    reason: 'malformed',
    detail: `${file}: ${detail}`,
    eventId: `file-${etag}`.slice(0, 128),
    body: file,
    receivedAt: droppedAt,
  };
  const progress = { ...before, rejected: { malformed: 1 }, examples: [{ line: 1, reason: 'malformed' as const, detail }] };
  return { progress, bad: [bad], finished: true };
}
