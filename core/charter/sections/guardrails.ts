import type * as z from 'zod';
import { currency, fraction, listOf, oneOf, positiveNumber, section, waitMinutes } from '../fields';
import { roleName } from './owners';

/** Who must agree before a release gets traffic. */
export const approvals = section({
  requiredRoles: listOf(roleName, 'roles named under owners').default([]),
  deadline: waitMinutes.default(2880),
  onDeadline: oneOf('reject', 'approve').default('reject'),
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
