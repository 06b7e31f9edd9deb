import * as z from 'zod';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import type { ScaledResource, ScalingWish } from '../../core/scaling';

/** One scaled variant, with the instance types it runs on, or one scaled component. */
export interface ScaledPart {
  wish: ScalingWish;
  /** Of a variant: UpdateEndpoint refuses to change them while the variant is registered. */
  instanceTypes: string[];
}

export interface ScaledEndpoint {
  endpointName: string;
  /** Missing: made elsewhere. */
  endpointConfigName?: string;
  parts: ScaledPart[];
}

export type ScalingEvent =
  | { kind: 'hold' | 'register'; event: CloudFormationCustomResourceEvent; endpoint: ScaledEndpoint; previous?: ScaledEndpoint }
  | { kind: 'changed'; endpoint: ScaledEndpoint };

const whole = z.number();
const bounds = z.object({ min: whole, max: whole });
const wish = z.object({
  resource: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('variant'), endpointName: z.string(), variantName: z.string() }),
    z.object({ kind: z.literal('component'), componentName: z.string() }),
  ]),
  mode: z.enum(['real-time', 'serverless', 'async', 'inference-components']),
  bounds,
  schedules: z.array(
    z.object({
      name: z.string(),
      window: z.object({ days: z.array(whole), fromMinute: whole, toMinute: whole, timeZone: z.string() }),
      bounds,
      warmUpMinutes: whole,
    }),
  ),
  tracking: z
    .object({
      metric: z.enum(['invocations', 'concurrency', 'backlog']),
      targetValue: z.number(),
      scaleOutCooldownSeconds: whole,
      scaleInCooldownSeconds: whole,
      scaleInDisabled: z.boolean(),
    })
    .optional(),
});
const endpointSchema = z.object({
  EndpointName: z.string(),
  EndpointConfigName: z.string().optional(),
  Parts: z.array(z.object({ wish, instanceTypes: z.array(z.string()) })),
});
const changedSchema = z.object({ kind: z.literal('changed'), properties: z.record(z.string(), z.unknown()) });

const KINDS: Record<string, 'hold' | 'register'> = { 'Custom::SluiceScalingHold': 'hold', 'Custom::SluiceScaling': 'register' };

/** CloudFormation, before and after it changes an endpoint, or a rule that saw an endpoint or a stack change. */
export function readEvent(event: unknown): ScalingEvent {
  const changed = changedSchema.safeParse(event);
  if (changed.success) return { kind: 'changed', endpoint: endpointOf(changed.data.properties) };
  const request = event as CloudFormationCustomResourceEvent | null;
  const kind = KINDS[request?.ResourceType ?? ''];
  if (request === null || kind === undefined) {
    throw new Error(
      `Unknown event. Allowed: CloudFormation's request for ${Object.keys(KINDS).join(' or ')}, or { kind: 'changed', properties }.`,
    );
  }
  const endpoint = endpointOf(request.ResourceProperties);
  return request.RequestType === 'Update'
    ? { kind, event: request, endpoint, previous: endpointOf(request.OldResourceProperties) }
    : { kind, event: request, endpoint };
}

/** CloudFormation makes a string of every number, so its parts are JSON. */
function endpointOf(properties: Record<string, unknown>): ScaledEndpoint {
  const given = properties['Parts'];
  const parsed = endpointSchema.safeParse({ ...properties, Parts: typeof given === 'string' ? json(given) : given });
  if (!parsed.success) throw new Error(`Properties of a scaled endpoint: ${z.prettifyError(parsed.error)}`);
  const { EndpointName: endpointName, EndpointConfigName: endpointConfigName, Parts } = parsed.data;
  return {
    endpointName,
    ...(endpointConfigName === undefined ? {} : { endpointConfigName }),
    parts: Parts.map(({ wish: { tracking, ...rest }, instanceTypes }) => ({
      wish: { ...rest, ...(tracking === undefined ? {} : { tracking }) },
      instanceTypes,
    })),
  };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`Property Parts must be JSON, got '${text.slice(0, 80)}'`, { cause: error });
  }
}

export const keyOf = (resource: ScaledResource): string =>
  resource.kind === 'variant' ? `variant/${resource.endpointName}/${resource.variantName}` : `component/${resource.componentName}`;
