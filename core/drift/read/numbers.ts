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

/** A decimal number that fills the text. NaN: it is none. Too large is infinite. */
export const numberIn = (text: string): number => (DECIMAL.test(text) ? Number(text) : Number.NaN);
