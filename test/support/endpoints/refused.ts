import type { Stack } from 'aws-cdk-lib';
import type { ModelEndpointProps } from '../../../lib';
import { refusedDeployments } from './refused-deployments';
import { refusedModes } from './refused-modes';
import { refusedVariants } from './refused-variants';

/** An endpoint that SageMaker would refuse, and what the error says of it: given, allowed, and what to do. */
export interface Refused {
  name: string;
  message: string;
  props(stack: Stack): ModelEndpointProps;
}

export const REFUSED: Refused[] = [...refusedVariants, ...refusedModes, ...refusedDeployments];
