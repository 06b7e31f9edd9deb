import type { Cloud, Random } from '../../../cloud/types';
import type { EndpointRecord, Variant } from '../state';
import { drawMillis, hostMinutes, POOL_MINUTES } from '../timings';
import type { Copy, Host, HostPool } from './types';

/** Until an instance without copies is taken away: "after 10 additional minutes of inactivity" (AWS's announcement of scaling to zero). */
const IDLE_MILLIS = 10 * 60_000;

export interface HostEvents {
  /** There is no capacity for another instance now. */
  refuses: (endpointName: string) => boolean;
  /** Instances came or went. */
  changed: (endpoint: EndpointRecord) => void;
}

/** Brings instances of variants that host inference components, and takes them away. */
export class Hosts {
  constructor(
    private readonly cloud: Cloud,
    private readonly random: Random,
    private readonly events: HostEvents,
  ) {}

  /** Asks for as many more instances as are needed and allowed; how many are on their way then. */
  want(endpoint: EndpointRecord, variant: Variant, pool: HostPool, needed: number): number {
    if (!pool.managed) return 0;
    const least = pool.leastInstances - pool.running.length;
    const allowed = pool.mostInstances - pool.running.length;
    const wanted = Math.min(Math.max(needed, least), allowed);
    while (pool.launching < wanted) {
      pool.launching += 1;
      this.launch(endpoint, variant, pool, 0, this.cloud.begin(`an instance for inference components of ${endpoint.name}`));
    }
    count(variant, pool);
    return pool.launching;
  }

  /** Instances without copies go after some minutes, down to the least number. */
  watchIdle(endpoint: EndpointRecord, variant: Variant, pool: HostPool, copies: Copy[]): void {
    for (const host of pool.running) {
      if (copies.some((copy) => copy.host === host)) {
        delete host.idleSinceMillis;
      } else if (host.idleSinceMillis === undefined) {
        host.idleSinceMillis = this.cloud.clock.now();
        if (pool.managed) this.cloud.clock.after(IDLE_MILLIS, () => this.release(endpoint, variant, pool, host));
      }
    }
  }

  private launch(endpoint: EndpointRecord, variant: Variant, pool: HostPool, choice: number, end: () => void): void {
    const types = variant.pools.length === 0 ? [variant.instanceType] : variant.pools.map(({ instanceType }) => instanceType);
    const instanceType = types[choice % types.length]!;
    const empty = this.events.refuses(endpoint.name);
    const millis = drawMillis(this.random, empty ? POOL_MINUTES : hostMinutes(instanceType));
    this.cloud.clock.after(millis, () => {
      if (!endpoint.variants.includes(variant)) {
        end();
        return;
      }
      if (empty) {
        this.launch(endpoint, variant, pool, choice + 1, end);
        return;
      }
      pool.launching -= 1;
      pool.running.push({ instanceType });
      this.cloud.record('sagemaker', 'instance-launched', detailOf(endpoint, variant, pool, instanceType));
      this.changed(endpoint, variant, pool);
      end();
    });
  }

  private release(endpoint: EndpointRecord, variant: Variant, pool: HostPool, host: Host): void {
    const idleMillis = this.cloud.clock.now() - (host.idleSinceMillis ?? Number.POSITIVE_INFINITY);
    const index = pool.running.indexOf(host);
    if (index < 0 || idleMillis < IDLE_MILLIS || pool.running.length <= pool.leastInstances) return;
    pool.running.splice(index, 1);
    this.cloud.record('sagemaker', 'instance-released', detailOf(endpoint, variant, pool, host.instanceType));
    this.changed(endpoint, variant, pool);
  }

  private changed(endpoint: EndpointRecord, variant: Variant, pool: HostPool): void {
    count(variant, pool);
    this.events.changed(endpoint);
  }
}

const detailOf = (
  endpoint: EndpointRecord,
  { variantName }: Variant,
  { running }: HostPool,
  instanceType: string,
): Record<string, unknown> => ({
  endpointName: endpoint.name,
  variantName,
  instanceType,
  instances: running.length,
});

/** The variant's counts are those of its pool. */
export function count(variant: Variant, pool: HostPool): void {
  variant.instanceCount = pool.running.length;
  variant.launchedCount = pool.running.length;
  variant.desiredInstanceCount = pool.running.length + pool.launching;
}
