import { scaled } from './numbers';

export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const BACKSLASH = 0x5c;
export const BLANK = 0x20;
export const NOTHING = -1;

/** Bytes of a text that stands in every line. */
export const literal = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

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
  /** No leading zero, digits on both sides of the point. */
  isJson = false;

  /** NaN: no digits, or more than fit; `end` is then of no meaning. */
  read(bytes: Uint8Array, start: number): number {
    let at = start;
    const isNegative = bytes[at] === 0x2d;
    if (isNegative) at += 1;
    const first = at;
    let mantissa = 0;
    let digit = (bytes[at] as number) - 0x30;
    for (; digit >= 0 && digit <= 9; digit = (bytes[++at] as number) - 0x30) mantissa = mantissa * 10 + digit;
    const whole = at - first;
    let exponent = 0;
    if (digit === -2) {
      const point = at;
      digit = (bytes[++at] as number) - 0x30;
      for (; digit >= 0 && digit <= 9; digit = (bytes[++at] as number) - 0x30) mantissa = mantissa * 10 + digit;
      exponent = point + 1 - at;
      this.isJson = exponent < 0 && whole > 0;
    } else this.isJson = whole > 0;
    if (whole > 1 && bytes[first] === 0x30) this.isJson = false;
    this.end = at;
    if (whole === 0 && exponent === 0) return Number.NaN;
    const value = scaled(mantissa, exponent);
    return isNegative ? -value : value;
  }
}
