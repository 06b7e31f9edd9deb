import { modelProblems } from './model-limits';
import type { EndpointPlan, InstanceKnowledge, PoolPlan, VariantPlan } from './plan';
import { outOfRange, problem, type ServingProblem } from './problem';

const NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;
const MEMORIES_MIB = [1024, 2048, 3072, 4096, 5120, 6144];
const MAX_POOLS = 5;
/** Largest EBS volume of a variant, in the model of the service. */
const MAX_VOLUME_GIB = 512;

export function nameProblems(at: string, name: string | undefined): ServingProblem[] {
  if (name === undefined || NAME.test(name)) return [];
  const given = name.length > 63 ? `is '${name}' with ${name.length} characters` : `is '${name}'`;
  return [
    problem(at, given, '1 to 63 letters, digits and -, with a letter or digit first and last, are allowed', 'give a shorter, plainer name'),
  ];
}

/** What is wrong with one variant, whatever the endpoint's other parts. */
export function variantProblems(at: string, variant: VariantPlan, plan: EndpointPlan, knowledge: InstanceKnowledge): ServingProblem[] {
  return [
    ...nameProblems(`${at}.name`, variant.name),
    ...modelProblems(`${at}.model`, variant.model, plan.region),
    ...weightProblems(at, variant),
    ...(variant.serverless === undefined ? instanceProblems(at, variant, plan) : serverlessProblems(at, variant)),
    ...typesOf(variant).flatMap(({ at: place, type }) => typeProblems(`${at}.${place}`, type, variant, plan, knowledge)),
    ...timeoutProblems(at, variant),
    ...routingProblems(at, variant),
  ];
}

function weightProblems(at: string, { weight }: VariantPlan): ServingProblem[] {
  return outOfRange(`${at}.weight`, weight, { least: 0, whole: false }, '0 keeps a variant dark: only TargetVariant reaches it');
}

function serverlessProblems(at: string, { serverless, instanceType, pools, volumeGib }: VariantPlan): ServingProblem[] {
  const { memoryMib, maxConcurrency, provisionedConcurrency } = serverless ?? {};
  const found = outOfRange(`${at}.serverless.maxConcurrency`, maxConcurrency, { least: 1, most: 200, unit: 'requests' });
  const provisioned = outOfRange(`${at}.serverless.provisionedConcurrency`, provisionedConcurrency, {
    least: 1,
    most: maxConcurrency ?? 200,
  });
  if (memoryMib !== undefined && !MEMORIES_MIB.includes(memoryMib))
    found.push(
      problem(`${at}.serverless.memoryMib`, `is ${memoryMib}`, `${MEMORIES_MIB.join(', ')} are allowed`, 'give the next greater one'),
    );
  if (instanceType !== undefined || (pools ?? []).length > 0)
    found.push(
      problem(
        `${at}.instanceType`,
        `is ${instanceType ?? pools?.map((pool) => pool.instanceType).join(', ')} on a serverless variant`,
        'serverless endpoints have neither instances nor GPUs',
        'leave the instance out, or serve in real time',
      ),
    );
  if (volumeGib !== undefined)
    found.push(problem(`${at}.volumeGib`, `is ${volumeGib} on a serverless variant`, 'it has no volume', 'leave it out'));
  return [...found, ...provisioned];
}

function instanceProblems(at: string, variant: VariantPlan, plan: EndpointPlan): ServingProblem[] {
  const { instanceType, pools = [], initialCount, minCount, maxCount } = variant;
  const found: ServingProblem[] = [];
  if (variant.pools?.length === 0) found.push(problem(`${at}.pools`, 'are none', `1 to ${MAX_POOLS} are allowed`, 'give one, or instance'));
  if (variant.lacksInstance === true)
    found.push(problem(`${at}.instanceType`, 'is not given', 'a variant with a model runs on instances', 'give instance or instancePools'));
  if (instanceType !== undefined && pools.length > 0)
    found.push(
      problem(
        `${at}.instanceType`,
        `is ${instanceType} beside ${pools.length} instance pools`,
        'either is allowed',
        'make it the first pool',
      ),
    );
  if (instanceType !== undefined && !/^ml\.[a-z][a-z0-9-]{0,15}\.[a-z0-9-]{2,16}$/.test(instanceType))
    found.push(
      problem(`${at}.instanceType`, `is '${instanceType}'`, 'instance types of SageMaker begin with ml.', 'give one such as ml.g5.xlarge'),
    );
  return [...found, ...poolProblems(`${at}.pools`, pools), ...countProblems(at, plan, initialCount, minCount, maxCount)];
}

function poolProblems(at: string, pools: PoolPlan[]): ServingProblem[] {
  const priorities = pools.flatMap(({ priority }) => (priority === undefined ? [] : [priority]));
  const twice = priorities.find((priority, index) => priorities.indexOf(priority) !== index);
  const types = pools.flatMap(({ instanceType }) => (instanceType === undefined ? [] : [instanceType]));
  const repeated = types.find((type, index) => types.indexOf(type) !== index);
  return [
    ...(pools.length > MAX_POOLS
      ? [problem(at, `are ${pools.length}`, `at most ${MAX_POOLS} are allowed`, 'keep those that are most likely to have capacity')]
      : []),
    ...(twice === undefined ? [] : [problem(at, `have priority ${twice} twice`, 'each has its own', 'number them from 1')]),
    ...(repeated === undefined ? [] : [problem(at, `name ${repeated} twice`, 'each type has one pool', 'leave the second out')]),
    ...pools.flatMap(({ priority }, index) => outOfRange(`${at}[${index}].priority`, priority, { least: 1, most: MAX_POOLS })),
  ];
}

function countProblems(at: string, { mode }: EndpointPlan, initial?: number, min?: number, max?: number): ServingProblem[] {
  const reachesZero = mode === 'async' || mode === 'inference-components';
  const ready = reachesZero ? 'start with 1 and let scaling take it to 0' : 'to reach 0 serve asynchronously or with inference components';
  const found = [
    ...outOfRange(`${at}.initialCount`, initial, { least: 1, unit: 'instances' }, ready),
    ...outOfRange(`${at}.minCount`, min, { least: reachesZero ? 0 : 1, unit: 'instances' }, ready),
    ...outOfRange(`${at}.maxCount`, max, { least: 1, unit: 'instances' }),
  ];
  if (min !== undefined && max !== undefined && max < min)
    found.push(problem(`${at}.maxCount`, `is ${max}`, `it is at least minCount (${min})`, 'raise it, or lower minCount'));
  return found;
}

interface PlacedType {
  at: string;
  type: string;
}

const typesOf = ({ instanceType, pools = [] }: VariantPlan): PlacedType[] => [
  ...(instanceType === undefined ? [] : [{ at: 'instanceType', type: instanceType }]),
  ...pools.flatMap((pool, index) => (pool.instanceType === undefined ? [] : [{ at: `pools[${index}]`, type: pool.instanceType }])),
];

function typeProblems(
  at: string,
  type: string,
  { volumeGib }: VariantPlan,
  { region, hasVolumeKey }: EndpointPlan,
  knowledge: InstanceKnowledge,
): ServingProblem[] {
  const local = knowledge.hasLocalDisk(type) === true;
  const found: ServingProblem[] = [];
  if (local && hasVolumeKey === true)
    found.push(
      problem(
        at,
        `is ${type}, with a key for its volume`,
        'it has disks of its own, which its hardware encrypts and no key of yours can',
        'leave the key out, or take a type without local disks',
      ),
    );
  if (local && volumeGib !== undefined)
    found.push(
      problem(at, `is ${type}, with a volume of ${volumeGib} GiB`, 'it has disks of its own, of a fixed size', 'leave the volume out'),
    );
  if (region !== undefined && knowledge.isOffered(type, region) === false)
    found.push(
      problem(
        at,
        `is ${type}`,
        `${region} does not have it, as far as is known${havingIt(knowledge.regionsOf(type))}`,
        'take another type or region, or tell the table better: by the regions of EndpointInstance.of, or by a file of prices',
      ),
    );
  return found;
}

const havingIt = (regions: string[]): string => {
  if (regions.length === 0) return '';
  const named = regions.slice(0, 4).join(', ');
  return ` (${regions.length > 4 ? `${named} and ${regions.length - 4} others have` : `${named} ${regions.length === 1 ? 'has' : 'have'}`} it)`;
};

function timeoutProblems(at: string, variant: VariantPlan): ServingProblem[] {
  const seconds = (name: string, value: number | undefined, least: number): ServingProblem[] =>
    outOfRange(`${at}.${name}`, value, { least, most: 3600, unit: 'seconds' });
  return [
    ...outOfRange(`${at}.volumeGib`, variant.volumeGib, { least: 1, most: MAX_VOLUME_GIB, unit: 'GiB' }),
    ...seconds('downloadTimeoutSeconds', variant.downloadTimeoutSeconds, 60),
    ...seconds('startupTimeoutSeconds', variant.startupTimeoutSeconds, 60),
    ...seconds('provisionTimeoutSeconds', variant.provisionTimeoutSeconds, 300),
  ];
}

function routingProblems(at: string, { routing, serverless, prefixLength, concurrencyThreshold }: VariantPlan): ServingProblem[] {
  if (routing !== undefined && serverless !== undefined)
    return [problem(`${at}.routing`, `is ${routing} on a serverless variant`, 'there are no instances to choose between', 'leave it out')];
  return [
    ...outOfRange(`${at}.prefixLength`, prefixLength, { least: 1024, most: 65_536, unit: 'bytes' }),
    ...outOfRange(`${at}.concurrencyThreshold`, concurrencyThreshold, { least: 1, most: 1024, unit: 'requests' }),
  ];
}
