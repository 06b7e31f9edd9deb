import type { CaptureSpec, ComponentSpec, ServerlessSpec, ServingSpec } from '../contracts/serving';
import type { Serving } from './sections/serving';

const SECONDS_PER_MINUTE = 60;

/** The serving section as a release carries it. What the charter does not say stays away, so that the hashes of releases of before stay. */
export function servingSpec(serving: Serving): ServingSpec {
  const { mode, instances } = serving;
  const [first] = serving.pools ?? [];
  const instanceType = serving.instance ?? first;
  const isServerless = mode === 'serverless';
  return {
    mode,
    ...(instanceType === undefined ? {} : { instanceType }),
    ...given('instancePools', serving.pools),
    minInstances: isServerless ? 0 : instances.min,
    maxInstances: isServerless ? 0 : instances.max,
    ...given('volumeGib', serving.volumeGb),
    ...given('downloadTimeoutSeconds', seconds(serving.timeouts?.download)),
    ...given('startupTimeoutSeconds', seconds(serving.timeouts?.startup)),
    ...given('provisionTimeoutSeconds', seconds(serving.timeouts?.provision)),
    ...given('routing', serving.routing),
    ...(isServerless ? { serverless: serverlessSpec(serving.serverless) } : {}),
    ...(mode === 'async' ? { async: { ...given('concurrentPerInstance', serving.async?.concurrentPerInstance) } } : {}),
    ...given('component', serving.component && componentSpec(serving.component)),
    // Not isolated is what a release is without a word.
    ...(serving.networkIsolation === true ? { networkIsolation: true } : {}),
    ...given('capture', serving.capture && captureSpec(serving.capture)),
  };
}

function given<Name extends string, Value>(name: Name, value: Value | undefined): Partial<Record<Name, Value>> {
  return (value === undefined ? {} : { [name]: value }) as Partial<Record<Name, Value>>;
}

const seconds = (minutes: number | undefined): number | undefined => (minutes === undefined ? undefined : minutes * SECONDS_PER_MINUTE);

const DEFAULT_SERVERLESS: ServerlessSpec = { memoryMib: 2048, maxConcurrency: 20 };

function serverlessSpec(serverless: Serving['serverless']): ServerlessSpec {
  if (serverless === undefined) return DEFAULT_SERVERLESS;
  const { memoryMb, maxConcurrency, provisionedConcurrency } = serverless;
  return { memoryMib: memoryMb, maxConcurrency, ...given('provisionedConcurrency', provisionedConcurrency) };
}

function componentSpec({ memoryMb, cpus, accelerators, copies }: NonNullable<Serving['component']>): ComponentSpec {
  return {
    memoryMib: memoryMb,
    ...given('cpus', cpus),
    ...given('accelerators', accelerators),
    minCopies: copies.min,
    maxCopies: copies.max,
  };
}

const captureSpec = ({ sampling, json, csv }: NonNullable<Serving['capture']>): CaptureSpec => ({
  samplingShare: sampling,
  jsonContentTypes: json,
  csvContentTypes: csv,
});
