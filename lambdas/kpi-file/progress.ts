import type { SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import type { RejectionReason } from '../../core/contracts';
import type { TablePlace } from '../../core/tables';

/** A bad row, for the result beside the file. */
export interface BadRow {
  line: number;
  reason: RejectionReason;
  detail: string;
}

/** How far a file is read: the message with which the handler calls itself for the next chunk. */
export interface FileProgress {
  schema: 'sluice.kpi-file/v1';
  bucket: string;
  key: string;
  versionId?: string;
  etag: string;
  byteLength: number;
  /** When the file was dropped, ISO 8601: bad rows are kept under it, however often they are read. */
  droppedAt: string;
  /** Undefined: the beginning. */
  from?: TablePlace;
  rows: number;
  sent: number;
  rejected: Partial<Record<RejectionReason, number>>;
  /** The first bad rows. */
  examples: BadRow[];
  /** Columns that are no members of a KPI event. */
  ignoredColumns?: string[];
  /** How often in a row it stood aside for the observation queue. */
  waits: number;
}

const createdSchema = z.object({
  'detail-type': z.literal('Object Created'),
  time: z.string(),
  detail: z.object({
    bucket: z.object({ name: z.string() }),
    object: z.object({ key: z.string(), size: z.number(), etag: z.string(), 'version-id': z.string().optional() }),
  }),
});

const progressSchema = z.looseObject({ schema: z.literal('sluice.kpi-file/v1'), key: z.string() });

/** A new file, as S3 announces it, or one that is read further. */
export function progressOf({ body }: Pick<SQSRecord, 'body'>): FileProgress {
  const message = JSON.parse(body) as unknown;
  const continued = progressSchema.safeParse(message);
  if (continued.success) return continued.data as unknown as FileProgress;
  const { time, detail } = createdSchema.parse(message);
  const versionId = detail.object['version-id'];
  return {
    schema: 'sluice.kpi-file/v1',
    bucket: detail.bucket.name,
    key: detail.object.key,
    ...(versionId === undefined ? {} : { versionId }),
    etag: detail.object.etag,
    byteLength: detail.object.size,
    droppedAt: time,
    rows: 0,
    sent: 0,
    rejected: {},
    examples: [],
    waits: 0,
  };
}

/** Dropped under this prefix, a file brings what was observed long ago: that it arrives after the window of a KPI does not matter. */
export const isBackfill = ({ key }: Pick<FileProgress, 'key'>): boolean => key.startsWith('backfill/');

export function rejectedSince(before: FileProgress, { rejected }: FileProgress): FileProgress['rejected'] {
  const counts = Object.entries(rejected).map(
    ([reason, count]) => [reason, count - (before.rejected[reason as RejectionReason] ?? 0)] as const,
  );
  return Object.fromEntries(counts.filter(([, count]) => count > 0));
}

export const rejectedRows = ({ rejected }: FileProgress): number => Object.values(rejected).reduce((sum, count) => sum + count, 0);
