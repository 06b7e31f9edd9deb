import * as z from 'zod';
import { durationMillis } from '../world/duration';

/** `90s`, `30m`, `6h`, `14d`: in milliseconds once it is read. */
export const duration = z
  .string()
  .refine((text) => durationMillis(text) !== undefined, 'a duration such as 800ms, 90s, 30m, 6h or 14d')
  .transform((text) => durationMillis(text) ?? 0);

export const text = z.string().min(1);

/** Any JSON; a text stays a text. */
export const json = z.unknown().refine((value) => value !== undefined, 'a text, a mapping or any other JSON');

const whole = z.number().int().nonnegative();

/** So many, or within bounds. */
export const amount = z.union([
  whole,
  z
    .strictObject({ atLeast: whole.optional().describe('Not fewer'), atMost: whole.optional().describe('Not more') })
    .refine(({ atLeast, atMost }) => atLeast !== undefined || atMost !== undefined, 'a whole number, or { atLeast, atMost }'),
]);

export type Amount = z.output<typeof amount>;

/** A construct path, or the end of one that names one construct only. */
export const construct = (what: string): z.ZodString => text.describe(`${what}: its construct path, or the end of one`);

/** Exactly one of these keys is there. */
export const exactlyOne =
  (keys: readonly string[]) =>
  (value: Record<string, unknown>): boolean =>
    keys.filter((key) => value[key] !== undefined).length === 1;
