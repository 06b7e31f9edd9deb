import type { CapturePlan } from './plan';
import { outOfRange, problem, type ServingProblem } from './problem';

const MAX_TYPES = 10;
const CONTENT_TYPE = /^[a-zA-Z0-9](-*[a-zA-Z0-9])*\/[a-zA-Z0-9](-*[a-zA-Z0-9.])*$/;

export function captureProblems(capture: CapturePlan | undefined): ServingProblem[] {
  if (capture === undefined) return [];
  const { samplingPercent, jsonContentTypes, csvContentTypes, capturesInput, capturesOutput } = capture;
  const nothing =
    capturesInput === false && capturesOutput === false
      ? [problem('capture', 'takes neither requests nor answers', 'one of them is needed', 'capture the answers')]
      : [];
  return [
    ...outOfRange('capture.samplingPercent', samplingPercent, { least: 0, most: 100 }),
    ...typeProblems('capture.jsonContentTypes', jsonContentTypes),
    ...typeProblems('capture.csvContentTypes', csvContentTypes),
    ...nothing,
  ];
}

function typeProblems(at: string, types: string[] = []): ServingProblem[] {
  const wrong = types.find((type) => !CONTENT_TYPE.test(type));
  return [
    ...(types.length > MAX_TYPES
      ? [problem(at, `are ${types.length}`, `at most ${MAX_TYPES} are allowed`, 'keep those that clients send')]
      : []),
    ...(wrong === undefined
      ? []
      : [problem(at, `name '${wrong}'`, 'SageMaker takes letters, digits, - and . there', 'give one such as application/json')]),
  ];
}
