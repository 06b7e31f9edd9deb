import type { Dimensions } from './series';

/** One metric definition of a line: where its values go. */
export interface EmfMetric {
  name: string;
  unit: string;
  /** StorageResolution 1: kept by the second. */
  fine: boolean;
}

/** A metric directive, read and checked once for all lines that carry the same one. */
export interface EmfDirective {
  namespace: string;
  dimensionSets: string[][];
  metrics: EmfMetric[];
}

export interface EmfLine {
  atMillis: number;
  directives: EmfDirective[];
  /** The root of the line, where the values stand. */
  root: Record<string, unknown>;
}

export const MAX_DIMENSIONS = 30;
const MAX_METRICS = 100;
const MAX_VALUES = 100;
const MAX_DIMENSION_VALUE = 1024;
const MAX_NAME = 1024;
const MAX_NAMESPACE = 255;
/** A log event is at most 1 MB. */
const MAX_LINE_BYTES = 1_048_576;
const HEAD = /^\{"_aws":\{"Timestamp":(\d{1,15}),"CloudWatchMetrics":(?=\[)/;
const TEMPLATES = 16;

/** A line that says it is embedded metric format and is not. CloudWatch counts it as EMFParsingErrors, or EMFValidationErrors. */
export class EmfError extends Error {
  override readonly name = 'EmfError';

  constructor(
    message: string,
    readonly metric: 'EMFParsingErrors' | 'EMFValidationErrors' = 'EMFParsingErrors',
  ) {
    super(message);
  }
}

const invalid = (message: string): EmfError => new EmfError(message, 'EMFValidationErrors');

interface Template {
  text: string;
  directives: EmfDirective[];
}

/** Reads lines in embedded metric format. Handlers print the same directives over and over: they are parsed once. */
export class EmfReader {
  private readonly templates: Template[] = [];

  /** Undefined when the line is not in embedded metric format. */
  read(line: string): EmfLine | undefined {
    if (!line.includes('"_aws"')) return undefined;
    if (line.length > MAX_LINE_BYTES / 3 && Buffer.byteLength(line) > MAX_LINE_BYTES)
      throw new EmfError(`the line has ${Buffer.byteLength(line)} bytes, at most ${MAX_LINE_BYTES}`);
    return this.fast(line) ?? readWhole(line);
  }

  private fast(line: string): EmfLine | undefined {
    const head = HEAD.exec(line);
    if (head === null) return undefined;
    const start = head[0].length;
    const template = this.templates.find(({ text }) => line.startsWith(text, start)) ?? this.learn(line, start);
    if (template === undefined) return undefined;
    const rest = start + template.text.length;
    if (line.charCodeAt(rest) !== 44 /* , */) return undefined;
    let root: Record<string, unknown>;
    try {
      root = JSON.parse(`{${line.slice(rest + 1)}`) as Record<string, unknown>;
    } catch {
      return undefined;
    }
    // A second `_aws` would be the one that counts.
    return '_aws' in root ? undefined : { atMillis: Number(head[1]), directives: template.directives, root };
  }

  /** Remembers the text from the list of directives to the end of `_aws`. */
  private learn(line: string, start: number): Template | undefined {
    const end = endOfList(line, start);
    if (end === undefined || line.charCodeAt(end) !== 125 /* } */) return undefined;
    let list: unknown;
    try {
      list = JSON.parse(line.slice(start, end));
    } catch {
      return undefined;
    }
    const template = { text: line.slice(start, end + 1), directives: readDirectives(list as unknown[]) };
    if (this.templates.length >= TEMPLATES) this.templates.pop();
    this.templates.unshift(template);
    return template;
  }
}

/** Index after the list that opens at `start`; undefined when it never ends. */
function endOfList(line: string, start: number): number | undefined {
  let depth = 0;
  let quoted = false;
  for (let index = start; index < line.length; index += 1) {
    const sign = line[index];
    if (sign === '\\') index += 1;
    else if (sign === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (sign === '[') depth += 1;
    else if (sign === ']' && --depth === 0) return index + 1;
  }
  return undefined;
}

function readWhole(line: string): EmfLine | undefined {
  const brace = line.indexOf('{');
  let root: Record<string, unknown>;
  try {
    // Lambda may put a time and a request id before the document.
    root = JSON.parse(brace > 0 ? line.slice(brace) : line) as Record<string, unknown>;
  } catch {
    return undefined; // Text that merely mentions "_aws".
  }
  const header = root._aws as { Timestamp?: unknown; CloudWatchMetrics?: unknown } | undefined;
  if (typeof header !== 'object' || header === null || !Array.isArray(header.CloudWatchMetrics)) return undefined;
  if (typeof header.Timestamp !== 'number') throw new EmfError('_aws.Timestamp must be epoch milliseconds');
  return { atMillis: header.Timestamp, directives: readDirectives(header.CloudWatchMetrics), root };
}

const readDirectives = (list: unknown[]): EmfDirective[] =>
  list.map((one) => {
    if (typeof one !== 'object' || one === null) throw new EmfError('a metric directive must be an object');
    const { Namespace, Dimensions: sets, Metrics } = one as { Namespace?: unknown; Dimensions?: unknown; Metrics?: unknown };
    if (typeof Namespace !== 'string' || Namespace === '') throw new EmfError('a metric directive needs a Namespace');
    if (Namespace.length > MAX_NAMESPACE) throw invalid(`the Namespace has ${Namespace.length} characters, at most ${MAX_NAMESPACE}`);
    if (!Array.isArray(Metrics ?? [])) throw new EmfError('Metrics must be a list');
    const metrics = (Metrics ?? []) as unknown[];
    if (metrics.length > MAX_METRICS) throw invalid(`a metric directive has ${metrics.length} metrics, at most ${MAX_METRICS}`);
    return { namespace: Namespace, dimensionSets: readSets(sets), metrics: metrics.map(readMetric) };
  });

function readSets(sets: unknown): string[][] {
  if (sets === undefined) return [[]];
  if (!Array.isArray(sets) || !sets.every(Array.isArray)) throw new EmfError('Dimensions must be a list of lists of names');
  for (const names of sets as unknown[][]) {
    if (names.length > MAX_DIMENSIONS) throw invalid(`a dimension set has ${names.length} names, at most ${MAX_DIMENSIONS}`);
    if (!names.every((name) => typeof name === 'string')) throw new EmfError('Dimensions must be a list of lists of names');
  }
  return sets as string[][];
}

function readMetric(definition: unknown): EmfMetric {
  const { Name, Unit, StorageResolution } = (definition ?? {}) as { Name?: unknown; Unit?: unknown; StorageResolution?: unknown };
  if (typeof Name !== 'string' || Name === '') throw new EmfError('a metric definition needs a Name');
  if (Name.length > MAX_NAME) throw invalid(`a metric's Name has ${Name.length} characters, at most ${MAX_NAME}`);
  if (StorageResolution !== undefined && StorageResolution !== 1 && StorageResolution !== 60)
    throw invalid(`metric ${Name}: StorageResolution must be 1 or 60, got ${String(StorageResolution)}`);
  return { name: Name, unit: typeof Unit === 'string' ? Unit : 'None', fine: StorageResolution === 1 };
}

/** The dimensions that a set names, with their values at the line's root. */
export function dimensionsOf(names: readonly string[], root: Record<string, unknown>): Dimensions {
  const dimensions: Dimensions = {};
  for (const name of names) {
    const value = root[name];
    if (typeof value !== 'string' || value === '') throw new EmfError(`dimension ${name} must be a text at the line's root`);
    if (value.length > MAX_DIMENSION_VALUE)
      throw invalid(`dimension ${name} has a value of ${value.length} characters, at most ${MAX_DIMENSION_VALUE}`);
    dimensions[name] = value;
  }
  return dimensions;
}

/** A metric's value or values at the line's root. */
export function checkValues(name: string, value: unknown): number | number[] {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (Array.isArray(value)) {
    if (value.length > MAX_VALUES) throw invalid(`metric ${name} has ${value.length} values, at most ${MAX_VALUES}`);
    if (value.every((one) => typeof one === 'number' && Number.isFinite(one))) return value as number[];
  }
  throw new EmfError(`metric ${name} must be a number or a list of numbers`);
}
