import { scaled } from './numbers';

export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const BACKSLASH = 0x5c;
export const BLANK = 0x20;
export const NOTHING = -1;

/** Bytes of a text that stands in every line. */
export const literal = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

/** A long text that stands in every line: compared four bytes at a time. */
export class Literal {
  readonly length: number;
  private readonly words: Int32Array;
  private readonly rest: Uint8Array;

  constructor(text: string) {
    const bytes = Buffer.from(text);
    this.length = bytes.length;
    this.words = Int32Array.from({ length: bytes.length >> 2 }, (_, index) => bytes.readInt32LE(index * 4));
    this.rest = Uint8Array.from(bytes.subarray(this.words.length * 4));
  }

  /** Index after it; -1: something else stands there. `view` is over the same bytes. */
  after(view: DataView, start: number): number {
    if (start + this.length > view.byteLength) return NOTHING;
    const { words, rest } = this;
    let at = start;
    for (let index = 0; index < words.length; index += 1, at += 4) if (view.getInt32(at, true) !== words[index]) return NOTHING;
    for (let index = 0; index < rest.length; index += 1, at += 1) if (view.getUint8(at) !== rest[index]) return NOTHING;
    return at;
  }
}

/** Index after the literal; -1: something else stands there. */
export function after(bytes: Uint8Array, at: number, expected: Uint8Array): number {
  const length = expected.length;
  for (let index = 0; index < length; index += 1) if (bytes[at + index] !== expected[index]) return NOTHING;
  return at + length;
}

/** Index of the quote that ends a JSON string without escapes; -1: it has some, or does not end. */
export function endOfPlainString(bytes: Uint8Array, at: number): number {
  for (let index = at; ; index += 1) {
    const byte = bytes[index];
    if (byte === QUOTE) return index;
    // Beyond the end there is nothing.
    if (byte === undefined || byte < BLANK || byte === BACKSLASH) return NOTHING;
  }
}

/** Index of the quote that ends a JSON string; -1: it is no JSON string. */
export function endOfString(bytes: Uint8Array, at: number): number {
  for (let index = at; ; index += 1) {
    const byte = bytes[index];
    if (byte === QUOTE) return index;
    if (byte === undefined || byte < BLANK) return NOTHING;
    if (byte !== BACKSLASH) continue;
    index = endOfEscape(bytes, index + 1);
    if (index < 0) return NOTHING;
  }
}

/** Index of the last sign of an escape that begins after the backslash. */
export function endOfEscape(bytes: Uint8Array, at: number): number {
  const byte = bytes[at];
  if (byte === 0x75) {
    for (let index = at + 1; index <= at + 4; index += 1) if (!isHex(bytes[index])) return NOTHING;
    return at + 4;
  }
  return byte !== undefined && isEscaped(byte) ? at : NOTHING;
}

/** " / \ b f n r t */
const isEscaped = (byte: number): boolean =>
  byte === QUOTE ||
  byte === BACKSLASH ||
  byte === 0x2f ||
  byte === 0x62 ||
  byte === 0x66 ||
  byte === 0x6e ||
  byte === 0x72 ||
  byte === 0x74;

const isHex = (byte: number | undefined): boolean =>
  byte !== undefined && ((byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66));

/** Reads digits by hand; says where they end and whether they are as JSON wants them. */
export class NumberBytes {
  /** Index after the digits. */
  end = 0;
  private mantissa = 0;
  /** No leading zero, digits on both sides of the point. */
  isJson = false;

  /** NaN: no digits, or more than fit; `end` is then of no meaning. */
  read(bytes: Uint8Array, start: number): number {
    const limit = bytes.length;
    let at = start;
    const isNegative = bytes[at] === 0x2d;
    if (isNegative) at += 1;
    const first = at;
    // Nine digits fit into a whole number of 32 bits, which is quicker.
    let stop = Math.min(limit, first + 9);
    at = this.few(bytes, at, stop, 0);
    if (at === stop) at = this.more(bytes, at, this.mantissa);
    const whole = at - first;
    let decimals = 0;
    this.isJson = whole > 0 && (whole === 1 || bytes[first] !== 0x30);
    if (at < limit && bytes[at] === 0x2e) {
      at += 1;
      const point = at;
      stop = Math.min(limit, point + Math.max(0, 9 - whole));
      at = this.few(bytes, at, stop, this.mantissa);
      if (at === stop) at = this.more(bytes, at, this.mantissa);
      decimals = at - point;
      this.isJson = this.isJson && decimals > 0;
    }
    this.end = at;
    if (whole + decimals === 0) return Number.NaN;
    // 0 and not -0 where there are none: V8 gives up its code at an index of -0, again and again.
    const value = scaled(this.mantissa, 0 - decimals);
    return isNegative ? -value : value;
  }

  /** A loop of its own: V8 gives up the code of one inside a longer function again and again. */
  private few(bytes: Uint8Array, start: number, stop: number, before: number): number {
    let at = start;
    let small = before;
    for (; at < stop; at += 1) {
      const digit = (bytes[at] as number) - 0x30;
      if (digit < 0 || digit > 9) break;
      small = small * 10 + digit;
    }
    this.mantissa = small;
    return at;
  }

  private more(bytes: Uint8Array, start: number, before: number): number {
    let at = start;
    let mantissa = before;
    for (; at < bytes.length; at += 1) {
      const digit = (bytes[at] as number) - 0x30;
      if (digit >>> 0 > 9) break;
      mantissa = mantissa * 10 + digit;
    }
    this.mantissa = mantissa;
    return at;
  }
}
