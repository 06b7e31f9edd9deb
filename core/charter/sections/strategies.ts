import * as z from 'zod';
import { DEFAULT_GUARDED, DEFAULT_LINEAR, DEFAULT_SHADOW, DEFAULT_SHADOW_MINUTES } from '../../release/strategy';
import {
  durationMinutes,
  fraction,
  matching,
  numberBetween,
  oneOf,
  positiveFraction,
  positiveNumber,
  section,
  wholeNumber,
} from '../fields';

export const STRATEGIES = ['shadow', 'canary', 'linear', 'blue-green', 'all-at-once'] as const;
const STRATEGY = `one of ${STRATEGIES.join(', ')}, or a list of them such as [shadow, canary]`;

export const strategies = z
  .union([z.enum(STRATEGIES), z.array(z.enum(STRATEGIES)).min(1).max(5)], { error: STRATEGY })
  .transform((chosen) => (typeof chosen === 'string' ? [chosen] : chosen));

const field = matching(/^\S(.{0,498}\S)?$/, 'a JMESPath into the JSON answer, such as label or scores[0].value');

/** Copies of stable's requests go to the candidate; its answers are compared and never used. */
export const shadow = section({
  bake: durationMinutes.default(DEFAULT_SHADOW_MINUTES),
  sampling: positiveFraction.default(DEFAULT_SHADOW.samplingShare),
  agreement: section({
    field: field.optional(),
    atLeast: fraction.optional(),
    tolerance: numberBetween(0, 1e12, 'a number from 0').optional(),
  }).optional(),
  latencyRatioAtMost: positiveNumber.optional(),
  errorRateAbove: fraction.default(DEFAULT_SHADOW.errorRateAbove),
  minimumAnswers: wholeNumber(1, 1_000_000).default(DEFAULT_SHADOW.minimumAnswers),
}).transform(({ bake, sampling, agreement, latencyRatioAtMost, errorRateAbove, minimumAnswers }) => ({
  bakeMinutes: bake,
  samplingShare: sampling,
  ...(agreement?.field === undefined ? {} : { agreementField: agreement.field }),
  ...(agreement?.atLeast === undefined ? {} : { agreementAtLeast: agreement.atLeast }),
  ...(agreement?.tolerance === undefined ? {} : { agreementTolerance: agreement.tolerance }),
  ...(latencyRatioAtMost === undefined ? {} : { latencyRatioAtMost }),
  errorRateAbove,
  minimumAnswers,
}));

/** A canary with equal steps. */
export const linear = section({
  step: positiveFraction.default(DEFAULT_LINEAR.step),
  bake: durationMinutes.default(DEFAULT_LINEAR.bakeMinutes),
}).transform(({ step, bake }) => ({ step, bakeMinutes: bake }));

const WAIT = 'a duration from 0m to 60m';
const guardedMinutes = z
  .string({ error: WAIT })
  .regex(/^(0m|[1-9]\d{0,5}[mhd])$/, { error: WAIT })
  .transform((value) => (value === '0m' ? 0 : durationMinutes.parse(value)));

/** SageMaker's own deployment guardrails. */
export const blueGreen = section({
  routing: oneOf('all-at-once', 'canary', 'linear').default(DEFAULT_GUARDED.routing),
  step: positiveFraction.optional(),
  wait: guardedMinutes.default(DEFAULT_GUARDED.waitMinutes),
  terminationWait: guardedMinutes.default(DEFAULT_GUARDED.terminationWaitMinutes),
}).transform(({ routing, step, wait, terminationWait }) => ({
  routing,
  ...(routing === 'all-at-once' && step === undefined ? {} : { stepShare: step ?? DEFAULT_GUARDED.stepShare }),
  waitMinutes: wait,
  terminationWaitMinutes: terminationWait,
}));
