import { isIP, BlockList } from 'node:net';

/** A leaf of an event: text, number, truth value or null. */
export type Leaf = string | number | boolean | null;
export type Matcher = (value: Leaf) => boolean;

/** Why AWS would refuse a pattern. */
export class PatternProblem extends Error {}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `{"equals-ignore-case": text}` where prefix and suffix take it. */
function ignoringCase(value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  const inner = value['equals-ignore-case'];
  return Object.keys(value).length === 1 && isText(inner) ? inner.toLowerCase() : undefined;
}

function affix(kind: 'prefix' | 'suffix', value: unknown): Matcher {
  const has = (text: string, part: string) => (kind === 'prefix' ? text.startsWith(part) : text.endsWith(part));
  const folded = ignoringCase(value);
  if (folded !== undefined) return (leaf) => isText(leaf) && has(leaf.toLowerCase(), folded);
  if (!isText(value)) throw new PatternProblem(`${kind} match pattern must be a string`);
  return (leaf) => isText(leaf) && has(leaf, value);
}

function equalsIgnoreCase(value: unknown): Matcher {
  if (!isText(value)) throw new PatternProblem('equals-ignore-case match pattern must be a string');
  const folded = value.toLowerCase();
  return (leaf) => isText(leaf) && leaf.toLowerCase() === folded;
}

function wildcard(value: unknown): Matcher {
  if (!isText(value)) throw new PatternProblem('wildcard match pattern must be a string');
  let expression = '';
  for (let at = 0; at < value.length; at += 1) {
    const letter = value.charAt(at);
    if (letter === '*') {
      if (value.charAt(at + 1) === '*') throw new PatternProblem(`Consecutive wildcard characters at pos ${at + 1}`);
      expression += '[^]*';
      continue;
    }
    const escaped = letter === '\\';
    if (escaped) {
      at += 1;
      if (!['*', '\\'].includes(value.charAt(at))) throw new PatternProblem(`Invalid escape character at pos ${at - 1}`);
    }
    expression += value.charAt(at).replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  }
  const whole = new RegExp(`^${expression}$`);
  return (leaf) => isText(leaf) && whole.test(leaf);
}

const COMPARISONS: Record<string, (left: number, right: number) => boolean> = {
  '=': (left, right) => left === right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};

function numeric(value: unknown): Matcher {
  if (!Array.isArray(value)) throw new PatternProblem('Value of numeric must be an array.');
  if (value.length === 0) throw new PatternProblem('Invalid member in numeric match: ]');
  if (value.length > 4 || value.length % 2 === 1) throw new PatternProblem('Too many terms in numeric range expression');
  const tests: Matcher[] = [];
  for (let at = 0; at < value.length; at += 2) {
    const operator: unknown = value[at];
    const bound: unknown = value[at + 1];
    const compare = isText(operator) ? COMPARISONS[operator] : undefined;
    if (compare === undefined) throw new PatternProblem(`Unrecognized numeric range operator: ${String(operator)}`);
    if (typeof bound !== 'number') throw new PatternProblem(`Value of ${String(operator)} must be numeric`);
    if (Math.abs(bound) > 5e9) throw new PatternProblem('Value must be between -5.0E9 and 5.0E9, inclusive');
    tests.push((leaf) => typeof leaf === 'number' && compare(leaf, bound));
  }
  return (leaf) => tests.every((test) => test(leaf));
}

function cidr(value: unknown): Matcher {
  if (!isText(value)) throw new PatternProblem('prefix match pattern must be a string');
  const [address = '', bits = '', ...more] = value.split('/');
  if (more.length > 0 || !value.includes('/')) throw new PatternProblem(`Malformed CIDR, one '/' required: ${value}`);
  const version = isIP(address);
  if (version === 0) throw new PatternProblem(`Nonstandard IP address: ${address}`);
  const width = Number(bits);
  if (bits === '' || !Number.isInteger(width)) throw new PatternProblem('Malformed CIDR, mask bits must be an integer');
  if (width < 0) throw new PatternProblem('Malformed CIDR, mask bits must not be negative');
  // A single address is no range to EventBridge.
  if (version === 4 && width > 31) throw new PatternProblem('IPv4 mask bits must be < 32');
  if (version === 6 && width > 127) throw new PatternProblem('IPv6 mask bits must be < 128');
  const block = new BlockList();
  block.addSubnet(address, width, version === 4 ? 'ipv4' : 'ipv6');
  return (leaf) => isText(leaf) && isIP(leaf) === version && block.check(leaf, version === 4 ? 'ipv4' : 'ipv6');
}

const NOT_A_VALUE = 'Value of anything-but must be an array or single string/number value.';

/** What `anything-but` excludes by a rule of its own; each takes one text or a list. */
const EXCLUDING: Record<string, (text: string) => Matcher> = {
  prefix: (text) => affix('prefix', text),
  suffix: (text) => affix('suffix', text),
  'equals-ignore-case': equalsIgnoreCase,
  wildcard,
};

function exclusion(kind: string, value: unknown): Matcher {
  const make = EXCLUDING[kind];
  if (make === undefined) throw new PatternProblem(`Unsupported anything-but pattern: ${kind}`);
  if (isObject(value)) throw new PatternProblem(NOT_A_VALUE);
  const texts: unknown[] = Array.isArray(value) ? value : [value];
  if (texts.length === 0) throw new PatternProblem('Empty arrays are not allowed');
  const excluded = texts.map((text) => {
    if (isText(text)) {
      if (text === '' && (kind === 'prefix' || kind === 'suffix')) throw new PatternProblem('Null prefix/suffix not allowed');
      return make(text);
    }
    if (kind === 'equals-ignore-case')
      throw new PatternProblem('Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.');
    throw new PatternProblem(
      kind === 'wildcard' ? 'wildcard match pattern must be a string' : 'prefix/suffix match pattern must be a string',
    );
  });
  return (leaf) => !excluded.some((matches) => matches(leaf));
}

function anythingBut(value: unknown): Matcher {
  if (isObject(value)) {
    const [kind] = Object.keys(value);
    if (kind === undefined || Object.keys(value).length !== 1) throw new PatternProblem('Only one key allowed in match expression');
    return exclusion(kind, value[kind]);
  }
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0) throw new PatternProblem('Empty arrays are not allowed');
  if (!Array.isArray(value) && !isText(value) && typeof value !== 'number') throw new PatternProblem(NOT_A_VALUE);
  if (!list.every((item) => isText(item) || typeof item === 'number'))
    throw new PatternProblem('Inside anything but list, start|null|boolean is not supported.');
  if (!list.every((item) => typeof item === typeof list[0]))
    throw new PatternProblem('Inside anything but list, either all values are number or string, mixed type is not supported');
  return (leaf) => !(list as Leaf[]).includes(leaf);
}

const MATCHERS: Record<string, (value: unknown) => Matcher> = {
  prefix: (value) => affix('prefix', value),
  suffix: (value) => affix('suffix', value),
  'anything-but': anythingBut,
  numeric,
  cidr,
  wildcard,
  'equals-ignore-case': equalsIgnoreCase,
};

export const MATCH_TYPES = [...Object.keys(MATCHERS), 'exists'];

/** One element of a pattern's array. `absent` matches a field that the event does not have. */
export type Alternative = { absent: true } | { matches: Matcher };

export function parseAlternative(element: unknown): Alternative {
  if (Array.isArray(element)) throw new PatternProblem('Arrays inside arrays are not allowed');
  if (!isObject(element)) return { matches: (leaf) => leaf === element };
  const keys = Object.keys(element);
  const [kind] = keys;
  if (kind === undefined) throw new PatternProblem('Empty objects are not allowed');
  if (keys.length > 1) throw new PatternProblem('Only one key allowed in match expression');
  if (kind === 'exists') {
    const expected = element.exists;
    if (typeof expected !== 'boolean') throw new PatternProblem('exists match pattern must be either true or false.');
    return expected ? { matches: () => true } : { absent: true };
  }
  const make = Object.hasOwn(MATCHERS, kind) ? MATCHERS[kind] : undefined;
  if (make === undefined) throw new PatternProblem(`Unrecognized match type ${kind}`);
  return { matches: make(element[kind]) };
}
