/** Something in the charter that a person must change. */
export interface Problem {
  file: string;
  /** Where in the file, e.g. `kpis[0].better`; empty for the file as a whole. */
  path: string;
  /** Line in the file, from 1. */
  line?: number;
  given: string;
  allowed: string;
  suggestion?: string;
  /** The problem in one sentence, without the path. */
  message: string;
}

export type PathPart = string | number;

/** What is wrong, before it is known in which file and line. */
export interface Finding {
  path: PathPart[];
  message: string;
  allowed: string;
  /** Default: the value at `path`. */
  given?: string;
  suggestion?: string;
  /** The key that a misspelt one most likely means. */
  intended?: string;
}

/** `['kpis', 0, 'better']` → `kpis[0].better`. */
export function formatPath(path: PathPart[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    const step = /^[A-Za-z_][\w-]*$/.test(part) ? part : JSON.stringify(shorten(part));
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

const LONGEST_VALUE = 80;

/** A value as a person would recognise it, never longer than a line. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  return shorten(typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? typeof value));
}

function shorten(text: string): string {
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE)}… (${text.length} characters)`;
}

export function valueAt(root: unknown, path: PathPart[]): unknown {
  return path.reduce<unknown>(
    (value, part) => (typeof value === 'object' && value !== null && Object.hasOwn(value, part) ? value[part as never] : undefined),
    root,
  );
}

/** One readable block. */
export function formatProblem(problem: Problem): string {
  const where = problem.line === undefined ? problem.file : `${problem.file}:${problem.line}`;
  const lines = [`${where}  ${problem.path === '' ? problem.message : `${problem.path}: ${problem.message}`}`];
  lines.push(`  given:   ${problem.given}`, `  allowed: ${problem.allowed}`);
  if (problem.suggestion !== undefined) lines.push(`  ${problem.suggestion}`);
  return lines.join('\n');
}
