import { Duration } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { Stack } from 'aws-cdk-lib';
import { Deployment, EndpointInstance, Serving, type AsynchronousServingProps, type ModelEndpointProps } from '../../../lib';
import type { Accepted } from './accepted';
import { existingGroup, existingVpc } from './accepted-variants';
import { variant } from './parts';

const row = (
  name: string,
  serving: (stack: Stack, tag: string) => Partial<AsynchronousServingProps> = () => ({}),
  rest: (stack: Stack) => Partial<ModelEndpointProps> = () => ({}),
): Accepted => ({
  name: `asynchronous: ${name}`,
  props: (stack, tag) => ({ serving: Serving.asynchronous({ variant: variant(tag), ...serving(stack, tag) }), ...rest(stack) }),
});

/** Instances behind a queue. */
export const asynchronous: Accepted[] = [
  row('nothing said'),
  row('a GPU', (_stack, tag) => ({ variant: variant(tag, { instance: EndpointInstance.G5_2XLARGE }) })),
  row('as many at once as can be', () => ({ concurrentPerInstance: 1000 })),
  row('one at a time, kept for a day', () => ({ concurrentPerInstance: 1, retentionDays: 1 })),
  row('an existing bucket', (stack) => ({ bucket: s3.Bucket.fromBucketName(stack, 'Bucket', 'answers-123456789012') })),
  row('topics', (stack) => ({
    successTopic: new sns.Topic(stack, 'Answered', { enforceSSL: true }),
    errorTopic: new sns.Topic(stack, 'Failed', { enforceSSL: true }),
  })),
  row('instance pools', (_stack, tag) => ({
    variant: variant(tag, { instancePools: [{ instance: EndpointInstance.G6E_XLARGE }, { instance: EndpointInstance.G5_XLARGE }] }),
  })),
  row('a VPC', undefined, (stack) => ({ vpc: existingVpc(stack), securityGroups: [existingGroup(stack)] })),
  row('data capture', undefined, () => ({ capture: { samplingPercent: 50 } })),
  row('a canary', undefined, () => ({ deployment: Deployment.blueGreenCanary({ percent: 50, wait: Duration.minutes(1) }) })),
  row(
    'rolling',
    (_stack, tag) => ({ variant: variant(tag, { initialCount: 4 }) }),
    () => ({ deployment: Deployment.rolling({ percent: 50 }) }),
  ),
];
