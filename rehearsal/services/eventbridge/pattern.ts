import { AwsError } from '../../cloud/types';
import { MATCH_TYPES, parseAlternative, PatternProblem, type Alternative, type Leaf } from './matchers';

export type EventPattern = (event: unknown) => boolean;

interface Field {
  path: string;
  alternatives: Alternative[];
}

/** All of them hold. A pattern with `$or` is a choice between several. */
type Conjunction = Field[];

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `$or` is an operator only over two or more objects that are no match expressions; else it is a field of that name. */
function isOr(key: string, value: unknown): value is Record<string, unknown>[] {
  if (key !== '$or' || !Array.isArray(value)) return false;
  return value.length >= 2 && value.every((item) => isObject(item) && !Object.keys(item).some((name) => MATCH_TYPES.includes(name)));
}

function and(left: Conjunction[], right: Conjunction[]): Conjunction[] {
  return left.flatMap((first) => right.map((second) => [...first, ...second]));
}

function parseObject(pattern: Record<string, unknown>, prefix: string): Conjunction[] {
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw new PatternProblem('Empty objects are not allowed');
  let result: Conjunction[] = [[]];
  for (const [key, value] of entries) {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    if (isOr(key, value))
      result = and(
        result,
        value.flatMap((choice) => parseObject(choice, prefix)),
      );
    else if (isObject(value)) result = and(result, parseObject(value, path));
    else if (Array.isArray(value)) {
      if (value.length === 0) throw new PatternProblem('Empty arrays are not allowed');
      result = and(result, [[{ path, alternatives: value.map(parseAlternative) }]]);
    } else throw new PatternProblem(`"${key}" must be an object or an array`);
  }
  if (result.length > 1000)
    throw new PatternProblem(
      'Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character',
    );
  return result;
}

interface FlatLeaf {
  value: Leaf;
  /** Which element of which array it stands in. */
  elements: ReadonlyMap<string, number>;
}

/** Leaves by their path. Keys are joined by dots, so `{"a.b": 1}` and `{"a": {"b": 1}}` are the same to a pattern. */
function flatten(value: unknown, path: string, elements: ReadonlyMap<string, number>, into: Map<string, FlatLeaf[]>): void {
  if (Array.isArray(value)) {
    value.forEach((item, index) => flatten(item, path, isObject(item) ? new Map([...elements, [path, index]]) : elements, into));
  } else if (isObject(value)) {
    for (const [key, member] of Object.entries(value)) flatten(member, path === '' ? key : `${path}.${key}`, elements, into);
  } else if (value !== undefined) {
    const leaves = into.get(path);
    const leaf = { value: value as Leaf, elements };
    if (leaves === undefined) into.set(path, [leaf]);
    else leaves.push(leaf);
  }
}

/** Fields must match within one and the same element of each array that they go through. */
function holds(fields: Conjunction, at: number, leaves: Map<string, FlatLeaf[]>, chosen: ReadonlyMap<string, number>): boolean {
  const field = fields[at];
  if (field === undefined) return true;
  const candidates = leaves.get(field.path) ?? [];
  if (candidates.length === 0) return field.alternatives.some((one) => 'absent' in one) && holds(fields, at + 1, leaves, chosen);
  return candidates.some((leaf) => {
    for (const [array, index] of leaf.elements) if ((chosen.get(array) ?? index) !== index) return false;
    if (!field.alternatives.some((one) => 'matches' in one && one.matches(leaf.value))) return false;
    return holds(fields, at + 1, leaves, leaf.elements.size === 0 ? chosen : new Map([...chosen, ...leaf.elements]));
  });
}

function refusalReason(problem: unknown): string | undefined {
  if (problem instanceof PatternProblem) return problem.message;
  return problem instanceof SyntaxError ? `Unable to parse: ${problem.message}` : undefined;
}

/** Compiles an event pattern; throws InvalidEventPatternException as AWS does. */
export function compilePattern(pattern: unknown): EventPattern {
  let choices: Conjunction[];
  try {
    const parsed: unknown = typeof pattern === 'string' ? JSON.parse(pattern) : pattern;
    if (!isObject(parsed)) throw new PatternProblem('Filter is not an object');
    choices = parseObject(parsed, '');
  } catch (problem) {
    const reason = refusalReason(problem);
    if (reason === undefined) throw problem;
    throw new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${reason}`);
  }
  return (event) => {
    const leaves = new Map<string, FlatLeaf[]>();
    flatten(event, '', new Map(), leaves);
    return choices.some((fields) => holds(fields, 0, leaves, new Map()));
  };
}
