import type { Cloud, Random } from '../cloud/types';
import type { Scenario } from './scenario-schema';

const MINUTE_MILLIS = 60_000;
const DAY_MILLIS = 86_400_000;

type Rhythm = Pick<Scenario['traffic'], 'perMinute' | 'daily'> & Partial<Pick<Scenario['traffic'], 'quiet' | 'bursts'>>;

/** `from` belongs to it, `to` does not. */
const during = ({ from, to }: { from: number; to: number }, sinceStartMillis: number): boolean =>
  sinceStartMillis >= from && sinceStartMillis < to;

/** Mean arrivals per minute at a moment: the day's rhythm peaks in the afternoon (UTC). Bursts take its place, quiet goes before all. */
export function ratePerMinute({ perMinute, daily, quiet, bursts }: Rhythm, atMillis: number, startMillis = 0): number {
  const sinceStartMillis = atMillis - startMillis;
  if (quiet?.some((window) => during(window, sinceStartMillis)) === true) return 0;
  const burst = bursts?.find((window) => during(window, sinceStartMillis));
  if (burst !== undefined) return burst.perMinute;
  const phase = (2 * Math.PI * ((atMillis % DAY_MILLIS) / DAY_MILLIS - 0.375)) % (2 * Math.PI);
  return perMinute * (1 + daily * Math.sin(phase));
}

/** Poisson arrivals by thinning, from now on: calls `arrive` at each until `untilMillis`. */
export function scheduleArrivals(cloud: Cloud, random: Random, traffic: Rhythm, untilMillis: number, arrive: () => void): void {
  const startMillis = cloud.clock.now();
  const peakPerMinute = Math.max(traffic.perMinute * (1 + traffic.daily), ...(traffic.bursts ?? []).map(({ perMinute }) => perMinute));
  const scheduleNext = (fromMillis: number): void => {
    let atMillis = fromMillis;
    do {
      atMillis += (-Math.log(1 - random.next()) / peakPerMinute) * MINUTE_MILLIS;
    } while (atMillis < untilMillis && random.next() * peakPerMinute >= ratePerMinute(traffic, atMillis, startMillis));
    if (atMillis >= untilMillis) return;
    cloud.clock.at(Math.round(atMillis), () => {
      scheduleNext(atMillis);
      arrive();
    });
  };
  scheduleNext(startMillis);
}
