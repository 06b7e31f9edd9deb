import * as z from 'zod';
import { kebabName, listOf, mapOf, matching, section, wholeNumber } from '../fields';
import { MOST_ROLES, roleName } from './owners';

const PART = 'model, serving or behaviour, or a path below one of them such as behaviour.threshold';
const PATH = /^(model|serving|behaviour)(\.[\w-]{1,64}){0,8}$/;

const RANGE = 'two numbers, the smallest and the largest allowed, such as [0.5, 0.7]';
const range = z
  .tuple([z.number({ error: RANGE }), z.number({ error: RANGE })], { error: RANGE })
  .refine(([smallest, largest]) => smallest <= largest, { error: RANGE });

const lane = section({
  name: kebabName(2, 32),
  changes: listOf(matching(PATH, PART), 'parts of a release', 1),
  within: mapOf(PATH, range, `a mapping from path to ${RANGE}`).optional(),
  requiredRoles: listOf(roleName, 'roles named under owners', 0, MOST_ROLES).default([]),
  quorum: wholeNumber(1, MOST_ROLES).optional(),
});

/** Agreed to in advance: a release that changes no more than this owes these approvals in the place of the charter's. */
export const lanes = listOf(lane, 'lanes { name, changes, within, requiredRoles, quorum }', 0, 20);

export type Lanes = z.output<typeof lanes>;
