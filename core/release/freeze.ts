import type { FreezeWindow } from '../contracts/release';

export interface Frozen {
  /** ISO 8601, UTC: the first instant at which a release may begin; windows that touch or overlap count as one. */
  until: string;
  /** Of the window that holds at the instant asked for. */
  reason: string;
}

export const MINUTES_A_WEEK = 7 * 1440;
const MILLIS_A_MINUTE = 60_000;
const MILLIS_A_WEEK = MINUTES_A_WEEK * MILLIS_A_MINUTE;
/** Monday, 5 January 1970. */
const FIRST_MONDAY = 4 * 1440 * MILLIS_A_MINUTE;
/** Windows in a row that are looked at: whoever waits asks again anyway. */
const MAX_WINDOWS_IN_A_ROW = 100;

/** Whether no release may begin at this instant, until when, and why. A window holds from its first instant up to, not including, its last. */
export function frozenUntil(freezes: readonly FreezeWindow[] | undefined, atIso: string): Frozen | undefined {
  const at = Date.parse(atIso);
  if (Number.isNaN(at)) {
    throw new Error(`'${atIso}' is no time: an ISO 8601 time such as 2026-12-24T08:00:00Z is needed`);
  }
  const first = longest(freezes ?? [], at);
  if (first === undefined) {
    return undefined;
  }
  let { end } = first;
  for (let count = 0; count < MAX_WINDOWS_IN_A_ROW; count += 1) {
    const next = longest(freezes ?? [], end);
    if (next === undefined) break;
    end = next.end;
  }
  return { until: new Date(end).toISOString(), reason: first.reason };
}

/** Of the windows that hold at the instant, the one that ends last. */
function longest(freezes: readonly FreezeWindow[], at: number): { end: number; reason: string } | undefined {
  const holding = freezes.flatMap((window) => {
    const end = endIfHolds(window, at);
    return end === undefined ? [] : [{ end, reason: window.reason }];
  });
  return holding.reduce<{ end: number; reason: string } | undefined>(
    (last, window) => (last === undefined || window.end > last.end ? window : last),
    undefined,
  );
}

function endIfHolds(window: FreezeWindow, at: number): number | undefined {
  if (window.kind === 'once') {
    const end = Date.parse(window.to);
    return at >= Date.parse(window.from) && at < end ? end : undefined;
  }
  const monday = at - modulo(at - FIRST_MONDAY, MILLIS_A_WEEK);
  const from = window.fromMinute * MILLIS_A_MINUTE;
  const to = window.toMinute * MILLIS_A_MINUTE;
  const into = at - monday;
  if (from < to) {
    return into >= from && into < to ? monday + to : undefined;
  }
  // Over the week's end: it began last week, or ends in the next one.
  if (into < to) return monday + to;
  return into >= from ? monday + MILLIS_A_WEEK + to : undefined;
}

const modulo = (value: number, by: number): number => ((value % by) + by) % by;
