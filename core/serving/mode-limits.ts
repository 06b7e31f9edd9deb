import { isMarketplace } from './model-limits';
import type { EndpointPlan, VariantPlan } from './plan';
import { problem, type ServingProblem } from './problem';

const MAX_VARIANTS = 10;

export const isInferentia1 = ({ instanceType, pools = [] }: VariantPlan): boolean =>
  [instanceType, ...pools.map((pool) => pool.instanceType)].some((type) => type?.startsWith('ml.inf1.') === true);

/** What SageMaker does not combine. */
export function modeProblems(plan: EndpointPlan): ServingProblem[] {
  return [...variantsProblems(plan), ...serverlessProblems(plan), ...shadowProblems(plan), ...asyncProblems(plan)];
}

function variantsProblems({ variants, shadow, mode }: EndpointPlan): ServingProblem[] {
  const names = [...variants, ...(shadow === undefined ? [] : [shadow])].flatMap(({ name }) => (name === undefined ? [] : [name]));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  const weights = variants.map(({ weight }) => weight ?? 1);
  const found: ServingProblem[] = [];
  if (variants.length === 0) found.push(problem('variants', 'are none', 'an endpoint has 1 to 10', 'give one'));
  if (variants.length > MAX_VARIANTS)
    found.push(
      problem('variants', `are ${variants.length}`, `at most ${MAX_VARIANTS} are allowed`, 'put the others on an endpoint of their own'),
    );
  if (twice !== undefined) found.push(problem('variants', `have the name ${twice} twice`, 'each has its own', 'rename one'));
  if (mode === 'real-time' && variants.length > 0 && weights.every((weight) => weight === 0))
    found.push(problem('variants', 'have the weight 0 each', 'one must take the traffic', 'give one of them the weight 1'));
  return found;
}

function serverlessProblems(plan: EndpointPlan): ServingProblem[] {
  if (plan.mode !== 'serverless' && !plan.variants.some(({ serverless }) => serverless !== undefined)) return [];
  const none = (unwanted: boolean, at: string, given: string, advice: string): ServingProblem[] =>
    unwanted ? [problem(at, given, 'serverless endpoints do not support it', advice)] : [];
  const instead = 'leave it out, or serve in real time';
  return [
    ...none(
      plan.variants.length > 1,
      'variants',
      `are ${plan.variants.length} on a serverless endpoint`,
      'give one variant, or serve in real time',
    ),
    ...none(plan.hasVpc === true, 'vpc', 'is given for a serverless endpoint', instead),
    ...none(plan.capture !== undefined, 'capture', 'is given for a serverless endpoint', instead),
    ...none(plan.networkIsolation === true, 'networkIsolation', 'is on for a serverless endpoint', instead),
    ...none(plan.async !== undefined || plan.mode === 'async', 'async', 'is given for a serverless endpoint', 'choose one of the two'),
    ...none(plan.shadow !== undefined, 'shadow', 'is given for a serverless endpoint', instead),
    ...none(
      plan.variants.some(({ model }) => isMarketplace(model)),
      'variants[0].model',
      'is a package of the AWS Marketplace on a serverless endpoint',
      'serve in real time',
    ),
  ];
}

function shadowProblems({ shadow, variants, mode, async, components }: EndpointPlan): ServingProblem[] {
  if (shadow === undefined) return [];
  const found: ServingProblem[] = [];
  if (variants.length > 1)
    found.push(
      problem(
        'shadow',
        `is given beside ${variants.length} variants`,
        'a shadow needs exactly one production variant',
        'leave one variant, or leave the shadow out',
      ),
    );
  if (mode === 'async' || async !== undefined)
    found.push(problem('shadow', 'is given for an asynchronous endpoint', 'SageMaker copies no asynchronous requests', 'leave it out'));
  if (mode === 'inference-components' || (components ?? []).length > 0)
    found.push(problem('shadow', 'is given beside inference components', 'they have no shadows', 'leave it out, or serve in real time'));
  if ([...variants, shadow].some(isInferentia1))
    found.push(problem('shadow', 'is given with an instance type of Inf1', 'Inf1 has no shadows', 'take ml.inf2, or leave the shadow out'));
  if ([...variants, shadow].some(({ model }) => isMarketplace(model)))
    found.push(problem('shadow', 'is given with a package of the AWS Marketplace', 'those have no shadows', 'leave the shadow out'));
  return found;
}

function asyncProblems({ mode, async, components, variants }: EndpointPlan): ServingProblem[] {
  if (mode !== 'async' && async === undefined) return [];
  if ((components ?? []).length > 0)
    return [problem('async', 'is given beside inference components', 'they answer at once only', 'choose one of the two')];
  return variants.length > 1
    ? [
        problem(
          'variants',
          `are ${variants.length} on an asynchronous endpoint`,
          'its queue has one variant',
          'give one variant, or serve in real time',
        ),
      ]
    : [];
}
