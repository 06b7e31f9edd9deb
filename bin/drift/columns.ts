import type { FeatureKind } from '../../core/contracts';

export type Side = 'input' | 'output';

/** More values are not told apart. */
const DISTINCT_KEPT = 20_000;
/** Of this many values nearly all must be of a kind. */
const NEARLY_ALL = 0.95;
/** Fewer rows do not show whether values repeat. */
const ROWS_THAT_TELL = 20;
const WORDS_OF_TEXT = 4;
const CATEGORIES_OF_FEW_ROWS = 20;
const REPEATING = 0.5;
const ID_NAME = /(^|[_\-. ])(id|uuid|guid|key)$|[a-z](Id|ID|Uuid|UUID)$/;
const DATE = /^\d{4}[-/]\d{1,2}[-/]\d{1,2}([T ]|$)/;
const TIME_NAME = /(time|date|timestamp|(^|[_-])at)$/i;
/** Seconds and milliseconds of the years 1990 to 2100. */
const EPOCHS = [
  [631_152_000, 4_102_444_800],
  [631_152_000_000, 4_102_444_800_000],
] as const;

export type Judged = { kind: FeatureKind } | { leftOut: string };

/** What a column is, whoever says so. */
export interface AnyColumn {
  side: Side;
  /** As the reader addresses it. */
  path: string;
  label: string;
  /** What it is as a feature, or why it is none. */
  judged(): Judged;
  /** What somebody who asks for the column by name gets. */
  asked(): FeatureKind;
}

/** What the values of one column say of it. */
export class Column implements AnyColumn {
  private present = 0;
  private numbers = 0;
  private whole = 0;
  private booleans = 0;
  private objects = 0;
  private dates = 0;
  private epochs = 0;
  private words = 0;
  private rising = 0;
  private last = Number.NEGATIVE_INFINITY;
  private readonly distinct = new Set<string>();

  constructor(
    readonly side: Side,
    readonly path: string,
    readonly label: string,
  ) {}

  /** `isText`: a cell of a CSV file, in which numbers are texts. */
  add(value: unknown, isText: boolean): void {
    if (value === null || value === undefined || value === '') return;
    const cell = isText && typeof value === 'string' ? parsed(value) : value;
    if (cell === undefined) return;
    this.present += 1;
    if (typeof cell === 'object') {
      this.objects += 1;
      return;
    }
    if (this.distinct.size < DISTINCT_KEPT) this.distinct.add(String(cell));
    if (typeof cell === 'number') this.addNumber(cell);
    else if (typeof cell === 'boolean') this.booleans += 1;
    else this.addText(String(cell));
  }

  private addNumber(value: number): void {
    this.numbers += 1;
    if (Number.isInteger(value)) this.whole += 1;
    if (value > this.last) this.rising += 1;
    this.last = value;
    if (EPOCHS.some(([from, to]) => value >= from && value <= to)) this.epochs += 1;
  }

  private addText(value: string): void {
    if (DATE.test(value)) this.dates += 1;
    this.words += value.trim().split(/\s+/).length;
  }

  judged(): Judged {
    if (this.present === 0) return { leftOut: 'has no value' };
    if (this.label === '') return { leftOut: 'has no name' };
    if (this.is(this.objects)) return { leftOut: 'is neither number nor text' };
    if (this.is(this.dates) || (this.is(this.epochs) && TIME_NAME.test(this.label))) return { leftOut: 'is a time' };
    const tells = this.present >= ROWS_THAT_TELL;
    if (ID_NAME.test(this.label) && (!tells || this.distinctShare() >= REPEATING)) return { leftOut: 'is an id' };
    if (this.is(this.numbers)) return this.judgedNumber(tells);
    if (this.is(this.booleans)) return { kind: 'categorical' };
    return this.judgedText(tells);
  }

  private judgedNumber(tells: boolean): Judged {
    if (tells && this.is(this.whole) && this.rising >= NEARLY_ALL * this.numbers) return { leftOut: 'counts the rows' };
    const isFlag = [...this.distinct].every((value) => value === '0' || value === '1');
    return { kind: isFlag ? 'categorical' : 'numeric' };
  }

  private judgedText(tells: boolean): Judged {
    if (this.reads()) return { kind: 'text' };
    if (tells && this.distinct.size > CATEGORIES_OF_FEW_ROWS && this.distinctShare() > REPEATING) return { leftOut: 'is nearly unique' };
    return { kind: 'categorical' };
  }

  asked(): FeatureKind {
    const judged = this.judged();
    if ('kind' in judged) return judged.kind;
    if (this.is(this.numbers)) return 'numeric';
    return this.reads() ? 'text' : 'categorical';
  }

  private reads(): boolean {
    const texts = this.present - this.numbers - this.booleans - this.objects;
    return texts > 0 && this.words / texts >= WORDS_OF_TEXT && this.distinct.size > Math.min(CATEGORIES_OF_FEW_ROWS, this.present / 2);
  }

  private is(count: number): boolean {
    return count >= NEARLY_ALL * this.present;
  }

  private distinctShare(): number {
    return this.distinct.size / Math.min(this.present, DISTINCT_KEPT);
  }
}

/** As the reader of CSV takes a cell; undefined: there is no value. */
function parsed(text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === '' || /^(nan|na|null|none)$/i.test(trimmed)) return undefined;
  const number = Number(trimmed);
  if (Number.isFinite(number)) return number;
  return /^(true|false)$/i.test(trimmed) ? trimmed.toLowerCase() === 'true' : text;
}
