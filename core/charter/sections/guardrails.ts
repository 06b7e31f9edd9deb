import type * as z from 'zod';
import { currency, flag, fraction, listOf, oneOf, positiveNumber, section, waitMinutes, wholeNumber } from '../fields';
import { MOST_ROLES, roleName } from './owners';

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

const onBudget = oneOf('notify', 'kill');

export const budget = section({
  monthly: positiveNumber,
  currency,
  onForecastExceeded: onBudget.optional(),
  onExceeded: onBudget.optional(),
});

export type Approvals = z.output<typeof approvals>;
