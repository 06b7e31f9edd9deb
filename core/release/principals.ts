/** Role name → principal ARNs that may act in that role. */
export type Owners = Record<string, string[]>;

const ASSUMED_ROLE = /^arn:([^:]+):sts::(\d+):assumed-role\/([^/]+)\//;
const ROLE = /^arn:([^:]+):iam::(\d+):role\/(?:.*\/)?([^/]+)$/;

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
