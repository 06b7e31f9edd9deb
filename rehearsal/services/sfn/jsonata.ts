import { createHash } from 'node:crypto';
import jsonata from 'jsonata';
import type { Clock, Random } from '../../cloud/types';
import type { Json } from './definition';
import { QueryError } from './errors';

const compiled = new Map<string, jsonata.Expression>();
const formatNow = jsonata('$fromMillis($at, $picture, $timezone)');

/** The expression inside `{% … %}`, or undefined for a literal. */
export function expressionOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.startsWith('{%') && value.endsWith('%}') ? value.slice(2, -2).trim() : undefined;
}

/** Compiled once, whatever machine uses it. Throws what jsonata throws on a syntax error. */
export function compile(text: string): jsonata.Expression {
  let expression = compiled.get(text);
  if (expression === undefined) {
    expression = jsonata(text);
    compiled.set(text, expression);
  }
  return expression;
}

/** Lists every expression in a template with the field it stands in. */
export function eachExpression(template: unknown, field: string, visit: (text: string, field: string) => void): void {
  const text = expressionOf(template);
  if (text !== undefined) visit(text, field);
  else if (typeof template === 'object' && template !== null)
    for (const [key, value] of Object.entries(template)) eachExpression(value, `${field}/${key}`, visit);
}

function partition(items: unknown, size: number): unknown[][] | undefined {
  if (items === undefined) return undefined;
  if (!Number.isInteger(size) || size < 1) throw new Error(`$partition needs a positive whole number as its chunk size, got ${size}`);
  const list = Array.isArray(items) ? items : [items];
  const chunks: unknown[][] = [];
  for (let start = 0; start < list.length; start += size) chunks.push(list.slice(start, start + size));
  return chunks;
}

function range(first: number, last: number, step: number): number[] {
  if (step === 0 || ![first, last, step].every(Number.isFinite))
    throw new Error(`$range needs three numbers and a step that is not 0, got ${first}, ${last}, ${step}`);
  const count = Math.floor((last - first) / step) + 1;
  if (count > 1000) throw new Error(`$range returns at most 1000 elements, got ${count}`);
  return Array.from({ length: Math.max(0, count) }, (_, index) => first + index * step);
}

const HASHES: Record<string, string> = { MD5: 'md5', 'SHA-1': 'sha1', 'SHA-256': 'sha256', 'SHA-384': 'sha384', 'SHA-512': 'sha512' };

function hash(data: unknown, algorithm: string): string {
  const name = HASHES[algorithm];
  if (name === undefined) throw new Error(`$hash knows ${Object.keys(HASHES).join(', ')}, got ${algorithm}`);
  return createHash(name)
    .update(typeof data === 'string' ? data : JSON.stringify(data))
    .digest('hex');
}

/** A fraction that depends on the seed alone, for `$random(seed)`. */
function seededFraction(seed: number): number {
  return createHash('sha256').update(String(seed)).digest().readUInt32BE(0) / 2 ** 32;
}

/** What Step Functions adds to JSONata, on virtual time and seeded randomness. `$eval` does not exist there. */
export function stepFunctionsLibrary(clock: Clock, random: Random): Record<string, unknown> {
  return {
    partition,
    range,
    hash,
    uuid: () => random.uuid(),
    parse: (text: string | undefined): unknown => (text === undefined ? undefined : JSON.parse(text)),
    random: (seed?: number) => (seed === undefined ? random.next() : seededFraction(seed)),
    now: (picture?: string, timezone?: string) =>
      picture === undefined
        ? new Date(clock.now()).toISOString()
        : formatNow.evaluate(undefined, { at: clock.now(), picture, ...(timezone === undefined ? {} : { timezone }) }),
    millis: () => clock.now(),
    eval: undefined,
  };
}

/** Copies a result without the marks that jsonata leaves on its sequences; functions have no place in a state. */
function plain(value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map((item) => (item === undefined ? null : plain(item)));
  if (typeof value === 'object' && !('_jsonata_lambda' in value) && !('_jsonata_function' in value)) {
    const copy: Record<string, Json> = {};
    for (const [key, member] of Object.entries(value)) if (member !== undefined) copy[key] = plain(member);
    return copy;
  }
  throw new TypeError('unsupported');
}

export function typeName(value: Json): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

export type Bindings = Record<string, unknown>;

async function evaluateExpression(text: string, field: string, bindings: Bindings): Promise<Json> {
  const where = `The JSONata expression '${text}' specified for the field '${field}'`;
  let value: unknown;
  try {
    value = await compile(text).evaluate(undefined, bindings);
  } catch (failure) {
    const { code, message } = failure as { code?: string; message: string };
    throw new QueryError(`${where} threw an error during evaluation. ${code === undefined ? '' : `${code}: `}${message}`, field);
  }
  if (value === undefined) throw new QueryError(`${where} returned nothing (undefined).`, field);
  try {
    return plain(value);
  } catch {
    throw new QueryError(`${where} returned an unsupported result type.`, field);
  }
}

/** Evaluates every expression in a template. */
export async function evaluate(template: Json, field: string, bindings: Bindings): Promise<Json> {
  const text = expressionOf(template);
  if (text !== undefined) return evaluateExpression(text, field, bindings);
  if (typeof template !== 'object' || template === null) return template;
  if (Array.isArray(template)) {
    const items: Json[] = [];
    for (const [index, item] of template.entries()) items.push(await evaluate(item, `${field}/${index}`, bindings));
    return items;
  }
  const result: Record<string, Json> = {};
  for (const [key, value] of Object.entries(template)) result[key] = await evaluate(value, `${field}/${key}`, bindings);
  return result;
}

/** Evaluates a field that must come out as one of the types. */
export async function evaluateAs(types: readonly string[], template: Json, field: string, bindings: Bindings): Promise<Json> {
  const value = await evaluate(template, field, bindings);
  if (types.includes(typeName(value))) return value;
  const text = expressionOf(template);
  const what =
    text === undefined ? `The field '${field}' has` : `The JSONata expression '${text}' specified for the field '${field}' returned`;
  throw new QueryError(
    `${what} an unexpected result type. Expected '${types.join("' or '")}', but was '${typeName(value)}' for value: ${JSON.stringify(value)}`,
    field,
  );
}
