import { setTimeout as sleep } from 'node:timers/promises';
import { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DescribeEndpointCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { CLIENT, lean } from '../shared/client';
import { answerScaling } from './answer';
import type { EndpointParts } from './hold';

const sagemaker = lean(new SageMakerClient(CLIENT));

const parts: EndpointParts = {
  scaling: lean(new ApplicationAutoScalingClient(CLIENT)),
  cloudWatch: lean(new CloudWatchClient(CLIENT)),
  describeEndpoint: async (EndpointName) => {
    try {
      const { EndpointStatus, EndpointConfigName } = await sagemaker.send(new DescribeEndpointCommand({ EndpointName }));
      return { status: EndpointStatus ?? '', configName: EndpointConfigName ?? '' };
    } catch (error) {
      if (error instanceof Error && error.message.startsWith('Could not find')) return undefined;
      throw error;
    }
  },
  now: () => Date.now(),
  sleep: async (millis) => {
    await sleep(millis);
  },
};

/** Scaling of endpoints that a stack makes: called by CloudFormation before and after an update, and by rules. */
export const handler = (event: unknown): Promise<unknown> => answerScaling(parts, event);
