import type { ModelPlan } from './plan';
import { problem, type ServingProblem } from './problem';

const MAX_VALUE = 1024;
const MAX_ENTRIES = 100;
const MAX_IMAGE = 255;
const NAME = /^[a-zA-Z_][a-zA-Z0-9_]{0,1023}$/;
const ECR_REGION = /^\d{12}\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.[a-z.]+\//;

/** A package that a seller lists: its account is one of AWS's, its name ends with a product's hash. */
export const isMarketplace = (model: ModelPlan | undefined): boolean => /:model-package\/(?!.*\/\d+$)/.test(model?.modelPackageArn ?? '');

export function modelProblems(at: string, model: ModelPlan | undefined, region: string | undefined): ServingProblem[] {
  if (model === undefined) return [];
  return [...imageProblems(at, model, region), ...packageProblems(at, model, region), ...environmentProblems(`${at}.environment`, model)];
}

function imageProblems(at: string, { image }: ModelPlan, region: string | undefined): ServingProblem[] {
  if (image === undefined) return [];
  const found: ServingProblem[] = [];
  if (image.length > MAX_IMAGE || /\s/.test(image))
    found.push(
      problem(`${at}.image`, `has ${image.length} characters`, `at most ${MAX_IMAGE} without spaces are allowed`, 'name it by a short tag'),
    );
  const itsRegion = ECR_REGION.exec(image)?.[1];
  if (itsRegion !== undefined && region !== undefined && itsRegion !== region)
    found.push(
      problem(
        `${at}.image`,
        `is ${image}, in ${itsRegion}`,
        `SageMaker takes images of its own region only, which is ${region}`,
        `replicate the repository to ${region}, or name the image there`,
      ),
    );
  return found;
}

function packageProblems(at: string, { modelPackageArn }: ModelPlan, region: string | undefined): ServingProblem[] {
  const itsRegion = /^arn:[\w-]+:sagemaker:([a-z0-9-]+):/.exec(modelPackageArn ?? '')?.[1];
  if (itsRegion === undefined || region === undefined || itsRegion === region) return [];
  return [
    problem(
      `${at}.modelPackageArn`,
      `is in ${itsRegion}`,
      `SageMaker takes packages of its own region only, which is ${region}`,
      'register the version there',
    ),
  ];
}

function environmentProblems(at: string, { environment = {} }: ModelPlan): ServingProblem[] {
  const entries = Object.entries(environment);
  const found = entries.flatMap(([name, value]) => [
    ...(NAME.test(name)
      ? []
      : [problem(`${at}.${name}`, 'is no name of a variable', 'letters, digits and _ are allowed, no digit first', 'rename it')]),
    ...(value !== undefined && value.length > MAX_VALUE
      ? [
          problem(
            `${at}.${name}`,
            `has ${value.length} characters`,
            `at most ${MAX_VALUE} are allowed`,
            'put it into a file beside the model, and its path here',
          ),
        ]
      : []),
  ]);
  if (entries.length > MAX_ENTRIES)
    found.push(
      problem(at, `has ${entries.length} variables`, `at most ${MAX_ENTRIES} are allowed`, 'put them into a file beside the model'),
    );
  return found;
}
