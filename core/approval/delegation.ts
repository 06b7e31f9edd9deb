import type { DelegationRecord } from '../contracts';
import { isNamedPerson, isPrincipal, type Owners, rolesOf } from '../release/principals';

/** A role that the signer may act in, by the charter or on behalf of somebody. */
export interface HeldRole {
  role: string;
  /** The principal who delegated it. */
  onBehalfOf?: string;
}

export interface DelegationAsked {
  role: string;
  /** ARN of an IAM role or user, or of one person's session of an Identity Center role. */
  to: string;
  /** 0 ends it. */
  minutes: number;
  reason: string;
}

export type Delegated = { ok: true; record: DelegationRecord } | { ok: false; code: 400 | 403; reason: string };

const MINUTE_MILLIS = 60_000;
export const LONGEST_DELEGATION_MINUTES = 30 * 1440;

/** Roles by the charter first; a delegation holds only while who gave it holds the role and the charter names who got it. */
export function heldRoles(signer: string, owners: Owners, delegates: Owners, delegations: DelegationRecord[], at: string): HeldRole[] {
  const own = rolesOf(signer, owners);
  const lent = delegations.filter(
    ({ role, to, by, from, until }) =>
      isPrincipal(signer, to) && from <= at && at < until && rolesOf(by, owners).includes(role) && mayReceive(delegates, role, to),
  );
  const others = lent.filter(({ role }, index) => !own.includes(role) && lent.findIndex((other) => other.role === role) === index);
  return [...own.map((role) => ({ role })), ...others.map(({ role, by }) => ({ role, onBehalfOf: by }))];
}

/** Only a role of one's own is lent, to whom the charter names, for a limited time. */
export function delegationOf(asked: DelegationAsked, signer: string, owners: Owners, delegates: Owners, atMillis: number): Delegated {
  const { role, to, minutes, reason } = asked;
  if (!rolesOf(signer, owners).includes(role)) {
    return { ok: false, code: 403, reason: `${signer} does not hold the role '${role}' and cannot delegate it` };
  }
  if (isPrincipal(signer, to)) return { ok: false, code: 400, reason: `${to} is who asks: a role is delegated to somebody else` };
  if (!mayReceive(delegates, role, to)) {
    const named = delegates[role] ?? [];
    const allowed = named.length === 0 ? `the charter names nobody under owners.${role}.delegates` : `allowed are ${named.join(', ')}`;
    return { ok: false, code: 403, reason: `The role '${role}' cannot be delegated to ${to}: ${allowed}` };
  }
  const iso = (millis: number): string => new Date(millis).toISOString();
  return { ok: true, record: { role, to, by: signer, from: iso(atMillis), until: iso(atMillis + minutes * MINUTE_MILLIS), reason } };
}

const mayReceive = (delegates: Owners, role: string, to: string): boolean =>
  (delegates[role] ?? []).some((named) => to === named || (isNamedPerson(to) && isPrincipal(to, named)));
