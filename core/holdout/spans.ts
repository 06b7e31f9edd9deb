import { MINUTE_MILLIS } from './time';
import type { LiveRelease } from './types';

/** A gateway may believe the previous control record this long. */
const CONTROL_CACHE_MILLIS = 2_000;

/** When which release was stable. */
export interface StableSpan {
  releaseId: string;
  fromMillis: number;
  untilMillis: number;
}

export function stableSpans(live: LiveRelease[]): StableSpan[] {
  const sorted = [...live].sort((one, other) => one.liveSinceMillis - other.liveSinceMillis);
  return sorted.map(({ releaseId, liveSinceMillis }, index) => ({
    releaseId,
    fromMillis: liveSinceMillis,
    untilMillis: sorted[index + 1]?.liveSinceMillis ?? Number.POSITIVE_INFINITY,
  }));
}

/** The release that answered throughout that minute; undefined where the minute saw a change. */
export function spanOf(spans: StableSpan[], minuteMillis: number): StableSpan | undefined {
  return spans.find(
    ({ fromMillis, untilMillis }) => fromMillis + CONTROL_CACHE_MILLIS <= minuteMillis && minuteMillis + MINUTE_MILLIS <= untilMillis,
  );
}

/** The releases of the use case's present course: since it first went live, or since it came back after the kill switch. */
export function courseOf(live: LiveRelease[]): LiveRelease[] {
  const sorted = [...live].sort((one, other) => one.liveSinceMillis - other.liveSinceMillis);
  const begins = sorted.findLastIndex(({ revival }) => revival);
  return sorted.slice(Math.max(0, begins));
}
