import type * as z from 'zod';
import { email, kebabName, listOf, mapOf, principalArn, section } from '../fields';

const owner = section({
  principals: listOf(principalArn, 'IAM roles or users', 1),
  notify: listOf(email, 'e-mail addresses').default([]),
  /** To whom the role may be lent for a time; nobody where it is missing. */
  delegates: listOf(principalArn, 'IAM roles or users').default([]),
});

export const roleName = kebabName(2, 32);

/** Of a board. */
export const MOST_ROLES = 20;

/** Who may decide, by role. The process owner is always named; further roles are free to choose. */
export const owners = mapOf(
  /^[a-z][a-z0-9-]{1,31}$/,
  owner,
  'a mapping from role (process, quality, risk, platform, …: a-z, 0-9 and -) to { principals, notify, delegates }',
);

export type Owners = z.output<typeof owners>;
