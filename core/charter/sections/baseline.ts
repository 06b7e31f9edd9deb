import * as z from 'zod';
import { relativePath, section } from '../fields';

const ONE = 'exactly one of rule (a module beside the charter), fixed (an answer) or humanQueue';

/** The null model: what answers without a model. */
export const baseline = section({
  rule: relativePath('a module that exports answer(request)')
    .refine((path) => /\.[cm]?[jt]s$/.test(path), { error: 'a module ending in .ts, .mts, .cts, .js, .mjs or .cjs' })
    .optional(),
  fixed: z.json({ error: 'any JSON value' }).optional(),
  humanQueue: z.json({ error: 'any JSON value' }).optional(),
}).superRefine((chosen, context) => {
  if (Object.values(chosen).filter((value) => value !== undefined).length !== 1) context.addIssue({ code: 'custom', message: ONE });
});

export type Baseline = z.output<typeof baseline>;
