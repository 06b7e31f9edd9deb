import type { NormalizedSchema } from '@smithy/core/schema';
import type { Members } from '../../cloud/types';
import { operationSchema } from '../../kernel/service-registry';
import type { Json } from './definition';
import { expressionOf } from './jsonata';

/** Step Functions writes every member in PascalCase, whatever the API does. */
const upperFirst = (key: string): string => key.charAt(0).toUpperCase() + key.slice(1);

const membersOf = new WeakMap<object, Map<string, [string, NormalizedSchema]>>();

/** A structure's members by the name they have in Step Functions. */
function members(schema: NormalizedSchema): Map<string, [string, NormalizedSchema]> {
  const raw = schema.getSchema() as object;
  let known = membersOf.get(raw);
  if (known === undefined) {
    known = new Map([...schema.structIterator()].map(([name, member]) => [upperFirst(name), [name, member]]));
    membersOf.set(raw, known);
  }
  return known;
}

/** Required members, as the SDK's schema lists them: the first of the names. */
function required(schema: NormalizedSchema): string[] {
  const [, , , , names = [], , count = 0] = schema.getSchema() as unknown as [
    number,
    string,
    string,
    unknown,
    string[],
    unknown,
    number | undefined,
  ];
  const known = members(schema);
  return names
    .slice(0, count)
    .map(upperFirst)
    .filter((name) => known.get(name)?.[1].isIdempotencyToken() !== true);
}

function isObject(value: unknown): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text, or bytes that are not streamed, take texts and documents but no other scalar. */
function needsText(schema: NormalizedSchema, value: Json): boolean {
  return (
    (typeof value === 'number' || typeof value === 'boolean') &&
    (schema.isStringSchema() || (schema.isBlobSchema() && !schema.isStreaming()))
  );
}

/** What Step Functions would refuse in arguments: unknown fields, required ones that are missing, numbers for texts. Expressions are taken as they come. */
function problems(schema: NormalizedSchema, value: Json, found: string[], field = ''): string[] {
  if (expressionOf(value) !== undefined) return found;
  if (needsText(schema, value)) found.push(`The value for the field '${field}' must be a STRING`);
  if (schema.isStructSchema() && isObject(value)) {
    const known = members(schema);
    for (const [key, member] of Object.entries(value)) {
      // A path stands for a value that is looked at when it is there.
      const path = key.endsWith('.$');
      const name = path ? key.slice(0, -2) : key;
      const entry = known.get(name);
      if (entry === undefined) found.push(`The field '${name}' is not supported by Step Functions`);
      else if (!path) problems(entry[1], member, found, name);
    }
    for (const name of required(schema))
      if (!(name in value) && !(`${name}.$` in value)) found.push(`The field '${name}' is required but was missing`);
  } else if (schema.isListSchema() && Array.isArray(value)) {
    for (const item of value) problems(schema.getValueSchema(), item, found, field);
  } else if (schema.isMapSchema() && isObject(value)) {
    for (const [name, item] of Object.entries(value)) problems(schema.getValueSchema(), item, found, name);
  }
  return found;
}

export function argumentProblems(service: string, operation: string, args: Json): string[] {
  const schema = operationSchema(service, operation).input;
  return schema.isStructSchema() ? problems(schema, args, []) : [];
}

function toSdk(schema: NormalizedSchema, value: Json): unknown {
  if (value === null || schema.isDocumentSchema()) return value;
  if (schema.isStructSchema() && isObject(value)) {
    const known = members(schema);
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => {
        const entry = known.get(key);
        return entry === undefined ? [key, member] : [entry[0], toSdk(entry[1], member)];
      }),
    );
  }
  if (schema.isListSchema() && Array.isArray(value)) return value.map((item) => toSdk(schema.getValueSchema(), item));
  if (schema.isMapSchema() && isObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toSdk(schema.getValueSchema(), item)]));
  // A document that stands for a text, as the Input of an execution, is written as JSON.
  if (schema.isStringSchema() && typeof value === 'object') return JSON.stringify(value);
  if (schema.isTimestampSchema() && typeof value === 'string') return new Date(value);
  if (schema.isBlobSchema() && !(value instanceof Uint8Array))
    return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
  return value;
}

/** A Task's arguments as the SDK takes them: its members' names, dates and blobs. */
export function toSdkInput(service: string, operation: string, args: Record<string, Json>): Members {
  const schema = operationSchema(service, operation).input;
  return schema.isStructSchema() ? (toSdk(schema, args) as Members) : args;
}

function fromSdk(schema: NormalizedSchema | undefined, value: unknown): Json {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.toISOString();
  if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('utf8');
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) {
    const item = schema?.isListSchema() === true ? schema.getValueSchema() : undefined;
    return value.map((one) => fromSdk(item, one));
  }
  if (typeof value !== 'object') return value as Json;
  const struct = schema?.isStructSchema() === true ? members(schema) : undefined;
  const item = schema?.isMapSchema() === true ? schema.getValueSchema() : undefined;
  const result: Record<string, Json> = {};
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined || (struct !== undefined && key === '$metadata')) continue;
    const name = struct === undefined ? key : upperFirst(key);
    result[name] = fromSdk(struct?.get(name)?.[1] ?? item, member);
  }
  return result;
}

/** What the SDK answered as Step Functions hands it on: PascalCase, ISO 8601 timestamps, blobs as text. */
export function fromSdkOutput(service: string, operation: string, output: Members): Record<string, Json> {
  return fromSdk(operationSchema(service, operation).output, output) as Record<string, Json>;
}
