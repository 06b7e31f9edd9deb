import { type Line, linesOf } from './lines';
import type { ByteSource, TablePlace } from './types';

/** One record: a line, or several where a quoted field holds line ends. */
export interface CsvRecord {
  text?: string;
  problem?: string;
  tooLong?: boolean;
  line: number;
  end: number;
  nextLine: number;
}

/** A quote that nobody closes takes no more than this of the file with it. */
const MAX_RECORD_BYTES = 1 << 18;
const SHOWN_CHARACTERS = 200;

/**
 * Puts the lines of a record together by counting quotes. Where that gives no record, the first line is at fault: reading goes on
 * with the line after it, so that one stray quote does not swallow the rows that follow.
 */
export async function* recordsOf(bytes: ByteSource, from: TablePlace, isRecord: (text: string) => boolean): AsyncGenerator<CsvRecord> {
  const assembler = new Assembler(isRecord);
  for await (const lines of linesOf(bytes, from)) {
    for (const line of lines) yield* assembler.take(line);
  }
  yield* assembler.finish();
}

class Assembler {
  private open: Line[] = [];
  private openBytes = 0;
  private quotes = 0;

  constructor(private readonly isRecord: (text: string) => boolean) {}

  take(line: Line): CsvRecord[] {
    const done: CsvRecord[] = [];
    this.readAll([line], done);
    return done;
  }

  /** The file may end inside a quoted field. */
  finish(): CsvRecord[] {
    const done: CsvRecord[] = [];
    while (this.open.length > 0) this.readAll(this.giveUp(done), done);
    return done;
  }

  private readAll(lines: Line[], done: CsvRecord[]): void {
    for (const [index, line] of lines.entries()) {
      const again = this.add(line, done);
      if (again.length > 0) {
        this.readAll([...again, ...lines.slice(index + 1)], done);
        return;
      }
    }
  }

  /** Gives the lines that must be read once more. */
  private add(line: Line, done: CsvRecord[]): Line[] {
    if (line.text === undefined) {
      if (this.open.length > 0) return [...this.giveUp(done), line];
      done.push(single(line));
      return [];
    }
    const quotes = quotesIn(line.text);
    if (this.open.length === 0 && quotes % 2 === 0) {
      done.push(single(line));
      return [];
    }
    this.open.push(line);
    this.openBytes += line.byteLength;
    this.quotes += quotes;
    if (this.openBytes > MAX_RECORD_BYTES && this.open.length > 1) return this.giveUp(done);
    return this.quotes % 2 === 1 ? [] : this.close(line, done);
  }

  private close(last: Line, done: CsvRecord[]): Line[] {
    const text = this.open.map((part) => part.text).join('\n');
    if (!this.isRecord(text)) return this.giveUp(done);
    done.push({ text, line: this.open[0]?.line ?? last.line, end: last.end, nextLine: last.line + 1 });
    this.clear();
    return [];
  }

  private giveUp(done: CsvRecord[]): Line[] {
    const [first, ...rest] = this.open as [Line, ...Line[]];
    this.clear();
    const text = (first.text ?? '').slice(0, SHOWN_CHARACTERS);
    done.push({ problem: `a quote is not closed: ${text}`, line: first.line, end: first.end, nextLine: first.line + 1 });
    return rest;
  }

  private clear(): void {
    this.open = [];
    this.openBytes = 0;
    this.quotes = 0;
  }
}

const single = ({ text, problem, tooLong = false, line, end }: Line): CsvRecord => ({
  ...(text === undefined ? { problem: problem ?? 'the line cannot be read', tooLong } : { text }),
  line,
  end,
  nextLine: line + 1,
});

function quotesIn(text: string): number {
  let quotes = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) quotes += 1;
  return quotes;
}
