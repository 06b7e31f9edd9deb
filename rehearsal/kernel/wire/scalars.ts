import type { NormalizedSchema } from '@smithy/core/schema';
import { readTimestamp, timestampFormat, writeTimestamp } from './timestamps';
import type { TimestampFormat } from './timestamps';

/** A simple value from its text in a header, path, query string or form. */
export function readScalar(schema: NormalizedSchema, text: string, fallback: TimestampFormat): unknown {
  if (schema.isNumericSchema()) return Number(text);
  if (schema.isBooleanSchema()) return text === 'true';
  if (schema.isTimestampSchema()) return readTimestamp(text, timestampFormat(schema, fallback));
  if (schema.isBlobSchema()) return new Uint8Array(Buffer.from(text, 'base64'));
  if (schema.isBigIntegerSchema()) return BigInt(text);
  return text;
}

export function writeScalar(schema: NormalizedSchema, value: unknown, fallback: TimestampFormat): string {
  if (schema.isTimestampSchema()) return writeTimestamp(value as Date, timestampFormat(schema, fallback));
  if (schema.isBlobSchema() && typeof value !== 'string') return Buffer.from(value as Uint8Array).toString('base64');
  return String(value);
}

/** Traits by name; the package's type of traits lists only some of them. */
export function traitsOf(schema: NormalizedSchema): Record<string, unknown> {
  return schema.getMergedTraits() as Record<string, unknown>;
}

export function xmlNameOf(schema: NormalizedSchema): string | undefined {
  return traitsOf(schema)['xmlName'] as string | undefined;
}
