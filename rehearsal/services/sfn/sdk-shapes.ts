import type { Members } from '../../cloud/types';
import type { Json } from './definition';

/** Services whose members start with a small letter; Step Functions writes all of them in PascalCase. */
const CAMEL_CASE_SERVICES = new Set(['sfn', 'cloudwatch-logs']);
/** Members that are blobs where Step Functions passes text. */
const BLOBS = new Set([
  's3.PutObject.Body',
  'lambda.Invoke.Payload',
  'sagemaker-runtime.InvokeEndpoint.Body',
  'secrets-manager.PutSecretValue.SecretBinary',
]);
/** Input members that are timestamps where Step Functions passes ISO 8601 text. */
const TIMESTAMP =
  /^(CreationTime|LastModifiedTime)(After|Before)$|^(Start|End)(Time|Date)$|^StateValueSince$|^Timestamp$|^ObjectLockRetainUntilDate$|^RetainUntilDate$|^Time$/;

function rename(value: unknown, change: (key: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => rename(item, change));
  if (typeof value !== 'object' || value === null || value instanceof Date || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [change(key), rename(member, change)]));
}

const lowerFirst = (key: string): string => key.charAt(0).toLowerCase() + key.slice(1);
const upperFirst = (key: string): string => key.charAt(0).toUpperCase() + key.slice(1);

function withTimestamps(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withTimestamps);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      typeof member === 'string' && TIMESTAMP.test(key) && !Number.isNaN(Date.parse(member)) ? new Date(member) : withTimestamps(member),
    ]),
  );
}

/** A Task's arguments as the SDK takes them. */
export function toSdkInput(service: string, operation: string, args: Record<string, Json>): Members {
  const input = withTimestamps(args) as Members;
  for (const [key, value] of Object.entries(input))
    if (typeof value === 'string' && BLOBS.has(`${service}.${operation}.${key}`)) input[key] = Buffer.from(value);
  return (CAMEL_CASE_SERVICES.has(service) ? rename(input, lowerFirst) : input) as Members;
}

function textual(value: unknown): Json {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(textual);
  if (typeof value === 'object') {
    const result: Record<string, Json> = {};
    for (const [key, member] of Object.entries(value)) if (member !== undefined && key !== '$metadata') result[key] = textual(member);
    return result;
  }
  return value as Json;
}

/** What the SDK answered as Step Functions hands it on: PascalCase, ISO timestamps, blobs as text. */
export function fromSdkOutput(service: string, output: Members): Record<string, Json> {
  const result = textual(output) as Record<string, Json>;
  return CAMEL_CASE_SERVICES.has(service) ? (rename(result, upperFirst) as Record<string, Json>) : result;
}
