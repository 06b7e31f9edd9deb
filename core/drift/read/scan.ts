import type { Cell, Row, RowSink } from '../types';
import { after, endOfPlainString, endOfString, Literal, literal, NOTHING, QUOTE } from './bytes';
import { CsvScanner } from './scan-csv';
import { JsonScanner } from './scan-json';
import { type BodyFormat, formatOf, type Side, sidesOf } from './sides';
import { captureTime, twoDigits } from './time';
import type { CaptureOptions, ReadPolicy } from './types';

const HEAD = new Literal('{"captureData":{"endpointInput":{"observedContentType":"');
const OUTPUT = new Literal('},"endpointOutput":{"observedContentType":"');
const EVENT = new Literal('}},"eventMetadata":{"eventId":"');
const INFERENCE_ID = new Literal('","inferenceId":"');
const TIME = new Literal('","inferenceTime":"');
const TAIL = new Literal('"},"eventVersion":"0"}');
const ENCODING = new Literal('","encoding":"');
const MODES = { input: new Literal('","mode":"INPUT","data":"'), output: new Literal('","mode":"OUTPUT","data":"') };
const ENCODINGS: Record<BodyFormat, Uint8Array | undefined> = { csv: literal('CSV"'), json: literal('JSON"'), text: undefined };
const TIME_BYTES = 20;
const HOUR_BYTES = 13;
const CARRIAGE_RETURN = 0x0d;
const NEWLINE = 0x0a;

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
  private view: DataView = new DataView(new ArrayBuffer(0));
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

  /** Index of the line's end; -1: the plain reader must read the line. */
  scan(bytes: Buffer, start: number): number {
    if (bytes !== this.bytes) this.look(bytes);
    const { view } = this;
    let at = HEAD.after(view, start);
    if (at < 0 || (at = this.input.scan(bytes, view, at)) < 0) return NOTHING;
    if ((at = OUTPUT.after(view, at)) < 0 || (at = this.output.scan(bytes, view, at)) < 0) return NOTHING;
    if ((at = EVENT.after(view, at)) < 0 || (at = this.id(bytes, view, at)) < 0) return NOTHING;
    if ((at = TIME.after(view, at)) < 0) return NOTHING;
    const atMillis = this.hours.read(bytes, at);
    if (Number.isNaN(atMillis) || (at = TAIL.after(view, at + TIME_BYTES)) < 0) return NOTHING;
    if (at < bytes.length && bytes[at] === CARRIAGE_RETURN) at += 1;
    if (at < bytes.length && bytes[at] !== NEWLINE) return NOTHING;
    if (atMillis < this.fromMillis || atMillis >= this.untilMillis) return at;
    this.row.atMillis = atMillis;
    this.rows += 1;
    this.sink(this.row);
    return at;
  }

  private look(bytes: Buffer): void {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Index of the quote after the last of the ids: the inference id counts, else the event id. */
  private id(bytes: Buffer, view: DataView, start: number): number {
    this.idStart = start;
    this.idEnd = endOfPlainString(bytes, start);
    if (this.idEnd <= start) return NOTHING;
    const inference = INFERENCE_ID.after(view, this.idEnd);
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
    private readonly mode: Literal,
    side: Side | undefined,
    cells: Cell[],
  ) {
    if (side === undefined) return;
    this.csv = new CsvScanner(side, cells);
    this.json = new JsonScanner(side, cells);
  }

  /** From the content type to the index of the brace that ends the part. */
  scan(bytes: Buffer, view: DataView, start: number): number {
    let at = this.contentType(bytes, start);
    if (at < 0 || (at = this.mode.after(view, at)) < 0) return NOTHING;
    const { csv, json, format } = this;
    if (csv === undefined || json === undefined) {
      if ((at = endOfString(bytes, at)) < 0 || (at = ENCODING.after(view, at)) < 0) return NOTHING;
      return (at = endOfString(bytes, at)) < 0 ? NOTHING : at + 1;
    }
    const encoding = format === undefined ? undefined : ENCODINGS[format];
    if (encoding === undefined) return NOTHING;
    at = format === 'csv' ? csv.scan(bytes, at) : json.scan(bytes, at);
    if (at < 0 || (at = ENCODING.after(view, at)) < 0) return NOTHING;
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
