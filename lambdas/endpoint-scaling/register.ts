import { applyScaling, deregisterScaling } from '../shared/scaling';
import { logger } from '../shared/telemetry';
import { keyOf, type ScaledEndpoint } from './event';
import type { EndpointParts } from './hold';

/** The endpoint is in service as the stack wants it. */
export async function registerScaling(parts: EndpointParts, endpoint: ScaledEndpoint): Promise<string[]> {
  const changes: string[] = [];
  for (const { wish } of endpoint.parts) {
    const changed = await applyScaling(parts, wish, parts.now());
    changes.push(...changed.map((change) => `${keyOf(wish.resource)}: ${change}`));
  }
  logger.info('Scaling is registered', { endpointName: endpoint.endpointName, changes });
  return changes;
}

/** What the stack no longer scales. */
export async function forgetScaling(parts: EndpointParts, endpoint: ScaledEndpoint, next?: ScaledEndpoint): Promise<void> {
  const kept = new Set(next?.parts.map(({ wish }) => keyOf(wish.resource)));
  for (const { wish } of endpoint.parts) if (!kept.has(keyOf(wish.resource))) await deregisterScaling(parts, wish.resource);
}

/**
 * An endpoint, or the stack, changed: after a rollback nobody else registers again. While the endpoint runs another config than this stack
 * gave it, a deploy is under way, and what is registered now would make it fail.
 */
export async function registerAfterChange(parts: EndpointParts, endpoint: ScaledEndpoint): Promise<string[]> {
  const found = await parts.describeEndpoint(endpoint.endpointName);
  if (found?.status !== 'InService') return [];
  if (endpoint.endpointConfigName !== undefined && found.configName !== endpoint.endpointConfigName) {
    logger.info('A deploy is under way', {
      endpointName: endpoint.endpointName,
      runs: found.configName,
      wanted: endpoint.endpointConfigName,
    });
    return [];
  }
  return registerScaling(parts, endpoint);
}
