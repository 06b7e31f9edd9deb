import type { KpiObserved } from '../../core/contracts';
import { sha256Hex } from '../../core/hash';
import { KPI_SCHEMA } from '../../core/observation';
import type { TableFormat } from '../../core/tables';
import type { FileProgress } from './progress';

/** Columns are named as the members of a KPI event. */
export const MEMBERS: (keyof KpiObserved)[] = [
  'schema',
  'useCase',
  'eventId',
  'kpi',
  'decisionId',
  'inferenceId',
  'variant',
  'decidedAt',
  'unit',
  'value',
  'observedAt',
  'revision',
];

const IDS = new Set(['eventId', 'decisionId', 'inferenceId', 'unit']);
const MAX_EVENT_ID_CHARACTERS = 128;
const DIGEST_CHARACTERS = 32;

/** Names the row for good: read again, it is the same event. */
export function rowId({ bucket, key, etag }: Pick<FileProgress, 'bucket' | 'key' | 'etag'>, line: number): string {
  const id = `${bucket}/${key}@${etag}#${line}`;
  return id.length <= MAX_EVENT_ID_CHARACTERS ? id : `${sha256Hex(`${bucket}/${key}@${etag}`).slice(0, DIGEST_CHARACTERS)}#${line}`;
}

/** The KPI event that a row stands for; what it leaves out has its default. Whether it is one is judged by the schema. */
export function eventOfRow(row: Record<string, unknown>, format: TableFormat, defaults: { useCase: string; eventId: string }): object {
  const event: Record<string, unknown> = { schema: KPI_SCHEMA, ...defaults };
  for (const name of MEMBERS) {
    const value = Object.hasOwn(row, name) ? row[name] : undefined;
    if (value !== undefined && value !== null && value !== '') event[name] = format === 'jsonl' ? value : typed(name, value);
  }
  return event;
}

/** CSV has texts alone; Parquet may keep ids as numbers. */
function typed(name: string, value: unknown): unknown {
  if (IDS.has(name) && typeof value === 'number') return String(value);
  if (typeof value !== 'string' || (name !== 'value' && name !== 'revision')) return value;
  const text = value.trim().toLowerCase();
  if (text === 'true' || text === 'false') return text === 'true';
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(text) ? Number(text) : value;
}
