/** Figures as people read them: four digits that mean something, no trailing zeros. */
export function figure(value: number): string {
  if (value === 0) return '0';
  const digits = Math.max(0, 3 - Math.floor(Math.log10(Math.abs(value))));
  return String(Number(value.toFixed(Math.min(digits, 8))));
}

export const many = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

const MOST_REASON_CHARACTERS = 1_000;

export const shortened = (text: string, most = MOST_REASON_CHARACTERS): string =>
  text.length <= most ? text : `${text.slice(0, most - 1)}…`;

/** Sentences one after the other; each begins in small letters and ends without a stop. */
export const together = (parts: string[]): string => shortened(parts.join('; '));
