import { didYouMean } from '../charter/suggest';
import { BadInputError } from '../errors';
import type { Survey } from './survey';

const CANDIDATE_NAMES = ['candidate', 'canary', 'challenger', 'treatment', 'treated', 'variant', 'test', 'new', 'b', '1', 'v2'];
const CONTROL_NAMES = ['control', 'stable', 'champion', 'baseline', 'old', 'current', 'a', '0', 'v1'];

export interface ArmNames {
  candidate: string;
  control: string;
}

/** Which value of the arm column is the candidate's, and which the control's. */
export function armsOf(
  { arms, bad, badSamples }: Pick<Survey, 'arms' | 'bad' | 'badSamples'>,
  column: string,
  given: Partial<ArmNames>,
): ArmNames {
  const names = [...arms.keys()];
  for (const [option, name] of [
    ['--candidate', given.candidate],
    ['--control', given.control],
  ] as const) {
    if (name !== undefined && !arms.has(name)) throw new BadInputError(`${option} ${name}: ${unknown(name, column, names, arms)}`);
  }
  if (names.length === 1) {
    const lines = [
      `column ${column} has one value only: ${valuesText(names, arms)}`,
      '  allowed: rows of two arms, which were exposed at the same time',
      ...(bad === 0 ? [] : [`  besides, rows that cannot be used: ${bad}, such as`]),
      ...badSamples.map(({ line, problem }) => `  line ${line}: ${problem}`),
    ];
    throw new BadInputError(lines.join('\n'));
  }
  const candidate = given.candidate ?? onlyOther(names, given.control) ?? byName(names, CANDIDATE_NAMES);
  const control = given.control ?? onlyOther(names, candidate) ?? byName(names, CONTROL_NAMES);
  if (candidate === undefined || control === undefined) {
    const [first, second] = names;
    throw new BadInputError(
      `which value of column ${column} is the candidate's, which the control's?\n  values:  ${valuesText(names, arms)}\n  say it:  --candidate ${second} --control ${first}`,
    );
  }
  if (candidate === control)
    throw new BadInputError(`--candidate and --control are both ${candidate}\n  allowed: two values of column ${column}`);
  return { candidate, control };
}

function onlyOther(names: string[], given: string | undefined): string | undefined {
  return given !== undefined && names.length === 2 ? names.find((name) => name !== given) : undefined;
}

function byName(names: string[], usual: string[]): string | undefined {
  const found = names.filter((name) => usual.includes(name.toLowerCase()));
  return found.length === 1 ? found[0] : undefined;
}

function unknown(name: string, column: string, names: string[], arms: Survey['arms']): string {
  const hint = didYouMean(name, names);
  return `column ${column} has no such value\n  values: ${valuesText(names, arms)}${hint === undefined ? '' : `\n  ${hint}`}`;
}

const valuesText = (names: string[], arms: Survey['arms']): string =>
  names
    .slice(0, 20)
    .map((name) => `${name} (${arms.get(name)?.rows ?? 0} rows)`)
    .join(', ') + (names.length > 20 ? ', …' : '');
