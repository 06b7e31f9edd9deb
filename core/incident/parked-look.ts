import type { ControlRecord } from '../contracts';
import type { SeenEndpoint } from './endpoint-look';

const MINUTE_MILLIS = 60_000;
/** The endpoint goes at the first look after it was switched off; metrics, retries and slow deletions in between. */
const GONE_AFTER_MINUTES = 30;
/** Whoever looks after capacity writes that it did at least every half hour. */
const FORGOTTEN_AFTER_MINUTES = 60;

/** Why an endpoint that is switched off needs somebody; undefined: it does not. */
export function parkedTrouble(
  { parked, endpointName }: ControlRecord,
  lookedAt: string | undefined,
  seen: (SeenEndpoint & { createdAt?: string }) | undefined,
  nowMillis: number,
): string | undefined {
  if (parked === undefined) return undefined;
  const sinceMillis = Date.parse(parked.since);
  const forgottenSince = Math.max(sinceMillis, lookedAt === undefined ? 0 : Date.parse(lookedAt));
  if (nowMillis >= forgottenSince + FORGOTTEN_AFTER_MINUTES * MINUTE_MILLIS) {
    return `Endpoint ${endpointName} is switched off since ${parked.since}, and nobody looks after it: nothing switches it on again`;
  }
  // One that was made since is being woken.
  const isOld = seen?.createdAt !== undefined && Date.parse(seen.createdAt) < sinceMillis;
  return isOld && seen?.status === 'InService' && nowMillis >= sinceMillis + GONE_AFTER_MINUTES * MINUTE_MILLIS
    ? `Endpoint ${endpointName} was switched off at ${parked.since}, still stands and is billed`
    : undefined;
}
