import type { Parking } from '../contracts';
import { isOn } from './hours';
import { orderFor } from '../cost/orders';
import type { Situation } from './types';

const MINUTE_MILLIS = 60_000;
/** A request this young wakes what was idle; metrics come a minute or two late, looks are five minutes apart. */
const RECENT_MINUTES = 15;
/** Owners hear so long before an idle endpoint is switched off; of a short time half of it. */
const NOTICE_MINUTES = 15;

/** Whether stable's endpoint is to be on, and why not. */
export type Presence = { on: true; why: string } | { on: false; reason: Parking['reason']; why: string; wakesOnTraffic: boolean };

const on = (why: string): Presence => ({ on: true, why });
const off = (reason: Parking['reason'], why: string, wakesOnTraffic = false): Presence => ({ on: false, reason, why, wakesOnTraffic });

/** The first rule that speaks counts. A release in progress outranks them all. */
export function presenceOf(situation: Situation): Presence {
  const { control, memory, nowMillis } = situation;
  if (control.lockedBy !== undefined || control.candidate !== undefined) {
    return on(`release ${control.lockedBy ?? control.candidate?.releaseId} is in progress`);
  }
  if (memory.wakeBy !== undefined) {
    return on(memory.wakeBy.reason);
  }
  if (memory.awakeUntil !== undefined && nowMillis < Date.parse(memory.awakeUntil)) {
    return on(`it was woken until ${memory.awakeUntil}`);
  }
  const byCost = costOf(situation);
  if (byCost !== undefined) return byCost;
  if (memory.wakeFor !== undefined) {
    return on(`release ${memory.wakeFor} waits for it`);
  }
  return byHandOf(situation) ?? hoursOf(situation) ?? lifeOf(situation) ?? idleOf(situation) ?? on('nothing keeps it off any more');
}

function costOf({ orders, policy, nowMillis }: Situation): Presence | undefined {
  return orderFor(orders, 'off-hours', nowMillis) !== undefined && !isOn(policy.offHours, nowMillis)
    ? off('cost', 'the cost guard ordered office hours, and they are over')
    : undefined;
}

function byHandOf({ control: { parked } }: Situation): Presence | undefined {
  return parked?.reason === 'operator' ? off('operator', 'somebody switched it off') : undefined;
}

function hoursOf({ policy, nowMillis }: Situation): Presence | undefined {
  const { officeHours } = policy.availability;
  return officeHours?.outside === 'off' && !isOn(officeHours, nowMillis) ? off('office-hours', 'office hours are over') : undefined;
}

function lifeOf({ policy, memory, nowMillis }: Situation): Presence | undefined {
  const { timeToLiveMinutes } = policy.availability;
  const since = lifeBegan(memory);
  return timeToLiveMinutes !== undefined && since !== undefined && nowMillis >= since + timeToLiveMinutes * MINUTE_MILLIS
    ? off('time-to-live', `release ${memory.stable?.releaseId} has been stable for ${words(timeToLiveMinutes)}: its time to live is over`)
    : undefined;
}

function lifeBegan({ stable, wokenAt }: Situation['memory']): number | undefined {
  const times = [stable?.liveSince, wokenAt].filter((at) => at !== undefined).map((at) => Date.parse(at));
  return stable?.liveSince === undefined ? undefined : Math.max(...times);
}

function idleOf({ control: { parked }, policy, memory, nowMillis }: Situation): Presence | undefined {
  const { idle } = policy.availability;
  if (idle?.action !== 'off') return undefined;
  const wakesOnTraffic = idle.wake === 'on-traffic';
  const minutes = idleMinutes(memory, nowMillis);
  if (parked?.reason === 'idle') {
    const isAsked = parked.wakesOnTraffic && minutes <= RECENT_MINUTES && Date.parse(memory.activeAt ?? '') > Date.parse(parked.since);
    return isAsked ? on('it was asked') : off('idle', 'nobody asks', wakesOnTraffic);
  }
  return parked === undefined && minutes >= idle.afterMinutes
    ? off('idle', `nobody has asked for ${words(idle.afterMinutes)}`, wakesOnTraffic)
    : undefined;
}

/** Since stable was asked last, as far as is known; 0 where nothing is. */
export function idleMinutes({ activeAt }: Situation['memory'], nowMillis: number): number {
  return activeAt === undefined ? 0 : Math.max(0, (nowMillis - Date.parse(activeAt)) / MINUTE_MILLIS);
}

/** What owners hear of an idle endpoint: once for each time that it fell silent. */
export function idleNotice({ control, policy, memory, nowMillis }: Situation): { notice: 'idle-soon' | 'idle'; why: string } | undefined {
  const { idle } = policy.availability;
  if (idle === undefined || control.mode !== 'live') return undefined;
  const minutes = idleMinutes(memory, nowMillis);
  if (idle.action === 'notify') {
    return minutes >= idle.afterMinutes ? { notice: 'idle', why: `nobody has asked for ${words(minutes)}` } : undefined;
  }
  const ahead = Math.min(NOTICE_MINUTES, idle.afterMinutes / 2);
  return minutes >= idle.afterMinutes - ahead
    ? { notice: 'idle-soon', why: `nobody has asked for ${words(minutes)}; after ${words(idle.afterMinutes)} it is switched off` }
    : undefined;
}

function words(minutes: number): string {
  const whole = Math.floor(minutes);
  return whole < 120 ? `${whole} minutes` : `${Math.floor(whole / 6) / 10} hours`;
}
