export const MINUTE_MILLIS = 60_000;
export const HOUR_MILLIS = 60 * MINUTE_MILLIS;
export const DAY_MILLIS = 24 * HOUR_MILLIS;

/** Evidence is gathered anew after this long: reading stays bounded, and what was long ago does not outweigh what is. */
export const HORIZON_DAYS = 90;
export const STRATUM_MINUTES = 60;
/** Outcomes sent at the end of their window have passed the queue by then, even when it was slow. */
export const SETTLE_MINUTES = 60;

export const startOfHour = (millis: number): number => Math.floor(millis / HOUR_MILLIS) * HOUR_MILLIS;
export const startOfDay = (millis: number): number => Math.floor(millis / DAY_MILLIS) * DAY_MILLIS;

/** `2026-03-02`. */
export const dayOf = (millis: number): string => new Date(millis).toISOString().slice(0, 10);

export const iso = (millis: number): string => new Date(millis).toISOString();

export interface Horizon {
  /** How many horizons came before. */
  index: number;
  startMillis: number;
}

/** The first begins with what it is about; each further one 90 days later, at the start of a day. Fixed in advance: no look moves it. */
export function horizonOf(sinceMillis: number, nowMillis: number): Horizon {
  const first = startOfDay(sinceMillis);
  const index = Math.max(0, Math.floor((nowMillis - first) / (HORIZON_DAYS * DAY_MILLIS)));
  return { index, startMillis: index === 0 ? sinceMillis : first + index * HORIZON_DAYS * DAY_MILLIS };
}

export interface Period {
  fromMillis: number;
  toMillis: number;
}

/** From the start of the horizon to the last hour that is settled. */
export function settledPeriod({ startMillis }: Horizon, windowMinutes: number, nowMillis: number): Period {
  return { fromMillis: startMillis, toMillis: Math.max(startMillis, settledUntil(windowMinutes, nowMillis)) };
}

/** Nothing counted in that hour changes any more. */
export function isSettled(hourMillis: number, windowMinutes: number, nowMillis: number): boolean {
  return hourMillis + HOUR_MILLIS <= settledUntil(windowMinutes, nowMillis);
}

function settledUntil(windowMinutes: number, nowMillis: number): number {
  return startOfHour(nowMillis - (windowMinutes + SETTLE_MINUTES) * MINUTE_MILLIS);
}
