import type { Dimensions } from './series';

export interface MetricWrite {
  namespace: string;
  name: string;
  dimensions: Dimensions;
  unit: string;
  values: number[];
  atMillis: number;
}

interface Directive {
  Namespace?: unknown;
  Dimensions?: unknown;
  Metrics?: unknown;
}

export const MAX_DIMENSIONS = 30;
const MAX_VALUES = 100;

/** A line that says it is embedded metric format and is not. CloudWatch counts such lines as EMFParsingErrors. */
export class EmfError extends Error {
  override readonly name = 'EmfError';
}

/** Metrics in one log line; none when the line is not in embedded metric format. */
export function readEmf(line: string): MetricWrite[] {
  if (!line.includes('"_aws"')) return [];
  const brace = line.indexOf('{');
  let root: Record<string, unknown>;
  try {
    root = JSON.parse(brace > 0 ? line.slice(brace) : line) as Record<string, unknown>;
  } catch {
    return []; // Text that merely mentions "_aws".
  }
  const header = root._aws as { Timestamp?: unknown; CloudWatchMetrics?: unknown } | undefined;
  if (typeof header !== 'object' || header === null || !Array.isArray(header.CloudWatchMetrics)) return [];
  if (typeof header.Timestamp !== 'number') throw new EmfError('_aws.Timestamp must be epoch milliseconds');
  const atMillis = header.Timestamp;
  return (header.CloudWatchMetrics as Directive[]).flatMap((directive) => readDirective(root, directive, atMillis));
}

function readDirective(root: Record<string, unknown>, directive: Directive, atMillis: number): MetricWrite[] {
  const namespace = directive.Namespace;
  if (typeof namespace !== 'string' || namespace === '') throw new EmfError('a metric directive needs a Namespace');
  const sets = readDimensionSets(root, directive.Dimensions);
  const metrics = (directive.Metrics ?? []) as { Name?: unknown; Unit?: unknown }[];
  if (!Array.isArray(metrics)) throw new EmfError('Metrics must be a list');
  const writes: MetricWrite[] = [];
  for (const { Name, Unit } of metrics) {
    if (typeof Name !== 'string') throw new EmfError('a metric definition needs a Name');
    const values = readValues(Name, root[Name]);
    for (const dimensions of sets) writes.push({ namespace, name: Name, dimensions, unit: String(Unit ?? 'None'), values, atMillis });
  }
  return writes;
}

function readDimensionSets(root: Record<string, unknown>, sets: unknown): Dimensions[] {
  if (sets === undefined) return [{}];
  if (!Array.isArray(sets) || !sets.every(Array.isArray)) throw new EmfError('Dimensions must be a list of lists of names');
  return (sets as string[][]).map((names) => {
    if (names.length > MAX_DIMENSIONS) throw new EmfError(`a dimension set has ${names.length} names, at most ${MAX_DIMENSIONS}`);
    return Object.fromEntries(
      names.map((name) => {
        const value = root[name];
        if (typeof value !== 'string' || value === '') throw new EmfError(`dimension ${name} must be a text at the line's root`);
        return [name, value];
      }),
    );
  });
}

function readValues(name: string, value: unknown): number[] {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  if (values.length > MAX_VALUES) throw new EmfError(`metric ${name} has ${values.length} values, at most ${MAX_VALUES}`);
  for (const one of values) {
    if (typeof one !== 'number' || !Number.isFinite(one)) throw new EmfError(`metric ${name} must be a number or a list of numbers`);
  }
  return values as number[];
}
