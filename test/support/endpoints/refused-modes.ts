import { Duration } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Stack } from 'aws-cdk-lib';
import {
  EndpointInstance,
  ModelSource,
  Serving,
  type AsynchronousServingProps,
  type ComponentProps,
  type DataCapture,
  type ModelEndpointProps,
  type ServerlessServingProps,
  type SharedInstancesProps,
} from '../../../lib';
import { existingGroup, existingVpc } from './accepted-variants';
import { model, realTime, variant } from './parts';
import type { Refused } from './refused';

const serverless = (
  name: string,
  message: string,
  rest: Partial<ServerlessServingProps>,
  endpoint: (stack: Stack) => Omit<ModelEndpointProps, 'serving'> = () => ({}),
): Refused => ({
  name: `serverless: ${name}`,
  message,
  props: (stack) => ({ serving: Serving.serverless({ model: model('one'), memoryMib: 2048, ...rest }), ...endpoint(stack) }),
});

const shadow = (name: string, message: string, props: () => ModelEndpointProps): Refused => ({ name: `shadow: ${name}`, message, props });

const asynchronous = (name: string, message: string, rest: Partial<AsynchronousServingProps>): Refused => ({
  name: `asynchronous: ${name}`,
  message,
  props: () => ({ serving: Serving.asynchronous({ variant: variant('one'), ...rest }) }),
});

const components = (
  name: string,
  message: string,
  rest: Partial<ComponentProps>,
  instances: Partial<SharedInstancesProps> = {},
): Refused => ({
  name: `components: ${name}`,
  message,
  props: () => ({
    serving: Serving.inferenceComponents({
      instances: { ...(instances.instancePools === undefined ? { instance: EndpointInstance.G5_XLARGE } : {}), ...instances },
      components: [{ name: 'chat', model: model('one'), memoryMib: 1024, ...rest }],
    }),
    endpointName: 'triage',
  }),
});

const capture = (name: string, message: string, rest: DataCapture): Refused => ({
  name: `capture: ${name}`,
  message,
  props: () => realTime('one', {}, { capture: rest }),
});

const MARKETPLACE = 'arn:aws:sagemaker:us-east-1:865070037744:model-package/a-sellers-model-0123456789abcdef';
const INSTEAD = 'leave it out, or serve in real time';

const inferentia = (name: string) => variant('one', { name, instance: EndpointInstance.of('ml.inf1.xlarge') });

/** What SageMaker does not combine, and the limits of each mode. */
export const refusedModes: Refused[] = [
  serverless(
    '7 GiB',
    'variants[0].serverless.memoryMib is 7168: 1024, 2048, 3072, 4096, 5120, 6144 are allowed; give the next greater one.',
    {
      memoryMib: 7168,
    },
  ),
  serverless('memory between two sizes', 'variants[0].serverless.memoryMib is 1500: 1024, 2048,', { memoryMib: 1500 }),
  serverless('201 requests at once', 'variants[0].serverless.maxConcurrency is 201: a whole number of requests from 1 to 200 is allowed', {
    maxConcurrency: 201,
  }),
  serverless('no request at all', 'variants[0].serverless.maxConcurrency is 0: a whole number of requests from 1 to 200', {
    maxConcurrency: 0,
  }),
  serverless('more kept warm than may run', 'variants[0].serverless.provisionedConcurrency is 11: a whole number from 1 to 10 is allowed', {
    maxConcurrency: 10,
    provisionedConcurrency: 11,
  }),
  serverless('a VPC', `vpc is given for a serverless endpoint: serverless endpoints do not support it; ${INSTEAD}.`, {}, (stack) => ({
    vpc: existingVpc(stack),
    securityGroups: [existingGroup(stack)],
  })),
  serverless('data capture', `capture is given for a serverless endpoint: serverless endpoints do not support it; ${INSTEAD}.`, {}, () => ({
    capture: {},
  })),
  serverless(
    'network isolation',
    `networkIsolation is on for a serverless endpoint: serverless endpoints do not support it; ${INSTEAD}.`,
    {},
    () => ({
      networkIsolation: true,
    }),
  ),
  serverless('a package of the Marketplace', 'variants[0].model is a package of the AWS Marketplace on a serverless endpoint', {
    model: ModelSource.modelPackage(MARKETPLACE),
  }),
  shadow(
    'two production variants',
    'shadow is given beside 2 variants: a shadow needs exactly one production variant; leave one variant, or leave the shadow out.',
    () => ({
      serving: Serving.realTime({ variants: [variant('one'), variant('one', { name: 'b' })], shadow: variant('one', { name: 's' }) }),
    }),
  ),
  shadow('Inf1', 'shadow is given with an instance type of Inf1: Inf1 has no shadows; take ml.inf2, or leave the shadow out.', () => ({
    serving: Serving.realTime({ variants: [inferentia('main')], shadow: inferentia('s') }),
  })),
  shadow('the name of the production variant', 'variants have the name main twice', () => ({
    serving: Serving.realTime({ variants: [variant('one')], shadow: variant('one') }),
  })),
  shadow(
    'a package of the Marketplace',
    'shadow is given with a package of the AWS Marketplace: those have no shadows; leave the shadow out.',
    () => ({
      serving: Serving.realTime({
        variants: [variant('one')],
        shadow: variant('one', { name: 's', model: ModelSource.modelPackage(MARKETPLACE) }),
      }),
    }),
  ),
  shadow('no instance', 'shadow.initialCount is 0: a whole number of instances from 1 is allowed', () => ({
    serving: Serving.realTime({ variants: [variant('one')], shadow: variant('one', { name: 's', initialCount: 0 }) }),
  })),
  asynchronous(
    'zero instances at the start',
    'variants[0].initialCount is 0: a whole number of instances from 1 is allowed; start with 1 and let scaling take it to 0.',
    {
      variant: variant('one', { initialCount: 0 }),
    },
  ),
  asynchronous('1001 at once', 'async.concurrentPerInstance is 1001: a whole number from 1 to 1000 is allowed', {
    concurrentPerInstance: 1001,
  }),
  asynchronous('none at once', 'async.concurrentPerInstance is 0: a whole number from 1 to 1000 is allowed', { concurrentPerInstance: 0 }),
  asynchronous('a bucket that forgets at once', 'retentionDays is 0: it must be a whole number of days from 1, such as 7.', {
    retentionDays: 0,
  }),
  components('too little memory', 'components[0].memoryMib is 100: a whole number of MiB from 128 is allowed', { memoryMib: 100 }),
  components('a limit below the memory', 'components[0].maxMemoryMib is 512: a whole number of MiB from 1024 is allowed', {
    maxMemoryMib: 512,
  }),
  components('too small a part of a CPU', 'components[0].cpus is 0.1: a number from 0.25 is allowed', { cpus: 0.1 }),
  components(
    'no accelerator',
    'components[0].accelerators is 0: a whole number from 1 is allowed; leave it out where the model runs on CPUs.',
    {
      accelerators: 0,
    },
  ),
  components(
    'more accelerators than there are',
    'components[0].accelerators is 2: ml.g5.xlarge has 1; ask for less, or take a larger type.',
    {
      accelerators: 2,
    },
  ),
  components(
    'more accelerators than one pool has',
    'components[0].accelerators is 4: ml.g6.xlarge has 1',
    { accelerators: 4 },
    {
      instancePools: [{ instance: EndpointInstance.G5_12XLARGE }, { instance: EndpointInstance.G6_XLARGE }],
    },
  ),
  components('more memory than there is', 'components[0].memoryMib is 20000: ml.g5.xlarge has 16384 MiB', { memoryMib: 20_000 }),
  components('more CPUs than there are', 'components[0].cpus is 8: ml.g5.xlarge has 4', { cpus: 8 }),
  components(
    'no copy',
    'components[0].copies is 0: a whole number from 1 is allowed; SageMaker creates none without a copy: start with 1 and let scaling take it to 0.',
    {
      copies: 0,
    },
  ),
  components('a name that is too long', "components[0].name is 'triage-", { name: 'c'.repeat(60) }),
  components('too long a download', 'components[0].downloadTimeoutSeconds is 4000: a whole number of seconds from 60 to 3600', {
    downloadTimeout: Duration.seconds(4000),
  }),
  components(
    'zero instances at the start',
    'variants[0].initialCount is 0: a whole number of instances from 1 is allowed; start with 1',
    {},
    {
      initialCount: 0,
    },
  ),
  components(
    'fewer at most than at least',
    'variants[0].maxCount is 1: it is at least minCount (2); raise it, or lower minCount.',
    {},
    {
      minCount: 2,
      maxCount: 1,
    },
  ),
  components('fewer than none', 'variants[0].minCount is -1: a whole number of instances from 0 is allowed', {}, { minCount: -1 }),
  {
    name: 'components: none',
    message: 'components are none: the endpoint would have no model; give one.',
    props: () => ({ serving: Serving.inferenceComponents({ instances: { instance: EndpointInstance.G5_XLARGE }, components: [] }) }),
  },
  {
    name: 'components: two of one name',
    message: 'components have the name triage-chat twice: each has its own; rename one.',
    props: () => ({
      endpointName: 'triage',
      serving: Serving.inferenceComponents({
        instances: { instance: EndpointInstance.G5_XLARGE },
        components: ['chat', 'chat'].map((name) => ({ name, model: model('one'), memoryMib: 1024 })),
      }),
    }),
  },
  capture('more than everything', 'capture.samplingPercent is 101: a whole number from 0 to 100 is allowed', { samplingPercent: 101 }),
  capture('a part of a percent', 'capture.samplingPercent is 0.5: a whole number from 0 to 100 is allowed', { samplingPercent: 0.5 }),
  capture('neither requests nor answers', 'capture takes neither requests nor answers: one of them is needed; capture the answers.', {
    requests: false,
    answers: false,
  }),
  capture('eleven content types', 'capture.jsonContentTypes are 11: at most 10 are allowed; keep those that clients send.', {
    jsonContentTypes: Array.from({ length: 11 }, (_, index) => `application/v${index}`),
  }),
  capture(
    'a content type with a plus',
    "capture.jsonContentTypes name 'application/ld+json': SageMaker takes letters, digits, - and . there; give one such as application/json.",
    {
      jsonContentTypes: ['application/ld+json'],
    },
  ),
  capture('a bucket that forgets at once', 'capture.retentionDays is 0: it must be a whole number of days from 1, such as 7.', {
    retentionDays: 0,
  }),
  {
    name: 'network: six security groups',
    message: 'vpc.securityGroups are 6: SageMaker takes 1 to 5; choose others of the VPC.',
    props: (stack) =>
      realTime(
        'one',
        {},
        {
          vpc: existingVpc(stack),
          securityGroups: Array.from({ length: 6 }, (_, index) =>
            ec2.SecurityGroup.fromSecurityGroupId(stack, `Group${index}`, `sg-0000000${index}`),
          ),
        },
      ),
  },
  {
    name: 'network: seventeen subnets',
    message: 'vpc.subnets are 17: SageMaker takes 1 to 16; choose others of the VPC.',
    props: (stack) =>
      realTime(
        'one',
        {},
        {
          vpc: existingVpc(stack),
          vpcSubnets: {
            subnets: Array.from({ length: 17 }, (_, index) => ec2.Subnet.fromSubnetId(stack, `Subnet${index}`, `subnet-000000${index}`)),
          },
          securityGroups: [existingGroup(stack)],
        },
      ),
  },
];
