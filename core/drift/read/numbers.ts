/** Powers of ten that are exact. */
const TENS = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
const MOST_EXACT = 2 ** 53;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * Value of digits that were read by hand: a whole number below 2^53 and a power of ten up to 22 are exact,
 * so that one operation gives the nearest number, as `Number` does. NaN: ask `Number`.
 */
export function scaled(mantissa: number, exponent: number): number {
  if (mantissa >= MOST_EXACT || exponent < -22 || exponent > 22) return Number.NaN;
  return exponent < 0 ? mantissa / (TENS[-exponent] as number) : mantissa * (TENS[exponent] as number);
}

/** A decimal number, read without cutting it out. NaN: it is none. */
export function numberIn(text: string, start: number, end: number): number {
  let at = start;
  let code = text.charCodeAt(at);
  const isNegative = code === 0x2d;
  if (isNegative || code === 0x2b) at += 1;
  let mantissa = 0;
  let digits = 0;
  for (; at < end && (code = text.charCodeAt(at) - 0x30) >= 0 && code <= 9; at += 1, digits += 1) mantissa = mantissa * 10 + code;
  let exponent = 0;
  if (at < end && text.charCodeAt(at) === 0x2e) {
    const point = at;
    at += 1;
    for (; at < end && (code = text.charCodeAt(at) - 0x30) >= 0 && code <= 9; at += 1, digits += 1) mantissa = mantissa * 10 + code;
    exponent = point + 1 - at;
  }
  if (digits === 0) return Number.NaN;
  const value = at < end ? Number.NaN : scaled(mantissa, exponent);
  return Number.isNaN(value) ? slowNumber(text.slice(start, end)) : isNegative ? -value : value;
}

/** Exponents, and more digits than a number can hold. Too large is infinite. */
function slowNumber(text: string): number {
  return DECIMAL.test(text) ? Number(text) : Number.NaN;
}
