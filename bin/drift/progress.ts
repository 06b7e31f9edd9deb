import type { Io } from '../io';

const CLEAR_LINE = '\r\x1b[2K';
/** Less is read before anybody wonders. */
const WORTH_TELLING_BYTES = 16 * 2 ** 20;

/** How much of the files was read, on a terminal alone: one line that moves. */
export class DriftProgress {
  private readonly told: boolean;
  private before = 0;
  private shown = '';

  constructor(
    private readonly io: Io,
    /** Of all readings together. */
    private readonly byteLength: number,
  ) {
    this.told = (io.stderr as { isTTY?: boolean }).isTTY === true && byteLength >= WORTH_TELLING_BYTES;
  }

  /** Bytes of the file that is being read. */
  show(what: string, bytes: number): void {
    if (!this.told) return;
    const percent = Math.min(100, Math.floor((100 * (this.before + bytes)) / this.byteLength));
    const line = `reading ${what}: ${percent} %`;
    if (line === this.shown) return;
    this.shown = line;
    this.io.stderr.write(CLEAR_LINE + line);
  }

  /** A file was read to its end. */
  add(bytes: number): void {
    this.before += bytes;
  }

  close(): void {
    if (this.told) this.io.stderr.write(CLEAR_LINE);
  }
}
