import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { type ByteSource, sourceOf } from '../../core/tables';
import type { FileProgress } from './progress';

/** Compressed text is read at once: it cannot be entered in the middle. */
export const MAX_COMPRESSED_BYTES = 64 * 1024 * 1024;
export const MAX_UNPACKED_BYTES = 512 * 1024 * 1024;

/** A file that is what its name says, but cannot be read. */
export class UnreadableFile extends Error {}

/** Bytes of the very version that was dropped, as they are asked for. */
export function fileSource(s3: S3Client, { bucket, key, versionId, byteLength }: FileProgress): ByteSource {
  return {
    byteLength,
    slice: async (start, end) => {
      if (end <= start) return new Uint8Array();
      const Range = `bytes=${start}-${end - 1}`;
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId, Range }));
      if (Body === undefined) throw new Error(`s3://${bucket}/${key} has no body for ${Range}`);
      return Body.transformToByteArray();
    },
  };
}

export async function unpacked(packed: ByteSource): Promise<ByteSource> {
  if (packed.byteLength > MAX_COMPRESSED_BYTES) {
    throw new UnreadableFile(
      `the compressed file has ${packed.byteLength} bytes, at most ${MAX_COMPRESSED_BYTES} are read: send it uncompressed, or in several files`,
    );
  }
  const bytes = await packed.slice(0, packed.byteLength);
  try {
    return sourceOf(gunzipSync(bytes, { maxOutputLength: MAX_UNPACKED_BYTES }));
  } catch (error) {
    throw new UnreadableFile(`the file cannot be unpacked (at most ${MAX_UNPACKED_BYTES} bytes of text): ${(error as Error).message}`);
  }
}
