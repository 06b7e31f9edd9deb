import type { RejectedEvent, RejectionReason } from '../../core/contracts';
import { type BatchOptions, checkEvent } from '../../core/observation';
import { type ByteSource, rowsOf, type TableFormat, type TableRow } from '../../core/tables';
import { bytesOf } from '../shared/kpi-messages';
import { eventOfRow, MEMBERS, rowId } from './event-of-row';
import { type FileProgress, isBackfill, rejectedRows } from './progress';

/** Bad rows that are kept one by one; the file itself holds the others, and its result counts them. */
export const KEPT_ROWS = 1_000;
const EXAMPLES = 20;
/** Events that are held before they are sent. */
const HELD_EVENTS = 2_500;
const ROWS_BETWEEN_LOOKS = 500;

export interface ChunkParts {
  useCase: string;
  send(events: object[], options: BatchOptions): Promise<void>;
  /** Whether there is time for more rows. */
  hasTime(): boolean;
}

export interface Chunk {
  progress: FileProgress;
  /** Bad rows of this chunk that are to be kept. */
  bad: RejectedEvent[];
  finished: boolean;
}

/** Reads on until the rows or the time are used up. Everything that it says is sent has been sent. */
export async function readChunk(
  parts: ChunkParts,
  file: { format: TableFormat; bytes: ByteSource },
  before: FileProgress,
  maxRows: number,
): Promise<Chunk> {
  const reading = new Reading(parts.useCase, file.format, before);
  const { progress } = reading;
  const how = { replay: isBackfill(before) };
  const options = { columns: MEMBERS, ...(before.from === undefined ? {} : { from: before.from }) };
  let finished = true;
  for await (const row of rowsOf(file.format, file.bytes, options)) {
    reading.take(row);
    if (reading.held.length >= HELD_EVENTS) await parts.send(reading.release(), how);
    const rows = progress.rows - before.rows;
    if (rows >= maxRows || (rows % ROWS_BETWEEN_LOOKS === 0 && !parts.hasTime())) {
      finished = false;
      break;
    }
  }
  if (reading.held.length > 0) await parts.send(reading.release(), how);
  return { progress, bad: reading.bad, finished };
}

class Reading {
  readonly progress: FileProgress;
  readonly bad: RejectedEvent[] = [];
  held: object[] = [];

  constructor(
    private readonly useCase: string,
    private readonly format: TableFormat,
    before: FileProgress,
  ) {
    this.progress = { ...before, rejected: { ...before.rejected }, examples: [...before.examples], waits: 0 };
  }

  take(row: TableRow): void {
    this.progress.rows += 1;
    this.progress.from = row.next;
    const eventId = rowId(this.progress, row.line);
    if ('problem' in row) {
      this.reject(row.line, row.tooLong === true ? 'too-large' : 'malformed', row.problem, { eventId, body: row.text ?? '' });
      return;
    }
    this.progress.ignoredColumns ??= Object.keys(row.row).filter((name) => !(MEMBERS as string[]).includes(name));
    this.takeEvent(row.line, eventOfRow(row.row, this.format, { useCase: this.useCase, eventId }), eventId);
  }

  release(): object[] {
    const events = this.held;
    this.held = [];
    this.progress.sent += events.length;
    return events;
  }

  private takeEvent(line: number, event: object, rowEventId: string): void {
    const { eventId, kpi } = event as { eventId?: unknown; kpi?: unknown };
    const about = {
      eventId: typeof eventId === 'string' ? eventId.slice(0, 128) : rowEventId,
      ...(typeof kpi === 'string' ? { kpi: kpi.slice(0, 64) } : {}),
    };
    const checked = checkEvent(event, bytesOf(event));
    if (checked.ok) this.held.push(event);
    else this.reject(line, checked.reason, checked.detail, { ...about, body: JSON.stringify(event) });
  }

  private reject(line: number, reason: RejectionReason, detail: string, event: Pick<RejectedEvent, 'eventId' | 'kpi' | 'body'>): void {
    const { bucket, key, droppedAt, rejected, examples } = this.progress;
    if (rejectedRows(this.progress) < KEPT_ROWS) {
      this.bad.push({ ...event, reason, detail: `s3://${bucket}/${key} line ${line}: ${detail}`, receivedAt: droppedAt });
    }
    rejected[reason] = (rejected[reason] ?? 0) + 1;
    if (examples.length < EXAMPLES) examples.push({ line, reason, detail });
  }
}
