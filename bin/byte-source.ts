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

/** So much from the beginning of a compressed file can be read again: enough to see what it is. */
const HEAD_BYTES = 1 << 16;

/** A compressed file is read from front to back alone, as text formats are. `onBytes` hears of bytes on disk. */
export function unzipped(path: string, onBytes: (bytes: number) => void): ByteSource & { close(): void } {
  const packed = createReadStream(path);
  const plain = packed.pipe(createGunzip());
  packed.on('error', (error) => plain.destroy(error));
  const pieces = plain[Symbol.asyncIterator]();
  let kept: Buffer = Buffer.alloc(0);
  let position = 0;
  let head: Buffer = Buffer.alloc(0);
  const rewind = (start: number): void => {
    if (position > head.length) throw new Error(`${path}: a compressed file cannot be read again from byte ${start}`);
    kept = Buffer.concat([head.subarray(start, position), kept]);
    position = start;
  };
  return {
    byteLength: Number.POSITIVE_INFINITY,
    async slice(start, end) {
      if (start < position) rewind(start);
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
      const given = all.subarray(0, end - start);
      if (start === 0) head = Buffer.from(given.subarray(0, HEAD_BYTES));
      position = start + given.length;
      return given;
    },
    close() {
      packed.destroy();
      plain.destroy();
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
