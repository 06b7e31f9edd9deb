import type { Rhythm } from '../../contracts/drift';
import { mergeProfiles } from '../count';
import type { DriftBaseline, Profile } from '../types';
import type { WindowProfiles } from './types';

export const SLOTS: Record<Rhythm, number> = { none: 0, daily: 24, weekly: 168 };
/** 1970-01-01 was a Thursday; weeks begin on Monday. */
const HOURS_SINCE_MONDAY = 72;

/** Slot of an hour (`hourOfMillis`): the hour of the day, or of the week from Monday 00:00 UTC. */
export const slotOf = (hour: number, slots: number): number => (hour + (slots === SLOTS.weekly ? HOURS_SINCE_MONDAY : 0)) % slots;

/** A table with fewer rows on one side says next to nothing, however many the other has. */
export const FEWEST_REFERENCE_ROWS = 50;

/**
 * What a window is held against: the baseline's rows of the same hours of the day, or of the week, and of no others: where these are
 * few, others would bring in the very rhythm that they leave out. All of the baseline where it has no slots, or the window's hours are
 * not known.
 */
export function referenceOf(baseline: DriftBaseline, { profiles }: WindowProfiles): Profile {
  const slots = baseline.slots;
  const hours = profiles.filter(({ profile }) => profile.rows > 0).map(({ hour }) => hour);
  if (slots === undefined || hours.length === 0 || hours.includes(undefined)) return baseline.profile;
  const wanted = new Set(hours.map((hour) => slotOf(hour!, slots.length)));
  return wanted.size === slots.length ? baseline.profile : mergeProfiles(slots.filter((_, slot) => wanted.has(slot)));
}
