import type { Random } from '../../cloud/types';
import type { EndpointChange, EndpointFaultKind, EndpointFaults } from './faults';
import type { EndpointRecord, VariantDefinition } from './state';
import { changeMinutes, drawMillis, POOL_MINUTES } from './timings';

const HANG_MILLIS = 6 * 60 * 60_000;
/** Part of the time after which instances have been launched; the model's download and its container's start take the rest. */
export const LAUNCH_SHARE = 1 / 3;

export interface Provisioning {
  millis: number;
  /** After how long the instances exist; undefined: they never come. */
  launchMillis: number | undefined;
  /** What keeps the instances from coming. */
  fault: EndpointFaultKind | undefined;
  /** The variants as they come up: of an instance pool that had capacity. */
  variants: VariantDefinition[];
}

/** How long the instances of a change take, and whether they come at all. */
export class Provisioner {
  constructor(
    private readonly random: Random,
    private readonly faults: EndpointFaults,
  ) {}

  plan(endpoint: EndpointRecord, operation: EndpointChange, wanted: VariantDefinition[], grows: boolean): Provisioning {
    const struck = this.faults.strike(operation, endpoint.name);
    const millis = struck === 'hang' ? HANG_MILLIS : drawMillis(this.random, changeMinutes(operation, wanted, grows));
    const comes = struck === undefined || struck === 'silent-rollback';
    const launchMillis = comes ? Math.round(millis * LAUNCH_SHARE) : undefined;
    if (struck !== 'capacity') return { millis, launchMillis, fault: struck, variants: wanted };
    return this.fallBack(endpoint, operation, wanted, millis);
  }

  /** No capacity for the first choice: the pools below it are asked by their priority, until the time for provisioning is over. */
  private fallBack(endpoint: EndpointRecord, operation: EndpointChange, wanted: VariantDefinition[], firstMillis: number): Provisioning {
    const pooled = wanted.find(({ pools }) => pools.length > 1);
    const none = { launchMillis: undefined, fault: 'capacity' as const, variants: wanted };
    if (pooled === undefined) return { millis: firstMillis, ...none };
    let waitedMillis = 0;
    for (const [index, pool] of pooled.pools.entries()) {
      const empty = index === 0 || this.faults.strike(operation, endpoint.name, 'capacity') !== undefined;
      if (!empty) {
        const found: VariantDefinition = { ...pooled, instanceType: pool.instanceType, model: pool.model };
        const variants = wanted.map((variant) => (variant === pooled ? found : variant));
        const launchMillis = waitedMillis + Math.round(firstMillis * LAUNCH_SHARE);
        return { millis: waitedMillis + firstMillis, launchMillis, fault: undefined, variants };
      }
      waitedMillis += drawMillis(this.random, POOL_MINUTES);
      if (waitedMillis >= pooled.provisionTimeoutMillis) return { millis: pooled.provisionTimeoutMillis, ...none };
    }
    return { millis: waitedMillis, ...none };
  }
}
