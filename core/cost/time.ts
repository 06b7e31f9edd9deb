/** Months are those of AWS Budgets and of the bill: UTC. */
const HOUR_MILLIS = 3_600_000;

/** `2026-03`. */
export const monthOf = (millis: number): string => new Date(millis).toISOString().slice(0, 7);

/** `2026-03-02`. */
export const dayOf = (millis: number): string => new Date(millis).toISOString().slice(0, 10);

export const startOfHour = (millis: number): number => Math.floor(millis / HOUR_MILLIS) * HOUR_MILLIS;

export const startOfDay = (millis: number): number => Date.parse(dayOf(millis));

/** First instant of the next month. */
export function endOfMonth(millis: number): number {
  const date = new Date(millis);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}

export const isoOf = (millis: number): string => new Date(millis).toISOString();

export { HOUR_MILLIS };
