import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { createRecordReader } from '../../core/drift/read/records';
import type { CapturedRecord } from '../../core/drift/read/types';
import { CAPTURE_FOLDER } from '../../core/release/endpoint-config';
import { allListed, listed } from './data-files';

/** What SageMaker captured of an endpoint. */
export interface CaptureSpan {
  bucket: string;
  endpointName: string;
  fromMillis: number;
  untilMillis: number;
}

const DAY_MILLIS = 86_400_000;
const FILES_AT_A_TIME = 8;
/** A file begins in one hour and may hold records of the next. */
const HOUR_MILLIS = 3_600_000;

/** Hands over every captured record of the time, with the variant that answered; files are read side by side, in no order. Counts what could not be read. */
export async function readCaptures(
  s3: S3Client,
  span: CaptureSpan,
  take: (record: CapturedRecord, variantName: string) => void,
): Promise<{ files: number; unreadable: number }> {
  const { bucket, endpointName, fromMillis, untilMillis } = span;
  const root = `${CAPTURE_FOLDER}/${endpointName}/`;
  let files = 0;
  let unreadable = 0;
  for (const folder of await allListed(s3, bucket, root, '/')) {
    const variantName = folder.slice(root.length).replace(/\/$/, '');
    for (const day of daysOf(fromMillis - HOUR_MILLIS, untilMillis)) {
      const keys = listed(s3, bucket, `${folder}${day}/`);
      const readers = Array.from({ length: FILES_AT_A_TIME }, async () => {
        const reader = createRecordReader((record) => take(record, variantName), { fromMillis, untilMillis });
        for (let next = await keys.next(); next.done !== true; next = await keys.next()) {
          files += 1;
          reader.begin(next.value);
          await feed(s3, bucket, next.value, (block) => reader.take(block));
        }
        const { counts } = reader.finish();
        unreadable += Object.values(counts).reduce((sum, count) => sum + count, 0);
      });
      await Promise.all(readers);
    }
  }
  return { files, unreadable };
}

async function feed(s3: S3Client, Bucket: string, Key: string, take: (block: Uint8Array) => void): Promise<void> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  for await (const block of (Body ?? []) as AsyncIterable<Uint8Array>) take(block);
}

/** `2026/03/02`, as SageMaker names capture's folders. */
function daysOf(fromMillis: number, untilMillis: number): string[] {
  const days: string[] = [];
  for (let at = Math.floor(fromMillis / DAY_MILLIS) * DAY_MILLIS; at < untilMillis; at += DAY_MILLIS) {
    days.push(new Date(at).toISOString().slice(0, 10).replaceAll('-', '/'));
  }
  return days;
}
