const NARROW_SPACE = '\u202f';

/** 8630 → `8 630`. */
export const countText = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, NARROW_SPACE);

export const timesText = (count: number): string => (count === 1 ? 'once' : `${countText(count)} times`);

/** 0.05 → `5 %`. */
export const percentText = (share: number): string => {
  const percent = share * 100;
  const digits = percent === 0 || percent >= 10 ? 0 : percent >= 1 ? 1 : 2;
  return `${Number(percent.toFixed(digits))}${NARROW_SPACE}%`;
};

/** Hours and minutes since the start: `5:41`; before it `−1:20`. */
export function clockText(seconds: number): string {
  const minutes = Math.floor(Math.abs(seconds) / 60);
  return `${seconds < 0 ? '−' : ''}${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
}

export function durationText(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}

/** log10 of evidence → `26`, `3.2 × 10⁴`. */
export function evidenceText(log10: number): string {
  if (log10 >= -2 && log10 < 4) return String(Number((10 ** log10).toPrecision(2)));
  return `10^${Number(log10.toFixed(1))}`;
}
