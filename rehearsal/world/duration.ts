const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A number and its unit. */
export const DURATION = /^\s*(\d+(?:\.\d+)?)(ms|[smhd])\s*$/;

/** `800ms`, `90s`, `30m`, `6h`, `14d` in milliseconds; undefined when it is none of these. */
export function durationMillis(text: string): number | undefined {
  const match = DURATION.exec(text);
  const unit = UNITS[match?.[2] ?? ''];
  return match === null || unit === undefined ? undefined : Math.round(Number(match[1]) * unit);
}
