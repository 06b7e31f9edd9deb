import { parseFilter, type Filter } from './filter';

/** One step of a path. */
export type Segment =
  | { kind: 'names'; names: readonly string[] }
  | { kind: 'indexes'; indexes: readonly number[] }
  | { kind: 'slice'; from: number | undefined; to: number | undefined }
  | { kind: 'wildcard' }
  | { kind: 'descend' }
  | { kind: 'filter'; filter: Filter; text: string }
  | { kind: 'length' };

/** `$` is the input, `$$` the context object, `$name` a variable. */
type Root = { kind: 'input' } | { kind: 'context' } | { kind: 'variable'; name: string };

export interface Path {
  text: string;
  root: Root;
  segments: readonly Segment[];
  /** Names one node: it gives a value or fails; any other gives an array. */
  definite: boolean;
}

/** The text is no path, whatever it is applied to. */
export class PathSyntaxError extends Error {
  override readonly name = 'PathSyntaxError';
}

const VARIABLE = /^\$([\p{ID_Start}_][\p{ID_Continue}]*)/u;
const INTEGERS = /^\s*-?\d+\s*(,\s*-?\d+\s*)*$/;
const SLICE = /^\s*(-?\d+)?\s*:\s*(-?\d+)?\s*$/;

const known = new Map<string, Path>();

/** Parsed once, whatever machine uses it. */
export function parsePath(text: string): Path {
  let path = known.get(text);
  if (path === undefined) {
    path = parse(text);
    known.set(text, path);
  }
  return path;
}

function parse(text: string): Path {
  if (!text.startsWith('$')) throw new PathSyntaxError(`'${text}' does not start with $`);
  const variable = VARIABLE.exec(text);
  const [root, start]: [Root, number] = text.startsWith('$$')
    ? [{ kind: 'context' }, 2]
    : variable === null
      ? [{ kind: 'input' }, 1]
      : [{ kind: 'variable', name: variable[1] ?? '' }, variable[0].length];
  const segments = parseSegments(text, start);
  return { text, root, segments, definite: segments.every(isDefinite) };
}

function isDefinite(segment: Segment, index: number, all: readonly Segment[]): boolean {
  if (segment.kind === 'length') return true;
  // Several names at the end are put together into one object.
  if (segment.kind === 'names') return segment.names.length === 1 || index === all.length - 1;
  return segment.kind === 'indexes' && segment.indexes.length === 1;
}

/** The segments of `text` from `start` on. */
export function parseSegments(text: string, start: number): Segment[] {
  const segments: Segment[] = [];
  let at = start;
  while (at < text.length) {
    const rest = text.slice(at);
    if (rest.startsWith('[')) {
      const end = closing(text, at);
      segments.push(bracketed(text.slice(at + 1, end), text));
      at = end + 1;
    } else if (rest.startsWith('..')) {
      if (rest.length === 2) throw new PathSyntaxError(`'${text}' ends with ..`);
      segments.push({ kind: 'descend' });
      at += rest.charAt(2) === '[' ? 2 : 1;
    } else if (rest.startsWith('.')) {
      const name = /^[^.[\]()\s,]*/.exec(rest.slice(1))?.[0] ?? '';
      at += 1 + name.length;
      if (text.startsWith('()', at)) {
        if (name !== 'length' || at + 2 !== text.length)
          throw new PathSyntaxError(`'${text}' calls ${name}(), which is not known here; only length() at the end of a path is`);
        segments.push({ kind: 'length' });
        at += 2;
      } else if (name === '') throw new PathSyntaxError(`'${text}' has an empty property name`);
      else segments.push(name === '*' ? { kind: 'wildcard' } : { kind: 'names', names: [name] });
    } else throw new PathSyntaxError(`'${text}' has an unexpected '${rest.charAt(0)}' at position ${at}`);
  }
  return segments;
}

/** Where the bracket that opens at `open` closes; text in quotes does not count. */
function closing(text: string, open: number): number {
  let depth = 0;
  let quote = '';
  for (let at = open; at < text.length; at++) {
    const letter = text.charAt(at);
    if (quote !== '') {
      if (letter === '\\') at++;
      else if (letter === quote) quote = '';
    } else if (letter === "'" || letter === '"') quote = letter;
    else if (letter === '[') depth++;
    else if (letter === ']' && --depth === 0) return at;
  }
  throw new PathSyntaxError(`'${text}' has a [ without its ]`);
}

function bracketed(inner: string, text: string): Segment {
  const trimmed = inner.trim();
  if (trimmed === '*') return { kind: 'wildcard' };
  if (INTEGERS.test(inner)) return { kind: 'indexes', indexes: inner.split(',').map(Number) };
  const slice = SLICE.exec(inner);
  if (slice !== null && trimmed !== ':') return { kind: 'slice', from: optionalNumber(slice[1]), to: optionalNumber(slice[2]) };
  if (trimmed.startsWith('?')) {
    const condition = /^\?\s*\(([\s\S]*)\)$/.exec(trimmed)?.[1];
    if (condition === undefined) throw new PathSyntaxError(`'${text}' has a filter that is not ?(…)`);
    return { kind: 'filter', filter: parseFilter(condition, text), text: trimmed };
  }
  return { kind: 'names', names: quotedNames(trimmed, text) };
}

const optionalNumber = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));

const QUOTED = /\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*(,|$)/gy;

function quotedNames(inner: string, text: string): string[] {
  const names: string[] = [];
  QUOTED.lastIndex = 0;
  for (let match = QUOTED.exec(inner); match !== null; match = QUOTED.exec(inner)) {
    names.push((match[1] ?? match[2] ?? '').replace(/\\(.)/g, '$1'));
    if (match[3] === '') return names;
  }
  throw new PathSyntaxError(`'${text}' has [${inner}], which is no name in quotes, index, slice, * or ?(…)`);
}
