import type { ByteSource, TablePlace } from './types';

/** One physical line without its end; `text` is missing where it is no UTF-8, or too long to be kept. */
export interface Line {
  text?: string;
  problem?: string;
  tooLong?: boolean;
  line: number;
  /** Bytes before this line, and before the next. */
  start: number;
  end: number;
  byteLength: number;
}

const BLOCK_BYTES = 1 << 20;
/** No row of a table is longer: what is read stays small whatever the file holds. */
export const MAX_LINE_BYTES = 1 << 20;
const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** The lines of a text file, a block at a time. */
export async function* linesOf(bytes: ByteSource, from: TablePlace): AsyncGenerator<Line[]> {
  const reader = new LineReader(from);
  for (let at = from.offset; at < bytes.byteLength;) {
    const wanted = Math.min(at + BLOCK_BYTES, bytes.byteLength);
    const block = await bytes.slice(at, wanted);
    at += block.length;
    const lines = reader.take(block);
    if (lines.length > 0) yield lines;
    if (block.length === 0 || (bytes.byteLength === Infinity && at < wanted)) break;
  }
  const last = reader.finish();
  if (last !== undefined) yield [last];
}

class LineReader {
  private readonly decoder = new TextDecoder('utf-8', { fatal: true });
  private line: number;
  private start: number;
  private rest: Uint8Array = new Uint8Array();
  /** Bytes of a line that is too long, already let go. */
  private skipped = 0;

  constructor(from: TablePlace) {
    this.line = from.line;
    this.start = from.offset;
  }

  take(block: Uint8Array): Line[] {
    const lines: Line[] = [];
    let at = 0;
    for (let end = block.indexOf(NEWLINE); end >= 0; end = block.indexOf(NEWLINE, at)) {
      lines.push(this.lineOf(joined(this.rest, block.subarray(at, end)), 1));
      this.rest = new Uint8Array();
      at = end + 1;
    }
    this.rest = joined(this.rest, block.slice(at));
    if (this.rest.length > MAX_LINE_BYTES) {
      this.skipped += this.rest.length;
      this.rest = new Uint8Array();
    }
    return lines;
  }

  /** What stands after the last line end. */
  finish(): Line | undefined {
    return this.rest.length + this.skipped === 0 ? undefined : this.lineOf(this.rest, 0);
  }

  private lineOf(bytes: Uint8Array, endBytes: number): Line {
    const byteLength = this.skipped + bytes.length;
    const start = this.start;
    const end = start + byteLength + endBytes;
    const about = { line: this.line, start, end, byteLength };
    const tooLong = byteLength > MAX_LINE_BYTES;
    this.line += 1;
    this.start = end;
    this.skipped = 0;
    if (tooLong) return { ...about, tooLong, problem: `the line has ${byteLength} bytes: at most ${MAX_LINE_BYTES} are read` };
    return { ...about, ...this.decoded(bytes.at(-1) === CARRIAGE_RETURN ? bytes.subarray(0, -1) : bytes) };
  }

  /** A byte order mark goes with the decoding. */
  private decoded(bytes: Uint8Array): { text: string } | { problem: string } {
    try {
      return { text: this.decoder.decode(bytes) };
    } catch {
      return { problem: 'the line is no UTF-8 text' };
    }
  }
}

function joined(left: Uint8Array, right: Uint8Array): Uint8Array {
  if (left.length === 0) return right;
  const both = new Uint8Array(left.length + right.length);
  both.set(left);
  both.set(right, left.length);
  return both;
}
