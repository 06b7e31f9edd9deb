import type { Json } from '../definition';
import { evaluateSegments } from './path-evaluate';
import { parseSegments, PathSyntaxError, type Segment } from './path';

/** Whether a node of the document passes; `root` is what `$` inside the filter stands for. */
export type Filter = (node: Json, root: Json) => boolean;

/** Undefined: the path in the filter names nothing. */
type Operand = (node: Json, root: Json) => Json | undefined;

interface Token {
  kind: 'path' | 'literal' | 'regex' | 'list' | 'operator';
  text: string;
}

const TOKEN = new RegExp(
  [
    String.raw`(?<path>[@$](?:\.\.?[^\s.[\]()=!<>&|,]+|\[(?:[^\]'"]|'[^']*'|"[^"]*")*\])*)`,
    String.raw`(?<literal>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true\b|false\b|null\b)`,
    String.raw`(?<regex>/(?:[^/\\]|\\.)+/[a-z]*)`,
    String.raw`(?<list>\[[^\]]*\])`,
    String.raw`(?<operator>==|!=|<=|>=|=~|<|>|&&|\|\||!|\(|\)|nin\b|in\b)`,
  ]
    .map((part) => `(?:${part})`)
    .join('|'),
  'y',
);

function tokens(text: string, whole: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text.charAt(at))) {
      at++;
      continue;
    }
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) throw new PathSyntaxError(`'${whole}' has a filter that cannot be read at '${text.slice(at)}'`);
    const [kind = 'literal'] = Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined) ?? [];
    found.push({ kind: kind as Token['kind'], text: match[0] });
    at = TOKEN.lastIndex;
  }
  return found;
}

/** `a || b && !(c)` over comparisons and paths that must be there. */
export function parseFilter(text: string, whole: string): Filter {
  const all = tokens(text, whole);
  let at = 0;
  const next = (kind: Token['kind'], value?: string): Token | undefined => {
    const token = all[at];
    if (token?.kind !== kind || (value !== undefined && token.text !== value)) return undefined;
    at++;
    return token;
  };
  const fail = (): PathSyntaxError => new PathSyntaxError(`'${whole}' has a filter that cannot be read: ${text}`);
  const either = (): Filter => {
    let left = both();
    while (next('operator', '||') !== undefined) {
      const [before, after] = [left, both()];
      left = (node, root) => before(node, root) || after(node, root);
    }
    return left;
  };
  const both = (): Filter => {
    let left = single();
    while (next('operator', '&&') !== undefined) {
      const [before, after] = [left, single()];
      left = (node, root) => before(node, root) && after(node, root);
    }
    return left;
  };
  const single = (): Filter => {
    if (next('operator', '!') !== undefined) {
      const inner = single();
      return (node, root) => !inner(node, root);
    }
    if (next('operator', '(') === undefined) return comparison();
    const inner = either();
    if (next('operator', ')') === undefined) throw fail();
    return inner;
  };
  const comparison = (): Filter => {
    const left = operand();
    const operator = all[at]?.kind === 'operator' ? all[at]?.text : undefined;
    const compare = operator === undefined ? undefined : COMPARISONS[operator];
    if (operator === '=~') {
      at++;
      return matching(left, next('regex') ?? undefined, fail);
    }
    if (compare === undefined) return (node, root) => left(node, root) !== undefined;
    at++;
    const right = operand();
    return (node, root) => compare(left(node, root), right(node, root));
  };
  const operand = (): Operand => {
    const path = next('path');
    if (path !== undefined) return pathOperand(parseSegments(path.text, 1), path.text.startsWith('$'));
    const literal = next('literal') ?? next('list');
    if (literal === undefined) throw fail();
    const value = literalValue(literal, fail);
    return () => value;
  };
  const filter = either();
  if (at < all.length) throw fail();
  return filter;
}

function pathOperand(segments: readonly Segment[], ofRoot: boolean): Operand {
  return (node, root) => {
    const found = evaluateSegments(segments, ofRoot ? root : node);
    return found.length === 1 ? found[0] : found.length === 0 ? undefined : found;
  };
}

function literalValue(token: Token, fail: () => Error): Json {
  const double = token.text.replace(/'((?:[^'\\]|\\.)*)'/g, (_whole, inner: string) => JSON.stringify(inner.replace(/\\(.)/g, '$1')));
  try {
    return JSON.parse(double) as Json;
  } catch {
    throw fail();
  }
}

function matching(left: Operand, regex: Token | undefined, fail: () => Error): Filter {
  const end = regex?.text.lastIndexOf('/') ?? 0;
  if (regex === undefined) throw fail();
  const expression = new RegExp(`^(?:${regex.text.slice(1, end)})$`, regex.text.slice(end + 1).replace(/[^ims]/g, ''));
  return (node, root) => {
    const value = left(node, root);
    return typeof value === 'string' && expression.test(value);
  };
}

type Comparison = (left: Json | undefined, right: Json | undefined) => boolean;

function ordered(holds: (order: number) => boolean): Comparison {
  return (left, right) => {
    if (typeof left === 'number' && typeof right === 'number') return holds(left - right);
    if (typeof left === 'string' && typeof right === 'string') return holds(left < right ? -1 : left > right ? 1 : 0);
    return false;
  };
}

const same: Comparison = (left, right) => left !== undefined && right !== undefined && JSON.stringify(left) === JSON.stringify(right);

const COMPARISONS: Record<string, Comparison> = {
  '==': same,
  '!=': (left, right) => !same(left, right),
  '<': ordered((order) => order < 0),
  '<=': ordered((order) => order <= 0),
  '>': ordered((order) => order > 0),
  '>=': ordered((order) => order >= 0),
  in: (left, right) => Array.isArray(right) && right.some((item) => same(left, item)),
  nin: (left, right) => Array.isArray(right) && !right.some((item) => same(left, item)),
};
