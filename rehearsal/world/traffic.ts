import type { Cloud, Random } from '../cloud/types';
import type { Scenario } from './scenario-schema';

const MINUTE_MILLIS = 60_000;
const DAY_MILLIS = 86_400_000;

type Rhythm = Pick<Scenario['traffic'], 'perMinute' | 'daily'>;

/** Mean arrivals per minute at a moment: the day's rhythm peaks in the afternoon (UTC). */
export function ratePerMinute(traffic: Rhythm, atMillis: number): number {
  const phase = (2 * Math.PI * ((atMillis % DAY_MILLIS) / DAY_MILLIS - 0.375)) % (2 * Math.PI);
  return traffic.perMinute * (1 + traffic.daily * Math.sin(phase));
}

/** Poisson arrivals by thinning: calls `arrive` at each until `untilMillis`. */
export function scheduleArrivals(cloud: Cloud, random: Random, traffic: Rhythm, untilMillis: number, arrive: () => void): void {
  const peakPerMinute = traffic.perMinute * (1 + traffic.daily);
  const scheduleNext = (fromMillis: number): void => {
    let atMillis = fromMillis;
    do {
      atMillis += (-Math.log(1 - random.next()) / peakPerMinute) * MINUTE_MILLIS;
    } while (atMillis < untilMillis && random.next() * peakPerMinute > ratePerMinute(traffic, atMillis));
    if (atMillis >= untilMillis) return;
    cloud.clock.at(Math.round(atMillis), () => {
      scheduleNext(atMillis);
      arrive();
    });
  };
  scheduleNext(cloud.clock.now());
}
