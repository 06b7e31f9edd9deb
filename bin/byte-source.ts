import { createReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { BadInputError } from '../core/errors';
import type { ByteSource } from '../core/tables';

/** A file that can be read anywhere; `onBytes` hears how far reading has come. */
export function onDisk(handle: FileHandle, byteLength: number, onBytes: (bytes: number) => void): ByteSource {
  return {
    byteLength,
    async slice(start, end) {
      const bytes = new Uint8Array(end - start);
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
      onBytes(start + bytesRead);
      return bytes.subarray(0, bytesRead);
    },
  };
}

/** A compressed file is read from front to back alone, as text formats are. `onBytes` hears of bytes on disk. */
export function unzipped(path: string, onBytes: (bytes: number) => void): ByteSource {
  const packed = createReadStream(path);
  const plain = packed.pipe(createGunzip());
  packed.on('error', (error) => plain.destroy(error));
  const pieces = plain[Symbol.asyncIterator]();
  let kept: Buffer = Buffer.alloc(0);
  return {
    byteLength: Number.POSITIVE_INFINITY,
    async slice(start, end) {
      const parts = [kept];
      let have = kept.length;
      while (have < end - start) {
        const piece = await nextPiece(pieces, path);
        if (piece === undefined) break;
        parts.push(piece);
        have += piece.length;
      }
      onBytes(packed.bytesRead);
      const all = Buffer.concat(parts);
      kept = all.subarray(end - start);
      return all.subarray(0, end - start);
    },
  };
}

async function nextPiece(pieces: AsyncIterator<unknown>, path: string): Promise<Buffer | undefined> {
  try {
    const { value, done } = await pieces.next();
    return done === true ? undefined : (value as Buffer);
  } catch (error) {
    throw new BadInputError(`${path}: cannot be unzipped: ${(error as Error).message}\n  allowed: a complete gzip file`);
  }
}
