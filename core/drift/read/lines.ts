const NEWLINE = 0x0a;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** Captured requests and answers reach 6 MiB each, a third more in BASE64. */
export const LONGEST_LINE_BYTES = 16 * 2 ** 20;

export interface LineSink {
  /** Whole lines, each with its end except perhaps the last of the file. Valid during the call alone. */
  lines(bytes: Buffer, firstLine: number): number;
  /** A line that is too long to be kept. */
  tooLong(line: number, byteLength: number): void;
}

/** Cuts blocks into whole lines. Holds one line at most. */
export class LineCutter {
  private rest: Buffer[] = [];
  private restBytes = 0;
  private isSkipping = false;
  private line = 1;
  private isAtStart = true;

  constructor(
    private readonly sink: LineSink,
    private readonly longestBytes: number,
  ) {}

  begin(): void {
    this.rest = [];
    this.restBytes = 0;
    this.isSkipping = false;
    this.line = 1;
    this.isAtStart = true;
  }

  take(block: Uint8Array): void {
    const bytes = Buffer.from(block.buffer, block.byteOffset, block.byteLength);
    let start = 0;
    if (this.restBytes > 0) {
      const newline = bytes.indexOf(NEWLINE);
      if (newline < 0) return this.keep(bytes);
      this.keep(bytes.subarray(0, newline + 1));
      this.giveRest();
      start = newline + 1;
    }
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    if (end > start) this.give(bytes.subarray(start, end));
    if (Math.max(end, start) < bytes.length) this.keep(bytes.subarray(Math.max(end, start)));
  }

  /** The last line may have no end. */
  finish(): void {
    if (this.restBytes > 0) this.giveRest();
  }

  private keep(part: Buffer): void {
    this.restBytes += part.length;
    this.isSkipping ||= this.restBytes > this.longestBytes + 2;
    if (this.isSkipping) this.rest = [];
    // The caller may use the block again.
    else this.rest.push(Buffer.from(part));
  }

  private giveRest(): void {
    const bytes = this.rest.length === 1 ? (this.rest[0] as Buffer) : Buffer.concat(this.rest);
    if (this.isSkipping) {
      this.sink.tooLong(this.line, this.restBytes);
      this.line += 1;
    } else this.give(bytes);
    this.rest = [];
    this.restBytes = 0;
    this.isSkipping = false;
  }

  private give(bytes: Buffer): void {
    const marked = this.isAtStart && bytes.subarray(0, 3).equals(BYTE_ORDER_MARK);
    this.isAtStart = false;
    this.line += this.sink.lines(marked ? bytes.subarray(3) : bytes, this.line);
  }
}
