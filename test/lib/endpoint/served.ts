import type { Stack } from 'aws-cdk-lib';
import { EndpointInstance, ModelEndpoint, ModelSource, Serving } from '../../../lib';
import { testStack } from '../../support/stacks';

const model = ModelSource.container({ image: '123456789012.dkr.ecr.us-east-1.amazonaws.com/model:one' });
const servings = {
  'real-time': () => Serving.realTime({ variants: [{ name: 'main', model, instance: EndpointInstance.M5_LARGE, initialCount: 1 }] }),
  two: () =>
    Serving.realTime({ variants: ['a', 'b'].map((name) => ({ name, model, instance: EndpointInstance.G5_12XLARGE, initialCount: 1 })) }),
  async: () => Serving.asynchronous({ variant: { name: 'main', model, instance: EndpointInstance.G5_XLARGE, initialCount: 1 } }),
  serverless: () => Serving.serverless({ model, memoryMib: 2048 }),
  components: () =>
    Serving.inferenceComponents({
      instances: { instance: EndpointInstance.G5_XLARGE, minCount: 0, maxCount: 2 },
      components: [{ name: 'chat', model, memoryMib: 1024, accelerators: 1 }],
    }),
};

/** An endpoint of a mode in a stack of its own. */
export function endpointOf(mode: keyof typeof servings): { stack: Stack; endpoint: ModelEndpoint } {
  const stack = testStack({ env: { account: '123456789012', region: 'us-east-1' } });
  return { stack, endpoint: new ModelEndpoint(stack, 'Endpoint', { endpointName: 'Triage', serving: servings[mode]() }) };
}
