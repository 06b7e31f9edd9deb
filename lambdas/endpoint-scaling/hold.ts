import type { ScaledResource } from '../../core/scaling';
import { deregisterScaling, type ScalingParts, suspendScaling } from '../shared/scaling';
import { logger } from '../shared/telemetry';
import { keyOf, type ScaledEndpoint } from './event';

export interface EndpointParts extends ScalingParts {
  /** Undefined: there is no such endpoint. */
  describeEndpoint(endpointName: string): Promise<{ status: string; configName: string } | undefined>;
  now(): number;
  sleep(millis: number): Promise<void>;
}

const LOOK_EVERY_MILLIS = 15_000;
/** Within the handler's own 15 minutes. */
const WAIT_AT_MOST_MILLIS = 13 * 60_000;
const BUSY = new Set(['Creating', 'Updating', 'SystemUpdating', 'RollingBack']);

/** Before CloudFormation changes the endpoint: what would make UpdateEndpoint fail is deregistered, the rest stands still. */
export async function holdScaling(parts: EndpointParts, endpoint: ScaledEndpoint, previous: ScaledEndpoint): Promise<string> {
  // Another name is another endpoint: the one before it serves, and scales, until CloudFormation deletes it.
  if (previous.endpointName !== endpoint.endpointName) return 'The endpoint is not updated';
  const { colliding, others } = split(previous, endpoint);
  for (const resource of colliding) await deregisterScaling(parts, resource);
  if (previous.endpointConfigName === endpoint.endpointConfigName && colliding.length === 0) return 'The endpoint is not updated';
  for (const resource of others) await suspendScaling(parts, resource, 'all');
  await waitUntilIdle(parts, endpoint.endpointName);
  logger.info('Scaling is held', { endpointName: endpoint.endpointName, colliding: colliding.map(keyOf) });
  return `Deregistered ${colliding.length}, suspended ${others.length}`;
}

/** UpdateEndpoint refuses to remove a registered variant, or to change its instance types. */
function split(previous: ScaledEndpoint, next: ScaledEndpoint): { colliding: ScaledResource[]; others: ScaledResource[] } {
  const kept = new Map(next.parts.map(({ wish, instanceTypes }) => [keyOf(wish.resource), instanceTypes.join()]));
  const colliding = previous.parts.filter(({ wish, instanceTypes }) => kept.get(keyOf(wish.resource)) !== instanceTypes.join());
  const resources = (of: typeof colliding): ScaledResource[] => of.map(({ wish }) => wish.resource);
  return { colliding: resources(colliding), others: resources(previous.parts.filter((part) => !colliding.includes(part))) };
}

/** An instance that was asked for a moment ago still comes: until then SageMaker takes no update. */
async function waitUntilIdle(parts: EndpointParts, endpointName: string): Promise<void> {
  const until = parts.now() + WAIT_AT_MOST_MILLIS;
  for (;;) {
    const found = await parts.describeEndpoint(endpointName);
    if (found === undefined || !BUSY.has(found.status)) return;
    if (parts.now() + LOOK_EVERY_MILLIS > until) {
      throw new Error(
        `Endpoint ${endpointName} is still ${found.status} after ${WAIT_AT_MOST_MILLIS / 60_000} minutes: deploy again once it is InService.`,
      );
    }
    await parts.sleep(LOOK_EVERY_MILLIS);
  }
}
