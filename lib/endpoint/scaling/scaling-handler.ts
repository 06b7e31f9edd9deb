import { Stack } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { createHandler } from '../../shared/handler-function';

/** Lambda's longest: an instance that was just asked for may still be coming. */
const TIMEOUT_SECONDS = 900;

/** One handler for all endpoints of a stack: what to do stands in each event. */
export function scalingHandler(scope: Construct): lambda.Function {
  const stack = Stack.of(scope);
  const found = stack.node.tryFindChild('SluiceEndpointScaling');
  if (found instanceof ScalingHandler) return found.handler;
  return new ScalingHandler(stack, 'SluiceEndpointScaling').handler;
}

class ScalingHandler extends Construct {
  readonly handler: lambda.Function;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.handler = createHandler(this, 'Handler', {
      handler: 'endpoint-scaling',
      description: 'registers the scaling of endpoints, and holds it while they change',
      useCaseName: 'endpoint-scaling',
      timeoutSeconds: TIMEOUT_SECONDS,
      memoryMiB: 256,
    });
  }
}
