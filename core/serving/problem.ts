/** What SageMaker would refuse at deploy. */
export interface ServingProblem {
  /** Where in the plan, such as `variants[0].serverless.memoryMib`. */
  at: string;
  /** What was given: `is 7000`. */
  given: string;
  /** What is allowed, or why it is not. */
  allowed: string;
  /** What to do next. */
  advice: string;
}

export const problem = (at: string, given: string, allowed: string, advice: string): ServingProblem => ({ at, given, allowed, advice });

/** The problem in one line. */
export const sentenceOf = ({ at, given, allowed, advice }: ServingProblem): string => `${at} ${given}: ${allowed}; ${advice}.`;

export interface Range {
  least: number;
  most?: number;
  unit?: string;
  whole?: boolean;
}

const inWords = ({ least, most, unit, whole = true }: Range): string =>
  `${whole ? 'a whole number' : 'a number'}${unit === undefined ? '' : ` of ${unit}`} from ${least}${most === undefined ? '' : ` to ${most}`} is allowed`;

/** A number outside its range; one that is not given is fine. */
export function outOfRange(at: string, value: number | undefined, range: Range, advice = 'give one within it'): ServingProblem[] {
  if (value === undefined) return [];
  const { least, most = Number.POSITIVE_INFINITY, whole = true } = range;
  const fits = value >= least && value <= most && (!whole || Number.isInteger(value));
  return fits ? [] : [problem(at, `is ${value}`, inWords(range), advice)];
}
