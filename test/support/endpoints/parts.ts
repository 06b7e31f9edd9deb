import { EndpointInstance, ModelSource, Serving, type EndpointVariantProps, type ModelEndpointProps } from '../../../lib';

const REGISTRY = '123456789012.dkr.ecr.us-east-1.amazonaws.com';

/** A model of the table: its image is the version that is deployed. */
export const model = (tag: string): ModelSource => ModelSource.container({ image: `${REGISTRY}/triage:${tag}` });

export const image = (tag: string): string => `${REGISTRY}/triage:${tag}`;

/** One variant on a small instance, with what a configuration adds. */
export const variant = (tag: string, rest: Partial<EndpointVariantProps> = {}): EndpointVariantProps => ({
  name: 'main',
  model: model(tag),
  ...(rest.instancePools === undefined ? { instance: EndpointInstance.M5_LARGE } : {}),
  ...rest,
});

/** A real-time endpoint of one variant. */
export const realTime = (
  tag: string,
  rest: Partial<EndpointVariantProps> = {},
  endpoint: Omit<ModelEndpointProps, 'serving'> = {},
): ModelEndpointProps => ({ serving: Serving.realTime({ variants: [variant(tag, rest)] }), ...endpoint });
