import type { History } from './history';

export interface MeteredResult {
  endpointName: string;
  variantName: string;
  instanceType: string;
  instanceSeconds: number;
}

export interface MeteredServerlessResult {
  endpointName: string;
  variantName: string;
  memoryMebibytes: number;
  invocations: number;
  invocationMillis: number;
  /** Seconds × provisioned concurrency. */
  provisionedSeconds: number;
}

/** Adds up rows of the same name, in the order of the names. */
function addUp<T>(rows: T[], nameOf: (row: T) => string, add: (sum: T, row: T) => T): T[] {
  const sums = new Map<string, T>();
  for (const row of rows) {
    const sum = sums.get(nameOf(row));
    sums.set(nameOf(row), sum === undefined ? row : add(sum, row));
  }
  return [...sums].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, sum]) => sum);
}

/** What the laptop cloud metered, whatever the endpoint's configs: by endpoint, variant and type of instance. */
export const meteredResult = ({
  metered = [],
  meteredServerless = [],
}: Pick<History, 'metered' | 'meteredServerless'>): {
  metered: MeteredResult[];
  meteredServerless: MeteredServerlessResult[];
} => ({
  metered: addUp<MeteredResult>(
    metered.map(({ endpointName, variantName, instanceType, instanceSeconds }) => ({
      endpointName,
      variantName,
      instanceType,
      instanceSeconds,
    })),
    ({ endpointName, variantName, instanceType }) => [endpointName, variantName, instanceType].join('|'),
    (sum, row) => ({ ...sum, instanceSeconds: sum.instanceSeconds + row.instanceSeconds }),
  ),
  meteredServerless: addUp<MeteredServerlessResult>(
    meteredServerless.map(({ endpointName, variantName, memoryMebibytes, invocations, invocationMillis, provisionedSeconds }) => ({
      endpointName,
      variantName,
      memoryMebibytes,
      invocations,
      invocationMillis,
      provisionedSeconds,
    })),
    ({ endpointName, variantName, memoryMebibytes }) => [endpointName, variantName, memoryMebibytes].join('|'),
    (sum, row) => ({
      ...sum,
      invocations: sum.invocations + row.invocations,
      invocationMillis: sum.invocationMillis + row.invocationMillis,
      provisionedSeconds: sum.provisionedSeconds + row.provisionedSeconds,
    }),
  ),
});
