import { Duration } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import { EndpointInstance, ModelSource, Routing, Serving, type EndpointVariantProps, type ModelEndpointProps } from '../../../lib';
import { model, realTime, variant } from './parts';
import type { Refused } from './refused';

const row = (
  name: string,
  message: string,
  rest: Partial<EndpointVariantProps>,
  endpoint: Omit<ModelEndpointProps, 'serving'> = {},
): Refused => ({ name, message, props: () => realTime('one', rest, endpoint) });

const several = (name: string, message: string, variants: EndpointVariantProps[]): Refused => ({
  name,
  message,
  props: () => ({ serving: Serving.realTime({ variants }) }),
});
const pools = (...types: string[]) => types.map((type) => ({ instance: EndpointInstance.of(type) }));
const seconds = (range: string): string => `a whole number of seconds from ${range} is allowed; give one within it.`;

/** Variants, their instances and models. */
export const refusedVariants: Refused[] = [
  several('no variant', 'variants are none: an endpoint has 1 to 10; give one.', []),
  several(
    'eleven variants',
    'variants are 11: at most 10 are allowed; put the others on an endpoint of their own.',
    Array.from({ length: 11 }, (_, index) => variant('one', { name: `v${index}` })),
  ),
  several('two variants of one name', 'variants have the name main twice: each has its own; rename one.', [variant('one'), variant('one')]),
  several('no variant with traffic', 'variants have the weight 0 each: one must take the traffic; give one of them the weight 1.', [
    variant('one', { weight: 0 }),
    variant('one', { name: 'b', weight: 0 }),
  ]),
  row('a negative weight', 'variants[0].weight is -1: a number from 0 is allowed; 0 keeps a variant dark: only TargetVariant reaches it.', {
    weight: -1,
  }),
  row(
    'zero instances in real time',
    'variants[0].initialCount is 0: a whole number of instances from 1 is allowed; to reach 0 serve asynchronously or with inference components.',
    { initialCount: 0 },
  ),
  row('half an instance', 'variants[0].initialCount is 1.5: a whole number of instances from 1 is allowed', { initialCount: 1.5 }),
  row(
    'a name that is too long',
    `variants[0].name is '${'v'.repeat(64)}' with 64 characters: 1 to 63 letters, digits and -, with a letter or digit first and last, are allowed; give a shorter, plainer name.`,
    { name: 'v'.repeat(64) },
  ),
  row('a name with a line below', "variants[0].name is 'main_a': 1 to 63 letters, digits and -", { name: 'main_a' }),
  row('a name that ends with a dash', "variants[0].name is 'main-': 1 to 63 letters, digits and -", { name: 'main-' }),
  row('an endpoint name that is too long', `endpointName is '${'e'.repeat(64)}' with 64 characters`, {}, { endpointName: 'e'.repeat(64) }),
  row('an endpoint name with a dot', "endpointName is 'triage.v1': 1 to 63 letters", {}, { endpointName: 'triage.v1' }),
  several(
    'no instance type at all',
    'variants[0].instanceType is not given: a variant with a model runs on instances; give instance or instancePools.',
    [{ name: 'main', model: model('one') }],
  ),
  row(
    'an instance type of EC2',
    "variants[0].instanceType is 'g5.xlarge': instance types of SageMaker begin with ml.; give one such as ml.g5.xlarge.",
    {
      instance: EndpointInstance.of('g5.xlarge'),
    },
  ),
  row(
    'an instance type and pools',
    'variants[0].instanceType is ml.m5.large beside 1 instance pools: either is allowed; make it the first pool.',
    {
      instance: EndpointInstance.M5_LARGE,
      instancePools: pools('ml.g5.xlarge'),
    },
  ),
  row('six instance pools', 'variants[0].pools are 6: at most 5 are allowed; keep those that are most likely to have capacity.', {
    instancePools: pools('ml.g5.xlarge', 'ml.g5.2xlarge', 'ml.g5.4xlarge', 'ml.g6.xlarge', 'ml.g6.2xlarge', 'ml.g4dn.xlarge'),
  }),
  row('no instance pool', 'variants[0].pools are none: 1 to 5 are allowed; give one, or instance.', { instancePools: [] }),
  row('two pools of one priority', 'variants[0].pools have priority 1 twice: each has its own; number them from 1.', {
    instancePools: [
      { instance: EndpointInstance.G5_XLARGE, priority: 1 },
      { instance: EndpointInstance.G6_XLARGE, priority: 1 },
    ],
  }),
  row('two pools of one type', 'variants[0].pools name ml.g5.xlarge twice: each type has one pool; leave the second out.', {
    instancePools: pools('ml.g5.xlarge', 'ml.g5.xlarge'),
  }),
  row('a priority of 6', 'variants[0].pools[0].priority is 6: a whole number from 1 to 5 is allowed', {
    instancePools: [{ instance: EndpointInstance.G5_XLARGE, priority: 6 }],
  }),
  row('a volume that is too large', 'variants[0].volumeGib is 513: a whole number of GiB from 1 to 512 is allowed', { volumeGib: 513 }),
  row('no volume', 'variants[0].volumeGib is 0: a whole number of GiB from 1 to 512 is allowed', { volumeGib: 0 }),
  row(
    'a volume beside local disks',
    'variants[0].instanceType is ml.g5.xlarge, with a volume of 100 GiB: it has disks of its own, of a fixed size; leave the volume out.',
    { instance: EndpointInstance.G5_XLARGE, volumeGib: 100 },
  ),
  {
    name: 'a key beside local disks',
    message:
      'variants[0].instanceType is ml.g6e.xlarge, with a key for its volume: it has disks of its own, which its hardware encrypts and no key of yours can; leave the key out, or take a type without local disks.',
    props: (stack) =>
      realTime('one', { instance: EndpointInstance.G6E_XLARGE }, { encryptionKey: kms.Key.fromKeyArn(stack, 'Key', KEY_ARN) }),
  },
  {
    name: 'a key, and one pool with local disks',
    message: 'variants[0].pools[1] is ml.g5.xlarge, with a key for its volume',
    props: (stack) =>
      realTime(
        'one',
        { instancePools: pools('ml.m5.large', 'ml.g5.xlarge') },
        { encryptionKey: kms.Key.fromKeyArn(stack, 'Key', KEY_ARN) },
      ),
  },
  row(
    'a region without the type, by the facts of the app',
    'variants[0].instanceType is ml.g99.xlarge: us-east-1 does not have it, as far as is known (eu-west-1 has it)',
    {
      instance: EndpointInstance.of('ml.g99.xlarge', { regions: ['eu-west-1'] }),
    },
  ),
  row('a region without the type, by the price list', 'variants[0].instanceType is ml.p5.4xlarge: us-east-1 does not have it', {
    instance: EndpointInstance.P5_4XLARGE,
  }),
  row('a pool that the region does not have', 'variants[0].pools[1] is ml.p5.4xlarge: us-east-1 does not have it', {
    instancePools: pools('ml.g5.xlarge', 'ml.p5.4xlarge'),
  }),
  row('too short a download', `variants[0].downloadTimeoutSeconds is 59: ${seconds('60 to 3600')}`, {
    downloadTimeout: Duration.seconds(59),
  }),
  row('too long a download', `variants[0].downloadTimeoutSeconds is 3601: ${seconds('60 to 3600')}`, {
    downloadTimeout: Duration.seconds(3601),
  }),
  row('too short a start', `variants[0].startupTimeoutSeconds is 30: ${seconds('60 to 3600')}`, { startupTimeout: Duration.seconds(30) }),
  row('too long a start', `variants[0].startupTimeoutSeconds is 7200: ${seconds('60 to 3600')}`, { startupTimeout: Duration.hours(2) }),
  row('too little time for capacity', `variants[0].provisionTimeoutSeconds is 240: ${seconds('300 to 3600')}`, {
    provisionTimeout: Duration.minutes(4),
  }),
  row('too much time for capacity', `variants[0].provisionTimeoutSeconds is 5400: ${seconds('300 to 3600')}`, {
    provisionTimeout: Duration.minutes(90),
  }),
  row('too short a prefix', 'variants[0].prefixLength is 512: a whole number of bytes from 1024 to 65536 is allowed', {
    routing: Routing.prefixAware({ prefixLengthBytes: 512 }),
  }),
  row('too long a prefix', 'variants[0].prefixLength is 70000: a whole number of bytes from 1024 to 65536 is allowed', {
    routing: Routing.prefixAware({ prefixLengthBytes: 70_000 }),
  }),
  row('a threshold of 0', 'variants[0].concurrencyThreshold is 0: a whole number of requests from 1 to 1024 is allowed', {
    routing: Routing.prefixAware({ concurrencyThreshold: 0 }),
  }),
  row(
    'an image of another region',
    'variants[0].model.image is 123456789012.dkr.ecr.eu-west-1.amazonaws.com/triage:1, in eu-west-1: SageMaker takes images of its own region only, which is us-east-1; replicate the repository to us-east-1, or name the image there.',
    { model: ModelSource.container({ image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/triage:1' }) },
  ),
  row(
    'an image with too long a name',
    'variants[0].model.image has 301 characters: at most 255 without spaces are allowed; name it by a short tag.',
    {
      model: ModelSource.container({ image: `${'i'.repeat(299)}:1` }),
    },
  ),
  row(
    'a model package of another region',
    'variants[0].model.modelPackageArn is in eu-west-1: SageMaker takes packages of its own region only, which is us-east-1; register the version there.',
    {
      model: ModelSource.modelPackage('arn:aws:sagemaker:eu-west-1:123456789012:model-package/triage/7'),
    },
  ),
  row(
    'too long a value in the environment',
    'variants[0].model.environment.PROMPT has 1025 characters: at most 1024 are allowed; put it into a file beside the model, and its path here.',
    { environment: { PROMPT: 'x'.repeat(1025) } },
  ),
  row(
    'too many variables',
    'variants[0].model.environment has 101 variables: at most 100 are allowed; put them into a file beside the model.',
    {
      environment: Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`V${index}`, ''])),
    },
  ),
  row(
    'a variable with a dash',
    'variants[0].model.environment.LOG-LEVEL is no name of a variable: letters, digits and _ are allowed, no digit first; rename it.',
    {
      environment: { 'LOG-LEVEL': 'INFO' },
    },
  ),
];

const KEY_ARN = 'arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012';
