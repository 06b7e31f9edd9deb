import { isAscii, isUtf8 } from 'node:buffer';
import { SkippedTally } from '../count/skipped';
import type { Skipped } from '../types';
import { LineCutter, LONGEST_LINE_BYTES, type LineSink } from './lines';
import { PROBLEMS } from './record';
import type { CaptureOptions, CaptureReader } from './types';

/** Blocks are read in pieces of this size: larger texts are several times slower to make. */
const PIECE_BYTES = 1 << 16;

/** Takes one line; gives what is wrong with it. */
export type ReadLine = (text: string) => string | undefined;

/** Takes a line as bytes. Index of its end; -1: it does not know such lines. */
export type ScanLine = (bytes: Buffer, start: number) => number;

/** Lines of files, each read or counted as skipped. */
export class LinesReader implements CaptureReader, LineSink {
  private readonly cutter: LineCutter;
  private readonly skipped = new SkippedTally();
  private place = '';
  fallbacks = 0;

  constructor(
    private readonly readLine: ReadLine,
    private readonly countRows: () => number,
    { longestLineBytes = LONGEST_LINE_BYTES }: CaptureOptions,
    private readonly scan?: ScanLine,
  ) {
    this.cutter = new LineCutter(this, Math.max(longestLineBytes, PIECE_BYTES));
  }

  get rows(): number {
    return this.countRows();
  }

  begin(place: string): void {
    this.cutter.finish();
    this.cutter.begin();
    this.place = place;
  }

  take(block: Uint8Array): void {
    for (let at = 0; at < block.length; at += PIECE_BYTES) this.cutter.take(block.subarray(at, at + PIECE_BYTES));
  }

  finish(): Skipped {
    this.cutter.finish();
    return this.skipped.result();
  }

  tooLong(line: number, byteLength: number): void {
    this.skipped.add(this.place, line, PROBLEMS.tooLong, `${PROBLEMS.tooLong}: ${byteLength} bytes`);
  }

  lines(bytes: Buffer, firstLine: number): number {
    const known = isAscii(bytes) ? 'latin1' : isUtf8(bytes) ? 'utf8' : undefined;
    // The scanner and single lines read bytes; else all is decoded at once.
    if (this.scan !== undefined || known === undefined) return this.byBytes(bytes, firstLine, known);
    return this.byText(bytes.toString(known), firstLine);
  }

  private byText(text: string, firstLine: number): number {
    let line = firstLine;
    for (let start = 0; start < text.length; line += 1) {
      const newline = text.indexOf('\n', start);
      const end = newline < 0 ? text.length : newline;
      this.read(text.slice(start, end), line);
      start = end + 1;
    }
    return line - firstLine;
  }

  private byBytes(bytes: Buffer, firstLine: number, encoding: 'latin1' | 'utf8' | undefined): number {
    const { scan } = this;
    let line = firstLine;
    for (let start = 0; start < bytes.length; line += 1) {
      let end = encoding === undefined || scan === undefined ? -1 : scan(bytes, start);
      if (end < 0) {
        const newline = bytes.indexOf(0x0a, start);
        end = newline < 0 ? bytes.length : newline;
        this.readBytes(bytes.subarray(start, end), line, encoding);
      }
      start = end + 1;
    }
    return line - firstLine;
  }

  private readBytes(bytes: Buffer, line: number, encoding: 'latin1' | 'utf8' | undefined): void {
    if (encoding === undefined && !isUtf8(bytes)) {
      this.skipped.add(this.place, line, PROBLEMS.noUtf8);
      return;
    }
    if (this.scan !== undefined) this.fallbacks += 1;
    this.read(bytes.toString(encoding ?? 'utf8'), line);
  }

  private read(text: string, line: number): void {
    const problem = this.readLine(text);
    if (problem !== undefined && text.trim() !== '') this.skipped.add(this.place, line, problem);
  }
}
