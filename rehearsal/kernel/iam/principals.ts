import type { PolicyStatement } from '../../cloud/types';
import { asList } from './match';

/** Who makes a request, as a resource's policy may name it. */
export type Principal =
  { kind: 'service'; host: string } | { kind: 'role'; arn: string; session: string; accountId: string; partition: string };

/**
 * How a statement names the caller: `session` the caller itself (or everyone), `role` its role, `account` the account, which leaves the
 * decision to the role's own policies.
 */
export type Naming = 'session' | 'role' | 'account';

type Stated = PolicyStatement['Principal'];

/** How an allowing statement reaches the caller; undefined: not at all. */
export function namingOf(statement: PolicyStatement, principal: Principal): Naming | undefined {
  if (statement.NotPrincipal !== undefined) return isExempt(statement.NotPrincipal, principal) ? undefined : 'session';
  return naming(statement.Principal, principal);
}

function naming(stated: Stated, principal: Principal): Naming | undefined {
  if (stated === undefined) return undefined;
  if (stated === '*') return 'session';
  const aws = asList(stated['AWS']);
  if (aws.includes('*')) return 'session';
  if (principal.kind === 'service') return asList(stated['Service']).some((host) => isHost(host, principal.host)) ? 'session' : undefined;
  if (aws.some((name) => isSession(name, principal))) return 'session';
  if (aws.includes(principal.arn)) return 'role';
  return aws.some((name) => isAccount(name, principal)) ? 'account' : undefined;
}

/** `NotPrincipal` spares a role only where the account, the role and its session are named. */
function isExempt(stated: Stated, principal: Principal): boolean {
  if (stated === undefined || stated === '*') return true;
  const aws = asList(stated['AWS']);
  if (aws.includes('*')) return true;
  if (principal.kind === 'service') return asList(stated['Service']).some((host) => isHost(host, principal.host));
  return aws.includes(principal.arn) && aws.some((name) => isAccount(name, principal)) && aws.some((name) => isSession(name, principal));
}

/** Services may be named with the region in front of the domain. */
function isHost(stated: string, host: string): boolean {
  return stated === host || withoutRegion(stated) === withoutRegion(host);
}

const withoutRegion = (host: string): string => host.replace(/\.[a-z]{2}(?:-[a-z]+)+-\d(?=\.amazonaws\.com)/, '');

/** Session names are AWS's to choose: any session of the role is meant. */
function isSession(stated: string, { session }: Extract<Principal, { kind: 'role' }>): boolean {
  return stated.startsWith(session.slice(0, session.lastIndexOf('/') + 1));
}

function isAccount(stated: string, { accountId, partition }: Extract<Principal, { kind: 'role' }>): boolean {
  return stated === accountId || stated === `arn:${partition}:iam::${accountId}:root`;
}
