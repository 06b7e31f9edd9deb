import type { Io } from '../io';

const CLEAR_LINE = '\r\x1b[2K';
/** Smaller files are read before anybody wonders. */
const WORTH_TELLING_BYTES = 16 * 2 ** 20;
const READINGS = 2;

/** How much of the file was read: one line that moves on a terminal, a line per quarter elsewhere. */
export class ReadingProgress {
  private readonly live: boolean;
  private readonly told: boolean;
  private shown = -1;

  constructor(
    private readonly io: Io,
    private readonly byteLength: number,
  ) {
    this.live = (io.stderr as { isTTY?: boolean }).isTTY === true;
    this.told = byteLength >= WORTH_TELLING_BYTES;
  }

  /** Bytes of this reading; the file is read twice. */
  show(reading: 1 | 2, bytes: number): void {
    if (!this.told) return;
    const percent = Math.floor((100 * (reading - 1 + Math.min(1, bytes / this.byteLength))) / READINGS);
    const step = this.live ? percent : Math.floor(percent / 25) * 25;
    if (step <= this.shown) return;
    this.shown = step;
    this.io.stderr.write(this.live ? `${CLEAR_LINE}reading: ${step} %` : step === 0 ? '' : `reading: ${step} %\n`);
  }

  close(): void {
    if (this.live && this.told) this.io.stderr.write(CLEAR_LINE);
  }
}
