const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `2026-03-02 09:05`, in UTC. */
export const clock = (iso: string): string => new Date(iso).toISOString().slice(0, 16).replace('T', ' ');

/** `2 d 4 h`, `3 h 20 min`, `45 min`: two units say enough. */
export function span(millis: number): string {
  const whole = Math.max(0, Math.floor(millis / MINUTE)) * MINUTE;
  if (whole === 0) return 'less than a minute';
  if (whole >= DAY) return joined(Math.floor(whole / DAY), 'd', Math.floor((whole % DAY) / HOUR), 'h');
  return whole >= HOUR ? joined(Math.floor(whole / HOUR), 'h', Math.floor((whole % HOUR) / MINUTE), 'min') : `${whole / MINUTE} min`;
}

const joined = (large: number, unit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${smallUnit}`;

/** `2026-03-02 09:05 (3 h 20 min ago)`. */
export const since = (iso: string, nowMillis: number): string => `${clock(iso)} (${span(nowMillis - Date.parse(iso))} ago)`;

/** `2026-03-02 09:05 (in 3 h 20 min)`, or how long it is past. */
export function until(iso: string, nowMillis: number): string {
  const left = Date.parse(iso) - nowMillis;
  return left >= 0 ? `${clock(iso)} (in ${span(left)})` : `${clock(iso)} (${span(-left)} ago)`;
}

/** `5 %`, `12.5 %`. */
export const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;

/** `role MlLead`, `user anna`, or what it is called: an ARN is long at night. */
export function principal(by: string): string {
  const assumed = /^arn:[^:]+:sts::\d+:assumed-role\/([^/]+)\/(.+)$/.exec(by);
  if (assumed !== null) return `${assumed[1]} (${assumed[2]})`;
  return /^arn:[^:]+:iam::\d+:(role|user)\/(?:.*\/)?([^/]+)$/.exec(by)?.[2] ?? by;
}

/** `quality, risk and security`. */
export const listed = (names: string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
