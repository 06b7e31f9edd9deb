const TIME = /^\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

let knownHour = '';
let knownMillis = Number.NaN;

/** SageMaker's times: `2026-03-02T09:05:00Z`. Lines of one hour follow each other: its start is remembered. NaN: no time. */
export function captureTime(text: string): number {
  if (text.length !== 20 || text.charCodeAt(19) !== 0x5a || text.charCodeAt(13) !== 0x3a || text.charCodeAt(16) !== 0x3a) return slow(text);
  if (!text.startsWith(knownHour) || knownHour === '') {
    const millis = slow(`${text.slice(0, 13)}:00:00Z`);
    if (Number.isNaN(millis)) return Number.NaN;
    knownHour = text.slice(0, 13);
    knownMillis = millis;
  }
  const minutes = twoDigits(text.charCodeAt(14), text.charCodeAt(15));
  const seconds = twoDigits(text.charCodeAt(17), text.charCodeAt(18));
  return minutes < 60 && seconds < 60 ? knownMillis + (minutes * 60 + seconds) * 1_000 : Number.NaN;
}

/** 100 or more: these are no digits. */
export function twoDigits(tens: number, ones: number): number {
  const [left, right] = [tens - 0x30, ones - 0x30];
  return left >= 0 && left <= 9 && right >= 0 && right <= 9 ? left * 10 + right : 100;
}

const slow = (text: string): number => (TIME.test(text) ? Date.parse(text) : Number.NaN);
