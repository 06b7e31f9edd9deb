import type * as z from 'zod';
import { COST_ACTIONS } from '../../contracts/cost';
import {
  currency,
  durationMinutes,
  flag,
  fraction,
  listOf,
  numberBetween,
  oneOf,
  positiveNumber,
  section,
  waitMinutes,
  wholeNumber,
} from '../fields';
import { MOST_ROLES, roleName } from './owners';
import { officeHours } from './serving';

const roles = (atLeast = 0) => listOf(roleName, 'roles named under owners', atLeast, MOST_ROLES);

const escalation = section({ after: waitMinutes, roles: roles(1) }).transform(({ after, roles: asked }) => ({
  afterMinutes: after,
  roles: asked,
}));

/** Who must agree before a release gets traffic. */
export const approvals = section({
  requiredRoles: roles().default([]),
  /** So many of them; all where it is missing. */
  quorum: wholeNumber(1, MOST_ROLES).optional(),
  /** Whose rejection ends it alone; whoever is asked where it is missing. */
  vetoRoles: roles().optional(),
  deadline: waitMinutes.default(2880),
  onDeadline: oneOf('reject', 'approve').default('reject'),
  escalation: escalation.optional(),
  separationOfDuties: flag.default(true),
  callback: flag.default(false),
}).transform(({ deadline, ...rest }) => ({ ...rest, deadlineMinutes: deadline }));

/** What people look at after the fact. */
export const review = section({ whenConfidenceBelow: fraction.optional(), sample: fraction.optional() });

const onBudget = oneOf(...COST_ACTIONS);
const THRESHOLDS = 'shares of the monthly amount, such as 0.8';
const thresholds = listOf(numberBetween(0.01, 10, 'a share of the monthly amount from 0.01 to 10, such as 0.8'), THRESHOLDS, 0, 5);

/** A rate of spending, long before the month is over. */
const overrun = section({ hourlyAbove: positiveNumber, for: durationMinutes.default(15), then: onBudget.default('notify') });

export const budget = section({
  monthly: positiveNumber,
  currency,
  thresholds: thresholds.default([0.5, 0.8, 1]),
  forecastThresholds: thresholds.default([1]),
  onForecastExceeded: onBudget.default('notify'),
  onExceeded: onBudget.default('notify'),
  overrun: overrun.optional(),
  /** Of the action off-hours; default: those of `serving.officeHours`, else Monday to Friday, 08:00 to 18:00 UTC. */
  officeHours: officeHours.optional(),
});

export type Approvals = z.output<typeof approvals>;
