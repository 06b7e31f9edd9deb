import * as z from 'zod';

export { duration } from '../world/kpi-events-schema';

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

/** For editors: one of these keys. */
export const oneOf = (keys: readonly string[]): { oneOf: { required: string[] }[] } => ({
  oneOf: keys.map((key) => ({ required: [key] })),
});

/** Exactly one of these keys is there. */
export const exactlyOne =
  (keys: readonly string[]) =>
  (value: Record<string, unknown>): boolean =>
    keys.filter((key) => value[key] !== undefined).length === 1;
