import type { Stack } from 'aws-cdk-lib';
import type { ModelEndpointProps } from '../../../lib';
import { asynchronous } from './accepted-asynchronous';
import { captures } from './accepted-captures';
import { components } from './accepted-components';
import { deployments } from './accepted-deployments';
import { instances } from './accepted-instances';
import { models } from './accepted-models';
import { serverless } from './accepted-serverless';
import { variants } from './accepted-variants';

/** An endpoint that SageMaker takes; `tag` is the version of its image, so that a second deploy updates it. */
export interface Accepted {
  name: string;
  props(stack: Stack, tag: string): ModelEndpointProps;
}

export const ACCEPTED: Accepted[] = [
  ...instances,
  ...variants,
  ...models,
  ...captures,
  ...deployments,
  ...asynchronous,
  ...serverless,
  ...components,
];
