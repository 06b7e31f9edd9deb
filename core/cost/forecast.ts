import { amountOf } from './lines';
import type { MeterState } from './meter';
import { endOfMonth, HOUR_MILLIS, startOfHour } from './time';

const LOOK_BACK_HOURS = 24;
/** A release runs on twice the instances for minutes, which says nothing of a month. */
const LEAST_HOURS = 6;

/** What the last day cost in the mean of an hour; undefined: too little is known. */
export function meanPerHour(state: MeterState): number | undefined {
  const nowMillis = Date.parse(state.at);
  const fromMillis = Math.max(Date.parse(state.since), startOfHour(nowMillis) - LOOK_BACK_HOURS * HOUR_MILLIS);
  const hours = (nowMillis - fromMillis) / HOUR_MILLIS;
  if (hours < LEAST_HOURS) return undefined;
  const first = startOfHour(fromMillis);
  return state.hours.filter(({ hour }) => hour >= first).reduce((sum, { amount }) => sum + amount, 0) / hours;
}

/** This month so far, and its rest at the mean of the last day; undefined: too little is known. */
export function forecastOf(state: MeterState): number | undefined {
  const perHour = meanPerHour(state);
  if (perHour === undefined) return undefined;
  const nowMillis = Date.parse(state.at);
  return amountOf(state.monthLines) + (perHour * (endOfMonth(nowMillis) - nowMillis)) / HOUR_MILLIS;
}
