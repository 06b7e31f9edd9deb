import * as z from 'zod';
import { DURATION, durationMillis } from './duration';

export const duration = z
  .string()
  .refine((text) => durationMillis(text) !== undefined, 'a duration such as 800ms, 90s, 30m, 6h or 14d')
  .meta({ pattern: DURATION.source })
  .transform((text) => durationMillis(text) ?? 0);

export const share = z.number().min(0).max(1);

/** When a habit shows: without `for` from `at` on. */
const when = { at: duration.prefault('0s'), for: duration.optional() };

/** What a poisoned source sends: each kind is wrong in one way. */
export const GARBAGE_KINDS = [
  'nan',
  'infinity',
  'negative',
  'future',
  'unknown-kpi',
  'forged-id',
  'wrong-use-case',
  'huge',
  'malformed',
] as const;

export type GarbageKind = (typeof GARBAGE_KINDS)[number];

/** How the systems behave that observe outcomes: which way their events go, and what they do wrong all the time. */
export const kpiEventsSchema = z.strictObject({
  route: z.enum(['eventbridge', 'sqs', 'https', 'file']).default('eventbridge'),
  /** https, file: how long a producer gathers events before it sends them. */
  every: duration.prefault('5m'),
  /** By which field an event names the decision. */
  identify: z.enum(['decisionId', 'inferenceId']).default('decisionId'),
  /** Sent again, at any time within `by`. */
  duplicate: z.strictObject({ ...when, share, by: duration.prefault('1m') }).optional(),
  /** Observed and sent so much later. */
  delay: z.strictObject({ ...when, share: share.default(1), by: duration }).optional(),
  /** Observed in time, but held back for any time up to `by`, while others overtake it. */
  reorder: z.strictObject({ ...when, share: share.default(1), by: duration }).optional(),
  /** Never sent. */
  lose: z.strictObject({ ...when, share }).optional(),
  garbage: z
    .strictObject({
      ...when,
      perMinute: z.number().positive().max(6000),
      kinds: z
        .array(z.enum(GARBAGE_KINDS))
        .min(1)
        .default([...GARBAGE_KINDS]),
    })
    .optional(),
});

export type KpiEvents = z.output<typeof kpiEventsSchema>;
