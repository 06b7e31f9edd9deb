import type * as z from 'zod';
import { calendarDay, durationMinutes, flag, kebabName, listOf, oneOf, positiveNumber, region, section, text } from '../fields';

const DEFAULT_RETENTION_MINUTES = 365 * 1440;

const killCriterion = section({
  kpi: kebabName(2, 40).optional(),
  noBetterThanBaselineAfter: durationMinutes.optional(),
  costPerDecisionAbove: positiveNumber.optional(),
  for: durationMinutes.optional(),
}).superRefine((criterion, context) => {
  const byKpi = criterion.kpi !== undefined && criterion.noBetterThanBaselineAfter !== undefined;
  const byCost = criterion.costPerDecisionAbove !== undefined && criterion.for !== undefined;
  const keys = Object.values(criterion).filter((value) => value !== undefined).length;
  if (keys !== 2 || byKpi === byCost) {
    context.addIssue({ code: 'custom', message: 'either kpi with noBetterThanBaselineAfter, or costPerDecisionAbove with for' });
  }
});

const data = section({
  sources: listOf(text, 'data sources'),
  residency: listOf(region, 'AWS regions', 1).optional(),
  personal: flag,
  retention: durationMinutes.default(DEFAULT_RETENTION_MINUTES),
}).transform(({ retention, ...rest }) => ({ ...rest, retentionDays: Math.ceil(retention / 1440) }));

/** Why the use case exists, and when it ends. */
export const purpose = section({
  problem: text,
  users: text,
  hypothesis: text,
  reviewBy: calendarDay,
  killCriteria: listOf(killCriterion, 'kill criteria').optional(),
  risk: oneOf('minimal', 'limited', 'high'),
  data,
});

export type Purpose = z.output<typeof purpose>;
