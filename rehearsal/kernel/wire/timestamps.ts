import type { NormalizedSchema } from '@smithy/core/schema';

export type TimestampFormat = 'date-time' | 'http-date' | 'epoch-seconds';

const formats: Record<number, TimestampFormat> = { 5: 'date-time', 6: 'http-date', 7: 'epoch-seconds' };

export function timestampFormat(schema: NormalizedSchema, fallback: TimestampFormat): TimestampFormat {
  return formats[schema.getSchema() as number] ?? fallback;
}

export function writeTimestamp(date: Date, format: TimestampFormat): string {
  if (format === 'epoch-seconds') return String(date.getTime() / 1000);
  return format === 'http-date' ? date.toUTCString() : date.toISOString().replace('.000Z', 'Z');
}

export function readTimestamp(text: string, format: TimestampFormat): Date {
  return format === 'epoch-seconds' ? new Date(Number(text) * 1000) : new Date(text);
}
