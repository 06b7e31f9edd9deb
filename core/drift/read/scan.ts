import type { Cell, Row, RowSink } from '../types';
import { type BodyFormat, formatOf } from './body';
import { after, endOfPlainString, endOfString, literal, NOTHING, QUOTE } from './bytes';
import { CsvScanner } from './scan-csv';
import { JsonScanner } from './scan-json';
import { type Side, sidesOf } from './sides';
import { captureTime, twoDigits } from './time';
import type { CaptureOptions, ReadPolicy } from './types';

const HEAD = literal('{"captureData":{"endpointInput":{"observedContentType":"');
const OUTPUT = literal('},"endpointOutput":{"observedContentType":"');
const EVENT = literal('}},"eventMetadata":{"eventId":"');
const INFERENCE_ID = literal('","inferenceId":"');
const TIME = literal('","inferenceTime":"');
const TAIL = literal('"},"eventVersion":"0"}');
const ENCODING = literal('","encoding":"');
const MODES = { input: literal('","mode":"INPUT","data":"'), output: literal('","mode":"OUTPUT","data":"') };
const ENCODINGS: Record<BodyFormat, Uint8Array | undefined> = { csv: literal('CSV"'), json: literal('JSON"'), text: undefined };
const TIME_BYTES = 20;
const HOUR_BYTES = 13;

/** Reads lines of exactly the structure that SageMaker writes, byte by byte, and knows at once where it has to give up. */
export class CaptureScanner {
  private readonly input: PartScanner;
  private readonly output: PartScanner;
  private readonly cells: Cell[];
  private readonly row: Row;
  private readonly hours = new HourBytes();
  private readonly fromMillis: number;
  private readonly untilMillis: number;
  private bytes: Buffer = Buffer.alloc(0);
  private idStart = 0;
  private idEnd = 0;
  rows = 0;

  constructor(
    policy: ReadPolicy,
    private readonly sink: RowSink,
    { fromMillis = Number.NEGATIVE_INFINITY, untilMillis = Number.POSITIVE_INFINITY }: CaptureOptions,
  ) {
    this.fromMillis = fromMillis;
    this.untilMillis = untilMillis;
    this.cells = policy.features.map(() => undefined);
    const sides = sidesOf(policy);
    this.input = new PartScanner(
      MODES.input,
      sides.find(({ name }) => name === 'input'),
      this.cells,
    );
    this.output = new PartScanner(
      MODES.output,
      sides.find(({ name }) => name === 'output'),
      this.cells,
    );
    this.row = { id: '', atMillis: 0, cells: this.cells };
    // Few rows are asked for their id: it is decoded then.
    Object.defineProperty(this.row, 'id', { get: () => this.bytes.toString('utf8', this.idStart, this.idEnd), enumerable: true });
  }

  /** False: the plain reader must read the line. */
  scan(bytes: Buffer, start: number, lineEnd: number): boolean {
    let at = after(bytes, start, HEAD);
    if (at < 0 || (at = this.input.scan(bytes, at)) < 0) return false;
    if ((at = after(bytes, at, OUTPUT)) < 0 || (at = this.output.scan(bytes, at)) < 0) return false;
    if ((at = after(bytes, at, EVENT)) < 0 || (at = this.id(bytes, at)) < 0) return false;
    if ((at = after(bytes, at, TIME)) < 0) return false;
    const atMillis = this.hours.read(bytes, at);
    const end = after(bytes, at + TIME_BYTES, TAIL);
    if (Number.isNaN(atMillis) || (end !== lineEnd && !(end === lineEnd - 1 && bytes[end] === 0x0d))) return false;
    if (atMillis < this.fromMillis || atMillis >= this.untilMillis) return true;
    this.bytes = bytes;
    this.row.atMillis = atMillis;
    this.rows += 1;
    this.sink(this.row);
    return true;
  }

  /** Index of the quote after the last of the ids: the inference id counts, else the event id. */
  private id(bytes: Buffer, start: number): number {
    this.idStart = start;
    this.idEnd = endOfPlainString(bytes, start);
    if (this.idEnd <= start) return NOTHING;
    const inference = after(bytes, this.idEnd, INFERENCE_ID);
    if (inference < 0) return this.idEnd;
    this.idStart = inference;
    this.idEnd = endOfPlainString(bytes, inference);
    return this.idEnd > inference ? this.idEnd : NOTHING;
  }
}

/** The request, or the answer. */
class PartScanner {
  private readonly csv: CsvScanner | undefined;
  private readonly json: JsonScanner | undefined;
  /** Content types repeat from line to line. */
  private type: Uint8Array = new Uint8Array();
  private format: BodyFormat | undefined;

  constructor(
    private readonly mode: Uint8Array,
    side: Side | undefined,
    cells: Cell[],
  ) {
    if (side === undefined) return;
    this.csv = new CsvScanner(side, cells);
    this.json = new JsonScanner(side, cells);
  }

  /** From the content type to the index of the brace that ends the part. */
  scan(bytes: Buffer, start: number): number {
    let at = this.contentType(bytes, start);
    if (at < 0 || (at = after(bytes, at, this.mode)) < 0) return NOTHING;
    const { csv, json, format } = this;
    if (csv === undefined || json === undefined) {
      if ((at = endOfString(bytes, at)) < 0 || (at = after(bytes, at, ENCODING)) < 0) return NOTHING;
      return (at = endOfString(bytes, at)) < 0 ? NOTHING : at + 1;
    }
    const encoding = format === undefined ? undefined : ENCODINGS[format];
    if (encoding === undefined) return NOTHING;
    at = format === 'csv' ? csv.scan(bytes, at) : json.scan(bytes, at);
    if (at < 0 || (at = after(bytes, at, ENCODING)) < 0) return NOTHING;
    return after(bytes, at, encoding);
  }

  private contentType(bytes: Buffer, start: number): number {
    const { type } = this;
    if (type.length > 0 && bytes[start + type.length] === QUOTE && after(bytes, start, type) >= 0) return start + type.length;
    const end = endOfPlainString(bytes, start);
    if (end < 0) return NOTHING;
    this.type = Uint8Array.from(bytes.subarray(start, end));
    this.format = formatOf(bytes.toString('utf8', start, end));
    return end;
  }
}

/** Lines of one hour follow each other: its start is remembered. */
class HourBytes {
  private hour: Uint8Array = new Uint8Array();
  private millis = Number.NaN;

  /** Epoch milliseconds; NaN: no time as SageMaker writes it. */
  read(bytes: Buffer, at: number): number {
    if (bytes[at + 19] !== 0x5a || bytes[at + 13] !== 0x3a || bytes[at + 16] !== 0x3a) return Number.NaN;
    if (this.hour.length === 0 || after(bytes, at, this.hour) < 0) {
      this.millis = captureTime(`${bytes.toString('latin1', at, at + HOUR_BYTES)}:00:00Z`);
      this.hour = Uint8Array.from(bytes.subarray(at, at + HOUR_BYTES));
    }
    const minutes = twoDigits(bytes[at + 14] as number, bytes[at + 15] as number);
    const seconds = twoDigits(bytes[at + 17] as number, bytes[at + 18] as number);
    return minutes < 60 && seconds < 60 ? this.millis + (minutes * 60 + seconds) * 1_000 : Number.NaN;
  }
}
