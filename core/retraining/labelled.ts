import type { CapturedBody, CapturedRecord } from '../drift/read/types';
import { hash32 } from '../drift/count/hash';

/** A captured request whose truth is known. */
export interface LabelledRow {
  id: string;
  atMillis: number;
  /** One line: JSON without blanks, or a line of text. */
  request: string;
  requestIsJson: boolean;
  /** What was answered, in one line. */
  answer?: string;
  answerIsJson: boolean;
  truth: string | number | boolean;
  /** Stable itself answered it, since it became stable. */
  byStable: boolean;
}

/** Why rows with a known truth could not be taken. */
export const PROBLEMS: Record<RowProblem, string> = {
  broken: 'with input that drift calls broken',
  'no-request': 'without a captured request',
  'several-lines': 'of several lines',
  'no-json': 'that are no JSON',
  'other-content-type': 'of another content type than retraining.inference.contentType',
};

export type RowProblem = 'broken' | 'no-request' | 'several-lines' | 'no-json' | 'other-content-type';

/** What the data sets need of a captured record, or why it is left out. A transform job sends every request as the one content type. */
export function labelledRow(
  record: CapturedRecord,
  truth: LabelledRow['truth'],
  { byStable, contentType }: { byStable: boolean; contentType: string },
): LabelledRow | RowProblem {
  if (record.request === undefined) return 'no-request';
  const request = oneLine(record.request);
  if (typeof request === 'string') return request;
  if (request.isJson !== isJson(contentType)) return 'other-content-type';
  const answer = record.answer === undefined ? undefined : oneLine(record.answer);
  const usable = typeof answer === 'object' ? answer : undefined;
  return {
    id: record.id,
    atMillis: record.atMillis,
    request: request.line,
    requestIsJson: request.isJson,
    ...(usable === undefined ? {} : { answer: usable.line }),
    answerIsJson: usable?.isJson ?? false,
    truth,
    byStable,
  };
}

const isJson = (contentType: string): boolean => /^application\/([\w.-]+\+)?json(lines)?\b/i.test(contentType);

/** A transform job sends a line per request: what has no single line cannot be scored again. */
function oneLine({ text, contentType }: CapturedBody): { line: string; isJson: boolean } | RowProblem {
  if (isJson(contentType)) {
    try {
      return { line: JSON.stringify(JSON.parse(text)), isJson: true };
    } catch {
      return 'no-json';
    }
  }
  const line = text.replace(/\r?\n$/, '');
  if (line === '') return 'no-request';
  return /[\r\n]/.test(line) ? 'several-lines' : { line, isJson: false };
}

export interface SelectionLimits {
  mostRows: number;
  mostBytes: number;
}

const bytesOf = ({ id, request, answer }: LabelledRow): number => id.length + request.length + (answer?.length ?? 0) + 120;

/** Stable's own answer first, then the earlier one: never the order in which files were read. */
function comesBefore(row: LabelledRow, other: LabelledRow): boolean {
  if (row.byStable !== other.byStable) return row.byStable;
  if (row.atMillis !== other.atMillis) return row.atMillis < other.atMillis;
  return (row.answer ?? '') < (other.answer ?? '');
}

/** How much more than its limits is held before the surplus goes. */
const SLACK = 1.25;

/**
 * The rows with the smallest hashes of their ids, as many as the limits allow: the same whatever the order in which they come. Of two
 * captures of one request (a shadow has its own) stable's counts.
 */
export class Selection {
  private rows = new Map<string, LabelledRow>();
  private bytes = 0;
  /** Different requests that were seen. */
  seen = 0;
  private largestHash = Number.POSITIVE_INFINITY;

  constructor(private readonly limits: SelectionLimits) {}

  add(row: LabelledRow): void {
    const known = this.rows.get(row.id);
    if (known !== undefined) {
      if (comesBefore(row, known)) this.keep(row, known);
      return;
    }
    this.seen += 1;
    if (hash32(row.id) > this.largestHash) return;
    this.keep(row, undefined);
    if (this.rows.size > this.limits.mostRows * SLACK || this.bytes > this.limits.mostBytes * SLACK) this.trim();
  }

  /** In the order of their time. */
  selected(): LabelledRow[] {
    this.trim();
    return [...this.rows.values()].sort((one, other) => one.atMillis - other.atMillis || (one.id < other.id ? -1 : 1));
  }

  private keep(row: LabelledRow, instead: LabelledRow | undefined): void {
    this.rows.set(row.id, row);
    this.bytes += bytesOf(row) - (instead === undefined ? 0 : bytesOf(instead));
  }

  private trim(): void {
    if (this.rows.size <= this.limits.mostRows && this.bytes <= this.limits.mostBytes) return;
    const hashed = [...this.rows.values()].map((row) => ({ row, hash: hash32(row.id) }));
    hashed.sort((one, other) => one.hash - other.hash || (one.row.id < other.row.id ? -1 : 1));
    let bytes = 0;
    let count = 0;
    for (const { row } of hashed) {
      if (count === this.limits.mostRows || bytes + bytesOf(row) > this.limits.mostBytes) break;
      bytes += bytesOf(row);
      count += 1;
    }
    this.rows = new Map(hashed.slice(0, count).map(({ row }) => [row.id, row]));
    this.bytes = bytes;
    this.largestHash = hashed[count - 1]?.hash ?? 0;
  }
}
