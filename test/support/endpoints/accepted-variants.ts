import { CfnParameter, Duration } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import type { Stack } from 'aws-cdk-lib';
import { EndpointInstance, Routing, Serving, type EndpointVariantProps } from '../../../lib';
import type { Accepted } from './accepted';
import { model, realTime, variant } from './parts';

export const existingVpc = (stack: Stack): ec2.IVpc =>
  ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-0123456789abcdef0',
    availabilityZones: ['us-east-1a', 'us-east-1b'],
    privateSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
  });

export const existingGroup = (stack: Stack): ec2.ISecurityGroup =>
  ec2.SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-0123456789abcdef0');

const row = (name: string, rest: Partial<EndpointVariantProps>): Accepted => ({ name, props: (_stack, tag) => realTime(tag, rest) });
const several = (name: string, all: (tag: string) => EndpointVariantProps[]): Accepted => ({
  name,
  props: (_stack, tag) => ({ serving: Serving.realTime({ variants: all(tag) }) }),
});
const pools = (...types: string[]) => types.map((type) => ({ instance: EndpointInstance.of(type) }));

/** Variants, their instances, their network. */
export const variants: Accepted[] = [
  row('one instance, nothing said', {}),
  row('five instances', { initialCount: 5 }),
  row('the largest volume', { volumeGib: 512 }),
  row('the smallest volume', { volumeGib: 1 }),
  row('the shortest time-outs', {
    downloadTimeout: Duration.minutes(1),
    startupTimeout: Duration.minutes(1),
    provisionTimeout: Duration.minutes(5),
  }),
  row('the longest time-outs', {
    downloadTimeout: Duration.hours(1),
    startupTimeout: Duration.hours(1),
    provisionTimeout: Duration.hours(1),
  }),
  row('routing to the least outstanding', { initialCount: 2, routing: Routing.leastOutstanding() }),
  row('routing at random', { initialCount: 2, routing: Routing.random() }),
  row('routing by prefix', { initialCount: 2, routing: Routing.prefixAware() }),
  row('routing by the longest prefix', { routing: Routing.prefixAware({ prefixLengthBytes: 65_536, concurrencyThreshold: 1024 }) }),
  row('two instance pools', { instancePools: pools('ml.g6e.xlarge', 'ml.g5.xlarge'), provisionTimeout: Duration.minutes(20) }),
  row('five instance pools', {
    instancePools: pools('ml.g6e.xlarge', 'ml.g6.xlarge', 'ml.g5.xlarge', 'ml.g4dn.xlarge', 'ml.m5.large'),
  }),
  row('one instance pool', { instancePools: pools('ml.g5.xlarge') }),
  row('instance pools with priorities of their own', {
    instancePools: [
      { instance: EndpointInstance.G5_XLARGE, priority: 5 },
      { instance: EndpointInstance.G6_XLARGE, priority: 2 },
    ],
  }),
  row('an instance pool with a model of its own', {
    instancePools: [{ instance: EndpointInstance.G5_XLARGE }, { instance: EndpointInstance.INF2_XLARGE, model: model('neuron') }],
  }),
  row('a machine image of a version', { instance: EndpointInstance.G5_XLARGE, inferenceAmiVersion: 'al2-ami-sagemaker-inference-gpu-3-1' }),
  row('a name of 63 characters', { name: 'v'.repeat(63) }),
  several('a dark variant of weight 0', (tag) => [variant(tag), variant(tag, { name: 'dark', weight: 0 })]),
  several('weights that are no whole numbers', (tag) => [variant(tag, { weight: 0.9 }), variant(tag, { name: 'other', weight: 0.1 })]),
  several('variants on different instance types', (tag) => [
    variant(tag, { instance: EndpointInstance.M5_LARGE }),
    variant(tag, { name: 'gpu', instance: EndpointInstance.G5_XLARGE, initialCount: 2 }),
  ]),
  several('ten variants', (tag) => Array.from({ length: 10 }, (_, index) => variant(tag, { name: `v${index}` }))),
  {
    name: 'a shadow variant',
    props: (_stack, tag) => ({ serving: Serving.realTime({ variants: [variant(tag)], shadow: variant(tag, { name: 'shadow' }) }) }),
  },
  {
    name: 'a shadow variant of another size',
    props: (_stack, tag) => ({
      serving: Serving.realTime({
        variants: [variant(tag, { initialCount: 4 })],
        shadow: variant(tag, { name: 'shadow', instance: EndpointInstance.G5_XLARGE, weight: 0.25 }),
      }),
    }),
  },
  { name: 'an endpoint with a name of 63 characters', props: (_stack, tag) => realTime(tag, {}, { endpointName: 'e'.repeat(63) }) },
  {
    name: 'an endpoint whose name and counts are known at deploy',
    props: (stack, tag) =>
      realTime(
        tag,
        { initialCount: new CfnParameter(stack, 'Count', { type: 'Number', default: 2 }).valueAsNumber },
        { endpointName: new CfnParameter(stack, 'Name', { default: 'named-later' }).valueAsString },
      ),
  },
  {
    name: 'a VPC with a security group of its own',
    props: (stack, tag) => realTime(tag, {}, { vpc: existingVpc(stack), securityGroups: [existingGroup(stack)] }),
  },
  {
    name: 'a VPC and network isolation',
    props: (stack, tag) => realTime(tag, {}, { vpc: existingVpc(stack), securityGroups: [existingGroup(stack)], networkIsolation: true }),
  },
  { name: 'network isolation', props: (_stack, tag) => realTime(tag, {}, { networkIsolation: true }) },
  {
    name: 'a key for the volume',
    props: (stack, tag) => realTime(tag, { volumeGib: 50 }, { encryptionKey: new kms.Key(stack, 'Key', { enableKeyRotation: true }) }),
  },
  {
    name: 'a role of its own',
    props: (stack, tag) =>
      realTime(tag, {}, { role: new iam.Role(stack, 'Own', { assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com') }) }),
  },
];
