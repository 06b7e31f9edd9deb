import type { Clock } from '../cloud/types';

/** What a service does by itself keeps no rehearsal running. */
export function inBackground(clock: Clock, atMillis: number, work: () => void): void {
  if (clock.atInBackground === undefined) clock.at(atMillis, work);
  else clock.atInBackground(atMillis, work);
}
