import { createHash } from 'node:crypto';
import type { KpiObserved } from '../../contracts';
import { DRIFT_FOLDERS, hourFolder } from '../places';

/** What a model should have answered. */
export interface Truth {
  value: string;
  revision: number;
  /** ISO 8601. */
  observedAt: string;
}

interface TruthLine {
  groundTruthData: { data: string; encoding: 'CSV' };
  eventMetadata: { eventId: string };
  eventVersion: '0';
  revision: number;
  observedAt: string;
}

/** In SageMaker's ground-truth format, with what tells corrections apart; undefined: the event brings no truth of a decision. */
export function truthLine(event: KpiObserved): string | undefined {
  const id = event.decisionId ?? event.inferenceId;
  if (event.truth === undefined || id === undefined) return undefined;
  return truthLineOf(id, { value: String(event.truth), revision: event.revision ?? 0, observedAt: event.observedAt });
}

export function truthLineOf(id: string, { value, revision, observedAt }: Truth): string {
  const line: TruthLine = {
    groundTruthData: { data: value, encoding: 'CSV' },
    eventMetadata: { eventId: id },
    eventVersion: '0',
    revision,
    observedAt,
  };
  return JSON.stringify(line);
}

/** Named by what it holds: the same events again write the same file. */
export function truthKey(arrivedAtMillis: number, eventIds: string[]): string {
  const hash = createHash('sha256').update(eventIds.toSorted().join('\n')).digest('hex').slice(0, 32);
  return `${DRIFT_FOLDERS.truth}/${hourFolder(arrivedAtMillis)}/${hash}.jsonl`;
}

/** Adds the lines of a file; of several truths of one decision the newest revision stays. Returns how many lines are not in the format. */
export function readTruth(text: string, into: Map<string, Truth>): number {
  let bad = 0;
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const read = parsed(line);
    if (read === undefined) {
      bad += 1;
      continue;
    }
    const known = into.get(read.id);
    if (known === undefined || isNewer(read.truth, known)) into.set(read.id, read.truth);
  }
  return bad;
}

/** Of equal revisions the first that was observed, as KPIs count. Whatever the order in which files are read, the same one stays. */
function isNewer(one: Truth, other: Truth): boolean {
  if (one.revision !== other.revision) return one.revision > other.revision;
  return one.observedAt === other.observedAt ? one.value < other.value : one.observedAt < other.observedAt;
}

function parsed(line: string): { id: string; truth: Truth } | undefined {
  let value: Partial<TruthLine> | null;
  try {
    value = JSON.parse(line) as Partial<TruthLine> | null;
  } catch {
    // A file that somebody else put there: counted as bad.
    return undefined;
  }
  const id = value?.eventMetadata?.eventId;
  const data = value?.groundTruthData?.data;
  if (typeof id !== 'string' || typeof data !== 'string') return undefined;
  const { revision = 0, observedAt = '' } = value ?? {};
  if (typeof revision !== 'number' || typeof observedAt !== 'string') return undefined;
  return { id, truth: { value: data, revision, observedAt } };
}
