import { captureProblems } from './capture-limits';
import { componentProblems } from './component-limits';
import { deploymentProblems } from './deployment-limits';
import { modeProblems } from './mode-limits';
import { NO_KNOWLEDGE, type EndpointPlan, type InstanceKnowledge } from './plan';
import { outOfRange, problem, type ServingProblem } from './problem';
import { nameProblems, variantProblems } from './variant-limits';

export { sentenceOf, type ServingProblem } from './problem';

/** Everything of the plan that SageMaker would refuse at deploy; empty: nothing that is known. */
export function servingProblems(plan: EndpointPlan, knowledge: InstanceKnowledge = NO_KNOWLEDGE): ServingProblem[] {
  return [
    ...nameProblems('endpointName', plan.endpointName),
    ...modeProblems(plan),
    ...everyVariant(plan, knowledge),
    ...componentProblems(plan, knowledge),
    ...networkProblems(plan),
    ...captureProblems(plan.capture),
    ...outOfRange('async.concurrentPerInstance', plan.async?.concurrentPerInstance, { least: 1, most: 1000 }),
    ...deploymentProblems(plan),
    ...outOfRange('tags', plan.tags, { least: 0, most: 50 }, 'give fewer tags'),
  ];
}

function everyVariant(plan: EndpointPlan, knowledge: InstanceKnowledge): ServingProblem[] {
  const shadow = plan.shadow === undefined ? [] : variantProblems('shadow', plan.shadow, plan, knowledge);
  return [...plan.variants.flatMap((variant, index) => variantProblems(`variants[${index}]`, variant, plan, knowledge)), ...shadow];
}

function networkProblems({ subnets, securityGroups }: EndpointPlan): ServingProblem[] {
  const none = (at: string, count: number | undefined, most: number): ServingProblem[] =>
    count === undefined || (count >= 1 && count <= most)
      ? []
      : [problem(at, `are ${count}`, `SageMaker takes 1 to ${most}`, 'choose others of the VPC')];
  return [...none('vpc.subnets', subnets, 16), ...none('vpc.securityGroups', securityGroups, 5)];
}
