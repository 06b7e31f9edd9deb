import { createHash } from 'node:crypto';
import type { Random } from '../cloud/types';

/** Stream of pseudo-random numbers (sfc32) whose state comes from SHA-256 of the seed and the path of labels. */
export class SeededRandom implements Random {
  private a: number;
  private b: number;
  private c: number;
  private counter: number;

  constructor(private readonly path: string) {
    const digest = createHash('sha256').update(path).digest();
    this.a = digest.readUInt32LE(0) | 0;
    this.b = digest.readUInt32LE(4) | 0;
    this.c = digest.readUInt32LE(8) | 0;
    this.counter = digest.readUInt32LE(12) | 0;
  }

  next(): number {
    // 53 bits, as Math.random gives.
    return ((this.word() >>> 5) * 67_108_864 + (this.word() >>> 6)) / 9_007_199_254_740_992;
  }

  integer(below: number): number {
    if (!Number.isSafeInteger(below) || below < 1) throw new RangeError(`integer(below) needs a whole number of at least 1, got ${below}.`);
    return Math.floor(this.next() * below);
  }

  fork(label: string): Random {
    return new SeededRandom(`${this.path}\u0000${label}`);
  }

  uuid(): string {
    const bytes = this.bytes(16);
    bytes[6] = (bytes[6]! & 0x0f) | 0x40;
    bytes[8] = (bytes[8]! & 0x3f) | 0x80;
    const hex = Buffer.from(bytes).toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  bytes(count: number): Uint8Array {
    const bytes = new Uint8Array(count);
    for (let index = 0; index < count; index += 4) {
      const word = this.word();
      for (let offset = 0; offset < 4 && index + offset < count; offset += 1) bytes[index + offset] = (word >>> (8 * offset)) & 0xff;
    }
    return bytes;
  }

  private word(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (this.c << 21) | (this.c >>> 11);
    this.c = (this.c + sum) | 0;
    return sum;
  }
}

export function createRandom(seed: number | string): Random {
  return new SeededRandom(`seed:${seed}`);
}
