import type { Caller } from '../cloud/types';

/** How often each function was invoked in the chain of invocations that led here, by its ARN. */
export type Lineage = ReadonlyMap<string, number>;

const byCaller = new WeakMap<Caller, Lineage>();

/** Lambda stops a chain that comes back to the same function so often. */
const MOST_IN_A_CHAIN = 16;

/** Where the requests of this caller come from; undefined: from no function, or over a service that keeps no track. */
export const lineageOf = (caller: Caller): Lineage | undefined => byCaller.get(caller);

export function setLineage(caller: Caller, lineage: Lineage | undefined): void {
  if (lineage === undefined) byCaller.delete(caller);
  else byCaller.set(caller, lineage);
}

/** The chain with one more invocation. */
export const extended = (lineage: Lineage | undefined, functionArn: string): Lineage =>
  new Map([...(lineage ?? []), [functionArn, (lineage?.get(functionArn) ?? 0) + 1]]);

export const isRecursive = (lineage: Lineage | undefined, functionArn: string): boolean =>
  lineage !== undefined && (lineage.get(functionArn) ?? 0) >= MOST_IN_A_CHAIN;
