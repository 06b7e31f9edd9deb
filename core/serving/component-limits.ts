import { modelProblems } from './model-limits';
import type { ComponentPlan, EndpointPlan, InstanceKnowledge, VariantPlan } from './plan';
import { outOfRange, problem, type ServingProblem } from './problem';
import { nameProblems } from './variant-limits';

/** Regions that were seen to refuse a minimum of 0 instances (August 2026). */
const REGIONS_WITHOUT_ZERO = new Set(['eu-west-3']);

/** What is wrong with the copies that share a variant's instances. */
export function componentProblems(plan: EndpointPlan, knowledge: InstanceKnowledge): ServingProblem[] {
  const { components = [], mode, variants, region } = plan;
  if (mode !== 'inference-components') {
    return components.length === 0
      ? []
      : [
          problem(
            'components',
            `are ${components.length} on a ${mode} endpoint`,
            'they need instances without a model',
            'serve with inference components',
          ),
        ];
  }
  const names = components.flatMap(({ name }) => (name === undefined ? [] : [name]));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return [
    ...(components.length > 0 ? [] : [problem('components', 'are none', 'the endpoint would have no model', 'give one')]),
    ...(twice === undefined ? [] : [problem('components', `have the name ${twice} twice`, 'each has its own', 'rename one')]),
    ...zeroProblems(plan),
    ...components.flatMap((component, index) => [
      ...nameProblems(`components[${index}].name`, component.name),
      ...modelProblems(`components[${index}].model`, component.model, region),
      ...demandProblems(`components[${index}]`, component),
      ...variants.slice(0, 1).flatMap((variant) => fitProblems(`components[${index}]`, component, variant, knowledge)),
    ]),
  ];
}

function zeroProblems({ region, regionTakesZero, variants }: EndpointPlan): ServingProblem[] {
  if (region === undefined || regionTakesZero === true || !REGIONS_WITHOUT_ZERO.has(region)) return [];
  return variants.flatMap(({ minCount }, index) =>
    minCount === 0
      ? [
          problem(
            `variants[${index}].minCount`,
            'is 0',
            `${region} refuses endpoints without instances, as far as is known`,
            'keep 1, take another region, or say that the region takes it by now (regionTakesZero)',
          ),
        ]
      : [],
  );
}

function demandProblems(at: string, component: ComponentPlan): ServingProblem[] {
  const { memoryMib, maxMemoryMib, cpus, accelerators, copies } = component;
  const found = [
    ...outOfRange(`${at}.memoryMib`, memoryMib, { least: 128, unit: 'MiB' }),
    ...outOfRange(`${at}.maxMemoryMib`, maxMemoryMib, { least: Math.max(128, memoryMib ?? 0), unit: 'MiB' }),
    ...outOfRange(`${at}.cpus`, cpus, { least: 0.25, whole: false }),
    ...outOfRange(`${at}.accelerators`, accelerators, { least: 1 }, 'leave it out where the model runs on CPUs'),
    ...outOfRange(`${at}.copies`, copies, { least: 1 }, 'SageMaker creates none without a copy: start with 1 and let scaling take it to 0'),
  ];
  for (const name of ['downloadTimeoutSeconds', 'startupTimeoutSeconds'] as const)
    found.push(...outOfRange(`${at}.${name}`, component[name], { least: 60, most: 3600, unit: 'seconds' }));
  return found;
}

/** One copy must fit an instance: the smallest of the pools, since each of them may come. */
function fitProblems(at: string, component: ComponentPlan, variant: VariantPlan, knowledge: InstanceKnowledge): ServingProblem[] {
  const types = [variant.instanceType, ...(variant.pools ?? []).map(({ instanceType }) => instanceType)].filter(
    (type) => type !== undefined,
  );
  const tooMuch = (name: string, wanted: number | undefined, has: (type: string) => number | undefined, unit: string): ServingProblem[] =>
    types.flatMap((type) => {
      const available = has(type);
      if (wanted === undefined || available === undefined || wanted <= available) return [];
      return [problem(`${at}.${name}`, `is ${wanted}`, `${type} has ${available}${unit}`, 'ask for less, or take a larger type')];
    });
  return [
    ...tooMuch('accelerators', component.accelerators, (type) => knowledge.accelerators(type), ''),
    ...tooMuch('memoryMib', component.memoryMib, (type) => knowledge.memoryMib(type), ' MiB'),
    ...tooMuch('cpus', component.cpus, (type) => knowledge.vcpus(type), ''),
  ];
}
