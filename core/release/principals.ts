/** Role name → principal ARNs that may act in that role. */
export type Owners = Record<string, string[]>;

const ASSUMED_ROLE = /^arn:([^:]+):sts::(\d+):assumed-role\/([^/]+)\//;
const ROLE = /^arn:([^:]+):iam::(\d+):role\/(?:.*\/)?([^/]+)$/;

const SESSION = /^arn:([^:]+):sts::(\d+):assumed-role\/([^/]+)\/(.+)$/;
/** Roles that IAM Identity Center makes: it, not the caller, writes the person's user name into the session. */
const IDENTITY_CENTER_ROLE = /^AWSReservedSSO_/;

/**
 * Who it is when two principals must be two people. A session of an Identity Center role is that person, whatever the permission set or
 * account; any other session is the role, since its caller chose the session's name. What is no ARN (`deploy`) stands for itself.
 */
export function personOf(arn: string): string {
  const session = SESSION.exec(arn);
  if (session !== null) {
    const [, partition, account, role = '', name = ''] = session;
    return IDENTITY_CENTER_ROLE.test(role) ? `person:${name.toLowerCase()}` : `arn:${partition}:iam::${account}:role/${role}`;
  }
  const role = ROLE.exec(arn);
  return role === null ? arn : `arn:${role[1]}:iam::${role[2]}:role/${role[3]}`;
}

/** True for a session whose name stands for a person, since Identity Center wrote it. */
export const isNamedPerson = (arn: string): boolean => IDENTITY_CENTER_ROLE.test(SESSION.exec(arn)?.[3] ?? '');

/** The principal without what may name a person: session and user names. */
export function withoutPerson(arn: string): string {
  const session = SESSION.exec(arn);
  if (session !== null) return `arn:${session[1]}:iam::${session[2]}:role/${session[3]}`;
  return arn.replace(/^(arn:[^:]+:(?:iam|sts)::\d+:(?:user|federated-user)\/).*$/, '$1…');
}

/**
 * True when the signer is the named principal, or a session of the named role.
 * The session's name proves nothing (its caller chose it) and is not looked at.
 */
export function isPrincipal(signerArn: string, principalArn: string): boolean {
  if (signerArn === principalArn) {
    return true;
  }
  const session = ASSUMED_ROLE.exec(signerArn);
  const role = ROLE.exec(principalArn);
  // An account has one role of a name, whatever its path.
  return session !== null && role !== null && [1, 2, 3].every((part) => session[part] === role[part]);
}

/** The owners' roles that the signer may act in, in the order of the charter. */
export function rolesOf(signerArn: string, owners: Owners): string[] {
  return Object.entries(owners)
    .filter(([, principals]) => principals.some((principal) => isPrincipal(signerArn, principal)))
    .map(([role]) => role);
}
