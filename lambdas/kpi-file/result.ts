import { type FileProgress, rejectedRows } from './progress';

/** What became of a file: written beside it as `<name>.result.json`. */
export function resultOf(progress: FileProgress, finishedAt: string): object {
  const { bucket, key, versionId, etag, rows, sent, rejected, examples, droppedAt, ignoredColumns = [] } = progress;
  return {
    file: `s3://${bucket}/${key}`,
    ...(versionId === undefined ? {} : { versionId }),
    etag,
    rows,
    sent,
    rejected: rejectedRows(progress),
    rejectedByReason: rejected,
    firstRejected: examples,
    ...(ignoredColumns.length === 0 ? {} : { ignoredColumns }),
    droppedAt,
    finishedAt,
  };
}
