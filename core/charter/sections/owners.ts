import type * as z from 'zod';
import { email, kebabName, listOf, mapOf, principalArn, section } from '../fields';

const owner = section({
  principals: listOf(principalArn, 'IAM roles or users', 1),
  notify: listOf(email, 'e-mail addresses').default([]),
});

export const roleName = kebabName(2, 32);

/** Who may decide, by role. The process owner is always named; further roles are free to choose. */
export const owners = mapOf(
  /^[a-z][a-z0-9-]{1,31}$/,
  owner,
  'a mapping from role (process, quality, risk, platform, …: a-z, 0-9 and -) to { principals, notify }',
);

export type Owners = z.output<typeof owners>;
