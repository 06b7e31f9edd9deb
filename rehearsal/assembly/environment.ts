import { UnsupportedError } from '../cloud/types';
import type { AssemblyStack } from './load';

/** The account and region that the stacks ask for: a rehearsal has one of each. */
export function environmentOf(stacks: readonly AssemblyStack[]): { accountId?: string; region?: string } {
  const accountId = only(stacks, 'accountId', 'account');
  const region = only(stacks, 'region', 'region');
  return { ...(accountId === undefined ? {} : { accountId }), ...(region === undefined ? {} : { region }) };
}

function only(stacks: readonly AssemblyStack[], member: 'accountId' | 'region', word: string): string | undefined {
  const users = new Map<string, string>();
  for (const { name, environment } of stacks) {
    const value = environment?.[member];
    if (value !== undefined && !users.has(value)) users.set(value, name);
  }
  if (users.size <= 1) return [...users.keys()][0];
  const listed = [...users].map(([value, name]) => `${value} (stack ${name})`).join(', ');
  throw new UnsupportedError(`The assembly's stacks go to more than one ${word}: ${listed}. A rehearsal has one: synthesize for one.`);
}
