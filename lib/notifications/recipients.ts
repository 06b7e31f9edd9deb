/** An e-mail address and the roles whose messages it gets; undefined: all messages. */
export interface Recipient {
  readonly address: string;
  readonly roles?: string[];
}

const ANSWERS_FOR_ALL = 'process';

/**
 * One recipient per address, however many roles it stands for. The process owner answers for the use case and is told everything, also
 * what concerns a role without an address; without a process owner's address everybody is.
 */
export function recipientsOf(emails: Record<string, string[]>): Recipient[] {
  const roles = Object.keys(emails);
  const addresses = [...new Set(Object.values(emails).flat())];
  const heirs = emails[ANSWERS_FOR_ALL]?.length ? emails[ANSWERS_FOR_ALL] : addresses;
  return addresses.map((address) =>
    heirs.includes(address) ? { address } : { address, roles: roles.filter((role) => emails[role]?.includes(address) === true) },
  );
}
