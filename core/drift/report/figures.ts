import { escapeHtml } from '../../escape-html';

const NARROW_SPACE = '\u202f';
/** Control signs, and signs that turn the direction of what follows: names must not rewrite the page around them. */
// eslint-disable-next-line no-control-regex
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
const LONGEST_NAME = 120;

/** A name out of the data: visible, of bearable length, and only text. */
export const nameText = (name: string, longest = LONGEST_NAME): string => {
  const visible = name.replace(INVISIBLE, '\ufffd');
  const signs = [...visible];
  return escapeHtml(signs.length > longest ? `${signs.slice(0, longest - 1).join('')}…` : visible);
};

/** 8630 → `8 630`. */
export const countText = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, NARROW_SPACE);

/** 0.0534 → `5.3 %`; what is there never reads as nothing. */
export function percentText(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.01) return `< 0.01${NARROW_SPACE}%`;
  const digits = percent === 0 || percent >= 99.95 ? 0 : percent >= 10 ? 1 : 2;
  return `${Number(percent.toFixed(digits))}${NARROW_SPACE}%`;
}

/** Three digits that say something: 0.1234 → `0.123`, 1234567 → `1 230 000`. */
export function valueText(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const rounded = Number(value.toPrecision(3));
  const size = Math.abs(rounded);
  if (size >= 1e9 || (size > 0 && size < 1e-4)) return rounded.toExponential().replace('e+', 'e').replace('-', '−');
  if (size >= 1000) return `${rounded < 0 ? '−' : ''}${countText(size)}`;
  return String(rounded).replace('-', '−');
}

export const distanceText = (distance: number): string => (Number.isFinite(distance) ? distance.toFixed(3) : '–');

/** log10 of a p-value → `p = 0.03`, `p = 10⁻²⁴`. */
export function chanceText(log10P: number | undefined): string {
  if (log10P === undefined || Number.isNaN(log10P)) return '–';
  if (log10P >= -3) return `p = ${Number((10 ** Math.min(0, log10P)).toPrecision(2))}`;
  if (log10P === Number.NEGATIVE_INFINITY) return 'p < 10⁻³⁰⁰';
  return `p = 10${superscript(Math.round(log10P))}`;
}

const RAISED: Record<string, string> = {
  '-': '⁻',
  0: '⁰',
  1: '¹',
  2: '²',
  3: '³',
  4: '⁴',
  5: '⁵',
  6: '⁶',
  7: '⁷',
  8: '⁸',
  9: '⁹',
};
const superscript = (value: number): string => [...String(value)].map((sign) => RAISED[sign] ?? sign).join('');

/** `2026-03-02T09:00:00.000Z` → `2026-03-02 09:00 UTC`. */
export const momentText = (iso: string): string => {
  const millis = Date.parse(iso);
  return Number.isNaN(millis) ? nameText(iso) : `${new Date(millis).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
};

/** 1 → `last hour`, 168 → `last 7 days`. */
export function windowText(hours: number): string {
  if (hours === 1) return 'last hour';
  return hours > 48 && hours % 24 === 0 ? `last ${hours / 24} days` : `last ${hours} h`;
}
