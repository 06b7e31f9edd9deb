import { catalogueKnowledge } from '../../../core/serving/knowledge';
import { sentenceOf, servingProblems } from '../../../core/serving/limits';
import type { EndpointPlan, VariantPlan } from '../../../core/serving/plan';

const variant = (rest: Partial<VariantPlan> = {}): VariantPlan => ({ name: 'main', instanceType: 'ml.m5.large', initialCount: 1, ...rest });
const bare = (rest: Partial<VariantPlan> = {}): VariantPlan => ({
  name: 'main',
  serverless: { memoryMib: 2048, maxConcurrency: 5 },
  ...rest,
});
const sentences = (plan: EndpointPlan): string[] => servingProblems(plan, catalogueKnowledge()).map(sentenceOf);

interface Row {
  name: string;
  plan: EndpointPlan;
  message: string;
}

/** What a charter can ask for and the construct's own types do not let anybody write. */
const rows: Row[] = [
  {
    name: 'serverless with a GPU',
    plan: { mode: 'serverless', variants: [bare({ instanceType: 'ml.g5.xlarge' })] },
    message:
      'variants[0].instanceType is ml.g5.xlarge on a serverless variant: serverless endpoints have neither instances nor GPUs; leave the instance out, or serve in real time.',
  },
  {
    name: 'serverless with instance pools',
    plan: { mode: 'serverless', variants: [bare({ pools: [{ instanceType: 'ml.g5.xlarge', priority: 1 }] })] },
    message: 'variants[0].instanceType is ml.g5.xlarge on a serverless variant',
  },
  {
    name: 'several serverless variants',
    plan: { mode: 'serverless', variants: [bare(), bare({ name: 'b' })] },
    message: 'variants are 2 on a serverless endpoint: serverless endpoints do not support it; give one variant, or serve in real time.',
  },
  {
    name: 'serverless with a shadow',
    plan: { mode: 'serverless', variants: [bare()], shadow: bare({ name: 's' }) },
    message: 'shadow is given for a serverless endpoint',
  },
  {
    name: 'serverless and asynchronous',
    plan: { mode: 'serverless', variants: [bare()], async: {} },
    message: 'async is given for a serverless endpoint: serverless endpoints do not support it; choose one of the two.',
  },
  {
    name: 'serverless with routing',
    plan: { mode: 'serverless', variants: [bare({ routing: 'random' })] },
    message: 'variants[0].routing is random on a serverless variant: there are no instances to choose between; leave it out.',
  },
  {
    name: 'serverless with a volume',
    plan: { mode: 'serverless', variants: [bare({ volumeGib: 10 })] },
    message: 'variants[0].volumeGib is 10 on a serverless variant: it has no volume; leave it out.',
  },
  {
    name: 'a shadow of an asynchronous endpoint',
    plan: { mode: 'async', variants: [variant()], shadow: variant({ name: 's' }) },
    message: 'shadow is given for an asynchronous endpoint: SageMaker copies no asynchronous requests; leave it out.',
  },
  {
    name: 'a shadow beside inference components',
    plan: { mode: 'inference-components', variants: [variant()], components: [{ memoryMib: 128 }], shadow: variant({ name: 's' }) },
    message: 'shadow is given beside inference components: they have no shadows; leave it out, or serve in real time.',
  },
  {
    name: 'asynchronous inference components',
    plan: { mode: 'inference-components', variants: [variant()], components: [{ memoryMib: 128 }], async: {} },
    message: 'async is given beside inference components: they answer at once only; choose one of the two.',
  },
  {
    name: 'several asynchronous variants',
    plan: { mode: 'async', variants: [variant(), variant({ name: 'b' })] },
    message: 'variants are 2 on an asynchronous endpoint: its queue has one variant; give one variant, or serve in real time.',
  },
  {
    name: 'components on a real-time endpoint',
    plan: { mode: 'real-time', variants: [variant()], components: [{ memoryMib: 128 }] },
    message: 'components are 1 on a real-time endpoint: they need instances without a model; serve with inference components.',
  },
  {
    name: 'real-time that goes to zero',
    plan: { mode: 'real-time', variants: [variant({ minCount: 0, maxCount: 2 })] },
    message:
      'variants[0].minCount is 0: a whole number of instances from 1 is allowed; to reach 0 serve asynchronously or with inference components.',
  },
  {
    name: 'components without instances in a region that refuses them',
    plan: { mode: 'inference-components', region: 'eu-west-3', variants: [variant({ minCount: 0 })], components: [{ memoryMib: 128 }] },
    message:
      'variants[0].minCount is 0: eu-west-3 refuses endpoints without instances, as far as is known; keep 1, take another region, or say that the region takes it by now (regionTakesZero).',
  },
  {
    name: 'more tags than fit',
    plan: { mode: 'real-time', variants: [variant()], tags: 51 },
    message: 'tags is 51: a whole number from 0 to 50 is allowed; give fewer tags.',
  },
  {
    name: 'no alarm in a list of alarms',
    plan: { mode: 'real-time', variants: [variant()], deployment: { kind: 'all-at-once', alarms: 0 } },
    message: 'deployment.alarms are 0: 1 to 10 are allowed; leave the list out.',
  },
];

test.each(rows)('refuses $name', ({ plan, message }) => {
  expect(sentences(plan).join('\n')).toContain(message);
});

test.each<[string, EndpointPlan]>([
  ['nothing that is not given', { mode: 'real-time', variants: [{}] }],
  ['asynchronous endpoints that go to zero', { mode: 'async', variants: [variant({ minCount: 0, maxCount: 2 })], async: {} }],
  [
    'inference components that go to zero',
    { mode: 'inference-components', variants: [variant({ minCount: 0 })], components: [{ memoryMib: 128, copies: 1 }] },
  ],
  [
    'a type and a region that nobody knows',
    { mode: 'real-time', region: 'xx-moon-1', variants: [variant({ instanceType: 'ml.z9.large' })] },
  ],
  ['a dark variant', { mode: 'real-time', variants: [variant(), variant({ name: 'dark', weight: 0 })] }],
])('does not refuse %s', (_name, plan) => {
  expect(sentences(plan)).toEqual([]);
});

test('without knowledge of instance types nothing is concluded from them', () => {
  const plan: EndpointPlan = {
    mode: 'real-time',
    region: 'us-east-1',
    hasVolumeKey: true,
    variants: [variant({ instanceType: 'ml.g5.xlarge', volumeGib: 100 })],
  };
  expect(servingProblems(plan)).toEqual([]);
  expect(sentences(plan)).toHaveLength(2);
});
