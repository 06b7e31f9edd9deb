import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Answers that AWS Step Functions gave, from LocalStack's AWS-validated snapshots (Apache-2.0, LocalStack contributors). */
export const RECORDINGS = join(__dirname, '../../../../../../shared/conformance/stepfunctions.jsonl');

export type RecordedEvent = Record<string, unknown> & { type: string };

export interface Recording {
  id: string;
  queryLanguage: 'JSONata' | 'JSONPath';
  definition: unknown;
  /** As the history shows it, with placeholders. */
  input: unknown;
  /** As it was sent, where that differs. */
  submittedInput?: unknown;
  /** Handler files by the functions' names. */
  lambdas: Record<string, string>;
  services: string[];
  end: RecordedEvent;
  history: RecordedEvent[];
}

export function readRecordings(): Recording[] {
  return readFileSync(RECORDINGS, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Recording);
}

/** Puts every text inside a value through `change`; keys stay. */
export function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, mapTexts(member, change)]));
}
