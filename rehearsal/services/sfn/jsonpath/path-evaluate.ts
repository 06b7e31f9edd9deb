import type { Json } from '../definition';
import type { Path, Segment } from './path';

/** The path is well formed, and names nothing in what it is applied to. */
export class PathNotFoundError extends Error {
  override readonly name = 'PathNotFoundError';

  constructor(
    message: string,
    /** The path ends with an index that its array does not have. */
    readonly behindEnd = false,
    /** An index or slice stands at what is no array. */
    readonly wrongKind = false,
  ) {
    super(message);
  }
}

/** A path's value: of a definite one the node, which must be there; of any other the array of what it finds. */
export function evaluatePath(path: Path, root: Json): Json {
  if (path.segments.length === 0) return root;
  const walk = new Walk(path.segments, root, path.definite);
  walk.from(root, 0, true);
  if (!path.definite) return walk.found;
  const [only] = walk.found;
  if (only === undefined) throw new PathNotFoundError(`No results for path: ${canonical(path.segments)}`, walk.behindEnd);
  return only;
}

/** What the segments find, without complaint about what is not there. */
export function evaluateSegments(segments: readonly Segment[], root: Json): Json[] {
  const walk = new Walk(segments, root, false);
  walk.from(root, 0, false);
  return walk.found;
}

/** A path in the form that AWS's messages have. */
function canonical(segments: readonly Segment[]): string {
  return `$${segments.map(canonicalSegment).join('')}`;
}

function canonicalSegment(segment: Segment): string {
  switch (segment.kind) {
    case 'names':
      return `[${segment.names.map((name) => `'${name}'`).join(',')}]`;
    case 'indexes':
      return `[${segment.indexes.join(',')}]`;
    case 'slice':
      return `[${segment.from ?? ''}:${segment.to ?? ''}]`;
    case 'wildcard':
      return '[*]';
    case 'descend':
      return '..';
    case 'filter':
      return '[?]';
    case 'length':
      return '.length()';
  }
}

type JsonObject = Record<string, Json>;

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One pass of a path over a document, as Jayway's JsonPath goes, which Step Functions uses. */
class Walk {
  readonly found: Json[] = [];
  behindEnd = false;

  constructor(
    private readonly segments: readonly Segment[],
    private readonly root: Json,
    private readonly strict: boolean,
  ) {}

  /** `definite`: every segment so far names one node, so that what is missing is an error. */
  from(node: Json, at: number, definite: boolean): void {
    const segment = this.segments[at];
    if (segment === undefined) {
      this.found.push(node);
      return;
    }
    const must = definite && this.strict;
    switch (segment.kind) {
      case 'names':
        return this.names(node, at, segment.names, must);
      case 'indexes':
        if (!this.isList(node, at, must)) return;
        for (const index of segment.indexes) {
          const item = node[index < 0 ? node.length + index : index];
          if (item === undefined) this.behindEnd = at === this.segments.length - 1;
          else this.from(item, at + 1, must && segment.indexes.length === 1);
        }
        return;
      case 'slice':
        if (this.isList(node, at, must)) for (const item of node.slice(segment.from, segment.to)) this.from(item, at + 1, false);
        return;
      case 'wildcard':
        for (const child of childrenOf(node)) this.from(child, at + 1, false);
        return;
      case 'descend':
        return this.descend(node, at + 1);
      case 'filter':
        for (const item of Array.isArray(node) ? node : isObject(node) ? [node] : [])
          if (segment.filter(item, this.root)) this.from(item, at + 1, false);
        return;
      case 'length':
        if (typeof node === 'object' && node !== null) this.found.push(childrenOf(node).length);
    }
  }

  private names(node: Json, at: number, names: readonly string[], must: boolean): void {
    const place = `$${this.segments.slice(0, at).map(canonicalSegment).join('')}`;
    if (!isObject(node)) {
      if (must)
        throw new PathNotFoundError(
          `Expected to find an object with property ${names.map((name) => `['${name}']`).join('')} in path ${place} but found '${javaType(node)}'.`,
        );
      return;
    }
    const last = at === this.segments.length - 1;
    if (names.length > 1 && last) {
      this.found.push(Object.fromEntries(names.filter((name) => Object.hasOwn(node, name)).map((name) => [name, node[name] as Json])));
      return;
    }
    for (const name of names) {
      if (Object.hasOwn(node, name)) this.from(node[name] as Json, at + 1, must && names.length === 1);
      else if (must && !last) throw new PathNotFoundError(`Missing property in path ${place}['${name}']`);
    }
  }

  private isList(node: Json, at: number, must: boolean): node is Json[] {
    if (Array.isArray(node)) return true;
    if (!must) return false;
    const segment = this.segments[at];
    if (node === null) throw new PathNotFoundError(`The path ${canonical(this.segments.slice(0, at))} is null`);
    throw new PathNotFoundError(
      `Filter: ${segment === undefined ? '' : canonicalSegment(segment)} can only be applied to arrays. Current context is: ${JSON.stringify(node)}`,
      false,
      true,
    );
  }

  /** The next segment at this node and at everything below it, from the top. */
  private descend(node: Json, at: number): void {
    const segment = this.segments[at];
    if (segment?.kind !== 'filter') this.from(node, at, false);
    else if (isObject(node) && segment.filter(node, this.root)) this.from(node, at + 1, false);
    for (const child of childrenOf(node)) this.descend(child, at);
  }
}

function childrenOf(node: Json): Json[] {
  if (Array.isArray(node)) return node;
  return isObject(node) ? Object.values(node) : [];
}

function javaType(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'java.util.ArrayList';
  const names: Record<string, string> = { string: 'java.lang.String', boolean: 'java.lang.Boolean', number: 'java.lang.Number' };
  return names[typeof value] ?? typeof value;
}
